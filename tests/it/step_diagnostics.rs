//! Diagnostics in the payloads of calls that create or update steps: those that contain these steps.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{App, Client, for_all, in_input, on_both_databases, violations};

const DIAGNOSTICS: &str = "diagnostics { code message stepIndexes steps { name } }";

/// Diagnostics in short: each code, its indexes and the names of its steps.
fn short(payload: &Value) -> Vec<String> {
    let diagnostics = payload["diagnostics"].as_array().expect("a list").iter();
    let short = diagnostics.map(|found| {
        let names = found["steps"].as_array().expect("steps").iter();
        let names: Vec<_> = names.map(|step| step["name"].as_str().expect("a name")).collect();
        let code = found["code"].as_str().expect("a code");
        format!("{code} {} {}", found["stepIndexes"], names.join(" ")).trim_end().to_owned()
    });
    short.collect()
}

/// Calls createCrmStep with this input and these further arguments.
async fn create(client: &Client, input: Value, arguments: &str) -> Value {
    let field =
        format!("createCrmStep(input: $input{arguments}) {{ crmStep {{ index }} {DIAGNOSTICS} }}");
    client.call("($input: CreateCrmStepInput!)", &field, json!({ "input": input })).await
}

/// Calls updateCrmStep with this input and these further arguments.
async fn update(client: &Client, id: &str, input: Value, arguments: &str) -> Value {
    let field = format!(
        "updateCrmStep(id: $id, input: $input{arguments}) {{ crmStep {{ index }} {DIAGNOSTICS} }}"
    );
    let types = "($id: ID!, $input: UpdateCrmStepInput!)";
    client.call(types, &field, json!({ "id": id, "input": input })).await
}

async fn a_new_step_has_the_diagnostics_that_contain_it(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, _) = ana.pipeline("Sales", json!([{ "name": "Lead" }, { "name": "Won" }])).await;
    let input = json!({ "scenarioId": scenario, "name": "lead", "prompt": "Greet." });
    let before = app.contents().await;
    let validated = create(&ana, input.clone(), ", to: { first: true }, validateOnly: true").await;
    let expected = ["DEAD_END [0]", "DUPLICATE_NAME [0,1] Lead"];
    assert_eq!(short(&validated), expected, "what is not stored is left out of the steps");
    assert_eq!(app.contents().await, before);
    let created = create(&ana, input, ", to: { first: true }").await;
    assert_eq!(short(&created), ["DEAD_END [0] lead", "DUPLICATE_NAME [0,1] lead Lead"]);
}

async fn an_updated_step_has_the_diagnostics_that_contain_it(app: App) {
    let ana = app.member_of("Horizonte").await;
    let steps =
        json!([{ "name": "Lead", "autoNextTime": 1 }, { "name": "Won", "trigger": "Pays." }]);
    let (_, ids) = ana.pipeline("Sales", steps).await;
    let input = json!({ "name": "Lost", "autoNextTime": 9, "autoNextStepId": ids[0] });
    let before = app.contents().await;
    let validated = update(&ana, &ids[1], input.clone(), ", validateOnly: true").await;
    assert_eq!(short(&validated), ["TIMER_CYCLE [0,1] Lead Won"], "the steps are the stored ones");
    assert_eq!(app.contents().await, before);
    let updated = update(&ana, &ids[1], input, "").await;
    assert_eq!(short(&updated), ["TIMER_CYCLE [0,1] Lead Lost"]);
    assert_eq!(updated["diagnostics"][0]["message"], validated["diagnostics"][0]["message"]);
}

async fn steps_of_a_call_have_the_diagnostics_of_each_scenario(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (sales, _) = ana.pipeline("Sales", json!([{ "name": "Lead" }])).await;
    let (support, _) = ana.pipeline("Support", json!([{ "name": "New" }])).await;
    let steps = [(&support, "a", 1), (&sales, "b", 2), (&support, "c", 3), (&sales, "", 4)];
    let inputs: Vec<_> = steps
        .map(|(scenario, name, time)| {
            json!({ "scenarioId": scenario, "name": name,
        "prompt": "Greet.", "autoNextTime": time, "trigger": "Asks." })
        })
        .into();
    let create = async |arguments: &str| {
        let field = format!("createCrmSteps(inputs: $inputs{arguments}) {{ {DIAGNOSTICS} }}");
        ana.call("($inputs: [CreateCrmStepsInput!]!)", &field, json!({ "inputs": inputs })).await
    };
    let before = app.contents().await;
    assert_eq!(short(&create("").await), Vec::<String>::new(), "none is created");
    let validated = create(", mode: SKIP_INVALID, validateOnly: true").await;
    assert_eq!(short(&validated), ["TIMER_LEADS_NOWHERE [2]", "TIMER_LEADS_NOWHERE [1]"]);
    assert_eq!(app.contents().await, before);
    let created = create(", mode: SKIP_INVALID").await;
    assert_eq!(short(&created), ["TIMER_LEADS_NOWHERE [2] c", "TIMER_LEADS_NOWHERE [1] b"]);
}

async fn a_rejected_call_has_no_diagnostics(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, ids) = ana.pipeline("Sales", json!([{ "name": "Lead" }])).await;
    let input = json!({ "scenarioId": scenario, "name": "", "prompt": "Greet." });
    let valid = json!({ "scenarioId": scenario, "name": "Won", "prompt": "Greet." });
    let blank = in_input(&[("name", "BLANK")]);
    let no_key = vec![("idempotencyKey".to_owned(), "BLANK".to_owned())];
    for (payload, expected) in [
        (create(&ana, input, ", validateOnly: true").await, &blank),
        (create(&ana, valid, ", idempotencyKey: \"\"").await, &no_key),
        (update(&ana, &ids[0], json!({ "name": "" }), "").await, &blank),
    ] {
        assert_eq!((&violations(&payload), short(&payload)), (expected, vec![]));
    }
}

