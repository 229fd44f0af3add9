//! The form of specifications.

use crm_steps::domain::flow::spec::PipelineSpec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::pipelines::{any_spec, spec};

/// A step with each field.
pub(crate) fn whole() -> Value {
    json!({
        "key": "novo-lead",
        "name": "Novo lead",
        "agentId": "a",
        "agentName": "Sofia",
        "trigger": "t",
        "prompt": "p",
        "initialMessage": "i",
        "autoNextStepKey": "lead-frio",
        "autoNextTime": 36,
        "autoNextTimeUnit": "h",
        "defaultStatus": "HUMAN_REQUESTED",
        "defaultPriority": "HIGH",
        "defaultAiControl": false,
        "assigneeLogicType": "fair_distribution_selected",
        "selectedMembershipIdsForAssignee": ["b"],
        "selectedMembershipEmails": ["ana@example.com"],
        "isRequired": true,
        "isConversationRemovalStep": false,
        "defaultTags": ["x"],
        "defaultTagsToRemove": [],
        "requestContact": { "name": true },
        "zapiAgentId": "c",
        "zapiAgentName": "Clara",
        "zapiPhoneNumber": "1",
        "zapiMessage": "m",
        "whatsappTemplateAgentId": "d",
        "whatsappTemplateAgentName": "Clara",
        "whatsappTemplateName": "n",
        "whatsappTemplateLanguageCode": "pt_BR",
        "whatsappTemplateText": "t",
        "webhookUrl": "https://example.com",
        "webhookHeader": { "X-B": "b", "X-A": "a" },
    })
}

#[test]
fn a_specification_keeps_all_fields_in_their_order() {
    let text =
        json!({ "key": "k", "name": "n", "description": "d", "steps": [whole()] }).to_string();
    let spec: PipelineSpec = serde_json::from_str(&text).expect("a specification");
    assert_eq!(serde_json::to_string(&spec).expect("JSON"), text);
}

#[test]
fn nulls_are_left_out() {
    let text = r#"{"key":null,"name":"n","steps":[{"name":"s","trigger":null,"requestContact":{"name":null}}]}"#;
    let spec: PipelineSpec = serde_json::from_str(text).expect("a specification");
    let short = r#"{"name":"n","steps":[{"name":"s","requestContact":{}}]}"#;
    assert_eq!(serde_json::to_string(&spec).expect("JSON"), short);
}

#[test]
fn unknown_fields_are_rejected() {
    for (text, field) in [
        (r#"{"name":"n","steps":[],"id":"x"}"#, "id"),
        (r#"{"name":"n","steps":[{"name":"s","autoNextStepId":"x"}]}"#, "autoNextStepId"),
        (r#"{"name":"n","steps":[{"name":"s","agent_id":"x"}]}"#, "agent_id"),
        (r#"{"name":"n","steps":[{"name":"s","requestContact":{"fax":true}}]}"#, "fax"),
    ] {
        let error = serde_json::from_str::<PipelineSpec>(text).expect_err("it is unknown");
        assert!(error.to_string().starts_with(&format!("unknown field `{field}`")), "{error}");
    }
}

#[test]
fn the_flow_of_a_specification_has_names_and_tags_as_they_are_stored() {
    let step =
        json!({ "name": " Lead\t", "defaultTags": ["new "], "defaultTagsToRemove": [" old"] });
    let flow = spec(json!([step])).flow();
    let input = &flow.steps[0].input;
    let tags = [&input.default_tags, &input.default_tags_to_remove];
    assert_eq!(input.name, "Lead");
    assert_eq!(tags, [&Some(vec!["new".to_owned()]), &Some(vec!["old".to_owned()])]);
}

#[test]
fn the_flow_of_a_specification_has_names_and_emails_in_place_of_ids() {
    let flow = spec(json!([
        { "name": "A", "agentName": "Sofia", "autoNextTime": 1, "autoNextStepKey": "C" },
        { "name": "B", "agentId": "x", "selectedMembershipEmails": ["ana@example.com"] },
        { "name": "C", "zapiAgentName": "Rui", "selectedMembershipIdsForAssignee": ["y"] },
    ]))
    .flow();
    let keys: Vec<_> = flow.steps.iter().map(|step| (step.key.as_str(), step.target)).collect();
    assert_eq!(keys, [("a", Some(2)), ("b", None), ("c", None)]);
    let inputs: Vec<_> = flow.steps.iter().map(|step| &step.input).collect();
    assert_eq!(inputs[0].agent_id.as_deref(), Some("Sofia"));
    assert_eq!(inputs[1].agent_id.as_deref(), Some("x"));
    assert_eq!(inputs[2].zapi_agent_id.as_deref(), Some("Rui"));
    let candidates = |index: usize| inputs[index].selected_membership_ids_for_assignee.clone();
    assert_eq!(candidates(1), Some(vec!["ana@example.com".to_owned()]));
    assert_eq!(candidates(2), Some(vec!["y".to_owned()]));
}

proptest! {
    #[test]
    fn a_specification_is_the_same_after_it_was_written_and_read(spec in any_spec()) {
        let text = serde_json::to_string(&spec).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<PipelineSpec>(&text).expect("a specification"), spec);
    }
}
