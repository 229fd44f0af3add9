//! An independent implementation of the rules of a step, written from their descriptions and not from the
//! code of the service.

use std::collections::{BTreeSet, HashSet};

use crm_steps::domain::{
    checks::{is_blank, is_given},
    crm_step::{
        AssigneeLogicType::{Clear, None as Nobody, SingleUser},
        CrmStepInput, NewCrmStep, References, TimeUnit,
    },
    fold::without_case,
    id::parse_id,
};
use serde_json::Value as Json;
use uuid::Uuid;

/// The fields of an input.
pub const FIELDS: [&str; 29] = [
    "id",
    "name",
    "scenarioId",
    "agentId",
    "trigger",
    "prompt",
    "initialMessage",
    "autoNextStepId",
    "autoNextTime",
    "autoNextTimeUnit",
    "defaultStatus",
    "defaultPriority",
    "defaultAiControl",
    "assigneeLogicType",
    "selectedMembershipIdsForAssignee",
    "isRequired",
    "isConversationRemovalStep",
    "defaultTags",
    "defaultTagsToRemove",
    "requestContact",
    "zapiAgentId",
    "zapiPhoneNumber",
    "zapiMessage",
    "whatsappTemplateAgentId",
    "whatsappTemplateName",
    "whatsappTemplateLanguageCode",
    "whatsappTemplateText",
    "webhookUrl",
    "webhookHeader",
];

/// The codes of the rules across fields. [`broken`] decides each of them, in both directions.
pub const DECIDED: [&str; 12] = [
    "TRIGGER_OR_PROMPT_REQUIRED",
    "AUTO_NEXT_INCOMPLETE",
    "OUT_OF_RANGE",
    "UNIT_WITHOUT_TIME",
    "REMOVAL_STEP_CONFLICT",
    "ASSIGNEES_REQUIRED",
    "ASSIGNEE_COUNT",
    "ASSIGNEES_NOT_ALLOWED",
    "ZAPI_INCOMPLETE",
    "TEMPLATE_INCOMPLETE",
    "HEADERS_WITHOUT_URL",
    "INVALID_TYPE",
];

const DAY_SECONDS: i64 = 86_400;

fn given(text: &Option<String>) -> bool {
    is_given(text.as_deref())
}

fn seconds(time: i32, unit: Option<TimeUnit>) -> i64 {
    let unit = match unit {
        None => 1,
        Some(TimeUnit::Minute) => 60,
        Some(TimeUnit::Hour) => 3_600,
        Some(TimeUnit::Day) => DAY_SECONDS,
    };
    i64::from(time) * unit
}

/// The [`DECIDED`] rules that a step breaks.
pub fn broken(sent: &CrmStepInput) -> BTreeSet<&'static str> {
    let time = sent.auto_next_time;
    let is_out_of_range = time.is_some_and(|time| {
        !(1..=365 * DAY_SECONDS).contains(&seconds(time, sent.auto_next_time_unit))
    });
    let has_target = given(&sent.auto_next_step_id);
    let is_removal = sent.is_conversation_removal_step == Some(true);
    let candidates = sent.selected_membership_ids_for_assignee.as_deref().map_or(0, <[_]>::len);
    let chooses = !matches!(sent.assignee_logic_type, None | Some(Nobody | Clear));
    let is_single = sent.assignee_logic_type == Some(SingleUser);
    let zapi = [&sent.zapi_agent_id, &sent.zapi_phone_number, &sent.zapi_message].map(given);
    let template = [
        &sent.whatsapp_template_agent_id,
        &sent.whatsapp_template_name,
        &sent.whatsapp_template_language_code,
    ]
    .map(given);
    let has_template = template.contains(&true) || given(&sent.whatsapp_template_text);
    let header = sent.webhook_header.as_ref().filter(|header| !header.is_null());
    let has_headers = header.and_then(Json::as_object).is_some_and(|header| !header.is_empty());

    let rules = [
        !given(&sent.trigger) && !given(&sent.prompt),
        has_target && time.is_none(),
        is_out_of_range,
        sent.auto_next_time_unit.is_some() && time.is_none(),
        is_removal && (has_target || time.is_some()),
        chooses && candidates == 0,
        is_single && candidates > 1,
        !chooses && candidates > 0,
        zapi.contains(&true) && zapi.contains(&false),
        has_template && template.contains(&false),
        has_headers && !given(&sent.webhook_url),
        header.is_some_and(|header| !header.is_object()),
    ];
    DECIDED
        .into_iter()
        .zip(rules)
        .filter_map(|(code, is_broken)| is_broken.then_some(code))
        .collect()
}

