//! The kinds of diagnostics, with their codes and severities.

use serde::{Deserialize, Serialize};
use strum::{EnumDiscriminants, EnumIter, IntoStaticStr};

/// How serious a diagnostic is; the worst first.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    IntoStaticStr,
    EnumIter,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Severity {
    /// Customers are harmed.
    Error,
    /// Probably a mistake.
    Warning,
    /// Possibly meant.
    Info,
}

/// What a diagnostic reports, with the values in its sentence. [`DiagnosticCode`] is the same list
/// without the values.
///
/// The kinds stand in the order of their codes, by which diagnostics are sorted. All but
/// `DuplicateName` and `UnreachableStep` are about steps that conversations reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumDiscriminants)]
#[strum_discriminants(
    name(DiagnosticCode),
    derive(Hash, PartialOrd, Ord, IntoStaticStr, EnumIter, Serialize, Deserialize),
    serde(rename_all = "SCREAMING_SNAKE_CASE"),
    strum(serialize_all = "SCREAMING_SNAKE_CASE"),
    doc = "What kind of diagnostic it is. The text form is the code that clients see."
)]
pub enum DiagnosticKind {
    /// The step has no timer, no other step has a trigger, and the conversation is neither removed
    /// nor resolved nor handed to a person.
    DeadEnd,
    /// The steps have equal names.
    DuplicateName,
    /// The step requests a person and assigns nobody.
    HumanRequestedWithoutAssignee,
    /// The step requests a person and turns the AI on.
    HumanRequestedWithAi,
    /// The step has an initial message, and is entered only when WhatsApp delivers nothing but
    /// templates any more.
    #[strum_discriminants(serde(rename = "MESSAGE_AFTER_24_HOURS"))]
    #[strum_discriminants(strum(serialize = "MESSAGE_AFTER_24_HOURS"))]
    MessageAfter24Hours {
        /// The shortest time from the customer's last message until a conversation enters the step.
        shortest_seconds: i64,
    },
    /// A removal step assigns somebody.
    RemovalStepAssigns,
    /// The step resolves the conversation and has a timer.
    ResolvedWithTimer,
    /// The timers of the steps form a cycle, and each of the steps sends something.
    SpamLoop {
        /// How long it takes once around.
        period_seconds: i64,
    },
    /// The timers of the steps form a cycle, and not all of the steps send something.
    TimerCycle {
        /// How long it takes once around.
        period_seconds: i64,
    },
    /// The last step has a timer without a target.
    TimerLeadsNowhere,
    /// The first step has a trigger.
    TriggerOnFirstStep,
    /// The step is not the first one, has no trigger, and no timer of a step that conversations
    /// reach leads there.
    UnreachableStep,
}

impl DiagnosticCode {
    /// How serious diagnostics with this code are.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::SpamLoop => Severity::Error,
            Self::DeadEnd
            | Self::HumanRequestedWithAi
            | Self::MessageAfter24Hours
            | Self::RemovalStepAssigns
            | Self::ResolvedWithTimer
            | Self::TimerLeadsNowhere
            | Self::UnreachableStep => Severity::Warning,
            Self::DuplicateName
            | Self::HumanRequestedWithoutAssignee
            | Self::TimerCycle
            | Self::TriggerOnFirstStep => Severity::Info,
        }
    }
}
