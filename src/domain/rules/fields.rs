//! The rules of single fields and arguments.

use super::{
    BATCH_MAX, DELAY_DAYS_MAX, DESCRIPTION_MAX, FieldRules, HEADERS_BYTES_MAX, HEADERS_MAX,
    IDEMPOTENCY_KEY_MAX, KEY_MAX, LengthUnit, MEMBERSHIPS_MAX, MESSAGE_MAX, NAME_MAX, PHONE_MAX,
    PROMPT_MAX, Pattern, ReferenceKind, TAG_MAX, TAGS_MAX, TEMPLATE_NAME_MAX, TRIGGER_MAX,
    TextFormat, URL_MAX, pattern,
};
use crate::domain::violation::ViolationCode as Code;

/// Seconds of a day.
pub(super) const DAY_SECONDS: i32 = 24 * 60 * 60;

/// The name of anything.
pub static NAME: FieldRules = FieldRules {
    is_trimmed: true,
    is_one_line: true,
    may_be_blank: false,
    ..FieldRules::text(&["name"], NAME_MAX)
};

/// Small letters and digits, at most [`KEY_MAX`], with single hyphens between them.
static KEY_PATTERN: Pattern =
    Pattern::new(|| pattern(&format!("^([a-z0-9]-?){{0,{}}}[a-z0-9]$", KEY_MAX - 1)));

/// The key of a scenario or a step. The pattern does not count its hyphens.
pub static KEY: FieldRules = FieldRules {
    pattern: Some(&KEY_PATTERN),
    pattern_max_length: Some(KEY_MAX),
    is_blank_exempt: false,
    format_code: Some(Code::InvalidKey),
    other_codes: &[Code::KeyTaken],
    ..FieldRules::unlimited(&["key"])
};

/// The same for one of several steps.
pub static KEY_OF_SEVERAL: FieldRules =
    FieldRules { other_codes: &[Code::KeyTaken, Code::DuplicateValue], ..KEY };

/// The same for a step of a specification.
pub static KEY_OF_SPEC: FieldRules = FieldRules { other_codes: &[Code::DuplicateValue], ..KEY };

/// The steps of a specification. The operator chooses how many there may be.
pub static STEPS: FieldRules =
    FieldRules { other_codes: &[Code::TooMany], ..FieldRules::unlimited(&["steps"]) };

/// The description of a scenario.
pub static DESCRIPTION: FieldRules = FieldRules::text(&["description"], DESCRIPTION_MAX);

