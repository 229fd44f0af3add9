//! Steps and their candidates.

mod create;
mod decode;
mod deleted;
mod edit;
mod patch;
mod read;
mod references;
mod replace;
mod restore;
mod row;
mod step_order;

pub use self::{
    create::{Created, CreatedSteps, Creation, NewSteps, create},
    edit::{DeletedCrmStep, delete, relocate, update},
    read::{candidates, find_at, in_scenario, pages, timers},
    restore::{RestoredCrmStep, restore},
    row::CrmStepRow,
};
pub(super) use self::{
    deleted::{
        DeletedStep, forget_scenario as forget_deleted_of_scenario, keep,
        of_scenario as deleted_of_scenario,
    },
    read::{of_scenario, of_scenarios},
    references::resolve_own,
    replace::replace,
    restore::clear_references,
    row::{input, masked_input},
};
