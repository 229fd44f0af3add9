//! Steps and their candidates.

mod bulk;
mod create;
mod decode;
mod deleted;
mod duplicate;
mod edit;
mod patch;
mod read;
mod references;
mod replace;
mod restore;
mod row;
mod step_order;
mod uses;

pub use self::{
    bulk::{BulkOutcome, DeletedCrmSteps, delete_many, relocate_many, update_many},
    create::{Created, CreatedSteps, Creation, NewSteps, create},
    duplicate::duplicate,
    edit::{DeletedCrmStep, delete, relocate, update},
    read::{candidates, find_at, in_scenario, pages, timers},
    restore::{RestoredCrmStep, restore},
    row::CrmStepRow,
    uses::{uses_of_agents, uses_of_memberships},
};
pub(super) use self::{
    deleted::{
        DeletedStep, forget_scenario as forget_deleted_of_scenario, make_restorable,
        of_scenario as deleted_of_scenario,
    },
    read::{of_scenario, of_scenarios},
    references::resolve_own,
    replace::replace,
    restore::clear_references,
    row::{input, masked_input},
};
