//! Selections: the response has exactly the selected fields, however the selection is written.

use serde_json::{Value, json};

use crate::support::{App, Client, on_both_databases};

/// A scenario with a step that has all fields, one that has the fewest, and one whose timer has a unit
/// but no target.
async fn scenario(ana: &Client) -> String {
    let (scenario, sofia) = (ana.scenario("Sales").await, ana.agent("Sofia").await);
    let (sol, luz) = (ana.agent("Sol").await, ana.agent("Luz").await);
    let (bruno, carla) = (ana.membership("Bruno").await, ana.membership("Carla").await);
    let last = ana.steps(&scenario, "Won").await.remove(0);
    let lead = ana.crm_step(&json!({
        "scenarioId": scenario, "agentId": sofia, "name": "Lead", "trigger": "Asks for prices.",
        "prompt": "Greet.", "initialMessage": "Hello!", "autoNextStepId": last, "autoNextTime": 2,
        "autoNextTimeUnit": "h", "defaultStatus": "UNRESOLVED", "defaultPriority": "MEDIUM",
        "defaultAiControl": true, "assigneeLogicType": "random_selected",
        "selectedMembershipIdsForAssignee": [carla, bruno], "isRequired": true,
        "key": "lead", "isConversationRemovalStep": false, "defaultTags": ["lead"],
        "defaultTagsToRemove": ["new"], "requestContact": { "name": true, "email": false },
        "zapiAgentId": sol, "zapiPhoneNumber": "+55 11 91234-5678", "zapiMessage": "A lead.",
        "whatsappTemplateAgentId": luz, "whatsappTemplateName": "lead",
        "whatsappTemplateLanguageCode": "pt_BR", "whatsappTemplateText": "Hello {{1}}",
        "webhookUrl": "https://hooks.example.com/crm", "webhookHeader": { "X-Source": "crm" },
    }))
    .await;
    // An update, so that its two times differ.
    ana.done(
        "($id: ID!)",
        "updateCrmStep(id: $id, input: { isRequired: false }) { replayed }",
        json!({ "id": lead["id"] }),
    )
    .await;
    ana.crm_step(&json!({
        "scenarioId": scenario, "name": "Lost", "prompt": "Bye.", "autoNextTime": 3,
        "autoNextTimeUnit": "d",
    }))
    .await;
    scenario
}

/// The fields of a step by introspection, each with its selection.
async fn fields_of_a_step(ana: &Client) -> Vec<(String, &'static str)> {
    let query = "{ __type(name: \"CrmStep\") { fields { name type { kind ofType { kind ofType { kind ofType { kind } } } } } } }";
    let fields = ana.query(query).await["__type"]["fields"].clone();
    let selection = |field: &Value| match field["name"].as_str().expect("a name") {
        "history" => "{ totalCount }",
        "requestContact" => "{ name email phone }",
        "webhookHeaders" => "{ name value isMasked }",
        _ if field["type"].to_string().contains("\"OBJECT\"") => "{ id }",
        _ => "",
    };
    let fields = fields.as_array().expect("fields").iter();
    fields.map(|field| (field["name"].as_str().expect("a name").into(), selection(field))).collect()
}

fn selection_of(fields: &[&(String, &str)]) -> String {
    let fields = fields.iter().map(|(name, selection)| format!("{name} {selection}"));
    fields.collect::<Vec<_>>().join(" ")
}

async fn each_field_has_the_same_value_alone_and_among_all(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = scenario(&ana).await;
    let fields = fields_of_a_step(&ana).await;
    let all = selection_of(&fields.iter().collect::<Vec<_>>());
    // Complete steps by their ids.
    let ids = ana.query("{ crmSteps { nodes { id } } }").await["crmSteps"]["nodes"].clone();
    let mut steps = vec![];
    for step in ids.as_array().expect("nodes") {
        let query = format!("{{ crmStep(id: {}) {{ {all} }} }}", step["id"]);
        steps.push(ana.query(&query).await["crmStep"].clone());
    }
    let filled = fields.iter().filter(|(name, _)| steps.iter().any(|step| !step[name].is_null()));
    assert_eq!(filled.count(), fields.len(), "each field is set in at least one step");

    let one_by_one = fields.iter().map(|field| vec![field]);
    for selected in one_by_one.chain([fields.iter().collect()]) {
        let selection = selection_of(&selected);
        let of_step = |step: &Value| -> Value {
            selected.iter().map(|(name, _)| (name.clone(), step[name].clone())).collect()
        };
        let expected: Vec<Value> = steps.iter().map(of_step).collect();
        let nodes = format!("nodes {{ {selection} }}");
        let found = ana.query(&format!("{{ crmSteps {{ {nodes} }} }}")).await;
        assert_eq!(found, json!({ "crmSteps": { "nodes": expected } }));
        let list = format!("{{ crmScenario(id: \"{scenario}\") {{ steps {{ {nodes} }} }} }}");
        let found = ana.query(&list).await;
        assert_eq!(found, json!({ "crmScenario": { "steps": { "nodes": expected } } }));
        let edges = format!("{{ crmSteps {{ edges {{ node {{ {selection} }} }} }} }}");
        let found = ana.query(&edges).await;
        let expected: Vec<_> = expected.into_iter().map(|node| json!({ "node": node })).collect();
        assert_eq!(found, json!({ "crmSteps": { "edges": expected } }));
    }
}

