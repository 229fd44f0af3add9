//! What a scenario says about its steps as a whole.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{App, Client, on_both_databases};

/// The same client so many hours later.
fn later(app: &App, client: &Client, hours: i64) -> Client {
    app.at(App::now() + TimeDelta::hours(hours)).with_token_of(client)
}

async fn read(client: &Client, scenario: &str, fields: &str) -> Value {
    let query = format!("{{ crmScenario(id: \"{scenario}\") {{ {fields} }} }}");
    client.query(&query).await["crmScenario"].clone()
}

async fn each_change_of_a_step_sets_the_time_and_the_number_of_steps(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let fields = "updatedAt stepsUpdatedAt stepCount";
    let created_at = "2026-11-22T18:20:00.123456Z";
    let expected = |time: Option<&str>, count: i32| json!({ "updatedAt": created_at, "stepsUpdatedAt": time, "stepCount": count });
    assert_eq!(read(&ana, &scenario, fields).await, expected(None, 0));
    let ids = ana.steps(&scenario, "a b c").await;
    assert_eq!(read(&ana, &scenario, fields).await, expected(Some(created_at), 3));
    let new = format!("{{ scenarioId: \"{scenario}\", name: \"d\", prompt: \"d\" }}");
    for (hours, change, count) in [
        (1, format!("updateCrmStep(id: \"{}\", input: {{ name: \"A\" }})", ids[0]), 3),
        (2, format!("moveCrmStep(id: \"{}\", to: {{ first: true }})", ids[1]), 3),
        (3, format!("createCrmStep(input: {new}, to: {{ first: true }})"), 4),
        (4, format!("createCrmSteps(inputs: [{new}, {new}])"), 6),
        (5, format!("deleteCrmStep(id: \"{}\")", ids[2]), 5),
        (6, format!("restoreCrmStep(id: \"{}\")", ids[2]), 6),
        (7, format!("updateCrmSteps(ids: [\"{}\"], input: {{ name: \"e\" }})", ids[0]), 6),
        (8, format!("moveCrmSteps(ids: [\"{}\"], to: {{ first: true }})", ids[0]), 6),
        (9, format!("duplicateCrmStep(id: \"{}\")", ids[0]), 7),
        (10, format!("deleteCrmSteps(ids: [\"{}\"])", ids[0]), 6),
    ] {
        let then = later(&app, &ana, hours);
        then.done("", &format!("{change} {{ replayed }}"), json!({})).await;
        let time = (App::now() + TimeDelta::hours(hours))
            .to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true);
        assert_eq!(read(&ana, &scenario, fields).await, expected(Some(&time), count), "{change}");
    }
    let before = read(&ana, &scenario, fields).await;
    let then = later(&app, &ana, 20);
    for nothing in [
        format!("updateCrmStep(id: \"{}\", input: {{ name: \"b\" }})", ids[1]),
        format!("deleteCrmStep(id: \"{}\", validateOnly: true)", ids[1]),
        format!("duplicateCrmScenario(id: \"{scenario}\")"),
    ] {
        then.done("", &format!("{nothing} {{ replayed }}"), json!({})).await;
        assert_eq!(read(&ana, &scenario, fields).await, before, "{nothing}");
    }
    let rename = format!(
        "updateCrmScenario(id: \"{scenario}\", input: {{ name: \"S\" }}) {{
            crmScenario {{ stepsUpdatedAt }} }}"
    );
    let renamed = then.done("", &rename, json!({})).await;
    assert_eq!(renamed["crmScenario"]["stepsUpdatedAt"], before["stepsUpdatedAt"]);
}

