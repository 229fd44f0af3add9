//! The rules of a step where they combine: any combination of valid and invalid parts gives
//! exactly the violations of its invalid parts, and accepted steps equal their input.

use std::{cell::Cell, collections::BTreeSet};

use crm_steps::domain::{
    checks::Checked,
    crm_step::{CrmStepInput, NewCrmStep, References, StoredStep},
    id::parse_id,
    url::WebhookHosts,
    violation::{self, Violation, ViolationCode},
};
use proptest::{
    collection::vec,
    option,
    prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest},
    sample::select,
    test_runner::TestRunner,
};
use serde_json::{Value, json};
use strum::IntoEnumIterator as _;
use uuid::Uuid;

use crate::support::Rejected;

pub(crate) const SCENARIO: &str = "019a0000-0000-7000-8000-000000000301";
pub(crate) const AGENT: &str = "019a0000-0000-7000-8000-000000000101";
pub(crate) const BRUNO: &str = "019a0000-0000-7000-8000-000000000201";
pub(crate) const CARLA: &str = "019a0000-0000-7000-8000-000000000202";
pub(crate) const STEP: &str = "019a0000-0000-7000-8000-000000000401";
pub(crate) const THIS: &str = "019a0000-0000-7000-8000-000000000402";
const ELSEWHERE: &str = "019a0000-0000-7000-8000-000000000403";

pub(crate) fn id(text: &str) -> Uuid {
    parse_id(text).expect("this is an id")
}

pub(crate) fn known() -> References {
    References {
        scenarios: [id(SCENARIO)].into(),
        agents: [id(AGENT)].into(),
        memberships: [id(BRUNO), id(CARLA)].into(),
        steps: [
            (id(STEP), id(SCENARIO)),
            (id(THIS), id(SCENARIO)),
            (id(ELSEWHERE), Uuid::from_u128(1)),
        ]
        .into(),
        ..References::default()
    }
}

/// A stored step whose caller may read all of it.
pub(crate) fn read(input: &CrmStepInput) -> StoredStep<'_> {
    StoredStep { input, reads_secrets: true }
}