/// What every email address has that is not a domain literal.
static ADDRESS: Pattern = Pattern::new(|| {
    const DOMAIN: &str = r"[^\x00-\x20<>@.]+(\.[^\x00-\x20<>@.]+)+";
    pattern(&format!(r#"^([^\x00-\x20"<>@]+|"[^\x00]+")@{DOMAIN}$"#))
});

/// The email address of a membership.
pub static EMAIL: FieldRules = FieldRules {
    is_trimmed: true,
    pattern: Some(&ADDRESS),
    format: Some(TextFormat::Email),
    is_blank_exempt: false,
    format_code: Some(Code::InvalidEmail),
    ..FieldRules::unlimited(&["email"])
};

/// What every parser needs of an http(s) URL without credentials.
static HTTP_URL: Pattern = Pattern::new(|| {
    pattern(r"^[Hh][Tt][Tt][Pp][Ss]?://[^\x00-\x20\x7F\/?#@\\]+([\/?#][^\x00-\x20\x7F\\]*)?$")
});

const URL: FieldRules = FieldRules {
    pattern: Some(&HTTP_URL),
    format: Some(TextFormat::HttpUrl),
    format_code: Some(Code::InvalidUrl),
    ..FieldRules::text(&[], URL_MAX)
};

/// The picture of an agent.
pub static ICON_URL: FieldRules = FieldRules { path: &["iconUrl"], ..URL };

/// The id that a client chooses for a step.
pub static ID: FieldRules = FieldRules {
    format: Some(TextFormat::Uuid),
    is_blank_exempt: false,
    format_code: Some(Code::InvalidId),
    other_codes: &[Code::IdTaken],
    ..FieldRules::unlimited(&["id"])
};

/// The same for one of several steps.
pub static ID_OF_SEVERAL: FieldRules =
    FieldRules { other_codes: &[Code::IdTaken, Code::DuplicateValue], ..ID };

/// The client's own name for one of several steps.
pub static REF: FieldRules =
    FieldRules { other_codes: &[Code::DuplicateValue], ..FieldRules::text(&["ref"], NAME_MAX) };

/// The scenario of a step.
pub static SCENARIO_ID: FieldRules = FieldRules {
    other_codes: &[Code::ScenarioFull],
    ..FieldRules::reference(&["scenarioId"], ReferenceKind::CrmScenario)
};

/// The scenario to which a specification is applied.
pub static SPEC_ID: FieldRules = FieldRules::reference(&["id"], ReferenceKind::CrmScenario);

/// The agent that takes over.
pub static AGENT_ID: FieldRules = FieldRules::reference(&["agentId"], ReferenceKind::Agent);

/// The same by its name.
pub static AGENT_NAME: FieldRules = FieldRules {
    other_codes: &[Code::NotFound, Code::AmbiguousName],
    ..FieldRules::unlimited(&["agentName"])
};

/// The condition of entering.
pub static TRIGGER: FieldRules = FieldRules::text(&["trigger"], TRIGGER_MAX);

/// The instruction to the agent.
pub static PROMPT: FieldRules = FieldRules::text(&["prompt"], PROMPT_MAX);

/// The message on entering.
pub static INITIAL_MESSAGE: FieldRules = FieldRules::text(&["initialMessage"], MESSAGE_MAX);

/// An id of a step of the same scenario.
const fn step_id(path: &'static [&'static str]) -> FieldRules {
    FieldRules {
        other_codes: &[Code::SelfReference, Code::StepNotInScenario],
        ..FieldRules::reference(path, ReferenceKind::CrmStepOfSameScenario)
    }
}

/// The target of the timer.
pub static AUTO_NEXT_STEP_ID: FieldRules = step_id(&["autoNextStepId"]);

/// The target of the timer by its [`REF`].
pub static AUTO_NEXT_STEP_REF: FieldRules = FieldRules {
    other_codes: &[Code::NotFound, Code::SelfReference, Code::StepNotInScenario],
    ..FieldRules::unlimited(&["autoNextStepRef"])
};

/// The target of the timer by its key.
pub static AUTO_NEXT_STEP_KEY: FieldRules = FieldRules {
    other_codes: &[Code::NotFound, Code::SelfReference],
    ..FieldRules::unlimited(&["autoNextStepKey"])
};

/// The time of the timer, in any unit.
pub static AUTO_NEXT_TIME: FieldRules = FieldRules {
    min: Some(1),
    max: Some(DELAY_DAYS_MAX * DAY_SECONDS),
    ..FieldRules::unlimited(&["autoNextTime"])
};

/// The candidates.
pub static MEMBERSHIP_IDS: FieldRules =
    FieldRules::set(&["selectedMembershipIdsForAssignee"], MEMBERSHIPS_MAX);

/// A candidate.
pub static MEMBERSHIP_ID: FieldRules = FieldRules {
    other_codes: &[Code::DuplicateValue],
    ..FieldRules::reference(&["selectedMembershipIdsForAssignee", "*"], ReferenceKind::Membership)
};

/// The codes of rules about how many candidates there are, which are given by ids or by emails.
const OF_CANDIDATES: &[Code] =
    &[Code::AssigneesRequired, Code::AssigneeCount, Code::AssigneesNotAllowed];

/// The candidates of a step of a specification.
pub static MEMBERSHIP_IDS_OF_SPEC: FieldRules =
    FieldRules { other_codes: OF_CANDIDATES, ..MEMBERSHIP_IDS };

/// The same by their emails, and one of them.
pub static MEMBERSHIP_EMAILS: [FieldRules; 2] = [
    FieldRules {
        other_codes: OF_CANDIDATES,
        ..FieldRules::set(&["selectedMembershipEmails"], MEMBERSHIPS_MAX)
    },
    FieldRules {
        other_codes: &[Code::NotFound, Code::AmbiguousName, Code::DuplicateValue],
        ..FieldRules::unlimited(&["selectedMembershipEmails", "*"])
    },
];

const TAG: FieldRules = FieldRules {
    is_trimmed: true,
    may_be_blank: false,
    other_codes: &[Code::DuplicateValue],
    ..FieldRules::text(&[], TAG_MAX)
};

/// The tags to add, and one of them.
pub static TAGS: [FieldRules; 2] = [
    FieldRules::set(&["defaultTags"], TAGS_MAX),
    FieldRules { path: &["defaultTags", "*"], ..TAG },
];

/// The tags to remove, and one of them.
pub static TAGS_TO_REMOVE: [FieldRules; 2] = [
    FieldRules::set(&["defaultTagsToRemove"], TAGS_MAX),
    FieldRules { path: &["defaultTagsToRemove", "*"], ..TAG },
];

/// The agent that sends the Z-API message.
pub static ZAPI_AGENT_ID: FieldRules =
    FieldRules::reference(&["zapiAgentId"], ReferenceKind::Agent);

/// The same of a step of a specification.
pub static ZAPI_AGENT_ID_OF_SPEC: FieldRules =
    FieldRules { other_codes: &[Code::ZapiIncomplete], ..ZAPI_AGENT_ID };

/// The same by its name.
pub static ZAPI_AGENT_NAME: FieldRules = FieldRules {
    other_codes: &[Code::NotFound, Code::AmbiguousName, Code::ZapiIncomplete],
    ..FieldRules::unlimited(&["zapiAgentName"])
};

/// What every phone number has: its digits, in any company but that of other visible ASCII characters,
/// and perhaps a + before them.
static PHONE: Pattern = Pattern::new(|| {
    const OTHERS: &str = r"[^!-'*-,0-9:-~]*";
    let digits = r"{`PHONE_DIGITS_MIN`,`PHONE_DIGITS_MAX`}";
    pattern(&format!(r"^{OTHERS}(\+{OTHERS})?([0-9]{OTHERS}){digits}$"))
});

/// The number that the Z-API message goes to.
pub static ZAPI_PHONE_NUMBER: FieldRules = FieldRules {
    pattern: Some(&PHONE),
    format: Some(TextFormat::Phone),
    format_code: Some(Code::InvalidPhone),
    ..FieldRules::text(&["zapiPhoneNumber"], PHONE_MAX)
};

/// The Z-API message.
pub static ZAPI_MESSAGE: FieldRules = FieldRules::text(&["zapiMessage"], MESSAGE_MAX);

/// The agent that sends the template.
pub static TEMPLATE_AGENT_ID: FieldRules =
    FieldRules::reference(&["whatsappTemplateAgentId"], ReferenceKind::Agent);

/// The same of a step of a specification.
pub static TEMPLATE_AGENT_ID_OF_SPEC: FieldRules =
    FieldRules { other_codes: &[Code::TemplateIncomplete], ..TEMPLATE_AGENT_ID };

/// The same by its name.
pub static TEMPLATE_AGENT_NAME: FieldRules = FieldRules {
    other_codes: &[Code::NotFound, Code::AmbiguousName, Code::TemplateIncomplete],
    ..FieldRules::unlimited(&["whatsappTemplateAgentName"])
};

/// A text whose pattern bounds its length. One that is blank is stored as it was sent, so it has to be
/// fit to be stored.
const fn identifier(path: &'static [&'static str]) -> FieldRules {
    FieldRules {
        other_codes: &[Code::InvalidCharacter, Code::TooLong],
        ..FieldRules::unlimited(path)
    }
}