/// Checks that an accepted step satisfies every rule, and equals its input.
pub fn check_taken(sent: &CrmStepInput, step: &NewCrmStep, this: Uuid, known: &References) {
    check_texts(sent, step);
    check_names(sent, step, known);
    check_timer(sent, step, this, known);
    check_assignment(sent, step, known);
    check_tags(sent, step);
    check_messages(sent, step);
    check_webhook(sent, step);
}

fn check_texts(sent: &CrmStepInput, step: &NewCrmStep) {
    let characters = |text: &str| text.chars().count();
    assert_eq!(step.input.name, sent.name.trim());
    assert!((1..=255).contains(&characters(&step.input.name)) && !is_blank(&step.input.name));
    assert!(
        !step.input.name.contains(|c: char| c.is_control() || c == '\u{2028}' || c == '\u{2029}')
    );
    for (text, kept, max) in [
        (&sent.trigger, &step.input.trigger, 2_000),
        (&sent.prompt, &step.input.prompt, 20_000),
        (&sent.initial_message, &step.input.initial_message, 4_096),
    ] {
        assert_eq!(text, kept);
        assert!(text.as_deref().is_none_or(|text| characters(text) <= max));
        assert!(text.as_deref().is_none_or(|text| !text.contains('\0')));
    }
}

fn check_names(sent: &CrmStepInput, step: &NewCrmStep, known: &References) {
    assert_eq!(parse_id(&sent.scenario_id), Some(step.scenario_id));
    assert!(known.scenarios.contains(&step.scenario_id));
    assert_eq!(sent.agent_id.as_deref().and_then(parse_id), step.agent_id);
    assert_eq!(sent.agent_id.is_some(), step.agent_id.is_some());
    assert!(step.agent_id.is_none_or(|agent| known.agents.contains(&agent)));
    let chosen = sent.id.as_deref().map(|id| parse_id(id).expect("a chosen id is an id"));
    assert!(chosen.is_none_or(|id| !known.taken.contains(&id)));
}

fn check_timer(sent: &CrmStepInput, step: &NewCrmStep, this: Uuid, known: &References) {
    let kept = (step.input.auto_next_time, step.input.auto_next_time_unit);
    assert_eq!(kept, (sent.auto_next_time, sent.auto_next_time_unit));
    assert_eq!(sent.auto_next_step_id.is_some(), step.auto_next_step_id.is_some());
    assert_eq!(sent.auto_next_step_id.as_deref().and_then(parse_id), step.auto_next_step_id);
    let (Some(time), unit) = kept else {
        assert_eq!((kept.1, step.auto_next_step_id), (None, None));
        return;
    };
    assert_ne!(step.input.is_conversation_removal_step, Some(true));
    assert!((1..=365 * DAY_SECONDS).contains(&seconds(time, unit)));
    if let Some(id) = step.auto_next_step_id {
        assert_ne!(id, this);
        assert_eq!(known.steps.get(&id), Some(&step.scenario_id));
    }
}

fn check_assignment(sent: &CrmStepInput, step: &NewCrmStep, known: &References) {
    assert_eq!(step.input.assignee_logic_type, sent.assignee_logic_type);
    let ids = step.membership_ids.as_deref();
    let texts = sent.selected_membership_ids_for_assignee.as_deref();
    let parsed = texts.map(|texts| texts.iter().filter_map(|id| parse_id(id)).collect::<Vec<_>>());
    assert_eq!(ids, parsed.as_deref());
    let ids = ids.unwrap_or_default();
    assert_eq!(ids.len(), texts.map_or(0, <[_]>::len));
    assert!(ids.iter().all(|id| known.memberships.contains(id)));
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "each once");
    match step.input.assignee_logic_type {
        None | Some(Nobody | Clear) => assert!(ids.is_empty()),
        Some(SingleUser) => assert_eq!(ids.len(), 1),
        Some(_) => assert!((1..=100).contains(&ids.len())),
    }
}

