//! A scenario of as many steps as are allowed: with the default limits, it is applied and read at once.

use serde_json::{Value, json};

use crate::support::{App, Client, STEP_FIELDS, on_both_databases, violations};

/// A specification of 1,000 steps with these fields.
fn spec(fields: &Value) -> Value {
    let step = |index: usize| {
        let mut step = json!({
            "name": format!("Step {index}"), "prompt": "Greet.", "autoNextTime": index + 1,
        });
        step.as_object_mut()
            .expect("an object")
            .extend(fields.as_object().expect("fields").clone());
        step
    };
    json!({ "key": "sales", "name": "Sales", "steps": (0..1_000).map(step).collect::<Vec<_>>() })
}

/// Applies a specification with these fields selected; returns the payload.
async fn apply(client: &Client, input: &Value, selected: &str) -> Value {
    let field = format!("applyCrmScenario(input: $input) {{ {selected} }}");
    let payload =
        client.call("($input: ApplyCrmScenarioInput!)", &field, json!({ "input": input })).await;
    assert_eq!(violations(&payload), []);
    payload
}

async fn all_steps_are_in_the_response_to_the_apply_and_in_one_page(app: App) {
    let ana = app.member_of("Horizonte").await;
    let input = spec(&json!({
        "prompt": "é".repeat(1_300), "trigger": "€".repeat(400), "zapiMessage": "",
        "defaultTags": ["a", "b"], "webhookUrl": "https://example.com", "webhookHeader": { "X": "1" },
    }));
    assert!(
        (3_900_000..4_100_000).contains(&input.to_string().len()),
        "{}",
        input.to_string().len()
    );
    let selected = "plan { created steps { key fields { name before after } } } crmScenario { id
        steps(first: 1000) { pageInfo { hasNextPage } nodes { prompt trigger defaultTags webhookHeader } } }";
    let payload = apply(&ana, &input, selected).await;
    assert_eq!(payload["plan"]["created"], 1_000);
    assert_eq!(payload["plan"]["steps"].as_array().map(Vec::len), Some(1_000));
    let of_apply = &payload["crmScenario"]["steps"];
    assert_eq!(of_apply["pageInfo"]["hasNextPage"], false);
    let scenario = payload["crmScenario"]["id"].as_str().expect("an id");
    for page in ["first: 1000", "last: 1000"] {
        let query = format!(
            "{{ crmScenario(id: \"{scenario}\") {{ steps({page}) {{ totalCount nodes {{ {STEP_FIELDS} }} }} }} }}"
        );
        let steps = ana.query(&query).await["crmScenario"]["steps"].clone();
        let (nodes, of_apply) = (steps["nodes"].as_array(), of_apply["nodes"].as_array());
        let (nodes, of_apply) = (nodes.expect("steps"), of_apply.expect("steps"));
        assert_eq!((&steps["totalCount"], nodes.len()), (&json!(1_000), 1_000));
        for ((index, node), other) in nodes.iter().enumerate().zip(of_apply) {
            assert_eq!(node["index"], index);
            assert_eq!((&node["prompt"], &node["trigger"]), (&other["prompt"], &other["trigger"]));
        }
    }
}

