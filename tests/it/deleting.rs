//! Deletes: what is deleted together, and what cannot be deleted. Also copies of scenarios.

use serde_json::{Value, json};

use crate::support::{App, on_both_databases, violations};

fn codes(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(field, code)| ((*field).to_owned(), (*code).to_owned())).collect()
}

async fn a_deleted_step_leaves_no_gap_and_no_timer_that_targets_it(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let target = ana.steps(&scenario, "first target last").await[1].clone();
    for (name, timer) in [
        ("there", json!({ "autoNextStepId": target, "autoNextTime": 2, "autoNextTimeUnit": "h" })),
        ("following", json!({ "autoNextTime": 5 })),
    ] {
        let mut input = json!({ "scenarioId": scenario, "name": name, "prompt": "a" });
        input
            .as_object_mut()
            .expect("an object")
            .extend(timer.as_object().expect("an object").clone());
        ana.crm_step(&input).await;
    }
    let impact = ana
        .query(&format!(
            "{{ deletionImpact(id: \"{target}\") {{ isAllowed deletedCrmStepCount
                crmStepsWithoutTimerCount crmStepsWithoutTimer {{ name }} usedByCount }} }}"
        ))
        .await;
    assert_eq!(
        impact["deletionImpact"],
        json!({
            "isAllowed": true, "deletedCrmStepCount": 1, "crmStepsWithoutTimerCount": 1,
            "crmStepsWithoutTimer": [{ "name": "there" }], "usedByCount": 0,
        })
    );

    let field = format!(
        "deleteCrmStep(id: \"{target}\") {{ deletedCrmStepId crmScenario {{ id steps {{ totalCount }} }}
            crmStepsWithoutTimer {{ name index version autoNextStepId autoNextTime autoNextTimeUnit }} }}"
    );
    let before = app.contents().await;
    let validated = ana.done("", &field.replacen(')', ", validateOnly: true)", 1), json!({})).await;
    assert_eq!(validated["deletedCrmStepId"], Value::Null);
    assert_eq!(
        validated["crmStepsWithoutTimer"],
        json!([{
            "name": "there", "index": 3, "version": 1,
            "autoNextStepId": target, "autoNextTime": 2, "autoNextTimeUnit": "h",
        }]),
        "as it is stored"
    );
    assert_eq!(app.contents().await, before);
    let deleted = ana.done("", &field, json!({})).await;
    assert_eq!(deleted["deletedCrmStepId"], target.as_str());
    assert_eq!(deleted["crmScenario"], json!({ "id": scenario, "steps": { "totalCount": 4 } }));
    assert_eq!(
        deleted["crmStepsWithoutTimer"],
        json!([{
            "name": "there", "index": 2, "version": 2,
            "autoNextStepId": null, "autoNextTime": null, "autoNextTimeUnit": null,
        }])
    );
    assert_eq!(ana.names(&scenario).await, "first last there following");
    let query = format!(
        "{{ crmStep(id: \"{target}\") {{ id }} crmSteps(filter: {{ hasTimer: true }}) {{ nodes {{ name autoNextTime }} }} }}"
    );
    assert_eq!(
        ana.query(&query).await,
        json!({ "crmStep": null, "crmSteps": { "nodes": [{ "name": "following", "autoNextTime": 5 }] } })
    );
    let again = ana.call("", &field, json!({})).await;
    assert_eq!(violations(&again), codes(&[("id", "NOT_FOUND")]));
}

async fn a_stale_version_rejects_a_delete(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let id = ana.steps(&scenario, "a").await.remove(0);
    let before = app.contents().await;
    let field = format!(
        "deleteCrmStep(id: \"{id}\", expectedVersion: 2) {{ deletedCrmStepId currentCrmStep {{ version }} }}"
    );
    let refused = ana.call("", &field, json!({})).await;
    assert_eq!(violations(&refused), codes(&[("expectedVersion", "STALE_VERSION")]));
    assert_eq!(refused["deletedCrmStepId"], Value::Null);
    assert_eq!(refused["currentCrmStep"], json!({ "version": 1 }));
    let field = format!("deleteCrmStep(id: \"{id}\", validateOnly: true) {{ deletedCrmStepId }}");
    let validated = ana.done("", &field, json!({})).await;
    assert_eq!(validated["deletedCrmStepId"], Value::Null);
    assert_eq!(app.contents().await, before);
}