async fn each_list_of_a_response_has_its_own_selection(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = scenario(&ana).await;
    let found = ana
        .query(&format!(
            "{{ crmScenario(id: \"{scenario}\") {{
                 a: steps(first: 2) {{ nodes {{ prompt }} }}
                 b: steps(first: 2) {{ edges {{ node {{ defaultTags }} }} }}
                 c: steps(last: 1) {{ nodes {{ autoNextTimeUnit }} }} }} }}"
        ))
        .await;
    let expected = json!({
        "a": { "nodes": [{ "prompt": "Greet." }, { "prompt": "Greet." }] },
        "b": { "edges": [{ "node": { "defaultTags": null } }, { "node": { "defaultTags": ["lead"] } }] },
        "c": { "nodes": [{ "autoNextTimeUnit": "d" }] },
    });
    assert_eq!(found["crmScenario"], expected);
}

async fn fragments_aliases_and_repetitions_are_merged_in_their_order(app: App) {
    let ana = app.member_of("Horizonte").await;
    scenario(&ana).await;
    let query = "
        query Steps($yes: Boolean!) {
          crmSteps(first: 2) { nodes {
            ...Named
            ... on Node { kind: __typename }
            ... on Node { ... on Agent { id } }
            ... @include(if: $yes) { agent { name } }
            index @skip(if: $yes)
            name
            agent { title: name ...Called }
          } }
        }
        fragment Named on CrmStep { name ...Counted }
        fragment Counted on CrmStep { version }
        fragment Called on Agent { __typename }";
    let answer = ana.graphql(query, json!({ "yes": true })).await;
    let expected = r#"{"nodes":[{"name":"Won","version":1,"kind":"CrmStep","agent":null},{"name":"Lead","version":2,"kind":"CrmStep","agent":{"name":"Sofia","title":"Sofia","__typename":"Agent"}}]}"#;
    assert!(answer.text.contains(expected), "{}", answer.text);
    let answer = ana.graphql(query, json!({ "yes": false })).await;
    let expected = r#"{"nodes":[{"name":"Won","version":1,"kind":"CrmStep","index":0,"agent":null},{"name":"Lead","version":2,"kind":"CrmStep","index":1,"agent":{"title":"Sofia","__typename":"Agent"}}]}"#;
    assert!(answer.text.contains(expected), "{}", answer.text);
}

async fn a_repeated_field_is_returned_once_at_its_first_position(app: App) {
    let ana = app.member_of("Horizonte").await;
    scenario(&ana).await;
    let query = "
        { crmSteps(first: 2) { nodes { index ...Named __typename index } } }
        fragment Named on CrmStep { __typename name index: index __typename }";
    let answer = ana.graphql(query, json!({})).await;
    let expected = r#"{"nodes":[{"index":0,"__typename":"CrmStep","name":"Won"},{"index":1,"__typename":"CrmStep","name":"Lead"}]}"#;
    assert!(answer.text.contains(expected), "{}", answer.text);
}

async fn an_error_in_a_non_null_field_propagates_to_the_nearest_nullable_one(app: App) {
    let ana = app.member_of("Horizonte").await;
    scenario(&ana).await;
    let query = "{ crmSteps(first: 2) { edges { node { id ...Past } } nodes { name } } }
        fragment Past on CrmStep { past: history(first: 0) { totalCount } }";
    let answer = ana.graphql(query, json!({})).await;
    assert_eq!(answer.error_code(), "BAD_USER_INPUT");
    assert_eq!(answer.json()["data"], Value::Null);
}

on_both_databases!(
    each_field_has_the_same_value_alone_and_among_all,
    each_list_of_a_response_has_its_own_selection,
    fragments_aliases_and_repetitions_are_merged_in_their_order,
    a_repeated_field_is_returned_once_at_its_first_position,
    an_error_in_a_non_null_field_propagates_to_the_nearest_nullable_one,
);
