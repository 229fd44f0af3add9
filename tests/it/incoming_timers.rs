//! The steps whose timers lead to a step.

use serde_json::{Value, json};

use crate::support::{App, Client, on_both_databases};

/// For each step of a scenario, the names of the steps whose timers lead to it.
async fn incoming(ana: &Client, scenario: &str) -> Vec<String> {
    let query = format!(
        "{{ crmScenario(id: \"{scenario}\") {{ steps {{ nodes {{
            incomingTimerCount incomingTimers {{ name }} }} }} }} }}"
    );
    let scenario = ana.query(&query).await["crmScenario"].clone();
    let of_step = |step: &Value| {
        let sources = step["incomingTimers"].as_array().expect("steps");
        assert_eq!(step["incomingTimerCount"], sources.len());
        let names = sources.iter().map(|source| source["name"].as_str().expect("a name"));
        names.collect::<Vec<_>>().join(" ")
    };
    scenario["steps"]["nodes"].as_array().expect("nodes").iter().map(of_step).collect()
}

async fn timers_to_a_step_and_to_the_following_one_are_incoming(app: App) {
    let ana = app.member_of("Horizonte").await;
    let steps = json!([
        { "name": "a", "autoNextTime": 1, "autoNextStepRef": "3" },
        { "name": "b" },
        { "name": "c", "autoNextTime": 1 },
        { "name": "d", "autoNextTime": 1, "autoNextStepRef": "1" },
        { "name": "e", "autoNextTime": 1, "autoNextStepRef": "3" },
        { "name": "f", "autoNextTime": 1 },
    ]);
    let (scenario, ids) = ana.pipeline("Sales", steps.clone()).await;
    ana.pipeline("Support", steps).await;
    assert_eq!(incoming(&ana, &scenario).await, ["", "d", "", "a c e", "", ""]);

    let to_the_end =
        "moveCrmStep(id: $id, to: { last: true }) { crmStep { incomingTimers { name } } }";
    let moved = ana.done("($id: ID!)", to_the_end, json!({ "id": ids[1] })).await;
    assert_eq!(
        moved["crmStep"]["incomingTimers"],
        json!([{ "name": "d" }, { "name": "f" }]),
        "the last step precedes it now"
    );
    assert_eq!(incoming(&ana, &scenario).await, ["", "", "a c e", "", "", "d f"]);

    ana.done("($id: ID!)", "deleteCrmStep(id: $id) { replayed }", json!({ "id": ids[0] })).await;
    assert_eq!(incoming(&ana, &scenario).await, ["", "c e", "", "", "d f"]);
}

async fn the_first_hundred_are_listed_and_all_are_counted(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, ids) = ana.pipeline("Sales", json!([{ "name": "Hub" }])).await;
    let lead = |number: usize| {
        json!({ "scenarioId": scenario, "name": format!("Lead {number}"), "prompt": "a",
                "autoNextTime": 1, "autoNextStepId": ids[0] })
    };
    for inputs in [(1..=100).map(lead).collect::<Vec<_>>(), vec![lead(101)]] {
        let create = "createCrmSteps(inputs: $inputs) { replayed }";
        ana.done("($inputs: [CreateCrmStepsInput!]!)", create, json!({ "inputs": inputs })).await;
    }
    let query = format!(
        "{{ crmStep(id: \"{}\") {{ incomingTimerCount incomingTimers {{ index }} }} }}",
        ids[0]
    );
    let hub = ana.query(&query).await["crmStep"].clone();
    assert_eq!(hub["incomingTimerCount"], 101);
    let listed: Vec<_> = (1..=100).map(|index| json!({ "index": index })).collect();
    assert_eq!(hub["incomingTimers"], json!(listed));
}

on_both_databases!(
    timers_to_a_step_and_to_the_following_one_are_incoming,
    the_first_hundred_are_listed_and_all_are_counted,
);