async fn deleting_a_scenario_needs_the_count_of_its_steps(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Evil").await);
    let (scenario, other) = (ana.scenario("Sales").await, ana.scenario("Support").await);
    let ids = ana.steps(&scenario, "a b c").await;
    ana.done(
        "",
        &format!("updateCrmStep(id: \"{}\", input: {{ autoNextStepId: \"{}\", autoNextTime: 1 }}) {{ crmStep {{ id }} }}", ids[0], ids[2]),
        json!({}),
    )
    .await;
    ana.steps(&other, "d").await;
    let before = app.contents().await;
    let types = "($count: Int!)";
    let field = format!(
        "deleteCrmScenario(id: \"{scenario}\", expectedStepCount: $count) {{
            deletedCrmScenarioId deletedCrmStepIds currentCrmScenario {{ steps {{ totalCount }} }} }}"
    );
    let refused = ana.call(types, &field, json!({ "count": 2 })).await;
    assert_eq!(violations(&refused), codes(&[("expectedStepCount", "STEP_COUNT_MISMATCH")]));
    assert_eq!(refused["currentCrmScenario"], json!({ "steps": { "totalCount": 3 } }));
    let outdated = field.replace("$count", "2, expectedVersion: 7");
    let refused = ana.call("", &outdated, json!({})).await;
    let stale_both =
        [("expectedVersion", "STALE_VERSION"), ("expectedStepCount", "STEP_COUNT_MISMATCH")];
    assert_eq!(violations(&refused), codes(&stale_both));
    let not_hers = eve.call(types, &field, json!({ "count": 3 })).await;
    assert_eq!(violations(&not_hers), codes(&[("id", "NOT_FOUND")]));
    assert_eq!(app.contents().await, before, "rejected calls change nothing");

    let impact = ana
        .query(&format!(
            "{{ deletionImpact(id: \"{scenario}\") {{ isAllowed deletedCrmStepCount }} }}"
        ))
        .await;
    assert_eq!(impact["deletionImpact"], json!({ "isAllowed": true, "deletedCrmStepCount": 3 }));
    let deleted = ana.done(types, &field, json!({ "count": 3 })).await;
    assert_eq!(deleted["deletedCrmScenarioId"], scenario.as_str());
    assert_eq!(deleted["deletedCrmStepIds"], json!(ids));
    let left = ana.query("{ crmScenarios { nodes { name } } crmSteps { nodes { name } } }").await;
    assert_eq!(
        left,
        json!({ "crmScenarios": { "nodes": [{ "name": "Support" }] }, "crmSteps": { "nodes": [{ "name": "d" }] } })
    );
}

async fn the_steps_that_use_an_agent_or_a_membership_are_counted(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Evil").await);
    let (sofia, sol) = (ana.agent("Sofia").await, ana.agent("Sol").await);
    let (bruno, carla) = (ana.membership("Bruno").await, ana.membership("Carla").await);
    let zapi = json!({
        "agentId": sofia, "zapiAgentId": sofia, "zapiPhoneNumber": "12345678", "zapiMessage": "a",
    });
    let template = json!({
        "agentId": sol, "whatsappTemplateAgentId": sofia, "whatsappTemplateName": "a",
        "whatsappTemplateLanguageCode": "en",
    });
    let assigned = json!({
        "assigneeLogicType": "random_selected", "selectedMembershipIdsForAssignee": [bruno, carla],
    });
    let second = json!({
        "assigneeLogicType": "single_user", "selectedMembershipIdsForAssignee": [carla],
    });
    ana.pipeline("Sales", json!([zapi, template, assigned, second])).await;
    ana.agent("Unused").await;
    eve.pipeline("Theirs", json!([{ "agentId": eve.agent("Sofia").await }])).await;
    let query =
        "{ agents { nodes { name usedByCount } } memberships { nodes { name usedByCount } } }";
    assert_eq!(
        ana.query(query).await,
        json!({
            "agents": { "nodes": [
                { "name": "Sofia", "usedByCount": 2 }, { "name": "Sol", "usedByCount": 1 },
                { "name": "Unused", "usedByCount": 0 },
            ] },
            "memberships": { "nodes": [
                { "name": "Bruno", "usedByCount": 1 }, { "name": "Carla", "usedByCount": 2 },
            ] },
        })
    );
}

