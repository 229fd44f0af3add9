//! The requirements of Relay: objects by their ids, and cursors that stay valid.

use serde_json::{Value, json};

use crate::support::{App, Client, on_both_databases};

async fn every_resource_is_found_by_its_id(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Evil").await);
    let (scenario, agent, bruno) =
        (ana.scenario("Sales").await, ana.agent("Sofia").await, ana.membership("Bruno").await);
    let step = ana.steps(&scenario, "a").await.remove(0);
    let data =
        ana.query("{ viewer { organization { id history(first: 1) { nodes { id } } } } }").await;
    let organization = data["viewer"]["organization"]["id"].as_str().expect("an id").to_owned();
    let change = data["viewer"]["organization"]["history"]["nodes"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let ids = [&step, "nonsense", &organization, &change, &agent, &step, &scenario, &bruno];
    let query = "query($ids: [ID!]!, $id: ID!) {
        nodes(ids: $ids) { __typename id ... on CrmStep { name scenario { name } } ... on Agent { name } }
        node(id: $id) { ... on CrmScenario { name } } }";
    let found = ana.graphql(query, json!({ "ids": ids, "id": scenario })).await.data();
    let a_step = json!({ "__typename": "CrmStep", "id": step, "name": "a", "scenario": { "name": "Sales" } });
    assert_eq!(
        found,
        json!({
            "nodes": [
                a_step, null,
                { "__typename": "Organization", "id": organization },
                { "__typename": "Change", "id": change },
                { "__typename": "Agent", "id": agent, "name": "Sofia" },
                a_step,
                { "__typename": "CrmScenario", "id": scenario },
                { "__typename": "Membership", "id": bruno },
            ],
            "node": { "name": "Sales" },
        })
    );
    let not_hers = eve.graphql(query, json!({ "ids": ids, "id": scenario })).await.data();
    assert_eq!(not_hers, json!({ "nodes": vec![Value::Null; ids.len()], "node": null }));
    let many = vec!["a"; 101];
    let answer = ana
        .graphql("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": many }))
        .await;
    assert_eq!(answer.error_code(), "BAD_USER_INPUT");
}

/// The names of the steps after a cursor.
async fn after(client: &Client, scenario: &str, cursor: &Value) -> String {
    let query = format!(
        "query($after: String) {{ crmScenario(id: \"{scenario}\") {{ steps(after: $after) {{ nodes {{ name }} }} }} }}"
    );
    let steps = client.graphql(&query, json!({ "after": cursor })).await.data();
    let nodes = steps["crmScenario"]["steps"]["nodes"].as_array().expect("nodes").clone();
    nodes.iter().map(|step| step["name"].as_str().expect("a name")).collect::<Vec<_>>().join(" ")
}

async fn a_cursor_stays_valid_while_steps_are_created_deleted_and_moved(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b c d e").await;
    let page = ana.query(&format!("{{ crmScenario(id: \"{scenario}\") {{ steps(first: 2) {{ pageInfo {{ endCursor }} }} }} }}")).await;
    let cursor = page["crmScenario"]["steps"]["pageInfo"]["endCursor"].clone();
    let change =
        async |field: &str| drop(ana.done("", &format!("{field} {{ replayed }}"), json!({})).await);
    assert_eq!(after(&ana, &scenario, &cursor).await, "c d e");
    // A step before it is created, deleted, and moved.
    change(&format!("createCrmStep(input: {{ scenarioId: \"{scenario}\", name: \"new\", prompt: \"a\" }}, to: {{ first: true }})")).await;
    assert_eq!(after(&ana, &scenario, &cursor).await, "c d e");
    change(&format!("deleteCrmStep(id: \"{}\")", ids[0])).await;
    assert_eq!(after(&ana, &scenario, &cursor).await, "c d e");
    // The step of the cursor is moved, and deleted.
    change(&format!("moveCrmStep(id: \"{}\", to: {{ last: true }})", ids[1])).await;
    assert_eq!(after(&ana, &scenario, &cursor).await, "c d e b");
    change(&format!("deleteCrmStep(id: \"{}\")", ids[1])).await;
    assert_eq!(after(&ana, &scenario, &cursor).await, "c d e");
    // Many steps are created before all others.
    for _ in 0..40 {
        change(&format!("createCrmStep(input: {{ scenarioId: \"{scenario}\", name: \"new\", prompt: \"a\" }}, to: {{ first: true }})")).await;
    }
    assert_eq!(after(&ana, &scenario, &cursor).await, "c d e");
    // A step after it is moved before it.
    change(&format!("moveCrmStep(id: \"{}\", to: {{ first: true }})", ids[4])).await;
    assert_eq!(after(&ana, &scenario, &cursor).await, "c d");
}

async fn an_edge_of_a_payload_is_an_element_of_its_list(app: App) {
    let ana = app.member_of("Horizonte").await;
    for (list, field) in [
        (
            "crmScenarios",
            "createCrmScenario(input: { name: \"a\" }) { crmScenarioEdge { cursor node { id } } }",
        ),
        ("agents", "createAgent(input: { name: \"a\" }) { agentEdge { cursor node { id } } }"),
        (
            "memberships",
            "createMembership(input: { name: \"a\", email: \"a@example.com\", role: USER }) { membershipEdge { cursor node { id } } }",
        ),
    ] {
        let payload = ana.done("", field, json!({})).await;
        let edge =
            payload.as_object().and_then(|payload| payload.values().next()).expect("an edge");
        let listed =
            ana.query(&format!("{{ {list} {{ edges {{ cursor node {{ id }} }} }} }}")).await;
        assert_eq!(listed[list]["edges"], json!([edge]));
    }
}

on_both_databases!(
    every_resource_is_found_by_its_id,
    a_cursor_stays_valid_while_steps_are_created_deleted_and_moved,
    an_edge_of_a_payload_is_an_element_of_its_list,
);
