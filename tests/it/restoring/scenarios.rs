//! Restoring scenarios with their steps.

use serde_json::{Value, json};

use super::{
    changes, codes, count_changes, delete, delete_scenario, rejected, restore, restoring_scenario,
    steps,
};
use crate::support::{App, Client, check_invariants, on_both_databases};

async fn restore_scenario(client: &Client, id: &str) -> Value {
    client.done("", &restoring_scenario(id), json!({})).await
}

async fn a_restored_scenario_has_the_steps_that_were_deleted_with_it(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, ids) = ana
        .pipeline(
            "Sales",
            json!([
                { "name": "a", "autoNextStepRef": "2", "autoNextTime": 1 },
                { "name": "b", "webhookUrl": "https://example.com", "webhookHeader": { "K": "v" } },
                { "name": "c" },
                { "name": "d", "autoNextTime": 1 },
            ]),
        )
        .await;
    delete(&ana, &ids[1]).await;
    let before = steps(&ana, &scenario).await;
    let revision = format!("{{ crmScenario(id: \"{scenario}\") {{ revision }} }}");
    let revision =
        ana.query(&revision).await["crmScenario"]["revision"].as_i64().expect("a number");
    let told = count_changes(&ana).await;
    delete_scenario(&ana, &scenario, 3).await;
    assert_eq!(
        changes(&ana, told).await,
        [
            json!(["DELETED", "a", false]),
            json!(["DELETED", "c", false]),
            json!(["DELETED", "d", false]),
            json!(["DELETED", "Sales", false]),
        ]
    );
    assert_eq!(rejected(&ana, &ids[1]).await, codes(&[("id", "NOT_FOUND")]), "restore it first");

    let told = count_changes(&ana).await;
    let mut restored = restore_scenario(&ana, &scenario).await;
    let revision_now = restored["crmScenario"]["revision"].take().as_i64().expect("a number");
    assert!(revision_now > revision);
    assert!(restored["crmScenarioEdge"]["cursor"].take().is_string());
    let nodes = json!([{ "id": ids[0] }, { "id": ids[2] }, { "id": ids[3] }]);
    assert_eq!(
        restored,
        json!({
            "crmScenario": {
                "id": scenario, "name": "Sales", "key": null, "version": 2, "revision": null,
                "steps": { "nodes": nodes },
            },
            "crmScenarioEdge": { "cursor": null, "node": { "id": scenario } },
            "crmStepsWithTimer": [{ "id": ids[0] }], "clearedFields": [],
            "userErrors": [], "replayed": false,
        })
    );
    assert_eq!(
        changes(&ana, told).await,
        [
            json!(["RESTORED", "Sales", true]),
            json!(["RESTORED", "a", true]),
            json!(["RESTORED", "c", true]),
            json!(["RESTORED", "d", true]),
        ]
    );
    assert_eq!(steps(&ana, &scenario).await, before);
    restore(&ana, &ids[1]).await;
    assert_eq!(ana.names(&scenario).await, "a b c d");
    assert_eq!(steps(&ana, &scenario).await[1]["webhookHeader"], json!({ "K": "v" }));
    let found = "{ crmScenarios(filter: { name: { contains: \"SALES\" } }) { totalCount } }";
    assert_eq!(ana.query(found).await["crmScenarios"]["totalCount"], 1);
    check_invariants(&app.database).await;
}

async fn what_the_steps_of_a_restored_scenario_lack_is_listed(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (agent, bruno) = (ana.agent("Sofia").await, ana.membership("Bruno").await);
    let input = json!({ "name": "Sales", "key": "sales" });
    let scenario = ana.create("createCrmScenario", "crmScenario", &input).await;
    let carla = ana.membership("Carla").await;
    let step = ana
        .crm_step(&json!({
            "scenarioId": scenario, "name": "a", "prompt": "a", "agentId": agent,
            "assigneeLogicType": "random_selected",
            "selectedMembershipIdsForAssignee": [bruno, carla],
        }))
        .await;
    let id = step["id"].as_str().expect("an id");
    delete_scenario(&ana, &scenario, 1).await;
    for field in [
        format!("deleteAgent(id: \"{agent}\") {{ replayed }}"),
        format!("deleteMembership(id: \"{bruno}\") {{ replayed }}"),
    ] {
        ana.done("", &field, json!({})).await;
    }
    ana.create("createCrmScenario", "crmScenario", &input).await;
    let restored = restore_scenario(&ana, &scenario).await;
    assert_eq!(restored["crmScenario"]["key"], Value::Null);
    assert_eq!(
        restored["clearedFields"],
        json!([
            "key",
            format!("steps.{id}.agentId"),
            format!("steps.{id}.selectedMembershipIdsForAssignee"),
        ])
    );
    let step = steps(&ana, &scenario).await.remove(0);
    assert_eq!(step["agentId"], Value::Null);
    assert_eq!(step["assigneeLogicType"], "random_selected");
    assert_eq!(step["selectedMembershipIdsForAssignee"], json!([carla]));
    check_invariants(&app.database).await;
}

on_both_databases!(
    a_restored_scenario_has_the_steps_that_were_deleted_with_it,
    what_the_steps_of_a_restored_scenario_lack_is_listed,
);