async fn agents_and_memberships_in_use_are_not_deleted(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, agent, bruno) =
        (ana.scenario("Sales").await, ana.agent("Sofia").await, ana.membership("Bruno").await);
    for fields in [
        json!({ "name": "takes over", "agentId": agent }),
        json!({ "name": "by zapi", "zapiAgentId": agent, "zapiPhoneNumber": "12345678", "zapiMessage": "a" }),
        json!({ "name": "by template", "whatsappTemplateAgentId": agent, "whatsappTemplateName": "a", "whatsappTemplateLanguageCode": "en" }),
        json!({ "name": "assigns", "assigneeLogicType": "single_user", "selectedMembershipIdsForAssignee": [bruno] }),
    ] {
        let mut input = json!({ "scenarioId": scenario, "prompt": "a" });
        input
            .as_object_mut()
            .expect("an object")
            .extend(fields.as_object().expect("an object").clone());
        ana.crm_step(&input).await;
    }
    let before = app.contents().await;
    for (resource, id, users) in [
        ("Agent", &agent, vec!["takes over", "by zapi", "by template"]),
        ("Membership", &bruno, vec!["assigns"]),
    ] {
        let users: Vec<_> = users.iter().map(|name| json!({ "name": name })).collect();
        let field =
            format!("delete{resource}(id: \"{id}\") {{ deleted{resource}Id usedBy {{ name }} }}");
        let refused = ana.call("", &field, json!({})).await;
        assert_eq!(violations(&refused), codes(&[("id", "IN_USE")]));
        assert_eq!(refused["usedBy"], json!(users));
        assert_eq!(
            refused["userErrors"][0]["params"],
            json!([{ "name": "count", "value": users.len().to_string() }])
        );
        let impact = ana
            .query(&format!(
                "{{ deletionImpact(id: \"{id}\") {{ isAllowed usedByCount usedBy {{ name }} }} }}"
            ))
            .await;
        assert_eq!(
            impact["deletionImpact"],
            json!({ "isAllowed": false, "usedByCount": users.len(), "usedBy": users })
        );
    }
    assert_eq!(app.contents().await, before, "rejected calls change nothing");

    ana.done(
        "",
        &format!(
            "deleteCrmScenario(id: \"{scenario}\", expectedStepCount: 4) {{ deletedCrmScenarioId }}"
        ),
        json!({}),
    )
    .await;
    let deleted = ana
        .done("", &format!("deleteAgent(id: \"{agent}\") {{ deletedAgentId }}"), json!({}))
        .await;
    assert_eq!(deleted["deletedAgentId"], agent.as_str());
    let deleted = ana
        .done(
            "",
            &format!("deleteMembership(id: \"{bruno}\") {{ deletedMembershipId }}"),
            json!({}),
        )
        .await;
    assert_eq!(deleted["deletedMembershipId"], bruno.as_str());
    let nothing =
        format!("{{ deletionImpact(id: \"{agent}\") {{ subjectId }} agents {{ totalCount }} }}");
    assert_eq!(
        ana.query(&nothing).await,
        json!({ "deletionImpact": null, "agents": { "totalCount": 0 } })
    );
}

async fn a_copy_of_a_scenario_is_complete_and_refers_to_its_own_steps(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, bruno) = (ana.scenario("Sales").await, ana.membership("Bruno").await);
    let ids = ana.steps(&scenario, "a b c").await;
    let types = "($id: ID!, $input: UpdateCrmStepInput!)";
    let update = "updateCrmStep(id: $id, input: $input) { crmStep { id } }";
    for (id, input) in [
        (
            &ids[0],
            json!({ "autoNextStepId": ids[2], "autoNextTime": 1, "autoNextTimeUnit": "d", "defaultTags": ["vip"] }),
        ),
        (&ids[2], json!({ "autoNextStepId": ids[1], "autoNextTime": 3 })),
        (
            &ids[1],
            json!({ "assigneeLogicType": "single_user", "selectedMembershipIdsForAssignee": [bruno] }),
        ),
    ] {
        ana.done(types, update, json!({ "id": id, "input": input })).await;
    }
    let fields = "name index autoNextTime autoNextTimeUnit autoNextStep { name scenarioId }
        selectedMembershipIdsForAssignee defaultTags version";
    let field = format!(
        "duplicateCrmScenario(id: \"{scenario}\") {{ crmScenario {{ id name steps {{ totalCount nodes {{ {fields} }} }} }} crmScenarioEdge {{ cursor }} }}"
    );
    let copy = ana.done("", &field, json!({})).await["crmScenario"].clone();
    assert_eq!(copy["name"], "Sales (copy)");
    let step = |name: &str, index: i32, time: Value, unit: Value, next: Value| {
        let next =
            if next.is_null() { next } else { json!({ "name": next, "scenarioId": copy["id"] }) };
        json!({
            "name": name, "index": index, "autoNextTime": time, "autoNextTimeUnit": unit,
            "autoNextStep": next, "version": 1,
            "selectedMembershipIdsForAssignee": if name == "b" { json!([bruno]) } else { Value::Null },
            "defaultTags": if name == "a" { json!(["vip"]) } else { Value::Null },
        })
    };
    assert_eq!(
        copy["steps"],
        json!({ "totalCount": 3, "nodes": [
            step("a", 0, json!(1), json!("d"), json!("c")),
            step("b", 1, Value::Null, Value::Null, Value::Null),
            step("c", 2, json!(3), Value::Null, json!("b")),
        ] })
    );
    assert_eq!(ana.names(&scenario).await, "a b c", "the original is unchanged");
    // The copy is an ordinary scenario: steps can be added.
    let id = copy["id"].as_str().expect("an id");
    ana.steps(id, "d").await;
    assert_eq!(ana.names(id).await, "a b c d");
    let tagged =
        ana.query("{ crmSteps(filter: { defaultTags: { has: \"vip\" } }) { totalCount } }").await;
    assert_eq!(tagged["crmSteps"]["totalCount"], 2);

    let named = format!(
        "duplicateCrmScenario(id: \"{scenario}\", name: \" Mine \") {{ crmScenario {{ name }} }}"
    );
    assert_eq!(ana.done("", &named, json!({})).await["crmScenario"]["name"], "Mine");
    let before = app.contents().await;
    let blank = format!(
        "duplicateCrmScenario(id: \"{scenario}\", name: \" \") {{ crmScenario {{ name }} }}"
    );
    assert_eq!(violations(&ana.call("", &blank, json!({})).await), codes(&[("name", "BLANK")]));
    let unknown = "duplicateCrmScenario(id: \"nonsense\") { crmScenario { name } }";
    assert_eq!(violations(&ana.call("", unknown, json!({})).await), codes(&[("id", "NOT_FOUND")]));
    assert_eq!(app.contents().await, before);
}

