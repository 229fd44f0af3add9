//! What the rules answer when something is refused: every violation, with the path of its field,
//! one code, a sentence for people, and the numbers in it for programs.

use std::fmt::Write as _;

use icu_properties::{
    CodePointMapData,
    props::{GeneralCategory, GeneralCategoryGroup},
};
use serde::{Deserialize, Serialize};
use strum::{EnumDiscriminants, IntoStaticStr};

use super::{text::is_invisible, update::ChangedFields};

/// One rule that was broken, with what its sentence needs. [`ViolationCode`] is the same list
/// without the values.
#[derive(Debug, Clone, PartialEq, Eq, EnumDiscriminants)]
#[strum_discriminants(
    name(ViolationCode),
    derive(Hash, PartialOrd, Ord, IntoStaticStr, strum::EnumIter, Serialize, Deserialize),
    serde(rename_all = "SCREAMING_SNAKE_CASE"),
    strum(serialize_all = "SCREAMING_SNAKE_CASE"),
    doc = "What kind of rule was broken. The text form is the code that clients see.",
    expect(missing_docs, reason = "each sentence below says what its rule means")
)]
#[expect(missing_docs, reason = "each sentence below says what its rule means")]
pub enum ViolationKind {
    Blank,
    TooLong { unit: Unit, max: usize, actual: usize },
    InvalidCharacter,
    NotFound,
    TriggerOrPromptRequired,
    StepNotInScenario,
    SelfReference,
    InvalidPlacement,
    AutoNextIncomplete,
    OutOfRange { min: i32, max: i32, actual: i32 },
    UnitWithoutTime,
    RemovalStepConflict,
    AssigneesRequired,
    AssigneeCount { actual: usize },
    AssigneesNotAllowed,
    DuplicateValue { value: String },
    TooMany { max: usize, actual: usize },
    TagsOverlap { tags: Vec<String> },
    ZapiIncomplete,
    InvalidPhone(PhoneFault),
    TemplateIncomplete,
    InvalidTemplateName,
    InvalidLanguageCode,
    InvalidUrl,
    UrlNotAllowed,
    InvalidType,
    HeadersWithoutUrl,
    InvalidHeaderName,
    InvalidHeaderValue,
    MaskedHeaderValue,
    HeaderNotAllowed,
    InvalidEmail,
    InvalidId,
    IdTaken,
    AutoNextConflict,
    StaleVersion { expected: i32, actual: i32 },
    StepCountMismatch { expected: i32, actual: i32 },
    InUse { count: u64 },
    IdempotencyKeyMismatch,
    IdempotencyKeyInUse,
}

impl ViolationCode {
    /// The fields of a step that such a rule ties together. Any rule reads the field that it is
    /// reported on.
    const fn reads(self) -> &'static [&'static str] {
        match self {
            Self::TriggerOrPromptRequired => &["trigger", "prompt"],
            Self::AutoNextIncomplete => &["autoNextStepId", "autoNextTime"],
            Self::UnitWithoutTime => &["autoNextTime", "autoNextTimeUnit"],
            Self::RemovalStepConflict => {
                &["autoNextStepId", "autoNextTime", "isConversationRemovalStep"]
            }
            Self::AssigneesRequired | Self::AssigneeCount | Self::AssigneesNotAllowed => {
                &["assigneeLogicType", "selectedMembershipIdsForAssignee"]
            }
            Self::TagsOverlap => &["defaultTags", "defaultTagsToRemove"],
            Self::ZapiIncomplete => &["zapiAgentId", "zapiPhoneNumber", "zapiMessage"],
            Self::TemplateIncomplete => &[
                "whatsappTemplateAgentId",
                "whatsappTemplateName",
                "whatsappTemplateLanguageCode",
                "whatsappTemplateText",
            ],
            // A mask stands for the value that is stored only while the URL leads to the same server.
            Self::HeadersWithoutUrl | Self::MaskedHeaderValue => &["webhookUrl", "webhookHeader"],
            Self::Blank
            | Self::TooLong
            | Self::InvalidCharacter
            | Self::NotFound
            | Self::StepNotInScenario
            | Self::SelfReference
            | Self::InvalidPlacement
            | Self::OutOfRange
            | Self::DuplicateValue
            | Self::TooMany
            | Self::InvalidPhone
            | Self::InvalidTemplateName
            | Self::InvalidLanguageCode
            | Self::InvalidUrl
            | Self::UrlNotAllowed
            | Self::InvalidType
            | Self::InvalidHeaderName
            | Self::InvalidHeaderValue
            | Self::HeaderNotAllowed
            | Self::InvalidEmail
            | Self::InvalidId
            | Self::IdTaken
            | Self::AutoNextConflict
            | Self::StaleVersion
            | Self::StepCountMismatch
            | Self::InUse
            | Self::IdempotencyKeyMismatch
            | Self::IdempotencyKeyInUse => &[],
        }
    }
}

