//! Restoring deleted steps and scenarios: `restoreCrmStep` and `restoreCrmScenario`.

use std::collections::BTreeMap;

use crm_steps::domain::access_token::Scope;
use proptest::{
    collection::vec,
    prelude::{Strategy, any},
    sample::Index,
};
use serde_json::{Value, json};

use crate::{
    pipeline_spec,
    support::{
        App, Client, STEP_FIELDS, check_invariants, for_all, in_input, on_both_databases,
        violations,
    },
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

async fn restore_scenario(client: &Client, id: &str) -> Value {
    client.done("", &restoring_scenario(id), json!({})).await
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

/// Deletions, one after the other, and the places in this stack from which steps are restored.
fn deletions() -> impl Strategy<Value = (Vec<Index>, Vec<Index>)> {
    (vec(any::<Index>(), 1..6), vec(any::<Index>(), 6))
}

async fn the_reverse_order_gives_the_order_that_was_and_any_other_order_never_fails(app: App) {
    let ana = app.member_of("Horizonte").await;
    for_all(6, deletions(), async |(deletions, order)| {
        let timer = |target| json!({ "autoNextStepId": target, "autoNextTime": 1 });
        let (scenario, ids) = ana.pipeline("Sales", json!([{}, {}, {}, {}, {}])).await;
        for (index, target) in [(0, 3), (4, 1)] {
            let update = "updateCrmStep(id: $id, input: $input) { replayed }";
            let arguments = json!({ "id": ids[index], "input": timer(&ids[target]) });
            ana.done("($id: ID!, $input: UpdateCrmStepInput!)", update, arguments).await;
        }
        let delete_all = async || {
            let (mut left, mut stack) = (ids.clone(), Vec::new());
            for step in deletions.iter().take(ids.len() - 1) {
                let id = left.remove(step.index(left.len()));
                stack.push((steps(&ana, &scenario).await, id.clone()));
                delete(&ana, &id).await;
            }
            stack
        };
        for (before, id) in delete_all().await.into_iter().rev() {
            restore(&ana, &id).await;
            assert_eq!(steps(&ana, &scenario).await, before);
        }
        let mut deleted = delete_all().await;
        for place in order {
            if !deleted.is_empty() {
                let (_, id) = deleted.remove(place.index(deleted.len()));
                restore(&ana, &id).await;
            }
        }
        let targets: BTreeMap<String, Value> = steps(&ana, &scenario)
            .await
            .into_iter()
            .map(|step| {
                (step["id"].as_str().expect("an id").to_owned(), step["autoNextStepId"].clone())
            })
            .collect();
        assert_eq!(targets.len(), 5);
        assert_eq!((&targets[&ids[0]], &targets[&ids[4]]), (&json!(ids[3]), &json!(ids[1])));
        check_invariants(&app.database).await;
    })
    .await;
}

async fn a_step_comes_back_between_its_former_neighbours(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b c").await;
    delete(&ana, &ids[1]).await;
    ana.steps(&scenario, "d e").await;
    for (id, to) in [(&ids[2], "last"), (&ids[0], "first")] {
        let field = format!("moveCrmStep(id: \"{id}\", to: {{ {to}: true }}) {{ replayed }}");
        ana.done("", &field, json!({})).await;
    }
    assert_eq!(ana.names(&scenario).await, "a d e c");
    restore(&ana, &ids[1]).await;
    assert_eq!(ana.names(&scenario).await, "a b d e c");
}

async fn a_step_without_neighbours_comes_back_at_its_former_index(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b c").await;
    for id in [&ids[1], &ids[0], &ids[2]] {
        delete(&ana, id).await;
    }
    ana.steps(&scenario, "d e").await;
    restore(&ana, &ids[1]).await;
    assert_eq!(ana.names(&scenario).await, "d b e");
}

async fn a_step_comes_back_where_all_ranks_are_taken(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b c").await;
    delete(&ana, &ids[1]).await;
    app.leave_no_room().await;
    app.execute("UPDATE crm_scenario SET rank_generation = 1").await;
    app.execute("UPDATE crm_step SET rank_generation = 1").await;
    restore(&ana, &ids[1]).await;
    assert_eq!(ana.names(&scenario).await, "a b c");
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

/// Also with their timers, which lead to each other.
async fn steps_deleted_together_find_their_order_again(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, ids) = ana
        .pipeline(
            "Sales",
            json!([
                { "name": "a" },
                { "name": "b", "autoNextStepRef": "3", "autoNextTime": 1 },
                { "name": "c", "autoNextStepRef": "1", "autoNextTime": 1 },
                { "name": "d" },
                { "name": "e", "autoNextStepRef": "2", "autoNextTime": 1 },
            ]),
        )
        .await;
    let before = steps(&ana, &scenario).await;
    let delete = "deleteCrmSteps(ids: $ids) { deletedCrmStepIds }";
    for order in [[3, 1, 2], [1, 2, 3], [2, 3, 1]] {
        let deleted = json!({ "ids": [ids[3], ids[1], ids[2]] });
        ana.done("($ids: [ID!]!)", delete, deleted).await;
        assert_eq!(ana.names(&scenario).await, "a e");
        for step in order {
            restore(&ana, &ids[step]).await;
        }
        assert_eq!(steps(&ana, &scenario).await, before, "{order:?}");
        check_invariants(&app.database).await;
    }
}

async fn what_an_apply_deletes_can_be_restored(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, ids) = ana
        .pipeline(
            "Sales",
            json!([
                { "name": "a", "key": "a", "autoNextStepRef": "2", "autoNextTime": 1 },
                { "name": "b", "key": "b", "autoNextStepRef": "2", "autoNextTime": 1 },
                { "name": "c", "key": "c" },
                { "name": "d", "key": "d" },
            ]),
        )
        .await;
    let before = steps(&ana, &scenario).await;
    let mut spec = pipeline_spec::spec(&ana, &scenario).await;
    spec["id"] = json!(scenario);
    let steps_of_spec = spec["steps"].as_array_mut().expect("steps");
    steps_of_spec.retain(|step| ["a", "d"].contains(&step["name"].as_str().expect("a name")));
    for field in ["autoNextStepKey", "autoNextTime"] {
        steps_of_spec[0][field] = Value::Null;
    }
    let revision = format!("{{ crmScenario(id: \"{scenario}\") {{ revision }} }}");
    let revision = ana.query(&revision).await["crmScenario"]["revision"].clone();
    let apply = "applyCrmScenario(input: $input, expectedRevision: $revision) { replayed }";
    let types = "($input: ApplyCrmScenarioInput!, $revision: Int)";
    ana.done(types, apply, json!({ "input": spec, "revision": revision })).await;
    assert_eq!(ana.names(&scenario).await, "a d");
    // The last one was deleted first, so it is restored last.
    restore(&ana, &ids[1]).await;
    restore(&ana, &ids[2]).await;
    assert_eq!(steps(&ana, &scenario).await, before);
    check_invariants(&app.database).await;
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
    the_reverse_order_gives_the_order_that_was_and_any_other_order_never_fails,
    a_step_comes_back_between_its_former_neighbours,
    a_step_without_neighbours_comes_back_at_its_former_index,
    a_step_comes_back_where_all_ranks_are_taken,
    timers_lead_to_it_again_where_they_are_still_unset,
    what_is_gone_is_cleared_with_what_belongs_to_it,
    a_full_scenario_takes_no_step_back,
    only_what_is_deleted_and_ones_own_is_found,
    validating_restores_nothing,
    a_restored_scenario_has_the_steps_that_were_deleted_with_it,
    what_the_steps_of_a_restored_scenario_lack_is_listed,
    steps_deleted_together_find_their_order_again,
    what_an_apply_deletes_can_be_restored,
    the_id_of_what_can_be_restored_is_taken,
);
