//! The revision of a scenario, which each change of it or of its steps raises, and the number of its
//! steps, which the operator limits.

use serde_json::{Value, json};

use crate::support::{App, Client, on_both_databases, violations};

async fn revision(client: &Client, scenario: &str) -> i64 {
    let query = format!("{{ crmScenario(id: \"{scenario}\") {{ revision }} }}");
    client.query(&query).await["crmScenario"]["revision"].as_i64().expect("a number")
}

fn expected(codes: &[(&str, &str)]) -> Vec<(String, String)> {
    codes.iter().map(|(field, code)| ((*field).to_owned(), (*code).to_owned())).collect()
}

async fn each_change_of_a_scenario_or_its_steps_raises_the_revision(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (sales, support) = (ana.scenario("Sales").await, ana.scenario("Support").await);
    assert_eq!(revision(&ana, &sales).await, 1);
    let ids = ana.steps(&sales, "a b c").await;
    let timer = format!("{{ autoNextStepId: \"{}\", autoNextTime: 60 }}", ids[2]);
    let new = format!("{{ scenarioId: \"{sales}\", name: \"d\", prompt: \"d\" }}");
    let pair = format!("[\"{}\", \"{}\"]", ids[0], ids[2]);
    let changes = [
        format!(
            "updateCrmScenario(id: \"{sales}\", input: {{ name: \"Sales 2\" }}) {{ replayed }}"
        ),
        format!("updateCrmStep(id: \"{}\", input: {timer}) {{ replayed }}", ids[0]),
        format!("moveCrmStep(id: \"{}\", to: {{ first: true }}) {{ replayed }}", ids[1]),
        format!("createCrmStep(input: {new}, to: {{ first: true }}) {{ replayed }}"),
        format!("createCrmSteps(inputs: [{new}, {new}]) {{ replayed }}"),
        format!("duplicateCrmStep(id: \"{}\") {{ replayed }}", ids[2]),
        format!("updateCrmSteps(ids: {pair}, input: {{ isRequired: true }}) {{ replayed }}"),
        format!("moveCrmSteps(ids: {pair}, to: {{ last: true }}) {{ replayed }}"),
        format!("deleteCrmSteps(ids: \"{}\") {{ replayed }}", ids[2]),
        format!("deleteCrmStep(id: \"{}\") {{ replayed }}", ids[1]),
    ];
    let mut last = revision(&ana, &sales).await;
    for change in changes {
        ana.done("", &change, json!({})).await;
        let now = revision(&ana, &sales).await;
        assert!(now > last, "{change}: {last} {now}");
        last = now;
    }
    for nothing in [
        format!(
            "updateCrmScenario(id: \"{sales}\", input: {{ name: \"Sales 2\" }}) {{ replayed }}"
        ),
        format!("updateCrmStep(id: \"{}\", input: {{ name: \"a\" }}) {{ replayed }}", ids[0]),
        format!("moveCrmStep(id: \"{}\", to: {{ last: true }}) {{ replayed }}", ids[0]),
        format!("moveCrmSteps(ids: \"{}\", to: {{ last: true }}) {{ replayed }}", ids[0]),
        format!(
            "updateCrmSteps(ids: \"{}\", input: {{ isRequired: true }}) {{ replayed }}",
            ids[0]
        ),
        "deleteCrmSteps(ids: []) { replayed }".to_owned(),
        format!("duplicateCrmStep(id: \"{}\", validateOnly: true) {{ replayed }}", ids[0]),
        format!("createCrmStep(input: {new}, validateOnly: true) {{ replayed }}"),
        format!("duplicateCrmScenario(id: \"{sales}\") {{ replayed }}"),
    ] {
        ana.done("", &nothing, json!({})).await;
        assert_eq!(revision(&ana, &sales).await, last, "{nothing}");
    }
    assert_eq!(revision(&ana, &support).await, 1, "the other scenario has not changed");
}

async fn a_move_changes_neither_the_version_nor_the_time_of_a_step(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b").await;
    let later = app.at(App::now() + chrono::TimeDelta::hours(1)).with_token_of(&ana);
    let read = format!("{{ crmStep(id: \"{}\") {{ version updatedAt }} }}", ids[1]);
    let before = ana.query(&read).await;
    let field = format!(
        "moveCrmStep(id: \"{}\", to: {{ first: true }}, expectedVersion: 1) {{ crmStep {{ index }} }}",
        ids[1]
    );
    assert_eq!(later.done("", &field, json!({})).await["crmStep"]["index"], 0);
    assert_eq!(ana.query(&read).await, before);
}