/// What a length counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Unicode scalar values.
    Characters,
    /// Bytes of UTF-8.
    Bytes,
}

impl Unit {
    const fn name(self) -> &'static str {
        match self {
            Self::Characters => "characters",
            Self::Bytes => "bytes",
        }
    }
}

/// What is wrong with a phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneFault {
    /// This character, the first that does not belong into one.
    Character(char),
    /// It has so many digits.
    Digits {
        /// The least that it may have.
        min: usize,
        /// The most.
        max: usize,
        /// How many it has.
        actual: usize,
    },
}

/// A character as a sentence shows it: in quotes, or by its code point where it cannot be seen, or
/// not alone, or not with every font.
fn shown(character: char) -> String {
    let category = CodePointMapData::<GeneralCategory>::new().get(character);
    let is_seen = !is_invisible(character)
        && !GeneralCategoryGroup::Other.union(GeneralCategoryGroup::Mark).contains(category);
    if is_seen { format!("\"{character}\"") } else { format!("U+{:04X}", u32::from(character)) }
}

/// Where a violation is: the field, then an index or a key inside it, and around it the arguments
/// that the field is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    within: Vec<String>,
    name: &'static str,
    inside: Option<String>,
}

impl Field {
    /// The element with this 0-based index.
    #[must_use]
    pub fn at(self, index: usize) -> Self {
        self.key(index.to_string())
    }

    /// The entry with this key.
    #[must_use]
    pub fn key(self, key: impl Into<String>) -> Self {
        Self { inside: Some(key.into()), ..self }
    }

    /// The path, from the outside in, as clients read it.
    #[must_use]
    pub fn path(&self) -> Vec<String> {
        let name = std::iter::once(self.name.to_owned());
        self.within.iter().cloned().chain(name).chain(self.inside.clone()).collect()
    }

    fn label(&self) -> String {
        /// A key is the client's own text, and this much of it is enough to find it by.
        const SHOWN: usize = 64;
        // Which of many inputs it is has to be said; that it is in the one input has not.
        let mut label = match self.within.as_slice() {
            [list, index] => format!("{list}[{index}].{}", self.name),
            _ => self.name.to_owned(),
        };
        if let Some(inside) = &self.inside {
            let shown: String = inside.chars().take(SHOWN).collect();
            let more = if shown.len() < inside.len() { "…" } else { "" };
            let _infallible = write!(label, "[{shown}{more}]");
        }
        label
    }
}

impl From<&'static str> for Field {
    fn from(name: &'static str) -> Self {
        Self { within: Vec::new(), name, inside: None }
    }
}

/// One broken rule, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Where.
    pub field: Field,
    /// Which rule.
    pub rule: ViolationKind,
    /// What the check has read besides the field and the fields that the rule ties together.
    reads: &'static [&'static str],
}

