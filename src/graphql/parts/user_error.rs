//! Violated rules as data of a payload.

use async_graphql::{Enum, SimpleObject};
use strum::{EnumIter, EnumMessage, IntoEnumIterator as _};

use crate::domain::violation::{ViolationCategory, ViolationCode, ViolationView};

/// A violated rule. All rules are checked, so all violations are returned together.
#[derive(SimpleObject)]
pub(crate) struct UserError {
    /// The path of the value that violates the rule, from the argument on: `["input", "name"]`. A
    /// list is followed by the index of the element, webhookHeader by the name of the header. In a
    /// call that changes several steps with one input, the step is the param `id`.
    field: Vec<String>,
    /// The rule.
    code: UserErrorCode,
    /// What a client can do about it. Each code has one category.
    category: UserErrorCategory,
    /// What is wrong and how to correct it, as an English sentence.
    message: String,
    /// The values in the message, so that a frontend can translate it.
    params: Vec<UserErrorParam>,
}

/// A value in the message of a user error, like `max` = `100`.
#[derive(SimpleObject)]
pub(crate) struct UserErrorParam {
    /// The name: `max`, `min`, `actual`, `expected`, `count`, `unit`, `value`, `character`,
    /// `tag`, or `id`, the step that violates the rule in a call that changes several with one input. A
    /// name may occur more than once.
    name: String,
    /// The value, as text.
    value: String,
}

impl From<ViolationView> for UserError {
    fn from(report: ViolationView) -> Self {
        Self {
            field: report.field,
            code: report.code.into(),
            category: report.code.category().into(),
            message: report.message,
            params: report.params.into_iter().map(UserErrorParam::from).collect(),
        }
    }
}

impl From<(String, String)> for UserErrorParam {
    fn from((name, value): (String, String)) -> Self {
        Self { name, value }
    }
}

/// What a client can do about a violated rule.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "ViolationCategory")]
enum UserErrorCategory {
    /// The input violates a rule: correct it and send it again.
    Rule,
    /// Something has changed since the client read it, or is used by something else: read it again,
    /// and decide what to do. The codes `STALE_VERSION`, `STALE_REVISION`, `STEP_COUNT_MISMATCH`,
    /// `IN_USE`, `ID_TAKEN`, `KEY_TAKEN` and `IDEMPOTENCY_KEY_MISMATCH`.
    Conflict,
    /// Send the same call again in a moment, with the same idempotencyKey. The code
    /// `IDEMPOTENCY_KEY_IN_USE`.
    Retry,
}

/// The codes of all rules, each with its description.
pub fn user_error_codes() -> impl Iterator<Item = (ViolationCode, &'static str)> {
    UserErrorCode::iter().map(|code| (code.into(), code.get_documentation().unwrap_or_default()))
}

/// A rule that an input can violate.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, EnumIter, EnumMessage)]
#[graphql(remote = "ViolationCode")]
pub(crate) enum UserErrorCode {
    /// The text has no visible character: it is empty, or all white space, control characters and
    /// others that are not drawn.
    Blank,
    /// The text has more characters than allowed, or the headers more bytes. Params: max, actual,
    /// unit.
    TooLong,
    /// The text has a NUL character, or a name has a line break or another control character.
    InvalidCharacter,
    /// There is no such object in this organization, or no such step in the call or the specification.
    NotFound,
    /// Trigger and prompt are both blank.
    TriggerOrPromptRequired,
    /// A step of another scenario, where one of the same scenario is needed.
    StepNotInScenario,
    /// The step itself, or one of the steps that are moved, where another one is needed.
    SelfReference,
    /// first or last is false, which does not name a position.
    InvalidPlacement,
    /// An event of a simulation is not exactly one of customerMessage, triggerMet, moveTo and leave.
    InvalidEvent,
    /// A timer has a target, and no autoNextTime.
    AutoNextIncomplete,
    /// The number is too small or too large. Params: min, max, actual.
    OutOfRange,
    /// autoNextTimeUnit without autoNextTime.
    UnitWithoutTime,
    /// A removal step has a timer.
    RemovalStepConflict,
    /// The assigneeLogicType needs memberships, and there are none.
    AssigneesRequired,
    /// single_user has more than one membership. Params: max, actual.
    AssigneeCount,
    /// There are memberships, but the assigneeLogicType assigns none.
    AssigneesNotAllowed,
    /// The value occurs in the list twice; tags, header names and ids that differ only in case
    /// count as the same value. Params: value.
    DuplicateValue,
    /// The list has more entries than allowed. Params: max, actual.
    TooMany,
    /// A tag is both to be added and to be removed; its case and Unicode form do not count. Params:
    /// tag, once for each such tag.
    TagsOverlap,
    /// Some of the Z-API fields are given, and this one is not.
    ZapiIncomplete,
    /// Not a phone number. Params: character, the first one that is not allowed;
    /// or min, max, actual, which are numbers of digits.
    InvalidPhone,
    /// Some of the WhatsApp template's fields are given, and this one is not.
    TemplateIncomplete,
    /// Not a name of lower-case letters, digits and underscores.
    InvalidTemplateName,
    /// Not a language code like pt_BR, en or fil.
    InvalidLanguageCode,
    /// Not an absolute http or https URL without credentials, whose host is an IP address or a
    /// domain name.
    InvalidUrl,
    /// The URL has a local, private or metadata address or name.
    UrlNotAllowed,
    /// Not a JSON object.
    InvalidType,
    /// webhookHeader without webhookUrl.
    HeadersWithoutUrl,
    /// Not the name of an HTTP header.
    InvalidHeaderName,
    /// Not a string of visible ASCII characters, spaces and tabs, or one with a space or a tab at
    /// an end.
    InvalidHeaderValue,
    /// The mask `***`, where the step has no stored secret to keep.
    MaskedHeaderValue,
    /// A header that the service sets itself.
    HeaderNotAllowed,
    /// Not an email address.
    InvalidEmail,
    /// Not a UUID.
    InvalidId,
    /// The id is or was in use.
    IdTaken,
    /// autoNextStepRef and autoNextStepId are both given.
    AutoNextConflict,
    /// It has been changed since the client read it. Params: expected, actual. In GraphQL the payload
    /// has it as it is now; `history(first: 1, orderBy: { direction: DESC })` of that says who changed
    /// it last.
    StaleVersion,
    /// The scenario has another number of steps, or the call has another number of ids than of
    /// expectedVersions. Params: expected, actual.
    StepCountMismatch,
    /// The scenario or its steps have been changed since the client read it. Params: expected,
    /// actual.
    StaleRevision,
    /// The call would delete steps, and expectedRevision is not given.
    ExpectedRevisionRequired,
    /// Not a key of small letters and digits with single hyphens between them, or one that is too
    /// long.
    InvalidKey,
    /// The key of something else, or one key for several steps.
    KeyTaken,
    /// An id and a name or an email of the same are both given.
    ConflictingFields,
    /// Several have the name or the email. Params: count.
    AmbiguousName,
    /// The scenario would have more steps than the server allows. Params: max.
    ScenarioFull,
    /// Steps use it. Params: count.
    InUse,
    /// The idempotencyKey was used for another call.
    IdempotencyKeyMismatch,
    /// A call with the same idempotencyKey is still running; try again in a moment.
    IdempotencyKeyInUse,
}
