//! An update is validated by the rules that read a changed field.

use crm_steps::domain::{
    crm_step::CrmStepInput,
    url::WebhookHosts,
    violation::{Violation, Violations},
};
use serde_json::{Value, json};

use super::{AGENT, step};
use crate::rules::{BRUNO, CARLA, SCENARIO, STEP, THIS, id, known, read};

/// Two steps that differ in every field.
fn others() -> [Value; 2] {
    [
        json!({
            "id": STEP, "name": "One", "key": "one", "scenarioId": SCENARIO, "agentId": AGENT, "trigger": "one",
            "prompt": "one", "initialMessage": "one", "autoNextStepId": STEP, "autoNextTime": 1,
            "autoNextTimeUnit": "m", "defaultStatus": "RESOLVED", "defaultPriority": "LOW",
            "defaultAiControl": true, "assigneeLogicType": "none",
            "selectedMembershipIdsForAssignee": [BRUNO], "isRequired": true,
            "isConversationRemovalStep": true, "defaultTags": ["one"],
            "defaultTagsToRemove": ["one"], "requestContact": { "name": true }, "zapiAgentId": AGENT,
            "zapiPhoneNumber": "1", "zapiMessage": "one", "whatsappTemplateAgentId": AGENT,
            "whatsappTemplateName": "one", "whatsappTemplateLanguageCode": "en",
            "whatsappTemplateText": "one", "webhookUrl": "one", "webhookHeader": { "X": "one" },
        }),
        json!({
            "id": THIS, "name": "Two", "key": "two", "scenarioId": STEP, "agentId": STEP, "trigger": "two",
            "prompt": "two", "initialMessage": "two", "autoNextStepId": THIS, "autoNextTime": 2,
            "autoNextTimeUnit": "d", "defaultStatus": "UNRESOLVED", "defaultPriority": "HIGH",
            "defaultAiControl": false, "assigneeLogicType": "clear",
            "selectedMembershipIdsForAssignee": [CARLA], "isRequired": false,
            "isConversationRemovalStep": false, "defaultTags": ["two"],
            "defaultTagsToRemove": ["two"], "requestContact": { "name": false },
            "zapiAgentId": STEP, "zapiPhoneNumber": "2", "zapiMessage": "two",
            "whatsappTemplateAgentId": STEP, "whatsappTemplateName": "two",
            "whatsappTemplateLanguageCode": "pt", "whatsappTemplateText": "two",
            "webhookUrl": "two", "webhookHeader": { "X": "two" },
        }),
    ]
}

fn update(stored: &CrmStepInput, sent: CrmStepInput) -> Violations {
    let update = sent.check_update(Some(read(stored)), id(THIS), &known(), &WebhookHosts::Public);
    update.err().unwrap_or_default()
}

fn codes(violations: Violations) -> Vec<&'static str> {
    violations.into_iter().map(|violation: Violation| violation.report().code.into()).collect()
}

#[test]
fn an_update_is_validated_by_the_rules_that_read_a_changed_field() {
    let timer = &["autoNextStepId", "autoNextTime", "isConversationRemovalStep"][..];
    let template = &[
        "whatsappTemplateAgentId",
        "whatsappTemplateName",
        "whatsappTemplateLanguageCode",
        "whatsappTemplateText",
    ];
    let webhook = "https://example.com";
    for (broken, code, reads) in [
        (json!({ "name": " " }), "BLANK", &["name"][..]),
        (json!({ "trigger": null }), "TRIGGER_OR_PROMPT_REQUIRED", &["trigger", "prompt"]),
        (
            json!({ "autoNextStepId": STEP }),
            "AUTO_NEXT_INCOMPLETE",
            &["autoNextStepId", "autoNextTime"],
        ),
        (
            json!({ "autoNextTimeUnit": "h" }),
            "UNIT_WITHOUT_TIME",
            &["autoNextTime", "autoNextTimeUnit"],
        ),
        (json!({ "autoNextTime": 0 }), "OUT_OF_RANGE", &["autoNextTime", "autoNextTimeUnit"]),
        (
            json!({ "autoNextTime": 3, "isConversationRemovalStep": true }),
            "REMOVAL_STEP_CONFLICT",
            timer,
        ),
        (
            json!({ "defaultTags": ["a"], "defaultTagsToRemove": ["A"] }),
            "TAGS_OVERLAP",
            &["defaultTags", "defaultTagsToRemove"],
        ),
        (
            json!({ "zapiMessage": "Hi" }),
            "ZAPI_INCOMPLETE",
            &["zapiAgentId", "zapiPhoneNumber", "zapiMessage"],
        ),
        (json!({ "whatsappTemplateText": "Hi" }), "TEMPLATE_INCOMPLETE", template),
        (
            json!({ "webhookHeader": { "X": "v" } }),
            "HEADERS_WITHOUT_URL",
            &["webhookUrl", "webhookHeader"],
        ),
        (
            json!({ "webhookUrl": webhook, "webhookHeader": { "Y": "***" } }),
            "MASKED_HEADER_VALUE",
            &["webhookUrl", "webhookHeader"],
        ),
    ] {
        let broken = step(broken);
        assert_eq!(codes(update(&broken, broken.clone())), [""; 0], "{code}: nothing is changed");
        let sent = serde_json::to_value(&broken).expect("it is JSON");
        for field in sent.as_object().expect("an object").keys() {
            let mut stored = sent.clone();
            let other = others().into_iter().map(|other| other[field].clone());
            stored[field] = other.into_iter().find(|it| *it != sent[field]).expect("another value");
            let stored = serde_json::from_value(stored).expect("a step");
            let is_broken = codes(update(&stored, broken.clone())).contains(&code);
            assert_eq!(is_broken, reads.contains(&field.as_str()), "{code} {field}");
        }
    }
}
