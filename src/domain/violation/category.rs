//! What a client can do about a broken rule.

use super::ViolationCode;

/// What a client can do about a broken rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ViolationCategory {
    /// The input has to be corrected.
    Rule,
    /// Something has changed in the meantime: the client reads it again and decides.
    Conflict,
    /// The same call can succeed in a moment.
    Retry,
}

impl ViolationCode {
    /// What a client can do about a violation with this code.
    #[must_use]
    pub const fn category(self) -> ViolationCategory {
        match self {
            Self::StaleVersion
            | Self::StaleRevision
            | Self::StepCountMismatch
            | Self::InUse
            | Self::IdTaken
            | Self::KeyTaken
            | Self::IdempotencyKeyMismatch => ViolationCategory::Conflict,
            Self::IdempotencyKeyInUse => ViolationCategory::Retry,
            Self::Blank
            | Self::TooLong
            | Self::InvalidCharacter
            | Self::NotFound
            | Self::TriggerOrPromptRequired
            | Self::StepNotInScenario
            | Self::SelfReference
            | Self::InvalidPlacement
            | Self::InvalidEvent
            | Self::AutoNextIncomplete
            | Self::OutOfRange
            | Self::UnitWithoutTime
            | Self::RemovalStepConflict
            | Self::AssigneesRequired
            | Self::AssigneeCount
            | Self::AssigneesNotAllowed
            | Self::DuplicateValue
            | Self::TooMany
            | Self::TagsOverlap
            | Self::ZapiIncomplete
            | Self::InvalidPhone
            | Self::TemplateIncomplete
            | Self::InvalidTemplateName
            | Self::InvalidLanguageCode
            | Self::InvalidUrl
            | Self::UrlNotAllowed
            | Self::InvalidType
            | Self::HeadersWithoutUrl
            | Self::InvalidHeaderName
            | Self::InvalidHeaderValue
            | Self::MaskedHeaderValue
            | Self::HeaderNotAllowed
            | Self::InvalidEmail
            | Self::InvalidId
            | Self::AutoNextConflict
            | Self::ExpectedRevisionRequired
            | Self::InvalidKey
            | Self::ConflictingFields
            | Self::AmbiguousName
            | Self::ScenarioFull => ViolationCategory::Rule,
        }
    }
}
