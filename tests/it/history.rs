//! The history: every change once, with its token, and immutable.

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use crate::support::{App, on_both_databases};

const CHANGE: &str = "action subjectType subjectId tokenName happenedAt before after";

async fn the_history_of_a_step_has_its_fields_before_and_after(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b").await;
    let id = &ids[1];
    for field in [
        format!("updateCrmStep(id: \"{id}\", input: {{ name: \"B\" }}) {{ replayed }}"),
        format!("moveCrmStep(id: \"{id}\", to: {{ first: true }}) {{ replayed }}"),
    ] {
        ana.done("", &field, json!({})).await;
    }
    let query = format!(
        "{{ crmStep(id: \"{id}\") {{ version history {{ totalCount nodes {{ {CHANGE} subject {{ id }} }} }} }} }}"
    );
    let step = ana.query(&query).await["crmStep"].clone();
    assert_eq!(step["version"], 2);
    let history = &step["history"];
    assert_eq!(history["totalCount"], 3);
    let told: Vec<Value> = history["nodes"]
        .as_array()
        .expect("nodes")
        .iter()
        .map(|change| {
            assert_eq!(change["subjectId"], id.as_str());
            assert_eq!(change["subject"]["id"], id.as_str());
            assert_eq!(change["tokenName"], "test");
            assert_eq!(change["happenedAt"], "2026-11-22T18:20:00.123456Z");
            let of = |snapshot: &Value| {
                json!([snapshot["name"], snapshot["index"], snapshot["version"]])
            };
            json!([change["action"], of(&change["before"]), of(&change["after"])])
        })
        .collect();
    assert_eq!(
        told,
        [
            json!(["CREATED", [null, null, null], ["b", 1, 1]]),
            json!(["UPDATED", ["b", 1, 1], ["B", 1, 2]]),
            json!(["MOVED", ["B", 1, 2], ["B", 0, 2]]),
        ]
    );
}

async fn snapshots_have_the_times_of_the_row(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let agent = ana.agent("Sofia").await;
    let (step, bruno) = (ana.steps(&scenario, "a").await.remove(0), ana.membership("Bruno").await);
    for id in [scenario, agent, step, bruno] {
        let of = "__typename createdAt updatedAt history { nodes { after } }";
        let query = format!(
            "{{ node(id: \"{id}\") {{ ... on Agent {{ {of} }} ... on CrmScenario {{ {of} }}
                ... on CrmStep {{ {of} }} ... on Membership {{ {of} }} }} }}"
        );
        let thing = ana.query(&query).await["node"].clone();
        let after = &thing["history"]["nodes"][0]["after"];
        let of_type = thing["__typename"].as_str().expect("a type");
        let published = ana.fields_of(of_type).await;
        let after_fields = after.as_object().expect("an object");
        for field in after_fields.keys() {
            assert!(published.contains(field), "the history publishes {field}");
        }
        for field in ana.fields_of(&format!("Create{of_type}Input")).await {
            assert!(after_fields.contains_key(&field), "the history of {of_type} has no {field}");
        }
        for time in ["createdAt", "updatedAt"] {
            assert_eq!(thing[time], "2026-11-22T18:20:00.123456Z");
            assert_eq!(after[time], thing[time], "{after}");
        }
    }
}

async fn the_history_of_a_scenario_includes_deleted_steps(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b").await;
    for field in [
        format!(
            "updateCrmStep(id: \"{}\", input: {{ autoNextStepId: \"{}\", autoNextTime: 1 }}) {{ replayed }}",
            ids[0], ids[1]
        ),
        format!("deleteCrmStep(id: \"{}\") {{ replayed }}", ids[1]),
        format!(
            "updateCrmScenario(id: \"{scenario}\", input: {{ description: \"x\" }}) {{ replayed }}"
        ),
    ] {
        ana.done("", &field, json!({})).await;
    }
    ana.scenario("Another").await;
    let query = format!(
        "{{ crmScenario(id: \"{scenario}\") {{ history(last: 4) {{ totalCount nodes {{ action subjectType after subject {{ id }} }} pageInfo {{ hasPreviousPage }} }} }} }}"
    );
    let history = ana.query(&query).await["crmScenario"]["history"].clone();
    assert_eq!(
        (&history["totalCount"], &history["pageInfo"]["hasPreviousPage"]),
        (&json!(7), &json!(true))
    );
    let told: Vec<Value> = history["nodes"]
        .as_array()
        .expect("nodes")
        .iter()
        .map(|change| {
            json!([
                change["action"],
                change["subjectType"],
                change["after"]["autoNextTime"],
                change["subject"].is_null()
            ])
        })
        .collect();
    assert_eq!(
        told,
        [
            json!(["UPDATED", "CRM_STEP", 1, false]),
            json!(["UPDATED", "CRM_STEP", null, false]),
            json!(["DELETED", "CRM_STEP", null, true]),
            json!(["UPDATED", "CRM_SCENARIO", null, false]),
        ]
    );
}

