//! Which changes of a history are listed.

use crm_steps::domain::access_token::Scope;
use serde_json::{Value, json};

use crate::support::{App, Client, on_both_databases};

/// The changes of the organization's history that a filter selects: what was done to what, and
/// their number.
async fn selected(client: &Client, filter: Value) -> (String, Value) {
    let query = "query ($filter: HistoryFilter) { viewer { organization {
        history(filter: $filter) { totalCount nodes { action subjectType } } } } }";
    let answer = client.graphql(query, json!({ "filter": filter })).await;
    let history = answer.data()["viewer"]["organization"]["history"].clone();
    let told = history["nodes"].as_array().expect("nodes").iter().map(|change| {
        let text = |name: &str| change[name].as_str().expect("a text").to_owned();
        format!("{} {}", text("action"), text("subjectType"))
    });
    (told.collect::<Vec<_>>().join(", "), history["totalCount"].clone())
}

async fn a_history_is_filtered_by_action_type_and_time(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let step = ana.steps(&scenario, "a b").await.remove(1);
    let later = app.at(App::now() + chrono::Duration::hours(1)).with_token_of(&ana);
    let delete = format!("deleteCrmStep(id: \"{step}\") {{ replayed }}");
    later.done("", &delete, json!({})).await;
    let created = "CREATED CRM_SCENARIO, CREATED CRM_STEP, CREATED CRM_STEP";
    let deleted = "DELETED CRM_STEP";
    let all = format!("{created}, {deleted}");
    let second_hour = "2026-11-22T16:20:00.123456-03:00";
    for (filter, expected, count) in [
        (json!(null), all.as_str(), 4),
        (json!({}), &all, 4),
        (json!({ "actions": null, "subjectTypes": null, "tokenId": null, "since": null }), &all, 4),
        (json!({ "actions": ["CREATED"] }), created, 3),
        (json!({ "actions": ["DELETED", "MOVED"] }), deleted, 1),
        (json!({ "actions": [] }), "", 0),
        (json!({ "subjectTypes": ["CRM_SCENARIO", "AGENT"] }), "CREATED CRM_SCENARIO", 1),
        (json!({ "subjectTypes": ["CRM_STEP"], "actions": ["DELETED"] }), deleted, 1),
        (json!({ "subjectTypes": [] }), "", 0),
        (json!({ "since": second_hour }), deleted, 1),
        (json!({ "since": "2026-11-22T19:20:00.123457Z" }), "", 0),
        (json!({ "since": second_hour, "actions": ["CREATED"] }), "", 0),
    ] {
        let found = selected(&ana, filter.clone()).await;
        assert_eq!(found, (expected.to_owned(), json!(count)), "{filter}");
    }
}

async fn a_history_is_filtered_by_its_token(app: App) {
    let ana = app.member_of("Horizonte").await;
    ana.scenario("Sales").await;
    let bruno = app.bearer("Horizonte", &[Scope::Read, Scope::Write]).await;
    bruno.agent("Sofia").await;
    let tokens = "{ viewer { organization { history { nodes { tokenId } } } } }";
    let tokens = ana.query(tokens).await["viewer"]["organization"]["history"]["nodes"].clone();
    let by = async |token: &Value| selected(&ana, json!({ "tokenId": token })).await;
    assert_eq!(by(&tokens[0]["tokenId"]).await, ("CREATED CRM_SCENARIO".to_owned(), json!(1)));
    assert_eq!(by(&tokens[1]["tokenId"]).await, ("CREATED AGENT".to_owned(), json!(1)));
    assert_eq!(by(&json!("no id")).await, (String::new(), json!(0)));
}

async fn the_history_of_each_object_is_filtered(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let (step, agent) = (ana.steps(&scenario, "a").await.remove(0), ana.agent("Sofia").await);
    let rui = ana.membership("Rui").await;
    for id in [scenario, step, agent, rui] {
        let selected = "created: history(filter: { actions: [CREATED] }) { totalCount }
            deleted: history(filter: { actions: [DELETED] }) { totalCount nodes { id } }";
        let query = format!(
            "{{ node(id: \"{id}\") {{ ... on Agent {{ {selected} }} ... on CrmScenario {{ {selected} }}
                ... on CrmStep {{ {selected} }} ... on Membership {{ {selected} }} }} }}"
        );
        let node = ana.query(&query).await["node"].clone();
        assert_ne!(node["created"]["totalCount"], 0, "{node}");
        assert_eq!(node["deleted"], json!({ "totalCount": 0, "nodes": [] }));
    }
}

async fn filter_values_that_no_change_can_have_are_rejected(app: App) {
    let ana = app.member_of("Horizonte").await;
    for filter in [
        json!({ "since": "0000-01-01T00:00:00Z" }),
        json!({ "actions": vec!["CREATED"; 101] }),
        json!({ "subjectTypes": vec!["AGENT"; 101] }),
    ] {
        let query = "query ($filter: HistoryFilter) { viewer { organization {
            history(filter: $filter) { totalCount } } } }";
        let answer = ana.graphql(query, json!({ "filter": filter })).await;
        assert_eq!(answer.error_code(), "BAD_USER_INPUT");
    }
}

on_both_databases!(
    a_history_is_filtered_by_action_type_and_time,
    a_history_is_filtered_by_its_token,
    the_history_of_each_object_is_filtered,
    filter_values_that_no_change_can_have_are_rejected,
);