async fn the_diagnostics_of_a_repeated_call_are_those_of_now(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let input = json!({ "scenarioId": scenario, "name": "Lead", "prompt": "Greet." });
    let call = async || create(&ana, input.clone(), ", idempotencyKey: \"1\"").await;
    assert_eq!(short(&call().await), ["DEAD_END [0] Lead"]);
    ana.steps(&scenario, "Lead").await;
    let again = call().await;
    assert_eq!(again["replayed"], true);
    assert_eq!(short(&again), ["DEAD_END [0] Lead", "DUPLICATE_NAME [0,1] Lead Lead"]);
    let delete =
        format!("deleteCrmScenario(id: \"{scenario}\", expectedStepCount: 2) {{ replayed }}");
    ana.done("", &delete, json!({})).await;
    assert_eq!(short(&call().await), Vec::<String>::new());
}

async fn what_cannot_be_read_does_not_take_the_step_out_of_the_response(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    ana.steps(&scenario, "Lead").await;
    app.execute("UPDATE crm_step SET default_tags = '5'").await;
    let create = "mutation($input: CreateCrmStepInput!) {
        createCrmStep(input: $input) { crmStep { name } diagnostics { code } } }";
    let input = json!({ "scenarioId": scenario, "name": "Won", "prompt": "Greet." });
    let answer = ana.graphql(create, json!({ "input": input })).await;
    let payload = json!({ "crmStep": { "name": "Won" }, "diagnostics": null });
    assert_eq!(answer.json()["data"]["createCrmStep"], payload);
    assert_eq!(answer.error_code(), "INTERNAL");
}

/// Fields of a step on which diagnostics depend.
fn fields() -> impl Strategy<Value = Value> {
    let timer = proptest::option::of(1..3);
    let status = proptest::option::of(prop::sample::select(vec!["RESOLVED", "HUMAN_REQUESTED"]));
    (prop::sample::select(vec!["a", "A", "b"]), timer, status, any::<bool>(), any::<bool>())
        .prop_map(|(name, time, status, has_trigger, sends)| {
            json!({
                "name": name, "prompt": "Greet.", "autoNextTime": time, "defaultStatus": status,
                "autoNextTimeUnit": time.map(|_| "d"), "trigger": has_trigger.then_some("Asks."),
                "initialMessage": sends.then_some("Hello!"),
            })
        })
}

/// The diagnostics of a call are those of the scenario afterwards that contain its step, and a call
/// that only validates has the same.
async fn diagnostics_of_a_call_are_those_of_its_scenario_afterwards(app: App) {
    let calls =
        proptest::collection::vec((fields(), any::<prop::sample::Index>(), any::<bool>()), 1..6);
    let ana = app.member_of("Horizonte").await;
    for_all(24, calls, async |calls| {
        let scenario = ana.scenario("Sales").await;
        let mut ids: Vec<String> = vec![];
        for (fields, place, is_update) in calls {
            let beside = (!ids.is_empty()).then(|| ids[place.index(ids.len())].clone());
            let call = async |arguments: &str| match &beside {
                Some(id) if is_update => update(&ana, id, fields.clone(), arguments).await,
                _ => {
                    let mut input = fields.clone();
                    input["scenarioId"] = scenario.as_str().into();
                    let to = beside.as_ref().map(|id| format!(", to: {{ before: \"{id}\" }}"));
                    create(&ana, input, &format!("{arguments}{}", to.unwrap_or_default())).await
                }
            };
            let validated = call(", validateOnly: true").await;
            let carried_out = call("").await;
            assert_eq!(violations(&carried_out), []);
            let query = format!(
                "{{ crmScenario(id: \"{scenario}\") {{ {DIAGNOSTICS} steps {{ nodes {{ id }} }} }} }}"
            );
            let stored = ana.query(&query).await["crmScenario"].clone();
            let mut expected = stored["diagnostics"].as_array().expect("a list").clone();
            let index = &carried_out["crmStep"]["index"];
            expected.retain(|it| it["stepIndexes"].as_array().expect("indexes").contains(index));
            assert_eq!(carried_out["diagnostics"], json!(expected));
            let sentences = |payload: &Value| {
                let found = payload["diagnostics"].as_array().expect("a list").iter();
                found.map(|it| (it["message"].clone(), it["stepIndexes"].clone())).collect::<Vec<_>>()
            };
            assert_eq!(sentences(&validated), sentences(&carried_out));
            let steps = stored["steps"]["nodes"].as_array().expect("steps").iter();
            ids = steps.map(|step| step["id"].as_str().expect("an id").to_owned()).collect();
        }
    })
    .await;
}

on_both_databases!(
    a_new_step_has_the_diagnostics_that_contain_it,
    an_updated_step_has_the_diagnostics_that_contain_it,
    steps_of_a_call_have_the_diagnostics_of_each_scenario,
    a_rejected_call_has_no_diagnostics,
    the_diagnostics_of_a_repeated_call_are_those_of_now,
    what_cannot_be_read_does_not_take_the_step_out_of_the_response,
    diagnostics_of_a_call_are_those_of_its_scenario_afterwards,
);