async fn an_outdated_revision_rejects_the_call(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b").await;
    let now = revision(&ana, &scenario).await;
    let input = json!({ "scenarioId": scenario, "name": "c", "prompt": "c" });
    let create = async |expected: i64| -> Value {
        let types = "($input: CreateCrmStepInput!, $expected: Int)";
        let field =
            "createCrmStep(input: $input, to: { first: true }, expectedRevision: $expected) {
            crmStep { index } }";
        ana.call(types, field, json!({ "input": input, "expected": expected })).await
    };
    let relocate = async |expected: i64| -> Value {
        let types = "($id: ID!, $expected: Int)";
        let field = "moveCrmStep(id: $id, to: { first: true }, expectedRevision: $expected) {
            crmStep { index } currentCrmStep { index } }";
        ana.call(types, field, json!({ "id": ids[1], "expected": expected })).await
    };
    let before = app.contents().await;
    let stale = expected(&[("expectedRevision", "STALE_REVISION")]);
    for outdated in [now - 1, now + 1, 0] {
        assert_eq!(violations(&create(outdated).await), stale);
        let payload = relocate(outdated).await;
        assert_eq!(violations(&payload), stale);
        assert_eq!(payload["currentCrmStep"], json!({ "index": 1 }));
    }
    assert_eq!(
        create(now - 1).await["userErrors"][0]["message"],
        format!(
            "expectedRevision is {}, and the scenario is at revision {now} now; look at what has \
             changed, and try again with that revision.",
            now - 1
        )
    );
    let both = format!(
        "moveCrmStep(id: \"{}\", to: {{ first: true }}, expectedVersion: 7, expectedRevision: 7) {{
            currentCrmStep {{ version index }} }}",
        ids[1]
    );
    let payload = ana.call("", &both, json!({})).await;
    let stale_both = [("expectedVersion", "STALE_VERSION"), ("expectedRevision", "STALE_REVISION")];
    assert_eq!(violations(&payload), expected(&stale_both));
    assert_eq!(payload["currentCrmStep"], json!({ "version": 1, "index": 1 }));
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
    assert_eq!(relocate(now).await["crmStep"], json!({ "index": 0 }));
    assert_eq!(violations(&create(now).await), stale);
    assert_eq!(create(revision(&ana, &scenario).await).await["crmStep"], json!({ "index": 0 }));
}

async fn a_full_scenario_takes_no_more_steps(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b c").await;
    let limited = app.set_up(&["--max-steps-per-scenario", "4"]).with_token_of(&ana);
    let new = format!("{{ scenarioId: \"{scenario}\", name: \"d\", prompt: \"d\" }}");
    let two = format!(
        "createCrmSteps(inputs: [{new}, {new}], mode: SKIP_INVALID) {{ crmSteps {{ index }} }}"
    );
    let payload = limited.call("", &two, json!({})).await;
    assert_eq!(violations(&payload), expected(&[("inputs.1.scenarioId", "SCENARIO_FULL")]));
    assert_eq!(payload["crmSteps"], json!([{ "index": 3 }, null]));
    assert_eq!(
        payload["userErrors"][0]["message"],
        "A scenario has at most 4 steps; delete some of them, or choose another scenario."
    );
    let before = app.contents().await;
    let one = format!("createCrmStep(input: {new}) {{ crmStep {{ index }} }}");
    let payload = limited.call("", &one, json!({})).await;
    assert_eq!(violations(&payload), expected(&[("input.scenarioId", "SCENARIO_FULL")]));
    let fewer = app.set_up(&["--max-steps-per-scenario", "3"]).with_token_of(&ana);
    let copy = format!("duplicateCrmScenario(id: \"{scenario}\") {{ crmScenario {{ id }} }}");
    let payload = fewer.call("", &copy, json!({})).await;
    assert_eq!(violations(&payload), expected(&[("id", "SCENARIO_FULL")]));
    let unnamed = copy.replace("\")", "\", name: \"\")");
    let payload = fewer.call("", &unnamed, json!({})).await;
    let both = [("id", "SCENARIO_FULL"), ("name", "BLANK")];
    assert_eq!(violations(&payload), expected(&both));
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
    for change in [
        format!("updateCrmStep(id: \"{}\", input: {{ name: \"A\" }}) {{ replayed }}", ids[0]),
        format!("moveCrmStep(id: \"{}\", to: {{ last: true }}) {{ replayed }}", ids[0]),
        format!("deleteCrmStep(id: \"{}\") {{ replayed }}", ids[1]),
    ] {
        fewer.done("", &change, json!({})).await;
    }
    assert_eq!(ana.names(&scenario).await, "c d A");
}

on_both_databases!(
    each_change_of_a_scenario_or_its_steps_raises_the_revision,
    a_move_changes_neither_the_version_nor_the_time_of_a_step,
    an_outdated_revision_rejects_the_call,
    a_full_scenario_takes_no_more_steps,
);
