//! Steps and their candidates.

mod commit_queue;
mod create;
mod decode;
mod edit;
mod insert;
mod read;
mod references;
mod row;
mod step_order;

pub(super) use self::read::of_scenario;
pub use self::{
    commit_queue::{CommitQueue, NotCreated},
    create::{BatchOutcome, create, create_many},
    edit::{DeletedCrmStep, delete, relocate, update},
    insert::Created,
    read::{candidates, find_at, in_scenario, pages},
    row::CrmStepRow,
};
pub(crate) use self::{insert::append_all, step_order::StepOrder};