/// More rows than fit into one statement, and more history than fits into two.
async fn a_scenario_of_thousands_of_steps_is_copied_and_deleted(app: App) {
    const COUNT: usize = 6_000;
    let app = app.set_up(&["--max-steps-per-scenario", "6000"]);
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let of_call: Vec<Value> = (0..100)
        .map(|number| json!({ "scenarioId": scenario, "name": number.to_string(), "prompt": "a" }))
        .collect();
    let types = "($inputs: [CreateCrmStepsInput!]!)";
    let create = "createCrmSteps(inputs: $inputs) { crmSteps { id } }";
    let mut ids = vec![];
    while ids.len() < COUNT {
        let created = ana.done(types, create, json!({ "inputs": of_call })).await;
        ids.extend(created["crmSteps"].as_array().expect("steps").clone());
    }
    let timer = json!({ "autoNextStepId": ids[COUNT - 1]["id"], "autoNextTime": 1 });
    ana.done(
        "($id: ID!, $input: UpdateCrmStepInput!)",
        "updateCrmStep(id: $id, input: $input) { crmStep { id } }",
        json!({ "id": ids[0]["id"], "input": timer }),
    )
    .await;

    let copy = format!(
        "duplicateCrmScenario(id: \"{scenario}\") {{ crmScenario {{ id
            steps(first: 1) {{ totalCount nodes {{ autoNextStep {{ index scenarioId }} }} }} }} }}"
    );
    let copy = ana.done("", &copy, json!({})).await["crmScenario"].clone();
    let next = json!({ "index": COUNT - 1, "scenarioId": copy["id"] });
    assert_eq!(copy["steps"], json!({ "totalCount": COUNT, "nodes": [{ "autoNextStep": next }] }));
    let step = "nodes { subject { ... on CrmStep { index } } }";
    let history = ana
        .query(&format!(
            "{{ crmScenario(id: {}) {{ first: history(first: 2) {{ {step} }} last: history(last: 2) {{ {step} }} }} }}",
            copy["id"]
        ))
        .await["crmScenario"]
        .clone();
    let subjects = |indexes: [Value; 2]| json!({ "nodes": indexes.map(|subject| json!({ "subject": subject })) });
    assert_eq!(history["first"], subjects([json!({}), json!({ "index": 0 })]));
    let last = [json!({ "index": COUNT - 2 }), json!({ "index": COUNT - 1 })];
    assert_eq!(history["last"], subjects(last), "the history is in the order of the steps");
    let delete = format!(
        "deleteCrmScenario(id: \"{scenario}\", expectedStepCount: {COUNT}) {{ deletedCrmScenarioId }}"
    );
    ana.done("", &delete, json!({})).await;
    let left = ana
        .query("{ crmSteps { totalCount } viewer { organization { history { totalCount } } } }")
        .await;
    // All steps were created twice and deleted once, the first one was changed, and there were
    // a scenario, its copy and the end of it.
    assert_eq!(left["crmSteps"]["totalCount"], COUNT);
    assert_eq!(left["viewer"]["organization"]["history"]["totalCount"], 3 * COUNT + 1 + 3);
}

on_both_databases!(
    a_deleted_step_leaves_no_gap_and_no_timer_that_targets_it,
    a_stale_version_rejects_a_delete,
    deleting_a_scenario_needs_the_count_of_its_steps,
    the_steps_that_use_an_agent_or_a_membership_are_counted,
    agents_and_memberships_in_use_are_not_deleted,
    a_copy_of_a_scenario_is_complete_and_refers_to_its_own_steps,
    a_scenario_of_thousands_of_steps_is_copied_and_deleted,
);