static TEMPLATE_NAME_PATTERN: Pattern =
    Pattern::new(|| pattern("^[a-z0-9_]{1,`TEMPLATE_NAME_MAX`}$"));

/// The name of the template: lower-case letters, digits and underscores (WhatsApp's rule).
pub static TEMPLATE_NAME: FieldRules = FieldRules {
    pattern: Some(&TEMPLATE_NAME_PATTERN),
    format_code: Some(Code::InvalidTemplateName),
    ..identifier(&["whatsappTemplateName"])
};

static LANGUAGE_CODE: Pattern = Pattern::new(|| pattern("^[a-z]{2,3}(_([A-Z]{2}|[0-9]{3}))?$"));

/// The language of the template: an ISO 639 language in two or three small letters, and after an
/// underscore perhaps an ISO 3166 country in two capitals or a UN M49 region in three digits.
pub static TEMPLATE_LANGUAGE_CODE: FieldRules = FieldRules {
    pattern: Some(&LANGUAGE_CODE),
    format: Some(TextFormat::LanguageCode),
    format_code: Some(Code::InvalidLanguageCode),
    ..identifier(&["whatsappTemplateLanguageCode"])
};

/// The text of the template.
pub static TEMPLATE_TEXT: FieldRules = FieldRules::text(&["whatsappTemplateText"], MESSAGE_MAX);

