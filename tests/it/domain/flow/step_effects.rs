//! What a conversation does when it enters a step.

use serde_json::{Value, json};

use super::simulation::{run, text};

/// The kinds and details of what the first step does.
fn details(step: Value) -> String {
    let request = json!({ "untilSeconds": 0 });
    let timeline = run(Value::Array(vec![step]), request).timeline;
    let effects = timeline.iter().skip(1);
    let lines: Vec<String> =
        effects.map(|entry| format!("{} {}", entry.kind, entry.details)).collect();
    lines.join("\n")
}

/// A step that does everything.
fn whole() -> Value {
    json!({
        "agentId": "sofia",
        "initialMessage": "Hi",
        "autoNextTime": 2,
        "autoNextTimeUnit": "h",
        "defaultStatus": "HUMAN_REQUESTED",
        "defaultPriority": "HIGH",
        "defaultAiControl": false,
        "assigneeLogicType": "single_user",
        "selectedMembershipIdsForAssignee": ["ana"],
        "defaultTags": ["new", "hot"],
        "defaultTagsToRemove": ["old"],
        "requestContact": { "name": true, "email": false, "phone": true },
        "zapiAgentId": "rui",
        "zapiPhoneNumber": "+5511955550101",
        "zapiMessage": "A lead",
        "whatsappTemplateAgentId": "bia",
        "whatsappTemplateName": "reminder",
        "whatsappTemplateLanguageCode": "pt_BR",
        "webhookUrl": "https://user:word@example.com/hook?key=secret#part",
        "webhookHeader": { "X-Key": "secret" },
    })
}

