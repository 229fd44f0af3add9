//! Restoring deleted steps and scenarios: `restoreCrmStep` and `restoreCrmScenario`.

mod order;
mod rejected;
mod scenarios;

use crm_steps::domain::access_token::Scope;
use serde_json::{Value, json};

use crate::support::{
    App, Client, STEP_FIELDS, check_invariants, in_input, on_both_databases, violations,
};

fn codes(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(field, code)| ((*field).to_owned(), (*code).to_owned())).collect()
}

async fn delete(client: &Client, id: &str) {
    client.done("", &format!("deleteCrmStep(id: \"{id}\") {{ replayed }}"), json!({})).await;
}

async fn delete_scenario(client: &Client, id: &str, steps: usize) {
    let field =
        format!("deleteCrmScenario(id: \"{id}\", expectedStepCount: {steps}) {{ replayed }}");
    client.done("", &field, json!({})).await;
}

fn restoring(id: &str) -> String {
    format!(
        "restoreCrmStep(id: \"{id}\") {{
            crmStep {{ id name index version }} crmStepEdge {{ cursor node {{ id }} }}
            crmScenario {{ id steps {{ totalCount }} }}
            crmStepsWithTimer {{ name index version autoNextTime autoNextTimeUnit autoNextStepId }}
            clearedFields }}"
    )
}

/// Restores a step that can be restored.
async fn restore(client: &Client, id: &str) -> Value {
    client.done("", &restoring(id), json!({})).await
}

/// The violations of restoring a step.
async fn rejected(client: &Client, id: &str) -> Vec<(String, String)> {
    let payload = client.call("", &restoring(id), json!({})).await;
    assert_eq!((&payload["crmStep"], &payload["crmStepEdge"]), (&Value::Null, &Value::Null));
    assert_eq!(
        (&payload["crmStepsWithTimer"], &payload["clearedFields"]),
        (&json!([]), &json!([]))
    );
    violations(&payload)
}

fn restoring_scenario(id: &str) -> String {
    format!(
        "restoreCrmScenario(id: \"{id}\") {{
            crmScenario {{ id name key version revision steps {{ nodes {{ id }} }} }}
            crmScenarioEdge {{ cursor node {{ id }} }} crmStepsWithTimer {{ id }} clearedFields }}"
    )
}

/// All steps of a scenario by their ids, as they were before what a restore changes.
async fn steps(client: &Client, scenario: &str) -> Vec<Value> {
    let query = format!(
        "{{ crmScenario(id: \"{scenario}\") {{ steps(first: 100) {{ nodes {{ {STEP_FIELDS} }} }} }} }}"
    );
    let mut scenario = client.query(&query).await["crmScenario"].take();
    let Value::Array(mut steps) = scenario["steps"]["nodes"].take() else { return vec![] };
    for step in &mut steps {
        step["updatedAt"].take();
    }
    steps
}

/// The changes of a scenario since the first ones: the action, and the name of what changed.
async fn changes(client: &Client, since: usize) -> Vec<Value> {
    let query =
        "{ viewer { organization { history(first: 100) { nodes { action before after } } } } }";
    let mut data = client.query(query).await;
    let Value::Array(mut changes) = data["viewer"]["organization"]["history"]["nodes"].take()
    else {
        panic!("no changes")
    };
    let told = |change: Value| {
        let state = if change["after"].is_null() { &change["before"] } else { &change["after"] };
        json!([change["action"], state["name"], change["before"].is_null()])
    };
    changes.drain(since..).map(told).collect()
}

async fn count_changes(client: &Client) -> usize {
    changes(client, 0).await.len()
}

async fn a_restored_step_is_what_it_was(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let (agent, bruno) = (ana.agent("Sofia").await, ana.membership("Bruno").await);
    let ids = ana.steps(&scenario, "first last").await;
    let step = ana
        .crm_step(&json!({
            "scenarioId": scenario, "name": "Ação", "key": "lead", "prompt": "a", "agentId": agent,
            "autoNextStepId": ids[0], "autoNextTime": 2, "autoNextTimeUnit": "h",
            "assigneeLogicType": "single_user", "selectedMembershipIdsForAssignee": [bruno],
            "defaultTags": ["new"], "webhookUrl": "https://example.com/",
            "webhookHeader": { "X-Key": "hunter2" },
        }))
        .await;
    let id = step["id"].as_str().expect("an id");
    ana.done(
        "",
        &format!("moveCrmStep(id: \"{id}\", to: {{ after: \"{}\" }}) {{ replayed }}", ids[0]),
        json!({}),
    )
    .await;
    let before = steps(&ana, &scenario).await;
    delete(&ana, id).await;
    let told = count_changes(&ana).await;

    let writer = app.bearer("Horizonte", &[Scope::Read, Scope::Write]).await;
    let mut restored = restore(&writer, id).await;
    assert!(restored["crmStepEdge"]["cursor"].take().is_string());
    assert_eq!(
        restored,
        json!({
            "crmStep": { "id": id, "name": "Ação", "index": 1, "version": 2 },
            "crmStepEdge": { "cursor": null, "node": { "id": id } },
            "crmScenario": { "id": scenario, "steps": { "totalCount": 3 } },
            "crmStepsWithTimer": [], "clearedFields": [], "userErrors": [], "replayed": false,
        })
    );
    assert_eq!(steps(&ana, &scenario).await, before);
    assert_eq!(changes(&ana, told).await, [json!(["RESTORED", "Ação", true])]);
    let found = "{ crmSteps(filter: { defaultTags: { has: \"NEW\" }, name: { contains: \"AÇÃO\" } }) { totalCount } }";
    assert_eq!(ana.query(found).await["crmSteps"]["totalCount"], 1, "it is found by folded text");
    assert_eq!(rejected(&ana, id).await, codes(&[("id", "NOT_FOUND")]));
    check_invariants(&app.database).await;
}

