//! The rules that an input can break, each with its sentence and the values in it.

use icu_properties::{
    CodePointMapData,
    props::{GeneralCategory, GeneralCategoryGroup},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use strum::{EnumDiscriminants, EnumString, IntoStaticStr};

use crate::domain::text::is_invisible;

/// A rule that was broken, with the values in its sentence. [`ViolationCode`] is the same list without
/// the values.
///
/// The sentence says what is wrong and what to do about it. It follows the name of the field, but for
/// those that begin with a capital.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error, EnumDiscriminants)]
#[serde(untagged)]
#[strum_discriminants(
    name(ViolationCode),
    derive(
        Hash,
        PartialOrd,
        Ord,
        IntoStaticStr,
        EnumString,
        strum::EnumIter,
        Serialize,
        Deserialize
    ),
    serde(rename_all = "SCREAMING_SNAKE_CASE"),
    strum(serialize_all = "SCREAMING_SNAKE_CASE"),
    doc = "What kind of rule was broken. The text form is the code that clients see.",
    expect(missing_docs, reason = "the sentence of each kind says what it means")
)]
#[expect(missing_docs, reason = "the sentence of each kind says what it means")]
pub enum ViolationKind {
    #[error("is blank; give it at least one visible character.")]
    Blank,
    #[error("has {actual} {unit}; at most {max} are allowed.")]
    TooLong { max: usize, actual: usize, unit: &'static str },
    #[error("contains a control character that is not allowed there.")]
    InvalidCharacter,
    #[error("names {what}.")]
    NotFound {
        #[serde(skip)]
        what: &'static str,
    },
    #[error("A step needs a trigger or a prompt; fill in at least one of them.")]
    TriggerOrPromptRequired,
    #[error("names a step of another scenario; choose one of the same scenario.")]
    StepNotInScenario,
    #[error("names {what}; choose another step.")]
    SelfReference {
        #[serde(skip)]
        what: &'static str,
    },
    #[error("is false, which names no place; give it as true, or another one.")]
    InvalidPlacement,
    #[error("needs exactly one of customerMessage, triggerMet, moveTo and leave: true.")]
    InvalidEvent,
    #[error("is missing; {target} needs a time to wait.")]
    AutoNextIncomplete {
        #[serde(skip)]
        target: &'static str,
    },
    #[error("is {actual}; it must be between {min} and {max}.")]
    OutOfRange { min: i32, max: i32, actual: i32 },
    #[error("is given without autoNextTime; give both or neither.")]
    UnitWithoutTime,
    #[error(
        "is true, so the conversation leaves the scenario here and the step cannot have a timer; drop \
         {target} and autoNextTime, or isConversationRemovalStep."
    )]
    RemovalStepConflict {
        #[serde(skip)]
        target: &'static str,
    },
    #[error("is empty; this assigneeLogicType needs memberships to choose from.")]
    AssigneesRequired,
    #[error("has {actual} memberships; single_user takes exactly one.")]
    AssigneeCount { max: i32, actual: usize },
    #[error(
        "is given, but this assigneeLogicType assigns nobody; drop the memberships or choose another \
         assigneeLogicType."
    )]
    AssigneesNotAllowed,
    #[error("repeats an earlier value of the list.")]
    DuplicateValue { value: String },
    #[error("has {actual} entries; at most {max} are allowed.")]
    TooMany { max: usize, actual: usize },
    #[error("and defaultTags both name {}; a tag is either added or removed.", tags.join(", "))]
    TagsOverlap {
        #[serde(rename = "tag")]
        tags: Vec<String>,
    },
    #[error("is missing; {agent}, zapiPhoneNumber and zapiMessage go together.")]
    ZapiIncomplete {
        #[serde(skip)]
        agent: &'static str,
    },
    #[error("{0}")]
    InvalidPhone(PhoneFault),
    #[error("is missing; a WhatsApp template needs its agent, name and language code together.")]
    TemplateIncomplete,
    #[error("is not a template name; use 1 to {max} lower-case letters, digits and underscores.")]
    InvalidTemplateName {
        #[serde(skip)]
        max: usize,
    },
    #[error("is not a language code; write it like pt_BR, en or fil.")]
    InvalidLanguageCode,
    #[error(
        "is not an absolute http or https URL without user name and password; its host is an IP \
         address or a name in DNS, without placeholders and invisible characters, and its port is \
         not 0."
    )]
    InvalidUrl,
    #[error("leads to a local, private or metadata address; use a public host.")]
    UrlNotAllowed,
    #[error("must be a JSON object from header names to strings.")]
    InvalidType,
    #[error("is given without webhookUrl; give the URL or drop the headers.")]
    HeadersWithoutUrl,
    #[error("is not a header name; use letters, digits and hyphens.")]
    InvalidHeaderName,
    #[error(
        "must be a string of visible ASCII characters, spaces and tabs, with neither a space nor a \
         tab at its ends."
    )]
    InvalidHeaderValue,
    #[error("is the mask of a secret, and the step has none there; give the value itself.")]
    MaskedHeaderValue,
    #[error("is set by the service itself and cannot be chosen.")]
    HeaderNotAllowed,
    #[error("is not an email address, like ana@example.com.")]
    InvalidEmail,
    #[error(
        "is not a UUID, like 019a0000-0000-7000-8000-000000000001; leave it out to get a new one."
    )]
    InvalidId,
    #[error("is or was the id of something else; leave it out to get a new one.")]
    IdTaken,
    #[error("and autoNextStepId are both given; a timer leads to one step.")]
    AutoNextConflict,
    #[error(
        "is {expected}, and it is at version {actual} now; look at what has changed, and try again \
         with that version."
    )]
    StaleVersion { expected: i32, actual: i32 },
    #[error("{}", counted_steps(*counted, *expected, *actual))]
    StepCountMismatch {
        #[serde(skip)]
        counted: Counted,
        expected: i32,
        actual: i32,
    },
    #[error("is {expected}, and {}", revision_now(*actual))]
    StaleRevision { expected: i32, actual: i32 },
    #[error(
        "is missing, and steps would be deleted; look at the plan, and try again with its revision."
    )]
    ExpectedRevisionRequired,
    #[error(
        "is not a key; use 1 to {max} small letters (a to z) and digits, with single hyphens between them."
    )]
    InvalidKey {
        #[serde(skip)]
        max: usize,
    },
    #[error("{what}.")]
    KeyTaken {
        #[serde(skip)]
        what: &'static str,
    },
    #[error("is given, and the id of the same too; give only one of them.")]
    ConflictingFields,
    #[error("is that of {count} in this organization; give ids instead, in a list for all.")]
    AmbiguousName { count: usize },
    #[error("A scenario has at most {max} steps; delete some of them, or choose another scenario.")]
    ScenarioFull { max: usize },
    #[error("names something that steps use, {count} in all; change or delete those first.")]
    InUse { count: u64 },
    #[error("was used for another call; take a new key for each call.")]
    IdempotencyKeyMismatch,
    #[error("A call with this idempotencyKey is being carried out; send yours again in a moment.")]
    IdempotencyKeyInUse,
}