impl Violation {
    /// A rule that is broken here.
    #[must_use]
    pub fn new(field: impl Into<Field>, rule: ViolationKind) -> Self {
        Self { field: field.into(), rule, reads: &[] }
    }

    /// The fields on which it depends whether the rule is broken.
    fn read_fields(&self) -> impl Iterator<Item = &'static str> {
        let tied = self.code().reads();
        std::iter::once(self.field.name).chain(tied.iter().chain(self.reads).copied())
    }

    /// The code that programs go by.
    #[must_use]
    pub fn code(&self) -> ViolationCode {
        ViolationCode::from(&self.rule)
    }

    /// All that there is to tell of it.
    #[must_use]
    pub fn report(&self) -> ViolationView {
        let params = self.params().into_iter().map(|(name, value)| (name.to_owned(), value));
        ViolationView {
            field: self.field.path(),
            code: self.code(),
            message: self.message(),
            params: params.collect(),
        }
    }

    /// A whole sentence that says what is wrong and what to do about it.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "it is one list of sentences")]
    pub fn message(&self) -> String {
        let field = self.field.label();
        match &self.rule {
            ViolationKind::Blank => {
                format!("{field} is blank; give it at least one visible character.")
            }
            ViolationKind::TooLong { unit, max, actual } => {
                let unit = unit.name();
                format!("{field} has {actual} {unit}; at most {max} are allowed.")
            }
            ViolationKind::InvalidCharacter => {
                format!("{field} contains a control character that is not allowed there.")
            }
            ViolationKind::NotFound => {
                format!("{field} names nothing that exists in this organization.")
            }
            ViolationKind::TriggerOrPromptRequired => {
                "A step needs a trigger or a prompt; fill in at least one of them.".to_owned()
            }
            ViolationKind::StepNotInScenario => {
                format!(
                    "{field} names a step of another scenario; choose one of the same scenario."
                )
            }
            ViolationKind::SelfReference => {
                format!("{field} names the step itself; choose another step.")
            }
            ViolationKind::InvalidPlacement => {
                format!("{field} is false, which names no place; give it as true, or another one.")
            }
            ViolationKind::AutoNextIncomplete => {
                format!("{field} is missing; autoNextStepId needs a time to wait.")
            }
            ViolationKind::OutOfRange { min, max, actual } => {
                format!("{field} is {actual}; it must be between {min} and {max}.")
            }
            ViolationKind::UnitWithoutTime => {
                format!("{field} is given without autoNextTime; give both or neither.")
            }
            ViolationKind::RemovalStepConflict => format!(
                "{field} is true, so the conversation leaves the scenario here and the step cannot \
                 have a timer; drop autoNextStepId and autoNextTime, or {field}."
            ),
            ViolationKind::AssigneesRequired => {
                format!(
                    "{field} is empty; this assigneeLogicType needs memberships to choose from."
                )
            }
            ViolationKind::AssigneeCount { actual } => {
                format!("{field} has {actual} memberships; single_user takes exactly one.")
            }
            ViolationKind::AssigneesNotAllowed => format!(
                "{field} is given, but this assigneeLogicType assigns nobody; drop the memberships \
                 or choose another assigneeLogicType."
            ),
            ViolationKind::DuplicateValue { .. } => {
                format!("{field} repeats an earlier value of the list.")
            }
            ViolationKind::TooMany { max, actual } => {
                format!("{field} has {actual} entries; at most {max} are allowed.")
            }
            ViolationKind::TagsOverlap { tags } => format!(
                "{field} and defaultTags both name {}; a tag is either added or removed.",
                tags.join(", ")
            ),
            ViolationKind::ZapiIncomplete => format!(
                "{field} is missing; zapiAgentId, zapiPhoneNumber and zapiMessage go together."
            ),
            ViolationKind::InvalidPhone(PhoneFault::Character(character)) => format!(
                "{field} has {} in it, which does not belong in a phone number; write its digits, \
                 with an optional + in front and spaces, parentheses, dashes, dots or slashes \
                 between them.",
                shown(*character)
            ),
            ViolationKind::InvalidPhone(PhoneFault::Digits { min, max, actual }) => format!(
                "{field} needs {min} to {max} digits, with the country's code in front, and has \
                 {actual}."
            ),
            ViolationKind::TemplateIncomplete => format!(
                "{field} is missing; a WhatsApp template needs its agent, name and language code \
                 together."
            ),
            ViolationKind::InvalidTemplateName => format!(
                "{field} is not a template name; use 1 to 512 lower-case letters, digits and \
                 underscores."
            ),
            ViolationKind::InvalidLanguageCode => {
                format!("{field} is not a language code; write it like pt_BR, en or fil.")
            }
            ViolationKind::InvalidUrl => format!(
                "{field} is not an absolute http or https URL without user name and password; its \
                 host is an IP address or a name in DNS, without placeholders and invisible \
                 characters, and its port is not 0."
            ),
            ViolationKind::UrlNotAllowed => {
                format!("{field} leads to a local, private or metadata address; use a public host.")
            }
            ViolationKind::InvalidType => {
                format!("{field} must be a JSON object from header names to strings.")
            }
            ViolationKind::HeadersWithoutUrl => {
                format!("{field} is given without webhookUrl; give the URL or drop the headers.")
            }
            ViolationKind::InvalidHeaderName => {
                format!("{field} is not a header name; use letters, digits and hyphens.")
            }
            ViolationKind::InvalidHeaderValue => {
                format!(
                    "{field} must be a string of visible ASCII characters, spaces and tabs, with \
                     neither a space nor a tab at its ends."
                )
            }
            ViolationKind::MaskedHeaderValue => format!(
                "{field} is the mask of a secret, and the step has none there; give the value \
                 itself."
            ),
            ViolationKind::HeaderNotAllowed => {
                format!("{field} is set by the service itself and cannot be chosen.")
            }
            ViolationKind::InvalidEmail => {
                format!("{field} is not an email address, like ana@example.com.")
            }
            ViolationKind::InvalidId => format!(
                "{field} is not a UUID, like 019a0000-0000-7000-8000-000000000001; leave it out to \
                 get a new one."
            ),
            ViolationKind::IdTaken => {
                format!(
                    "{field} is or was the id of something else; leave it out to get a new one."
                )
            }
            ViolationKind::AutoNextConflict => {
                format!("{field} and autoNextStepId are both given; a timer leads to one step.")
            }
            ViolationKind::StaleVersion { expected, actual } => format!(
                "{field} is {expected}, and it is at version {actual} now; look at what has \
                 changed, and try again with that version."
            ),
            ViolationKind::StepCountMismatch { expected, actual } => format!(
                "{field} is {expected}, and the number of the scenario's steps is {actual}; look at what \
                 would be deleted, and try again with their number."
            ),
            ViolationKind::InUse { count } => format!(
                "{field} names something that steps use, {count} in all; change or delete those first."
            ),
            ViolationKind::IdempotencyKeyMismatch => {
                format!("{field} was used for another call; take a new key for each call.")
            }
            ViolationKind::IdempotencyKeyInUse => format!(
                "A call with this {field} is being carried out; send yours again in a moment."
            ),
        }
    }

    /// The values in the sentence, by name, so that a frontend can say it in its own language.
    #[must_use]
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match &self.rule {
            ViolationKind::TooLong { unit, max, actual } => vec![
                ("max", max.to_string()),
                ("actual", actual.to_string()),
                ("unit", unit.name().to_owned()),
            ],
            ViolationKind::OutOfRange { min, max, actual } => vec![
                ("min", min.to_string()),
                ("max", max.to_string()),
                ("actual", actual.to_string()),
            ],
            ViolationKind::InvalidPhone(PhoneFault::Character(character)) => {
                vec![("character", shown(*character))]
            }
            ViolationKind::InvalidPhone(PhoneFault::Digits { min, max, actual }) => vec![
                ("min", min.to_string()),
                ("max", max.to_string()),
                ("actual", actual.to_string()),
            ],
            ViolationKind::AssigneeCount { actual } => {
                vec![("max", 1.to_string()), ("actual", actual.to_string())]
            }
            ViolationKind::TooMany { max, actual } => {
                vec![("max", max.to_string()), ("actual", actual.to_string())]
            }
            ViolationKind::StaleVersion { expected, actual }
            | ViolationKind::StepCountMismatch { expected, actual } => {
                vec![("expected", expected.to_string()), ("actual", actual.to_string())]
            }
            ViolationKind::InUse { count } => vec![("count", count.to_string())],
            ViolationKind::DuplicateValue { value } => vec![("value", value.clone())],
            ViolationKind::TagsOverlap { tags } => {
                tags.iter().map(|tag| ("tag", tag.clone())).collect()
            }
            ViolationKind::Blank
            | ViolationKind::InvalidCharacter
            | ViolationKind::NotFound
            | ViolationKind::TriggerOrPromptRequired
            | ViolationKind::StepNotInScenario
            | ViolationKind::SelfReference
            | ViolationKind::InvalidPlacement
            | ViolationKind::AutoNextIncomplete
            | ViolationKind::UnitWithoutTime
            | ViolationKind::RemovalStepConflict
            | ViolationKind::AssigneesRequired
            | ViolationKind::AssigneesNotAllowed
            | ViolationKind::ZapiIncomplete
            | ViolationKind::TemplateIncomplete
            | ViolationKind::InvalidTemplateName
            | ViolationKind::InvalidLanguageCode
            | ViolationKind::InvalidUrl
            | ViolationKind::UrlNotAllowed
            | ViolationKind::InvalidType
            | ViolationKind::HeadersWithoutUrl
            | ViolationKind::InvalidHeaderName
            | ViolationKind::InvalidHeaderValue
            | ViolationKind::MaskedHeaderValue
            | ViolationKind::HeaderNotAllowed
            | ViolationKind::InvalidEmail
            | ViolationKind::InvalidId
            | ViolationKind::IdTaken
            | ViolationKind::AutoNextConflict
            | ViolationKind::IdempotencyKeyMismatch
            | ViolationKind::IdempotencyKeyInUse => Vec::new(),
        }
    }
}

