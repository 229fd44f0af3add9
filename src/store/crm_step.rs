//! Steps, with their candidates.

mod create;
mod decode;
mod edit;
mod group_commit;
mod read;
mod references;
mod row;
mod sequence;

pub(super) use self::read::of_scenario;
pub use self::{
    create::{BatchOutcome, Created, create, create_many, insert, insert_rows},
    edit::{DeletedCrmStep, delete, relocate, update},
    group_commit::{GroupCommit, NotCreated},
    read::{by_index, candidates, find_at, in_scenario, losing_timers, pages},
    row::CrmStepRow,
};
