//! Changes in the history: their kinds, and the fields in which they consist.

mod fields;

pub use self::fields::{FieldChange, field_changes};

use strum::{Display, EnumString};

/// The kind of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Action {
    Created,
    Updated,
    Moved,
    Deleted,
    Restored,
}

/// The type of the changed row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are the resources")]
pub enum SubjectType {
    Agent,
    CrmScenario,
    CrmStep,
    Membership,
}
