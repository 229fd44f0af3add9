//! Expected refusals, as data.

use async_graphql::{Enum, SimpleObject};
use strum::{EnumIter, EnumMessage, IntoEnumIterator as _};

use crate::domain::violation::{ViolationCode, ViolationView, Violations};

/// One broken rule. All rules are checked, so all broken ones come back together.
#[derive(SimpleObject)]
pub(crate) struct UserError {
    /// Path of the value that breaks the rule, from the arguments down: `["input", "name"]`, with
    /// the index of a list's element or the name of a header behind it.
    field: Option<Vec<String>>,
    /// Which rule, for programs.
    code: UserErrorCode,
    /// What is wrong and what to do about it, as a whole English sentence.
    message: String,
    /// The values in the message, so that a frontend can say it in its own language.
    params: Vec<UserErrorParam>,
}

/// A value in the message of a user error, like `max` = `255`.
#[derive(SimpleObject)]
pub(crate) struct UserErrorParam {
    /// What the value is: `max`, `min`, `actual`, `expected`, `count`, `unit`, `value`,
    /// `character` or `tag`. A name may come more than once.
    name: String,
    /// The value, as text.
    value: String,
}

/// All violations, as clients see them.
pub(crate) fn user_errors(violations: Violations) -> Vec<UserError> {
    violations.into_iter().map(|violation| violation.report().into()).collect()
}

impl From<ViolationView> for UserError {
    fn from(report: ViolationView) -> Self {
        let param = |(name, value)| UserErrorParam { name, value };
        Self {
            field: Some(report.field),
            code: report.code.into(),
            message: report.message,
            params: report.params.into_iter().map(param).collect(),
        }
    }
}

/// The codes of all rules, each with its description.
pub fn user_error_codes() -> impl Iterator<Item = (ViolationCode, &'static str)> {
    UserErrorCode::iter().map(|code| (code.into(), code.get_documentation().unwrap_or_default()))
}

/// Which rule an input breaks.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, EnumIter, EnumMessage)]
#[graphql(remote = "ViolationCode")]
pub(crate) enum UserErrorCode {
    /// The text has no visible character: it is empty, or all white space, control characters and
    /// others that are not drawn.
    Blank,
    /// The text has more characters than allowed, or the headers more bytes. Params: max, actual,
    /// unit.
    TooLong,
    /// The text has a NUL, or a name has a line break or another control character.
    InvalidCharacter,
    /// No such thing in this organization.
    NotFound,
    /// Trigger and prompt are both blank.
    TriggerOrPromptRequired,
    /// A step of another scenario, where one of the same is needed.
    StepNotInScenario,
    /// The step itself, where another one is needed.
    SelfReference,
    /// first or last is false, which names no place.
    InvalidPlacement,
    /// autoNextStepId without autoNextTime.
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
    /// There are memberships, and the assigneeLogicType assigns nobody.
    AssigneesNotAllowed,
    /// The value is in the list twice; of tags, headers and ids also in another case. Params: value.
    DuplicateValue,
    /// The list has more entries than allowed. Params: max, actual.
    TooMany,
    /// Tags that are to be added and removed, ignoring case and Unicode form. Params: tag, once for each.
    TagsOverlap,
    /// Some of the Z-API fields are given, and this one is not.
    ZapiIncomplete,
    /// Not a phone number of 8 to 15 digits. Params: character, the first that does not belong in
    /// one; or min, max, actual, of its digits.
    InvalidPhone,
    /// Some of the WhatsApp template's fields are given, and this one is not.
    TemplateIncomplete,
    /// Not a name of lower-case letters, digits and underscores.
    InvalidTemplateName,
    /// Not a language code like pt_BR, en or fil.
    InvalidLanguageCode,
    /// Not an absolute http or https URL without credentials, with a host that has an address or a
    /// name in DNS.
    InvalidUrl,
    /// The URL leads to a local, private or metadata address or name.
    UrlNotAllowed,
    /// Not a JSON object.
    InvalidType,
    /// webhookHeader without webhookUrl.
    HeadersWithoutUrl,
    /// Not the name of an HTTP header.
    InvalidHeaderName,
    /// Not a string of visible ASCII characters, spaces and tabs, or one with a space or a tab at an
    /// end.
    InvalidHeaderValue,
    /// The mask that is shown for a secret, where there is none to keep.
    MaskedHeaderValue,
    /// A header that the service sets itself.
    HeaderNotAllowed,
    /// Not an email address.
    InvalidEmail,
    /// Not a UUID.
    InvalidId,
    /// The id is, or was, the id of something.
    IdTaken,
    /// autoNextStepRef and autoNextStepId are both given.
    AutoNextConflict,
    /// Somebody else has changed it since the client looked. Params: expected, actual.
    StaleVersion,
    /// The scenario has another number of steps. Params: expected, actual.
    StepCountMismatch,
    /// Steps use it. Params: count.
    InUse,
    /// The idempotencyKey was used for another call.
    IdempotencyKeyMismatch,
    /// A call with the same idempotencyKey is being carried out; send yours again in a moment.
    IdempotencyKeyInUse,
}