type Violations = Vec<(String, &'static str)>;

/// The codes of the rules that read several fields.
const ACROSS: [&str; 11] = [
    "TRIGGER_OR_PROMPT_REQUIRED",
    "AUTO_NEXT_INCOMPLETE",
    "UNIT_WITHOUT_TIME",
    "REMOVAL_STEP_CONFLICT",
    "ASSIGNEES_REQUIRED",
    "ASSIGNEE_COUNT",
    "ASSIGNEES_NOT_ALLOWED",
    "TAGS_OVERLAP",
    "ZAPI_INCOMPLETE",
    "TEMPLATE_INCOMPLETE",
    "HEADERS_WITHOUT_URL",
];

/// The codes of rules that every version has enforced, so that no stored step breaks them.
const NEVER_STORED: [&str; 5] =
    ["NOT_FOUND", "ASSIGNEES_REQUIRED", "ASSIGNEE_COUNT", "ASSIGNEES_NOT_ALLOWED", "INVALID_TYPE"];

/// Records an input that is rejected.
pub(crate) fn record(sent: Value, violations: &violation::Violations) {
    let told = |violation: Violation| {
        let code: &str = violation.report().code.into();
        (violation.field.path().join("."), code.to_owned())
    };
    let violations: Vec<_> = violations.clone().into_iter().map(told).collect();
    if !violations.is_empty() {
        Rejected { input: "CreateCrmStepInput".to_owned(), sent, violations }.record();
    }
}

fn check(input: CrmStepInput) -> Result<NewCrmStep, Violations> {
    let sent = serde_json::to_value(&input).expect("fields");
    let checked = input.check(id(THIS), &known(), &WebhookHosts::Public);
    checked.as_ref().err().into_iter().for_each(|violations| record(sent.clone(), violations));
    checked.map(Checked::into_inner).map_err(|violations| {
        let seen = |violation: Violation| {
            assert!(violation.report().message.ends_with('.'), "the message is a sentence");
            (violation.field.path().join("."), violation.report().code.into())
        };
        violations.into_iter().map(seen).collect()
    })
}

/// A part of a step: fields that a rule reads together, and the violations that they have.
type Part = (Value, &'static [(&'static str, &'static str)]);

/// The parts that a step can have, by kind, in the order in which they are checked.
#[expect(clippy::too_many_lines, reason = "it is one table")]
fn kinds() -> Vec<Vec<Part>> {
    vec![
        vec![
            (json!({ "name": "Lead" }), &[]),
            (json!({ "name": "\u{200b}" }), &[("name", "BLANK")]),
            (json!({ "name": "\n\u{0}" }), &[("name", "BLANK"), ("name", "INVALID_CHARACTER")]),
            (json!({ "name": "x".repeat(256) }), &[("name", "TOO_LONG")]),
            (json!({ "name": "\u{600}" }), &[]),
            (json!({ "name": "\u{1d159}\u{13441}\u{13442}\u{16fe4}" }), &[("name", "BLANK")]),
        ],
        vec![
            (json!({}), &[]),
            (json!({ "agentId": AGENT }), &[]),
            (json!({ "agentId": BRUNO }), &[("agentId", "NOT_FOUND")]),
        ],
        vec![
            (json!({ "trigger": "a", "prompt": "b" }), &[]),
            (json!({ "prompt": "b" }), &[]),
            (json!({ "trigger": " ", "prompt": "" }), &[("trigger", "TRIGGER_OR_PROMPT_REQUIRED")]),
            (json!({ "prompt": "x".repeat(20_001) }), &[("prompt", "TOO_LONG")]),
        ],
        vec![
            (json!({ "initialMessage": "Hi" }), &[]),
            (json!({ "initialMessage": "\u{0}" }), &[("initialMessage", "INVALID_CHARACTER")]),
        ],
        vec![
            (json!({}), &[]),
            (json!({ "autoNextTime": 1 }), &[]),
            (json!({ "autoNextStepId": STEP, "autoNextTime": 365, "autoNextTimeUnit": "d" }), &[]),
            (json!({ "isConversationRemovalStep": true }), &[]),
            (
                json!({ "autoNextTime": 366, "autoNextTimeUnit": "d" }),
                &[("autoNextTime", "OUT_OF_RANGE")],
            ),
            (
                json!({ "autoNextStepId": THIS, "autoNextTime": 1 }),
                &[("autoNextStepId", "SELF_REFERENCE")],
            ),
            (
                json!({ "autoNextStepId": ELSEWHERE, "autoNextTimeUnit": "m", "isConversationRemovalStep": true }),
                &[
                    ("autoNextStepId", "STEP_NOT_IN_SCENARIO"),
                    ("autoNextTime", "AUTO_NEXT_INCOMPLETE"),
                    ("autoNextTimeUnit", "UNIT_WITHOUT_TIME"),
                    ("isConversationRemovalStep", "REMOVAL_STEP_CONFLICT"),
                ],
            ),
        ],
        vec![
            (json!({}), &[]),
            (json!({ "assigneeLogicType": "clear", "selectedMembershipIdsForAssignee": [] }), &[]),
            (
                json!({ "assigneeLogicType": "single_user", "selectedMembershipIdsForAssignee": [BRUNO] }),
                &[],
            ),
            (
                json!({ "assigneeLogicType": "random_selected", "selectedMembershipIdsForAssignee": [CARLA, BRUNO] }),
                &[],
            ),
            (
                json!({ "assigneeLogicType": "fair_distribution_selected" }),
                &[("selectedMembershipIdsForAssignee", "ASSIGNEES_REQUIRED")],
            ),
            (
                json!({ "assigneeLogicType": "single_user", "selectedMembershipIdsForAssignee": [BRUNO, AGENT] }),
                &[
                    ("selectedMembershipIdsForAssignee.1", "NOT_FOUND"),
                    ("selectedMembershipIdsForAssignee", "ASSIGNEE_COUNT"),
                ],
            ),
            (
                json!({ "selectedMembershipIdsForAssignee": [BRUNO] }),
                &[("selectedMembershipIdsForAssignee", "ASSIGNEES_NOT_ALLOWED")],
            ),
        ],
        vec![
            (json!({}), &[]),
            (json!({ "defaultTags": ["a", "B"], "defaultTagsToRemove": [] }), &[]),
            (
                json!({ "defaultTags": ["a", "a", ""], "defaultTagsToRemove": ["A"] }),
                &[
                    ("defaultTags.1", "DUPLICATE_VALUE"),
                    ("defaultTags.2", "BLANK"),
                    ("defaultTagsToRemove", "TAGS_OVERLAP"),
                ],
            ),
            (
                json!({ "defaultTags": ["é", "É "], "defaultTagsToRemove": ["b", "c", "B"] }),
                &[
                    ("defaultTags.1", "DUPLICATE_VALUE"),
                    ("defaultTagsToRemove.2", "DUPLICATE_VALUE"),
                ],
            ),
        ],
        vec![
            (json!({ "zapiMessage": "" }), &[]),
            (
                json!({ "zapiAgentId": AGENT, "zapiPhoneNumber": "+5511955550102", "zapiMessage": "Hi" }),
                &[],
            ),
            (
                json!({ "zapiAgentId": AGENT, "zapiPhoneNumber": "\u{202a}+55\u{a0}11/95555\u{2011}0102\u{202c}", "zapiMessage": "\u{600}" }),
                &[],
            ),
            (
                json!({ "zapiPhoneNumber": "12345678x", "zapiMessage": "\u{2800}" }),
                &[
                    ("zapiAgentId", "ZAPI_INCOMPLETE"),
                    ("zapiMessage", "ZAPI_INCOMPLETE"),
                    ("zapiPhoneNumber", "INVALID_PHONE"),
                ],
            ),
            (
                json!({ "zapiAgentId": BRUNO, "zapiPhoneNumber": "1" }),
                &[
                    ("zapiMessage", "ZAPI_INCOMPLETE"),
                    ("zapiAgentId", "NOT_FOUND"),
                    ("zapiPhoneNumber", "INVALID_PHONE"),
                ],
            ),
        ],
        vec![
            (json!({ "whatsappTemplateName": " " }), &[]),
            (
                json!({ "whatsappTemplateAgentId": AGENT, "whatsappTemplateName": "a", "whatsappTemplateLanguageCode": "en" }),
                &[],
            ),
            (
                json!({ "whatsappTemplateText": "Hi", "whatsappTemplateLanguageCode": "EN" }),
                &[
                    ("whatsappTemplateAgentId", "TEMPLATE_INCOMPLETE"),
                    ("whatsappTemplateName", "TEMPLATE_INCOMPLETE"),
                    ("whatsappTemplateLanguageCode", "INVALID_LANGUAGE_CODE"),
                ],
            ),
        ],
        vec![
            (json!({ "webhookUrl": "", "webhookHeader": {} }), &[]),
            (json!({ "webhookUrl": "https://example.com", "webhookHeader": { "X": "v" } }), &[]),
            (
                json!({ "webhookHeader": { "X": 1 } }),
                &[
                    ("webhookHeader.X", "INVALID_HEADER_VALUE"),
                    ("webhookHeader", "HEADERS_WITHOUT_URL"),
                ],
            ),
            (
                json!({ "webhookUrl": "http://10.0.0.1", "webhookHeader": "X" }),
                &[("webhookUrl", "URL_NOT_ALLOWED"), ("webhookHeader", "INVALID_TYPE")],
            ),
            (
                json!({ "webhookUrl": "http://a..example.com", "webhookHeader": { "webhook-id": "a\u{1}", "X": " v" } }),
                &[
                    ("webhookUrl", "INVALID_URL"),
                    ("webhookHeader.webhook-id", "HEADER_NOT_ALLOWED"),
                    ("webhookHeader.webhook-id", "INVALID_HEADER_VALUE"),
                    ("webhookHeader.X", "INVALID_HEADER_VALUE"),
                ],
            ),
        ],
    ]
}

/// The codes of rules that the table leaves out, because they do not concern a single step, or because
/// the tests of the mutations cover them.
const OTHERS: [&str; 22] = [
    "AMBIGUOUS_NAME",
    "AUTO_NEXT_CONFLICT",
    "CONFLICTING_FIELDS",
    "EXPECTED_REVISION_REQUIRED",
    "IDEMPOTENCY_KEY_IN_USE",
    "IDEMPOTENCY_KEY_MISMATCH",
    "ID_TAKEN",
    "INVALID_EMAIL",
    "INVALID_EVENT",
    "INVALID_HEADER_NAME",
    "INVALID_ID",
    "INVALID_KEY",
    "INVALID_PLACEMENT",
    "INVALID_TEMPLATE_NAME",
    "IN_USE",
    "KEY_TAKEN",
    "MASKED_HEADER_VALUE",
    "SCENARIO_FULL",
    "STALE_REVISION",
    "STALE_VERSION",
    "STEP_COUNT_MISMATCH",
    "TOO_MANY",
];

/// A new rule is in the table, or in the list of others.
#[test]
fn each_rule_is_in_the_table_or_tried_elsewhere() {
    let kinds = kinds();
    let broken = kinds.iter().flatten().flat_map(|(_, violations)| *violations);
    let tried: BTreeSet<&str> = broken.map(|(_, code)| *code).collect();
    let all: BTreeSet<&str> = ViolationCode::iter().map(Into::into).collect();
    let others: BTreeSet<&str> = all.difference(&tried).copied().collect();
    assert_eq!(others, OTHERS.into());
}

/// The fields of each kind of part.
const GROUPS: [&[&str]; 10] = [
    &["name"],
    &["agentId"],
    &["trigger", "prompt"],
    &["initialMessage"],
    &["autoNextStepId", "autoNextTime", "autoNextTimeUnit", "isConversationRemovalStep"],
    &["assigneeLogicType", "selectedMembershipIdsForAssignee"],
    &["defaultTags", "defaultTagsToRemove"],
    &["zapiAgentId", "zapiPhoneNumber", "zapiMessage"],
    &[
        "whatsappTemplateAgentId",
        "whatsappTemplateName",
        "whatsappTemplateLanguageCode",
        "whatsappTemplateText",
    ],
    &["webhookUrl", "webhookHeader"],
];

/// A step with these parts.
fn input(parts: &[Part]) -> CrmStepInput {
    let mut input = json!({ "scenarioId": SCENARIO });
    for (fields, _) in parts {
        let fields = fields.as_object().expect("an object").clone();
        input.as_object_mut().expect("an object").extend(fields);
    }
    serde_json::from_value(input).expect("an input")
}

/// One part of each kind that an earlier version could have stored.
fn once_stored() -> impl Strategy<Value = Vec<Part>> {
    let is_stored =
        |(_, violations): &Part| violations.iter().all(|(_, code)| !NEVER_STORED.contains(code));
    let kinds = kinds().into_iter();
    kinds
        .map(|parts| select(parts.into_iter().filter(is_stored).collect::<Vec<_>>()))
        .collect::<Vec<_>>()
}

/// One part of each kind.
fn combination() -> impl Strategy<Value = Vec<Part>> {
    kinds().into_iter().map(select).collect::<Vec<_>>()
}

proptest! {
    #[test]
    fn a_combination_has_the_violations_of_its_parts(parts in combination()) {
        let broken = parts.iter().flat_map(|(_, violations)| *violations);
        let expected: Violations = broken.map(|(path, code)| ((*path).to_owned(), *code)).collect();
        match check(input(&parts)) {
            Ok(_) => prop_assert_eq!(expected, vec![]),
            Err(violations) => prop_assert_eq!(violations, expected),
        }
    }

    /// An update is validated only in the fields that it changes, whatever is stored.
    #[test]
    fn an_update_has_the_violations_of_what_it_changes(stored in once_stored(), sent in combination()) {
        let (before, after) = (input(&stored), input(&sent));
        let update = after.check_update(Some(read(&before)), id(THIS), &known(), &WebhookHosts::Public);
        let mut expected = vec![];
        for (group, (was, is)) in GROUPS.into_iter().zip(stored.iter().zip(&sent)) {
            let is_changed = |field: &str| was.0[field] != is.0[field];
            for (path, code) in is.1 {
                let own = path.split('.').next().expect("a field");
                // Whether a number is in range depends on its unit.
                let by_unit = *code == "OUT_OF_RANGE" && is_changed("autoNextTimeUnit");
                let by_group = ACROSS.contains(code) && group.iter().copied().any(is_changed);
                if is_changed(own) || by_unit || by_group {
                    expected.push(((*path).to_owned(), *code));
                }
            }
        }
        let told = |violation: Violation| (violation.field.path().join("."), violation.report().code.into());
        let broken: Violations =
            update.err().into_iter().flatten().map(told).collect();
        prop_assert_eq!(broken, expected);
    }
}

/// A value for a field that must be absent or blank without its companions; now and then it is
/// neither.
fn mostly_blank() -> impl Strategy<Value = Option<String>> {
    prop_oneof![4 => Just(None), 4 => "[ \u{200b}]*".prop_map(Some), 1 => any::<Option<String>>()]
}

/// Random steps, many of which are valid.
fn any_step() -> impl Strategy<Value = CrmStepInput> {
    let name = prop_oneof![4 => "[ a-zé🙂]{0,40}", 1 => ".*"];
    let texts = (name, any::<Option<String>>(), any::<Option<String>>());
    let time = prop_oneof![4 => option::of(1..=31_536_000), 1 => any::<Option<i32>>()];
    let tags = prop_oneof![4 => option::of(vec("[ a-z]{0,3}[0-9]", 0..3)), 1 => any::<Option<Vec<String>>>()];
    let url = prop_oneof![
        2 => Just(None),
        4 => "[a-z]{1,9}".prop_map(|path| Some(format!("https://example.com/{path}"))),
        1 => any::<Option<String>>(),
    ];
    let header = prop_oneof![4 => Just(None), 4 => Just(Some(json!({ "X-Key": "v" }))),
        1 => (".*", ".*").prop_map(|(name, value)| Some(json!({ name: value })))];
    let rest = (mostly_blank(), mostly_blank(), mostly_blank(), url, tags, time, header);
    (texts, rest).prop_map(|((name, trigger, prompt), rest)| {
        let (phone, message, template, url, tags, time, header) = rest;
        CrmStepInput {
            name,
            scenario_id: SCENARIO.to_owned(),
            trigger,
            prompt,
            auto_next_time: time,
            default_tags: tags,
            zapi_phone_number: phone,
            zapi_message: message,
            whatsapp_template_name: template,
            webhook_url: url,
            webhook_header: header,
            ..CrmStepInput::default()
        }
    })
}

/// No input panics, and accepted steps equal their input.
#[test]
fn accepted_steps_equal_their_input() {
    let accepted = Cell::new(0);
    let outcome = TestRunner::default().run(&any_step(), |input| {
        let Ok(step) = check(input.clone()) else { return Ok(()) };
        accepted.set(accepted.get() + 1);
        prop_assert_eq!(&step.input.name, input.name.trim());
        prop_assert!(!step.input.name.is_empty());
        prop_assert_eq!((step.input.trigger, step.input.prompt), (input.trigger, input.prompt));
        prop_assert_eq!(step.input.auto_next_time, input.auto_next_time);
        let tags = input.default_tags;
        let trimmed = tags.map(|tags| tags.iter().map(|tag| tag.trim().to_owned()).collect());
        prop_assert_eq!(step.input.default_tags, trimmed);
        prop_assert_eq!(step.zapi_agent_id, None);
        let sent = (input.zapi_phone_number, input.zapi_message);
        prop_assert_eq!((step.input.zapi_phone_number, step.input.zapi_message), sent);
        prop_assert_eq!(step.whatsapp_template_agent_id, None);
        prop_assert_eq!(step.input.whatsapp_template_name, input.whatsapp_template_name);
        prop_assert_eq!(step.input.webhook_url, input.webhook_url);
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    assert!(accepted.get() > 0, "some steps were accepted and compared");
}