async fn timers_lead_to_it_again_where_they_are_still_unset(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let target = ana.steps(&scenario, "target").await.remove(0);
    let mut ids = vec![];
    for name in ["unset", "set", "removal", "deleted"] {
        let input = json!({
            "scenarioId": scenario, "name": name, "prompt": "a",
            "autoNextStepId": target, "autoNextTime": 2, "autoNextTimeUnit": "h",
        });
        ids.push(ana.crm_step(&input).await["id"].as_str().expect("an id").to_owned());
    }
    delete(&ana, &target).await;
    let update = async |id: &str, input: &str| {
        let field = format!("updateCrmStep(id: \"{id}\", input: {{ {input} }}) {{ replayed }}");
        ana.done("", &field, json!({})).await;
    };
    update(&ids[1], "autoNextTime: 5").await;
    update(&ids[2], "isConversationRemovalStep: true").await;
    delete(&ana, &ids[3]).await;
    let told = count_changes(&ana).await;
    let restored = restore(&ana, &target).await;
    assert_eq!(
        restored["crmStepsWithTimer"],
        json!([{
            "name": "unset", "index": 1, "version": 3,
            "autoNextStepId": target, "autoNextTime": 2, "autoNextTimeUnit": "h",
        }])
    );
    assert_eq!(
        changes(&ana, told).await,
        [json!(["RESTORED", "target", true]), json!(["UPDATED", "unset", false])]
    );
    assert_eq!(ana.names(&scenario).await, "target unset set removal");
    check_invariants(&app.database).await;
}

async fn what_is_gone_is_cleared_with_what_belongs_to_it(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let (agent, bruno) = (ana.agent("Sofia").await, ana.membership("Bruno").await);
    let target = ana.steps(&scenario, "target").await.remove(0);
    let step = ana
        .crm_step(&json!({
            "scenarioId": scenario, "name": "a", "key": "lead", "prompt": "a", "agentId": agent,
            "autoNextStepId": target, "autoNextTime": 2, "autoNextTimeUnit": "h",
            "assigneeLogicType": "single_user", "selectedMembershipIdsForAssignee": [bruno],
            "zapiAgentId": agent, "zapiPhoneNumber": "5511999999999", "zapiMessage": "Hi",
            "whatsappTemplateAgentId": agent, "whatsappTemplateName": "hello",
            "whatsappTemplateLanguageCode": "en", "whatsappTemplateText": "Hello",
        }))
        .await;
    let id = step["id"].as_str().expect("an id");
    delete(&ana, id).await;
    delete(&ana, &target).await;
    for field in [
        format!("deleteAgent(id: \"{agent}\") {{ replayed }}"),
        format!("deleteMembership(id: \"{bruno}\") {{ replayed }}"),
    ] {
        ana.done("", &field, json!({})).await;
    }
    ana.crm_step(&json!({ "scenarioId": scenario, "name": "b", "key": "lead", "prompt": "a" }))
        .await;
    let restored = restore(&ana, id).await;
    assert_eq!(
        restored["clearedFields"],
        json!([
            "key",
            "agentId",
            "autoNextStepId",
            "autoNextTime",
            "autoNextTimeUnit",
            "assigneeLogicType",
            "selectedMembershipIdsForAssignee",
            "zapiAgentId",
            "zapiPhoneNumber",
            "zapiMessage",
            "whatsappTemplateAgentId",
            "whatsappTemplateName",
            "whatsappTemplateLanguageCode",
            "whatsappTemplateText",
        ])
    );
    let left = steps(&ana, &scenario).await.remove(1);
    let plain = ana.crm_step(&json!({ "scenarioId": scenario, "name": "a", "prompt": "a" })).await;
    for (field, value) in plain.as_object().expect("a step") {
        if !["id", "index", "updatedAt"].contains(&field.as_str()) {
            assert_eq!(left[field], *value, "{field}");
        }
    }
    // With its target the timer comes back.
    let restored = restore(&ana, &target).await;
    assert_eq!(restored["crmStepsWithTimer"][0]["name"], "a");
    check_invariants(&app.database).await;
}