/// The URL of the webhook.
pub static WEBHOOK_URL: FieldRules =
    FieldRules { path: &["webhookUrl"], other_codes: &[Code::UrlNotAllowed], ..URL };

/// The headers of the webhook.
pub static WEBHOOK_HEADER: FieldRules = FieldRules {
    max_length: Some(HEADERS_BYTES_MAX),
    length_unit: LengthUnit::Bytes,
    other_codes: &[Code::InvalidType],
    ..FieldRules::set(&["webhookHeader"], HEADERS_MAX)
};

/// A token (RFC 9110, section 5.6.2).
static TOKEN: Pattern = Pattern::new(|| pattern(r"^[!#$%&'*+.^_`\|~0-9A-Za-z\-]+$"));

/// The name of a header. The service sets itself those of the connection, of the body and of the host,
/// and those that sign the call (Standard Webhooks).
pub static HEADER_NAME: FieldRules = FieldRules {
    pattern: Some(&TOKEN),
    format: Some(TextFormat::HeaderName),
    is_blank_exempt: false,
    format_code: Some(Code::InvalidHeaderName),
    not_one_of: &[
        "host",
        "content-length",
        "content-type",
        "transfer-encoding",
        "connection",
        "te",
        "trailer",
        "upgrade",
        "expect",
        "keep-alive",
        "proxy-authorization",
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
    ],
    not_allowed_code: Some(Code::HeaderNotAllowed),
    other_codes: &[Code::DuplicateValue, Code::InvalidHeaderValue, Code::MaskedHeaderValue],
    ..FieldRules::unlimited(&["webhookHeader", "*"])
};

/// A value that every HTTP client can send and every server reads alike: visible ASCII, with spaces
/// and tabs inside (the field-value of RFC 9110, section 5.5, without its obsolete bytes).
static FIELD_VALUE: Pattern = Pattern::new(|| pattern(r"^([!-~]([\t -~]*[!-~])?)?$"));

/// The value of a header.
pub static HEADER_VALUE: FieldRules = FieldRules {
    pattern: Some(&FIELD_VALUE),
    format: Some(TextFormat::HeaderValue),
    is_blank_exempt: false,
    format_code: Some(Code::InvalidHeaderValue),
    other_codes: &[Code::MaskedHeaderValue],
    ..FieldRules::unlimited(&["webhookHeader", "*", "*"])
};

/// What the customer writes in a simulation.
pub static CUSTOMER_MESSAGE: FieldRules = FieldRules::text(&["customerMessage"], MESSAGE_MAX);

/// A place that is named by true.
const fn named_place(path: &'static [&'static str]) -> FieldRules {
    FieldRules {
        not_one_of: &["false"],
        not_allowed_code: Some(Code::InvalidPlacement),
        ..FieldRules::unlimited(path)
    }
}

/// The place before all other steps.
pub static FIRST: FieldRules = named_place(&["first"]);

/// The place after all other steps.
pub static LAST: FieldRules = named_place(&["last"]);

/// The step before which the place is.
pub static BEFORE: FieldRules = step_id(&["before"]);

/// The step after which the place is.
pub static AFTER: FieldRules = step_id(&["after"]);

/// The steps of one call.
pub static INPUTS: FieldRules =
    FieldRules { max_items: Some(BATCH_MAX), ..FieldRules::unlimited(&["inputs"]) };

/// The stored steps that one call changes.
pub static IDS: FieldRules = FieldRules::set(&["ids"], BATCH_MAX);

/// The idempotency key of a call.
pub static IDEMPOTENCY_KEY: FieldRules = FieldRules {
    may_be_blank: false,
    ..FieldRules::text(&["idempotencyKey"], IDEMPOTENCY_KEY_MAX)
};

/// A blank text where a pattern decides on any other.
pub static BLANK_IDENTIFIER: FieldRules = FieldRules::text(&[], TEMPLATE_NAME_MAX);