async fn a_board_is_read_at_once_within_the_default_complexity(app: App) {
    /// 30 fields, all of them scalars or enums.
    const FIELDS: &str = "id index key name version createdAt updatedAt scenarioId organizationId
        agentId trigger prompt initialMessage autoNextStepId autoNextTime autoNextTimeUnit
        autoNextDelaySeconds defaultStatus defaultPriority defaultAiControl assigneeLogicType
        isRequired isConversationRemovalStep zapiAgentId zapiPhoneNumber zapiMessage
        whatsappTemplateAgentId whatsappTemplateName webhookUrl incomingTimerCount";
    assert_eq!(FIELDS.split_whitespace().count(), 30);
    let ana = app.member_of("Horizonte").await;
    ana.agent("Sofia").await;
    let input = spec(&json!({ "agentName": "Sofia" }));
    let payload = apply(&ana, &input, "crmScenario { id }").await;
    let scenario = payload["crmScenario"]["id"].as_str().expect("an id");
    let step = format!("{{ {FIELDS} agent {{ id name iconUrl }} }}");
    for (steps, path) in [
        (format!("nodes {step}"), "/nodes/999"),
        (format!("edges {{ cursor node {step} }}"), "/edges/999/node"),
    ] {
        for page in ["first: 1000", "last: 1000"] {
            let query = format!(
                "{{ crmScenario(id: \"{scenario}\") {{ name steps({page}) {{ {steps} }} }} }}"
            );
            let last = ana.query(&query).await["crmScenario"]["steps"].pointer(path).cloned();
            let last = last.expect("a step");
            assert_eq!((&last["index"], &last["agent"]["name"]), (&json!(999), &json!("Sofia")));
        }
    }
}

async fn only_the_steps_of_a_scenario_have_pages_of_a_thousand(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let before = app.contents().await;
    for (document, message) in [
        (
            "{ crmScenarios { nodes { steps(first: 1001) { totalCount } } } }",
            "first is 1001; it must be between 1 and 1000.",
        ),
        (
            "{ crmScenarios { nodes { steps(last: 0) { totalCount } } } }",
            "last is 0; it must be between 1 and 1000.",
        ),
        ("{ crmSteps(first: 101) { totalCount } }", "first is 101; it must be between 1 and 100."),
        (
            "{ crmScenarios { nodes { history(last: 101) { totalCount } } } }",
            "last is 101; it must be between 1 and 100.",
        ),
    ] {
        let answer = ana.graphql(document, json!({})).await;
        assert_eq!(answer.json()["errors"][0]["message"], message);
    }
    let duplicate = |page: &str| {
        format!(
            "mutation {{ duplicateCrmScenario(id: \"{scenario}\") {{ crmScenario {{ steps({page}) {{ totalCount }} }} }} }}"
        )
    };
    assert_eq!(
        ana.graphql(&duplicate("first: 1001"), json!({})).await.error_code(),
        "BAD_USER_INPUT"
    );
    assert_eq!(app.contents().await, before);
    ana.query(&duplicate("first: 1000")).await;
}

/// Too many elements are an error of the list, which would take what is committed out of the response.
async fn lists_in_the_payload_of_a_mutation_have_any_number_of_elements(app: App) {
    let ana = app.member_of("Horizonte").await;
    let mut ids = vec![];
    for number in 0..25 {
        ids.push(ana.membership(&number.to_string()).await);
    }
    let input = spec(&json!({
        "assigneeLogicType": "random_selected", "selectedMembershipIdsForAssignee": ids,
    }));
    let members = "selectedMembershipsForAssignee { name }";
    let selected = format!("plan {{ steps {{ crmStep {{ {members} }} }} }}");
    let payload = apply(&ana, &input, &selected).await;
    let steps = payload["plan"]["steps"].as_array().expect("steps").iter();
    let counts = steps
        .map(|step| step["crmStep"]["selectedMembershipsForAssignee"].as_array().map(Vec::len));
    assert_eq!(counts.collect::<Vec<_>>(), vec![Some(25); 1_000]);
    let query = format!(
        "{{ crmScenarios(first: 1) {{ nodes {{ steps(first: 1000) {{ nodes {{ {members} }} }} }} }} }}"
    );
    let answer = ana.graphql(&query, json!({})).await;
    let message = answer.json()["errors"][0]["message"].clone();
    assert_eq!(
        message,
        "The lists of the answer have more than 20000 elements; ask for smaller pages."
    );
}

on_both_databases!(
    all_steps_are_in_the_response_to_the_apply_and_in_one_page,
    a_board_is_read_at_once_within_the_default_complexity,
    only_the_steps_of_a_scenario_have_pages_of_a_thousand,
    lists_in_the_payload_of_a_mutation_have_any_number_of_elements,
);
