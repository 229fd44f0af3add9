//! The scenario in the payloads of calls that change steps.

use serde_json::{Value, json};

use crate::support::{App, Client, on_both_databases};

/// A mutation, with the scenario selected in its payload.
async fn call(client: &Client, mutation: &str) -> Value {
    let field = format!("{mutation} {{ crmScenario {{ id revision stepCount }} }}");
    client.call("", &field, json!({})).await
}

async fn scenario_now(client: &Client, id: &str) -> Value {
    let query = format!("{{ crmScenario(id: \"{id}\") {{ id revision stepCount }} }}");
    client.query(&query).await["crmScenario"].clone()
}

async fn it_is_as_it_is_after_the_change(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b c").await;
    let new = format!("{{ scenarioId: \"{scenario}\", name: \"d\", prompt: \"d\" }}");
    let mut last = scenario_now(&ana, &scenario).await["revision"].clone();
    for mutation in [
        format!("createCrmStep(input: {new})"),
        format!("createCrmStep(input: {new}, to: {{ first: true }})"),
        format!("updateCrmStep(id: \"{}\", input: {{ name: \"A\" }})", ids[0]),
        format!("moveCrmStep(id: \"{}\", to: {{ first: true }})", ids[0]),
        format!("deleteCrmStep(id: \"{}\")", ids[2]),
        format!("restoreCrmStep(id: \"{}\")", ids[2]),
    ] {
        let payload = call(&ana, &mutation).await;
        assert_eq!(payload["userErrors"], json!([]), "{mutation}");
        assert_eq!(payload["crmScenario"], scenario_now(&ana, &scenario).await, "{mutation}");
        assert!(payload["crmScenario"]["revision"].as_i64() > last.as_i64(), "{mutation}");
        last = payload["crmScenario"]["revision"].clone();
    }
}

async fn it_is_there_beside_user_errors_and_if_the_call_only_validates(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let id = ana.steps(&scenario, "a").await.remove(0);
    let (now, before) = (scenario_now(&ana, &scenario).await, app.contents().await);
    let new =
        |name: &str| format!("{{ scenarioId: \"{scenario}\", name: \"{name}\", prompt: \"d\" }}");
    for mutation in [
        format!("createCrmStep(input: {})", new("")),
        format!("createCrmStep(input: {}, expectedRevision: 99)", new("b")),
        format!("createCrmStep(input: {}, validateOnly: true)", new("b")),
        format!("updateCrmStep(id: \"{id}\", input: {{ name: \"\" }})"),
        format!("updateCrmStep(id: \"{id}\", input: {{ name: \"A\" }}, expectedVersion: 99)"),
        format!("updateCrmStep(id: \"{id}\", input: {{ name: \"A\" }}, validateOnly: true)"),
        format!("moveCrmStep(id: \"{id}\", to: {{ before: \"{id}\" }})"),
        format!("moveCrmStep(id: \"{id}\", to: {{ last: true }}, expectedRevision: 99)"),
        format!("moveCrmStep(id: \"{id}\", to: {{ last: true }}, validateOnly: true)"),
        format!("deleteCrmStep(id: \"{id}\", expectedVersion: 99)"),
        format!("deleteCrmStep(id: \"{id}\", validateOnly: true)"),
    ] {
        assert_eq!(call(&ana, &mutation).await["crmScenario"], now, "{mutation}");
    }
    assert_eq!(app.contents().await, before);
    let nothing = "019a0000-0000-7000-8000-000000000001";
    for mutation in [
        format!(
            "createCrmStep(input: {{ scenarioId: \"{nothing}\", name: \"a\", prompt: \"a\" }})"
        ),
        "createCrmStep(input: { scenarioId: \"nonsense\", name: \"a\", prompt: \"a\" })".to_owned(),
        format!("updateCrmStep(id: \"{nothing}\", input: {{ name: \"a\" }})"),
        format!("moveCrmStep(id: \"{nothing}\", to: {{ last: true }})"),
        "deleteCrmStep(id: \"nonsense\")".to_owned(),
    ] {
        let payload = call(&ana, &mutation).await;
        assert_eq!(payload["userErrors"][0]["code"], "NOT_FOUND", "{mutation}");
        assert_eq!(payload["crmScenario"], Value::Null, "{mutation}");
    }
}

async fn a_replay_has_it_as_it_is_now(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b").await;
    let new = format!("{{ scenarioId: \"{scenario}\", name: \"c\", prompt: \"c\" }}");
    let calls = [
        format!("createCrmStep(input: {new}, idempotencyKey: \"1\")"),
        format!("moveCrmStep(id: \"{}\", to: {{ last: true }}, idempotencyKey: \"2\")", ids[0]),
        format!("deleteCrmStep(id: \"{}\", idempotencyKey: \"3\")", ids[1]),
    ];
    for mutation in &calls {
        call(&ana, mutation).await;
    }
    ana.steps(&scenario, "d e").await;
    let now = scenario_now(&ana, &scenario).await;
    for mutation in &calls {
        let replayed = call(&ana, mutation).await;
        assert_eq!((&replayed["replayed"], &replayed["crmScenario"]), (&json!(true), &now));
    }
    let delete = "deleteCrmScenario(id: $id, expectedStepCount: 4) { deletedCrmScenarioId }";
    ana.done("($id: ID!)", delete, json!({ "id": scenario })).await;
    for mutation in &calls {
        assert_eq!(call(&ana, mutation).await["crmScenario"], Value::Null);
    }
}

async fn a_batch_has_each_of_its_scenarios_once(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (sales, support) = (ana.scenario("Sales").await, ana.scenario("Support").await);
    let nothing = "019a0000-0000-7000-8000-000000000001";
    let step =
        |scenario: &str, name: &str| json!({ "scenarioId": scenario, "name": name, "prompt": "a" });
    let create = async |arguments: &str, inputs: &[Value]| {
        let field = format!(
            "createCrmSteps(inputs: $inputs, {arguments}) {{ crmScenarios {{ name stepCount }} }}"
        );
        let variables = json!({ "inputs": inputs });
        let types = "($inputs: [CreateCrmStepsInput!]!)";
        ana.call(types, &field, variables).await["crmScenarios"].clone()
    };
    let counts = |of_support: i32, of_sales: i32| json!([{ "name": "Support", "stepCount": of_support }, { "name": "Sales", "stepCount": of_sales }]);
    let valid = [step(&support, "a"), step(&sales, "b"), step(&support, "c")];
    assert_eq!(create("mode: ATOMIC", &valid).await, counts(2, 1));
    assert_eq!(create("validateOnly: true", &valid).await, counts(2, 1));
    let mixed = [step(&support, ""), step(nothing, "b"), step(&sales, "c")];
    assert_eq!(create("mode: ATOMIC", &mixed).await, counts(2, 1));
    assert_eq!(create("mode: SKIP_INVALID", &mixed).await, counts(2, 2));
    assert_eq!(create("mode: ATOMIC", &[]).await, json!([]));
}

on_both_databases!(
    it_is_as_it_is_after_the_change,
    it_is_there_beside_user_errors_and_if_the_call_only_validates,
    a_replay_has_it_as_it_is_now,
    a_batch_has_each_of_its_scenarios_once,
);