impl ViolationKind {
    /// An id, a name or an email that nothing in the organization has.
    pub const NOT_FOUND: Self = Self::NotFound { what: "nothing that exists in this organization" };

    /// The id of no step that is deleted and kept.
    pub const NO_RESTORABLE_STEP: Self = Self::NotFound { what: "no step that can be restored" };

    /// The id of no scenario that is deleted and kept.
    pub const NO_RESTORABLE_SCENARIO: Self =
        Self::NotFound { what: "no scenario that can be restored" };

    /// A reference to no step of a call that creates several.
    pub(in crate::domain) const NO_CREATED_STEP: Self =
        Self::NotFound { what: "no step that this call creates" };

    /// A key that no step of a specification has.
    pub(in crate::domain) const NO_SPECIFIED_STEP: Self =
        Self::NotFound { what: "no step of the specification" };

    /// A key or an index that no step of a scenario has.
    pub(in crate::domain) const NO_STEP_OF_SCENARIO: Self =
        Self::NotFound { what: "no step of the scenario" };

    /// The step itself, where another one is needed.
    pub(in crate::domain) const SELF_REFERENCE: Self =
        Self::SelfReference { what: "the step itself" };

    /// One of the steps that a call moves, as the step beside which it moves them.
    pub(in crate::domain) const MOVED_REFERENCE: Self =
        Self::SelfReference { what: "one of the steps that are moved" };