/// A violation as it is told, which can be kept and told again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViolationView {
    /// The path of the field, from the outside in.
    pub field: Vec<String>,
    /// Which rule.
    pub code: ViolationCode,
    /// The sentence.
    pub message: String,
    /// The values in the sentence, by name.
    pub params: Vec<(String, String)>,
}

/// All violations of one input, in the order of its fields.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// Notes that `field` breaks `rule`.
    pub fn add(&mut self, field: impl Into<Field>, rule: ViolationKind) {
        self.0.push(Violation::new(field, rule));
    }

    /// Notes that `field` breaks `rule`, which also depends on the fields `reads`.
    pub(super) fn add_reading(
        &mut self,
        field: impl Into<Field>,
        rule: ViolationKind,
        reads: &'static [&'static str],
    ) {
        self.0.push(Violation { reads, ..Violation::new(field, rule) });
    }

    /// One violation alone.
    #[must_use]
    pub fn one(field: impl Into<Field>, rule: ViolationKind) -> Self {
        Self(vec![Violation::new(field, rule)])
    }

    /// The same violations, of an input that is the argument, or the element, of this name.
    #[must_use]
    pub fn within(mut self, name: impl Into<String>) -> Self {
        let name = name.into();
        for violation in &mut self.0 {
            violation.field.within.insert(0, name.clone());
        }
        self
    }

    /// The same violations, those of the field `from` as ones of the field `to`.
    #[must_use]
    pub(super) fn renamed(mut self, from: &'static str, to: &'static str) -> Self {
        for violation in self.0.iter_mut().filter(|violation| violation.field.name == from) {
            violation.field.name = to;
        }
        self
    }

    /// Adds all violations of `other`.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether no rule was broken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What the checks came to: the value if it breaks no rule that reads a changed field, and all
    /// such violations if it breaks any.
    ///
    /// A check that cannot make its part of the value returns `None` and has added a violation. What
    /// does not exist is always refused, as there is nothing to make of it.
    pub(super) fn or<T>(
        self,
        value: Option<T>,
        changed: &ChangedFields,
    ) -> Result<Checked<T>, Self> {
        let (broken, outdated): (Vec<_>, Vec<_>) = self.0.into_iter().partition(|violation| {
            violation.rule == ViolationKind::NotFound
                || violation.read_fields().any(|field| changed.contains(field))
        });
        match value {
            Some(value) if broken.is_empty() => Ok(Checked(value)),
            // Nothing can be made of what is stored, which no version has accepted.
            None if broken.is_empty() => Err(Self(outdated)),
            _ => Err(Self(broken)),
        }
    }
}