#[test]
fn the_effects_of_a_step_have_one_order() {
    insta::assert_snapshot!(details(whole()), @r#"
    TAGS_REMOVED {"tags":["old"]}
    TAGS_ADDED {"tags":["new","hot"]}
    STATUS_SET {"status":"HUMAN_REQUESTED"}
    PRIORITY_SET {"priority":"HIGH"}
    AI_CONTROL_SET {"aiControl":false}
    AGENT_SET {"agentId":"sofia"}
    ASSIGNED {"membershipId":"ana","rule":"ONLY_ONE","candidates":[{"membershipId":"ana","openConversations":0}]}
    CONTACT_REQUESTED {"fields":["name","phone"]}
    TEMPLATE_SENT {"agentId":"bia","name":"reminder","languageCode":"pt_BR","text":null}
    MESSAGE_SENT {"text":"Hi"}
    ZAPI_SENT {"agentId":"rui","phoneNumber":"+5511955550101","text":"A lead"}
    WEBHOOK_CALLED {"url":"https://example.com/hook"}
    TIMER_SET {"delaySeconds":7200,"dueAt":"2026-01-05T14:00:00Z","toIndex":null}
    "#);
}

#[test]
fn the_effects_of_a_step_are_sentences() {
    let mut removal = whole();
    removal["isConversationRemovalStep"] = json!(true);
    let timeline = run(json!([removal]), json!({})).timeline;
    let lines: Vec<&str> = timeline.iter().map(|entry| entry.message.as_str()).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    The conversation starts in "Step 0".
    The tag "old" is removed.
    The tags "new" and "hot" are added.
    The status is set to HUMAN_REQUESTED.
    The priority is set to HIGH.
    The AI is switched off.
    The agent "sofia" takes over.
    The conversation is assigned to ana, the only candidate.
    The customer is asked for name and phone.
    The WhatsApp template reminder (pt_BR) is sent.
    The initial message is sent: "Hi"
    A message is sent through Z-API to +5511955550101: "A lead"
    The webhook https://example.com/hook is called.
    The conversation leaves the scenario in "Step 0", a removal step.
    "#);
}

#[test]
fn what_is_null_or_blank_has_no_effect() {
    let step = json!({
        "agentId": " ",
        "initialMessage": "",
        "assigneeLogicType": "none",
        "defaultTags": [],
        "defaultTagsToRemove": [],
        "requestContact": { "name": false },
        "zapiMessage": " ",
        "whatsappTemplateName": "",
        "webhookUrl": "",
        "isConversationRemovalStep": false,
    });
    assert_eq!(details(step), "");
    assert_eq!(details(json!({})), "");
}

#[test]
fn a_field_has_its_effect_even_if_nothing_changes_by_it() {
    let step = json!({
        "defaultTagsToRemove": ["old"],
        "defaultStatus": "UNRESOLVED",
        "defaultPriority": "MEDIUM",
        "defaultAiControl": true,
        "assigneeLogicType": "clear",
    });
    insta::assert_snapshot!(details(step), @r#"
    TAGS_REMOVED {"tags":["old"]}
    STATUS_SET {"status":"UNRESOLVED"}
    PRIORITY_SET {"priority":"MEDIUM"}
    AI_CONTROL_SET {"aiControl":true}
    UNASSIGNED {"membershipId":null}
    "#);
}

#[test]
fn a_removal_step_has_its_effects_and_no_timer_and_ends_the_simulation() {
    let steps =
        json!([{ "isConversationRemovalStep": true, "zapiMessage": "Bye", "autoNextTime": 5 }, {}]);
    let events = json!([{ "afterSeconds": 9, "moveTo": "1" }]);
    insta::assert_snapshot!(text(&run(steps, json!({ "events": events }))), @"
    0 #0 ENTERED
    0 #0 ZAPI_SENT
    0 #0 REMOVED
    0 #0 = REMOVED
    ");
}

#[test]
fn a_step_that_clears_the_assignee_says_who_it_was() {
    let steps = json!([
        { "assigneeLogicType": "single_user", "selectedMembershipIdsForAssignee": ["ana"] },
        { "assigneeLogicType": "clear" },
    ]);
    let last = run(steps, json!({ "events": [{ "moveTo": "1" }] })).timeline.pop();
    assert_eq!(last.expect("an entry").details, json!({ "membershipId": "ana" }));
}

/// What a step with an initial message and a template sends when it is entered after this time.
fn sent_after(seconds: i32, channel: &str) -> String {
    let writing = json!({ "initialMessage": "Hi", "whatsappTemplateName": "reminder" });
    let steps = json!([{ "autoNextTime": seconds }, writing, writing]);
    let events = json!([{ "afterSeconds": seconds, "moveTo": "2" }]);
    text(&run(steps, json!({ "channel": channel, "events": events })))
}

#[test]
fn the_initial_message_is_sent_for_less_than_24_hours() {
    insta::assert_snapshot!(sent_after(86_399, "WHATSAPP"), @"
    0 #0 ENTERED
    0 #0 TIMER_SET
    86399 #0 TIMER_FIRED
    86399 #1 TEMPLATE_SENT
    86399 #1 MESSAGE_SENT
    86399 #1 MOVED
    86399 #2 TEMPLATE_SENT
    86399 #2 MESSAGE_SENT
    86399 #2 = WAITING
    ");
}

#[test]
fn from_24_hours_on_only_the_template_is_sent_and_does_not_help() {
    insta::assert_snapshot!(sent_after(86_400, "WHATSAPP"), @"
    0 #0 ENTERED
    0 #0 TIMER_SET
    86400 #0 TIMER_FIRED
    86400 #1 TEMPLATE_SENT
    86400 #1 MESSAGE_BLOCKED
    86400 #1 MOVED
    86400 #2 TEMPLATE_SENT
    86400 #2 MESSAGE_BLOCKED
    86400 #2 = WAITING
    ");
}

#[test]
fn only_whatsapp_blocks_messages() {
    assert!(sent_after(86_400, "WHATSAPP").contains("MESSAGE_BLOCKED"));
    for channel in ["ZAPI", "OTHER"] {
        let all = sent_after(86_400, channel);
        assert!(all.contains("MESSAGE_SENT") && !all.contains("MESSAGE_BLOCKED"), "{all}");
    }
}

#[test]
fn a_message_of_the_customer_opens_the_24_hours_again() {
    let steps =
        json!([{ "autoNextTime": 86_401 }, { "initialMessage": "Hi" }, { "initialMessage": "Hi" }]);
    let events = json!([
        { "afterSeconds": 2, "customerMessage": "Hello" },
        { "afterSeconds": 86_400, "moveTo": "2" },
    ]);
    insta::assert_snapshot!(text(&run(steps, json!({ "events": events }))), @"
    0 #0 ENTERED
    0 #0 TIMER_SET
    2 #0 CUSTOMER_MESSAGE
    86401 #0 TIMER_FIRED
    86401 #1 MESSAGE_SENT
    86402 #1 MOVED
    86402 #2 MESSAGE_BLOCKED
    86402 #2 = WAITING
    ");
}

#[test]
fn a_blocked_message_says_when_the_customer_wrote() {
    let steps = json!([{ "autoNextTime": 2, "autoNextTimeUnit": "d" }, { "initialMessage": "Hi" }]);
    let last = run(steps, json!({})).timeline.pop().expect("an entry");
    insta::assert_snapshot!(last.message, @"The initial message is not sent: the customer wrote 2 days ago, and 24 hours after that WhatsApp delivers only templates.");
    insta::assert_snapshot!(last.details, @r#"{"text":"Hi","lastCustomerMessageAt":"2026-01-05T12:00:00Z"}"#);
}
