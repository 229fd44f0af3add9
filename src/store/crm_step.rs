//! Steps and their candidates.

mod create;
mod decode;
mod deleted;
mod edit;
mod patch;
mod read;
mod references;
mod replace;
mod row;
mod step_order;

pub use self::{
    create::{Created, CreatedSteps, Creation, NewSteps, create},
    edit::{DeletedCrmStep, delete, relocate, update},
    read::{candidates, find_at, in_scenario, pages, timers},
    row::CrmStepRow,
};
pub(super) use self::{
    deleted::{DeletedStep, keep},
    read::{of_scenario, of_scenarios},
    references::resolve_own,
    replace::replace,
    row::{input, masked_input},
};
