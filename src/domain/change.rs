//! What the history says of a change.

use strum::{Display, EnumString};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are what was done")]
pub enum Action {
    Created,
    Updated,
    Moved,
    Deleted,
}

/// To what kind of thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are the resources")]
pub enum SubjectType {
    Agent,
    CrmScenario,
    CrmStep,
    Membership,
}