    /// A key of another scenario or step.
    pub const KEY_TAKEN: Self =
        Self::KeyTaken { what: "is the key of something else; choose another one" };

    /// A key for several steps.
    pub(in crate::domain) const KEY_OF_SEVERAL: Self =
        Self::KeyTaken { what: "can be given to one step only; leave it out, or change one step" };

    /// Names the field `to` in the sentence instead of the field `from`.
    pub(super) fn rename(&mut self, from: &str, to: &'static str) {
        if let Self::AutoNextIncomplete { target: field }
        | Self::RemovalStepConflict { target: field }
        | Self::ZapiIncomplete { agent: field } = self
            && *field == from
        {
            *field = to;
        }
    }

    /// The whole sentence about the field with this label.
    pub(super) fn message(&self, field: &str) -> String {
        match self {
            Self::TriggerOrPromptRequired
            | Self::ScenarioFull { .. }
            | Self::IdempotencyKeyInUse => self.to_string(),
            _ => format!("{field} {self}"),
        }
    }

    /// The values in the sentence, by name: the fields of the kind, a list as a value for each of
    /// its elements.
    pub(super) fn params(&self) -> Vec<(String, String)> {
        let Ok(Value::Object(fields)) = serde_json::to_value(self) else { return Vec::new() };
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let params = fields.iter().flat_map(|(name, value)| {
            let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            values.iter().map(move |value| (name.clone(), text(value)))
        });
        params.collect()
    }
}

/// The steps that a client has to count right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Those of a scenario.
    OfScenario,
    /// Those that a call names by its ids, each of which has a version.
    Ids,
}

fn counted_steps(counted: Counted, expected: i32, actual: i32) -> String {
    match counted {
        Counted::OfScenario => format!(
            "is {expected}, and the number of the scenario's steps is {actual}; look at what would be \
             deleted, and try again with their number."
        ),
        Counted::Ids => format!(
            "has {expected} entries, and ids has {actual}; give one version for each id, or leave \
             them out."
        ),
    }
}

/// The end of the sentence about an outdated revision. 0 is that of a scenario that does not exist.
fn revision_now(actual: i32) -> String {
    match actual {
        0 => "no such scenario exists; check its id and key, or send 0 to create it.".to_owned(),
        actual => format!(
            "the scenario is at revision {actual} now; look at what has changed, and try again with \
             that revision."
        ),
    }
}

/// What is wrong with a phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged)]
pub enum PhoneFault {
    /// The first character that a phone number may not have.
    #[error(
        "has {} in it, which does not belong in a phone number; write its digits, with an optional + \
         in front and spaces, parentheses, dashes, dots or slashes between them.",
        shown(*character)
    )]
    Character {
        /// It.
        character: char,
    },
    /// Its number of digits.
    #[error("needs {min} to {max} digits, with the country's code in front, and has {actual}.")]
    #[expect(missing_docs, reason = "the sentence says what they are")]
    Digits { min: usize, max: usize, actual: usize },
}

/// A character as a sentence shows it: in quotes, or by its code point where it is invisible, or a
/// mark, or where fonts may lack it.
fn shown(character: char) -> String {
    let category = CodePointMapData::<GeneralCategory>::new().get(character);
    let is_seen = !is_invisible(character)
        && !GeneralCategoryGroup::Other.union(GeneralCategoryGroup::Mark).contains(category);
    if is_seen { format!("\"{character}\"") } else { format!("U+{:04X}", u32::from(character)) }
}