async fn an_apply_sets_the_time_if_it_changes_steps(app: App) {
    let ana = app.member_of("Horizonte").await;
    let apply = async |hours: i64, name: &str, steps: Value| {
        let field = "applyCrmScenario(input: $input, expectedRevision: $revision) {
            crmScenario { id revision updatedAt stepsUpdatedAt stepCount } }";
        let types = "($input: ApplyCrmScenarioInput!, $revision: Int)";
        let of_key = "{ crmScenarios { nodes { revision } } }";
        let found = ana.query(of_key).await["crmScenarios"]["nodes"][0]["revision"].clone();
        let revision = if found.is_null() { json!(0) } else { found };
        let input = json!({ "key": "sales", "name": name, "steps": steps });
        let variables = json!({ "input": input, "revision": revision });
        later(&app, &ana, hours).done(types, field, variables).await["crmScenario"].clone()
    };
    let times = |scenario: &Value| {
        let hour = |time: &Value| time.as_str().map(|time| time[11..13].to_owned());
        (hour(&scenario["updatedAt"]), hour(&scenario["stepsUpdatedAt"]))
    };
    let at = |updated: &str, steps: Option<&str>| (Some(updated.into()), steps.map(str::to_owned));
    let step = |key: &str| json!({ "key": key, "name": key, "prompt": "a" });
    assert_eq!(times(&apply(0, "Sales", json!([])).await), at("18", None));
    let (a, b) = (step("a"), step("b"));
    assert_eq!(times(&apply(1, "Sales", json!([a, b])).await), at("18", Some("19")));
    assert_eq!(times(&apply(2, "Sales", json!([b, a])).await), at("18", Some("20")));
    assert_eq!(times(&apply(3, "Sales 2", json!([b, a])).await), at("21", Some("20")));
    assert_eq!(times(&apply(4, "Sales 2", json!([b])).await), at("21", Some("22")));
    assert_eq!(times(&apply(5, "Sales 2", json!([b])).await), at("21", Some("22")));
}

async fn the_copy_of_a_scenario_has_the_time_of_its_steps(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (empty, sales) = (ana.scenario("Empty").await, ana.scenario("Sales").await);
    ana.steps(&sales, "a b").await;
    for (scenario, expected) in [
        (empty, json!({ "stepsUpdatedAt": null, "stepCount": 0 })),
        (sales, json!({ "stepsUpdatedAt": "2026-11-22T19:20:00.123456Z", "stepCount": 2 })),
    ] {
        let copy = format!(
            "duplicateCrmScenario(id: \"{scenario}\") {{ crmScenario {{ stepsUpdatedAt stepCount }} }}"
        );
        let payload = later(&app, &ana, 1).done("", &copy, json!({})).await;
        assert_eq!(payload["crmScenario"], expected);
    }
}

async fn names(client: &Client, arguments: &str) -> Vec<Value> {
    let query = format!("{{ crmScenarios({arguments}) {{ nodes {{ name }} }} }}");
    let nodes = client.query(&query).await["crmScenarios"]["nodes"].clone();
    nodes.as_array().expect("nodes").iter().map(|node| node["name"].clone()).collect()
}

async fn the_order_by_the_last_change_counts_steps(app: App) {
    const LATEST_FIRST: &str = "orderBy: [{ field: UPDATED_AT, direction: DESC }]";
    let ana = app.member_of("Horizonte").await;
    let mut ids = vec![];
    for (hours, name) in (0..).zip(["a", "b", "c"]) {
        ids.push(later(&app, &ana, hours).scenario(name).await);
    }
    assert_eq!(names(&ana, LATEST_FIRST).await, ["c", "b", "a"]);
    let step = later(&app, &ana, 3).steps(&ids[0], "Lead").await.remove(0);
    assert_eq!(names(&ana, LATEST_FIRST).await, ["a", "c", "b"]);
    let rename = format!("updateCrmScenario(id: \"{}\", input: {{ name: \"B\" }})", ids[1]);
    later(&app, &ana, 4).done("", &format!("{rename} {{ replayed }}"), json!({})).await;
    assert_eq!(names(&ana, LATEST_FIRST).await, ["B", "a", "c"]);
    let delete = format!("deleteCrmStep(id: \"{step}\") {{ replayed }}");
    later(&app, &ana, 5).done("", &delete, json!({})).await;
    assert_eq!(names(&ana, LATEST_FIRST).await, ["a", "B", "c"]);

    let page = format!("{{ crmScenarios(first: 1, {LATEST_FIRST}) {{ edges {{ cursor }} }} }}");
    let cursor = ana.query(&page).await["crmScenarios"]["edges"][0]["cursor"].clone();
    assert_eq!(names(&ana, &format!("after: {cursor}, {LATEST_FIRST}")).await, ["B", "c"]);
    // `{"order":"-updated_at,id", …}`: the form that cursors had before steps counted.
    let text = cursor.as_str().expect("a cursor");
    assert!(text.starts_with("eyJvcmRlciI6Ii11cGRhdGVkX2F0LGlkIi"), "{text}");
    let since = "filter: { updatedAt: { gt: \"2026-11-22T21:00:00Z\" } }";
    assert_eq!(names(&ana, since).await, ["B"], "updatedAt itself does not move with steps");
}