fn check_tags(sent: &CrmStepInput, step: &NewCrmStep) {
    let (add, remove) = (&step.input.default_tags, &step.input.default_tags_to_remove);
    for (list, kept) in [(&sent.default_tags, add), (&sent.default_tags_to_remove, remove)] {
        let trimmed = |tags: &Vec<String>| tags.iter().map(|tag| tag.trim().to_owned()).collect();
        assert_eq!(list.as_ref().map(trimmed), *kept);
        let kept = kept.as_deref().unwrap_or_default();
        assert!(kept.len() <= 50);
        assert!(kept.iter().all(|tag| !is_blank(tag) && !tag.contains('\0')));
        assert!(kept.iter().all(|tag| tag.chars().count() <= 64));
        let folded: HashSet<String> = kept.iter().map(|tag| without_case(tag)).collect();
        assert_eq!(folded.len(), kept.len(), "each once, whatever its case");
    }
    let without_case = |tags: &Option<Vec<String>>| -> HashSet<String> {
        tags.iter().flatten().map(|tag| without_case(tag)).collect()
    };
    assert!(without_case(add).is_disjoint(&without_case(remove)));
}

fn check_messages(sent: &CrmStepInput, step: &NewCrmStep) {
    assert_eq!(
        (&step.input.zapi_phone_number, &step.input.zapi_message),
        (&sent.zapi_phone_number, &sent.zapi_message)
    );
    if let Some(agent_id) = step.zapi_agent_id {
        assert_eq!(sent.zapi_agent_id.as_deref().and_then(parse_id), Some(agent_id));
        let phone_number = step.input.zapi_phone_number.as_deref().expect("a phone number");
        let message = step.input.zapi_message.as_deref().expect("a message");
        let digits = phone_number.chars().filter(char::is_ascii_digit).count();
        assert!((8..=15).contains(&digits), "{phone_number}");
        assert!(!phone_number.contains(is_wrong_in_a_phone_number), "{phone_number:?}");
        let before_digits = phone_number.split(|c: char| c.is_ascii_digit()).next();
        let pluses = |text: &str| text.matches('+').count();
        assert!(pluses(phone_number) <= 1, "{phone_number:?}");
        assert_eq!(before_digits.map(pluses), Some(pluses(phone_number)), "{phone_number:?}");
        assert!(!is_blank(message) && message.chars().count() <= 4_096);
    } else {
        assert!(!given(&sent.zapi_message) && !given(&sent.zapi_phone_number));
        assert!(!given(&sent.zapi_agent_id));
    }
    assert_eq!(
        (&step.input.whatsapp_template_name, &step.input.whatsapp_template_language_code),
        (&sent.whatsapp_template_name, &sent.whatsapp_template_language_code)
    );
    assert_eq!(step.input.whatsapp_template_text, sent.whatsapp_template_text);
    if let Some(agent_id) = step.whatsapp_template_agent_id {
        assert_eq!(sent.whatsapp_template_agent_id.as_deref().and_then(parse_id), Some(agent_id));
        let name = step.input.whatsapp_template_name.as_deref().expect("a name");
        let language_code = step.input.whatsapp_template_language_code.as_deref().expect("a code");
        let text = step.input.whatsapp_template_text.as_deref();
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        assert!((1..=512).contains(&name.len()) && name.chars().all(is_plain), "{name}");
        assert!((2..=6).contains(&language_code.len()), "{language_code}");
        assert!(text.is_none_or(|text| text.chars().count() <= 4_096));
    } else {
        assert!(!given(&sent.whatsapp_template_name) && !given(&sent.whatsapp_template_text));
    }
}

/// Whether a character is neither an ASCII character of phone numbers nor a Unicode equivalent of one.
fn is_wrong_in_a_phone_number(c: char) -> bool {
    if c.is_ascii() {
        !c.is_ascii_digit() && !"+ ()-./".contains(c)
    } else {
        let is_visible = !is_blank(c.encode_utf8(&mut [0; 4]));
        c.is_control()
            || is_visible && c.is_alphanumeric()
            || "\u{2028}\u{2029}\u{2800}".contains(c)
    }
}