/// A value that has passed the rules that it is held to. Only the checks in this module make one, so
/// what takes a `Checked` cannot be handed anything else.
#[derive(Debug, Clone)]
pub struct Checked<T>(T);

impl<T> Checked<T> {
    /// The value, to be stored.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl IntoIterator for Violations {
    type Item = Violation;
    type IntoIter = std::vec::IntoIter<Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use strum::IntoEnumIterator as _;

    use super::*;
    use crate::domain::{
        crm_step::{CrmStepInput, References},
        id::new_id,
        url::WebhookHosts,
    };

    fn of_update(violations: Violations, changed: &[&str]) -> Vec<Vec<String>> {
        let changed = changed.iter().map(|field| (*field).to_owned()).collect();
        let broken = violations.or(Some(()), &ChangedFields::Some(changed)).err();
        broken.into_iter().flatten().map(|violation| violation.field.path()).collect()
    }

    #[test]
    fn rules_read_fields_that_a_step_has() {
        let step = serde_json::to_value(CrmStepInput::default()).expect("it is JSON");
        let fields: BTreeSet<&str> =
            step.as_object().expect("an object").keys().map(String::as_str).collect();
        let tied = ViolationCode::iter().flat_map(ViolationCode::reads).copied();
        let never = CrmStepInput { auto_next_time: Some(0), ..CrmStepInput::default() };
        let broken = never.check(new_id(), &References::default(), &WebhookHosts::Public).err();
        let broken: Vec<_> = broken.into_iter().flatten().collect();
        let read: BTreeSet<&str> =
            broken.iter().flat_map(Violation::read_fields).chain(tied).collect();
        assert_eq!(read.difference(&fields).collect::<Vec<_>>(), Vec::<&&str>::new());
        let unit =
            broken.iter().flat_map(Violation::read_fields).any(|it| it == "autoNextTimeUnit");
        assert!(unit && read.contains("webhookUrl"), "{read:?}");
    }

    #[test]
    fn every_rule_reads_the_field_that_it_is_reported_on() {
        let too_large = ViolationKind::OutOfRange { min: 1, max: 2, actual: 3 };
        let rules =
            [too_large.clone(), ViolationKind::Blank, ViolationKind::TriggerOrPromptRequired];
        for rule in rules {
            let violations = Violations::one("another", rule.clone());
            assert_eq!(of_update(violations.clone(), &["another"]), [["another"]], "{rule:?}");
            assert_eq!(of_update(violations, &["a third"]), Vec::<Vec<String>>::new(), "{rule:?}");
        }
        let mut violations = Violations::default();
        violations.add_reading("another", too_large, &["its unit"]);
        assert_eq!(of_update(violations, &["its unit"]), [["another"]]);
    }
}
