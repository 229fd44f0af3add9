//! Keys of scenarios and of steps.

use serde_json::{Value, json};

use crate::support::{App, Client, in_input, on_both_databases, violations};

fn step(scenario: &str, key: &str) -> Value {
    json!({ "scenarioId": scenario, "name": key, "prompt": "Greet.", "key": key })
}

async fn update(client: &Client, resource: &str, id: &str, input: Value) -> Value {
    let types = format!("($id: ID!, $input: Update{resource}Input!)");
    let field = format!(
        "update{resource}(id: $id, input: $input) {{ {}{} {{ key version }} }}",
        resource[..1].to_ascii_lowercase(),
        &resource[1..]
    );
    client.call(&types, &field, json!({ "id": id, "input": input })).await
}

async fn a_key_is_small_letters_and_digits_with_single_hyphens(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    for key in ["a", "0", "novo-lead", "a-1-b", &"k".repeat(64)] {
        assert_eq!(ana.create_crm_step(&step(&scenario, key)).await.violations(), [], "{key}");
        let input = json!({ "name": "Sales", "key": key });
        ana.create("createCrmScenario", "crmScenario", &input).await;
    }
    let before = app.contents().await;
    let long = "k".repeat(65);
    for key in ["", " ", "-", "a-", "-a", "a--b", "A", "é", "a b", "a_b", "a\0", &long] {
        let input = json!({ "scenarioId": scenario, "name": "a", "prompt": "a", "key": key });
        let rejected = in_input(&[("key", "INVALID_KEY")]);
        assert_eq!(ana.create_crm_step(&input).await.violations(), rejected, "{key:?}");
        let input = json!({ "name": "Sales", "key": key });
        let answer = ana.mutate("createCrmScenario", "crmScenario", "id", &input).await;
        assert_eq!(answer.violations(), rejected, "{key:?}");
    }
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn one_step_of_a_scenario_has_a_key(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (sales, support) = (ana.scenario("Sales").await, ana.scenario("Support").await);
    let taken = in_input(&[("key", "KEY_TAKEN")]);
    ana.create_crm_step(&step(&sales, "lead")).await;
    let other = ana.crm_step(&step(&sales, "won")).await;
    let other = other["id"].as_str().expect("an id");
    assert_eq!(ana.create_crm_step(&step(&support, "lead")).await.violations(), []);
    let before = app.contents().await;
    assert_eq!(ana.create_crm_step(&step(&sales, "lead")).await.violations(), taken);
    let payload = update(&ana, "CrmStep", other, json!({ "key": "lead" })).await;
    assert_eq!(violations(&payload), taken);
    let payload = update(&ana, "CrmStep", other, json!({ "key": "won" })).await;
    assert_eq!(payload["crmStep"], json!({ "key": "won", "version": 1 }));
    assert_eq!(app.contents().await, before);
    let payload = update(&ana, "CrmStep", other, json!({ "key": null })).await;
    assert_eq!(payload["crmStep"], json!({ "key": null, "version": 2 }));
    assert_eq!(ana.create_crm_step(&step(&sales, "won")).await.violations(), []);
}

async fn one_step_of_a_call_gets_a_key(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let inputs = json!([step(&scenario, "a"), step(&scenario, "a"), step(&scenario, "b")]);
    let types = "($inputs: [CreateCrmStepsInput!]!)";
    let field = "createCrmSteps(inputs: $inputs, mode: SKIP_INVALID) { crmSteps { key } }";
    let payload = ana.call(types, field, json!({ "inputs": inputs })).await;
    assert_eq!(violations(&payload), [("inputs.1.key".into(), "DUPLICATE_VALUE".into())]);
    assert_eq!(payload["crmSteps"], json!([{ "key": "a" }, null, { "key": "b" }]));
    let mut broken = step(&scenario, "c");
    broken["name"] = "".into();
    let inputs = json!([broken, step(&scenario, "c")]);
    let payload = ana.call(types, field, json!({ "inputs": inputs })).await;
    assert_eq!(violations(&payload), [("inputs.0.name".into(), "BLANK".into())]);
    assert_eq!(payload["crmSteps"], json!([null, { "key": "c" }]));
}

async fn one_scenario_of_an_organization_has_a_key(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Evil").await);
    let input = json!({ "name": "Sales", "key": "sales" });
    let sales = ana.create("createCrmScenario", "crmScenario", &input).await;
    eve.create("createCrmScenario", "crmScenario", &input).await;
    let support = ana.scenario("Support").await;
    let before = app.contents().await;
    let taken = in_input(&[("key", "KEY_TAKEN")]);
    let both = json!({ "name": "", "key": "sales" });
    let answer = ana.mutate("createCrmScenario", "crmScenario", "id", &both).await;
    assert_eq!(answer.violations(), in_input(&[("key", "KEY_TAKEN"), ("name", "BLANK")]));
    let payload = update(&ana, "CrmScenario", &support, json!({ "key": "sales" })).await;
    assert_eq!(violations(&payload), taken);
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
    let payload = update(&ana, "CrmScenario", &sales, json!({ "key": null })).await;
    assert_eq!(payload["crmScenario"], json!({ "key": null, "version": 2 }));
    let payload = update(&ana, "CrmScenario", &support, json!({ "key": "sales" })).await;
    assert_eq!(payload["crmScenario"], json!({ "key": "sales", "version": 2 }));
}

async fn of_calls_at_once_one_gets_a_key(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let of_step = step(&scenario, "lead");
    let of_scenario = json!({ "name": "Sales", "key": "sales" });
    let steps = (0..8).map(|_| ana.create_crm_step(&of_step));
    let scenarios =
        (0..8).map(|_| ana.mutate("createCrmScenario", "crmScenario", "id", &of_scenario));
    let answers = futures_util::future::join(
        futures_util::future::join_all(steps),
        futures_util::future::join_all(scenarios),
    );
    let (steps, scenarios) = answers.await;
    for answers in [steps, scenarios] {
        let created = answers.iter().filter(|answer| answer.violations().is_empty());
        assert_eq!(created.count(), 1);
        for answer in answers.iter().filter(|answer| !answer.violations().is_empty()) {
            assert_eq!(answer.violations(), in_input(&[("key", "KEY_TAKEN")]));
        }
    }
}

async fn a_copy_keeps_the_keys_of_its_steps_and_has_none_itself(app: App) {
    let ana = app.member_of("Horizonte").await;
    let input = json!({ "name": "Sales", "key": "sales" });
    let scenario = ana.create("createCrmScenario", "crmScenario", &input).await;
    ana.crm_step(&step(&scenario, "lead")).await;
    let field = "duplicateCrmScenario(id: $id) {
        crmScenario { key revision steps { nodes { key } } } }";
    let payload = ana.done("($id: ID!)", field, json!({ "id": scenario })).await;
    let steps = json!({ "nodes": [{ "key": "lead" }] });
    let copy = json!({ "key": null, "revision": 1, "steps": steps });
    assert_eq!(payload["crmScenario"], copy);
}

on_both_databases!(
    a_key_is_small_letters_and_digits_with_single_hyphens,
    one_step_of_a_scenario_has_a_key,
    one_step_of_a_call_gets_a_key,
    one_scenario_of_an_organization_has_a_key,
    of_calls_at_once_one_gets_a_key,
    a_copy_keeps_the_keys_of_its_steps_and_has_none_itself,
);