/// The headers that only the service sets.
const RESERVED: [&str; 14] = [
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "webhook-id",
    "webhook-signature",
    "webhook-timestamp",
];

fn check_webhook(sent: &CrmStepInput, step: &NewCrmStep) {
    let (url, header) = (step.input.webhook_url.as_ref(), &step.webhook_header);
    match url {
        Some(url) if !is_blank(url) => check_public(url),
        _ => assert!(header.as_ref().is_none_or(serde_json::Map::is_empty)),
    }
    assert_eq!(url, sent.webhook_url.as_ref());
    let kept = header.clone().map(Json::Object);
    assert_eq!(kept, sent.webhook_header.clone().filter(|header| !header.is_null()));
    let Some(header) = header else { return };
    assert!(header.len() <= 30);
    let mut names = HashSet::new();
    for (name, value) in header {
        let lower_case = name.to_lowercase();
        assert!(!RESERVED.contains(&lower_case.as_str()), "{name}");
        assert!(names.insert(lower_case), "{name} twice");
        assert!(axum::http::HeaderName::from_bytes(name.as_bytes()).is_ok(), "{name}");
        let value = value.as_str().expect("values are strings");
        assert!(value.chars().all(|c| matches!(c, '\t' | ' '..='~')), "{value:?}");
        assert_eq!(value, value.trim_ascii(), "{value:?}");
    }
}

/// Whether a URL is one of a public host as far as its text shows: with any parser its scheme is http or
/// https, it has no user, and its host is not a well-known one of a private network.
fn check_public(url: &str) {
    assert!(url.chars().count() <= 2_048 && !url.contains(|c: char| c.is_control() || c == ' '));
    let lower_case = url.to_lowercase();
    let rest = lower_case.strip_prefix("http://").or(lower_case.strip_prefix("https://"));
    let authority = rest.expect("http").split(['/', '?', '#', '\\']).next().expect("a part");
    assert!(!authority.is_empty() && !authority.contains(['@', '%']), "{url}");
    assert!(!authority.chars().any(|c| is_blank(c.encode_utf8(&mut [0; 4]))), "{url}");
    // The colons of an IPv6 address are within brackets.
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (authority, ""),
    };
    assert!(port.is_empty() || port.chars().any(|c| c != '0'), "{url}");
    if host.starts_with('[') {
        assert_ne!(host, "[::1]", "{url}");
    } else if host.is_ascii() {
        check_public_name(host.strip_suffix('.').unwrap_or(host), url);
    }
    for own in ["127.", "10.", "192.168.", "169.254.", "0."] {
        let is_address = host.chars().all(|c| c.is_ascii_digit() || c == '.');
        assert!(!(is_address && host.starts_with(own)), "{url}");
    }
}

/// The last labels of host names that are never public.
const OWN: [&str; 18] = [
    "consul",
    "corp",
    "home",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localdomain4",
    "localdomain6",
    "localhost",
    "localhost4",
    "localhost6",
    "onion",
    "private",
    "svc",
    "test",
];

/// Whether a lower-case name is valid in DNS and not a well-known name of a private network.
fn check_public_name(name: &str, url: &str) {
    assert!(name.len() <= 253, "{url}");
    let labels: Vec<&str> = name.split('.').collect();
    for label in &labels {
        assert!((1..=63).contains(&label.len()), "{url}");
        let is_fit = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        assert!(label.chars().all(is_fit), "{url}");
    }
    match labels.as_slice() {
        // A number alone is an IPv4 address.
        [label] => assert!(label.starts_with(|c: char| c.is_ascii_digit()), "{url}"),
        [.., "home", "arpa"]
        | [.., "kubernetes", "default"]
        | [.., "metadata", "goog"]
        | [.., "metadata", "tencentyun", "com"] => panic!("{url}"),
        [.., last] => assert!(!OWN.contains(last), "{url}"),
        [] => panic!("{url}"),
    }
}