async fn diagnostics_are_counted_by_severity(app: App) {
    let ana = app.member_of("Horizonte").await;
    let steps = json!([
        { "name": "a", "initialMessage": "Hi!", "autoNextTime": 1, "autoNextStepRef": "1" },
        { "name": "A", "initialMessage": "Hi!", "autoNextTime": 1, "autoNextStepRef": "0" },
        { "name": "b" },
        { "name": "c" },
    ]);
    let (scenario, ids) = ana.pipeline("Sales", steps).await;
    let fields = "diagnosticCounts { errors warnings infos } diagnostics { severity }";
    let found = read(&ana, &scenario, fields).await;
    let count = |severity: &str| {
        let all = found["diagnostics"].as_array().expect("a list").iter();
        all.filter(|diagnostic| diagnostic["severity"] == severity).count()
    };
    let counts = json!({
        "errors": count("ERROR"), "warnings": count("WARNING"), "infos": count("INFO"),
    });
    assert_eq!(found["diagnosticCounts"], counts);
    assert_eq!(counts, json!({ "errors": 1, "warnings": 2, "infos": 1 }));

    let change = format!("updateCrmStep(id: \"{}\", input: {{ name: \"B2\" }})", ids[1]);
    ana.done("", &format!("{change} {{ replayed }}"), json!({})).await;
    let fewer = json!({ "errors": 1, "warnings": 2, "infos": 0 });
    let counts = read(&ana, &scenario, "diagnosticCounts { errors warnings infos }").await;
    assert_eq!(counts["diagnosticCounts"], fewer);
    let empty = ana.scenario("Empty").await;
    let none = json!({ "errors": 0, "warnings": 0, "infos": 0 });
    let counts = read(&ana, &empty, "diagnosticCounts { errors warnings infos }").await;
    assert_eq!(counts["diagnosticCounts"], none);
}

async fn diagnostics_are_counted_once_for_each_revision(app: App) {
    let (executed, app) = app.recorded();
    let ana = app.member_of("Horizonte").await;
    for name in ["Sales", "Support"] {
        let scenario = ana.scenario(name).await;
        ana.steps(&scenario, "a b").await;
    }
    let statements = async || {
        executed.lock().expect("no thread panicked").clear();
        let query = "{ crmScenarios { nodes { id diagnosticCounts { warnings } } } }";
        let nodes = ana.query(query).await["crmScenarios"]["nodes"].clone();
        (executed.lock().expect("no thread panicked").len(), nodes)
    };
    let (first, nodes) = statements().await;
    let (again, same) = statements().await;
    assert_eq!(nodes, same);
    // The scenarios again, and their steps.
    assert_eq!(first, again + 2);
    let scenario = nodes[0]["id"].as_str().expect("an id");
    ana.steps(scenario, "c").await;
    let (after_a_change, nodes) = statements().await;
    assert_eq!(after_a_change, first);
    assert_ne!(nodes, same);
    assert_eq!(statements().await, (again, nodes));
}

on_both_databases!(
    each_change_of_a_step_sets_the_time_and_the_number_of_steps,
    an_apply_sets_the_time_if_it_changes_steps,
    the_copy_of_a_scenario_has_the_time_of_its_steps,
    the_order_by_the_last_change_counts_steps,
    diagnostics_are_counted_by_severity,
    diagnostics_are_counted_once_for_each_revision,
);