async fn agents_memberships_and_the_organization_have_a_history(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Evil").await);
    let (agent, bruno) = (ana.agent("Sofia").await, ana.membership("Bruno").await);
    ana.done(
        "",
        &format!("updateAgent(id: \"{agent}\", input: {{ name: \"Sol\" }}) {{ replayed }}"),
        json!({}),
    )
    .await;
    ana.done("", &format!("deleteMembership(id: \"{bruno}\") {{ replayed }}"), json!({})).await;
    let query = "{ agents { nodes { history { totalCount nodes { action after } } } }
        viewer { organization { history { totalCount nodes { action subjectType before } } } } }";
    let data = ana.query(query).await;
    let of_agent = &data["agents"]["nodes"][0]["history"];
    assert_eq!(
        (&of_agent["totalCount"], &of_agent["nodes"][1]["after"]["name"]),
        (&json!(2), &json!("Sol"))
    );
    let of_all = &data["viewer"]["organization"]["history"];
    assert_eq!(of_all["totalCount"], 4);
    assert_eq!(of_all["nodes"][3]["before"]["email"], "somebody@example.com");
    let nothing =
        eve.query("{ viewer { organization { history { totalCount nodes { id } } } } }").await;
    assert_eq!(
        nothing["viewer"]["organization"]["history"],
        json!({ "totalCount": 0, "nodes": [] })
    );
}

async fn rejected_and_validated_calls_are_not_recorded(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    ana.create_crm_step(&json!({ "scenarioId": scenario, "name": "" })).await;
    ana.validate_crm_step(&json!({ "scenarioId": scenario, "name": "a", "prompt": "b" })).await;
    let count = ana.query("{ viewer { organization { history { totalCount } } } }").await;
    assert_eq!(count["viewer"]["organization"]["history"]["totalCount"], 1);
}

async fn header_values_are_masked_in_the_history(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let step = ana
        .crm_step(&json!({
            "scenarioId": scenario, "name": "a", "prompt": "b", "webhookUrl": "https://example.com",
            "webhookHeader": { "X-Key": "hunter2" },
        }))
        .await;
    assert_eq!(step["webhookHeader"], json!({ "X-Key": "hunter2" }));
    let query = format!(
        "{{ crmScenario(id: \"{scenario}\") {{ history {{ nodes {{ before after }} }} }} }}"
    );
    let answer = ana.graphql(&query, json!({})).await;
    assert!(!answer.text.contains("hunter2"), "{}", answer.text);
    let after = answer.data()["crmScenario"]["history"]["nodes"][1]["after"].clone();
    assert_eq!(after["webhookHeader"], json!({ "X-Key": "***" }));
    assert!(after.get("organizationId").is_none() && after.get("rank").is_none(), "{after}");
}

async fn history_rows_cannot_be_changed(app: App) {
    let ana = app.member_of("Horizonte").await;
    ana.scenario("Sales").await;
    let before = app.contents().await;
    let transaction = app.database.write().await.expect("a transaction begins");
    let refused = transaction.execute_unprepared("UPDATE change SET token_name = 'x'").await;
    let error = refused.expect_err("it is refused").to_string();
    assert!(error.contains("changes are not updated"), "{error}");
    transaction.rollback().await.expect("it rolls back");
    assert_eq!(app.contents().await, before);
}

on_both_databases!(
    snapshots_have_the_times_of_the_row,
    the_history_of_a_step_has_its_fields_before_and_after,
    the_history_of_a_scenario_includes_deleted_steps,
    agents_memberships_and_the_organization_have_a_history,
    rejected_and_validated_calls_are_not_recorded,
    header_values_are_masked_in_the_history,
    history_rows_cannot_be_changed,
);