async fn a_full_scenario_takes_no_step_back(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b").await;
    delete(&ana, &ids[0]).await;
    let before = app.contents().await;
    let limited = app.set_up(&["--max-steps-per-scenario", "1"]).with_token_of(&ana);
    assert_eq!(rejected(&limited, &ids[0]).await, codes(&[("id", "SCENARIO_FULL")]));
    let payload = limited.call("", &restoring(&ids[0]), json!({})).await;
    assert_eq!(payload["crmScenario"], json!({ "id": scenario, "steps": { "totalCount": 1 } }));
    assert_eq!(app.contents().await, before);
    restore(&ana, &ids[0]).await;
    delete_scenario(&ana, &scenario, 2).await;
    let before = app.contents().await;
    let payload = limited.call("", &restoring_scenario(&scenario), json!({})).await;
    assert_eq!(violations(&payload), codes(&[("id", "SCENARIO_FULL")]));
    assert_eq!(app.contents().await, before);
}

async fn only_what_is_deleted_and_ones_own_is_found(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Evil").await);
    let (scenario, other) = (ana.scenario("Sales").await, ana.scenario("Support").await);
    let ids = ana.steps(&scenario, "living deleted").await;
    let of_other = ana.steps(&other, "a").await;
    delete(&ana, &ids[1]).await;
    delete_scenario(&ana, &other, 1).await;
    let before = app.contents().await;
    let not_found = codes(&[("id", "NOT_FOUND")]);
    let unknown = "019a0000-0000-7000-8000-000000000001";
    for id in [&ids[0], &scenario, &other, &of_other[0], unknown, "no id"] {
        assert_eq!(rejected(&ana, id).await, not_found, "{id}");
    }
    assert_eq!(rejected(&eve, &ids[1]).await, not_found);
    for id in [&scenario, &ids[1], &of_other[0], unknown, "no id"] {
        let payload = ana.call("", &restoring_scenario(id), json!({})).await;
        assert_eq!(violations(&payload), not_found, "{id}");
        assert_eq!(
            (&payload["crmScenario"], &payload["clearedFields"]),
            (&Value::Null, &json!([]))
        );
    }
    let hers = eve.call("", &restoring_scenario(&other), json!({})).await;
    assert_eq!(violations(&hers), not_found);
    assert_eq!(app.contents().await, before);
}

async fn validating_restores_nothing(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, other) = (ana.scenario("Sales").await, ana.scenario("Support").await);
    let id = ana.steps(&scenario, "a").await.remove(0);
    delete(&ana, &id).await;
    delete_scenario(&ana, &other, 0).await;
    let before = app.contents().await;
    let only = |field: String| field.replacen(") {", ", validateOnly: true) {", 1);
    let validated = ana.done("", &only(restoring(&id)), json!({})).await;
    assert_eq!((&validated["crmStep"], &validated["crmStepEdge"]), (&Value::Null, &Value::Null));
    assert_eq!(validated["crmScenario"], json!({ "id": scenario, "steps": { "totalCount": 0 } }));
    let validated = ana.done("", &only(restoring_scenario(&other)), json!({})).await;
    assert_eq!(validated["crmScenario"], Value::Null);
    assert_eq!(app.contents().await, before);
}

/// Also after the history that had them is purged.
async fn the_id_of_what_can_be_restored_is_taken(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, other) = (ana.scenario("Sales").await, ana.scenario("Support").await);
    let id = ana.steps(&scenario, "a").await.remove(0);
    delete(&ana, &id).await;
    delete_scenario(&ana, &other, 0).await;
    app.execute("DELETE FROM change").await;
    let before = app.contents().await;
    for id in [&id, &other] {
        let input = json!({ "id": id, "scenarioId": scenario, "name": "b", "prompt": "b" });
        let rejected = ana.create_crm_step(&input).await;
        assert_eq!(rejected.violations(), in_input(&[("id", "ID_TAKEN")]));
    }
    assert_eq!(app.contents().await, before);
    restore(&ana, &id).await;
}

on_both_databases!(
    a_restored_step_is_what_it_was,
    timers_lead_to_it_again_where_they_are_still_unset,
    what_is_gone_is_cleared_with_what_belongs_to_it,
    a_full_scenario_takes_no_step_back,
    only_what_is_deleted_and_ones_own_is_found,
    validating_restores_nothing,
    the_id_of_what_can_be_restored_is_taken,
);
