//! moveCrmSteps, updateCrmSteps and deleteCrmSteps: several steps of one scenario at once.

mod model;
mod moving;
mod storm;
mod updating;

use serde_json::{Value, json};

use crate::support::{App, Client, on_both_databases, violations};

/// The fields of a payload that the calls of all three have.
const SHARED: &str = "crmScenario { id revision } currentCrmSteps { name version }";

/// Calls a bulk mutation with these ids and further arguments.
async fn bulk(client: &Client, call: &str, ids: &[String], select: &str) -> Value {
    let (mutation, arguments) = call.split_once('(').expect("arguments");
    let field = format!("{mutation}(ids: $ids{arguments} {{ {select} {SHARED} }}");
    client.call("($ids: [ID!]!)", &field, json!({ "ids": ids })).await
}

/// The sentence of the first violation.
fn message(payload: &Value) -> &Value {
    &payload["userErrors"][0]["message"]
}

/// One call of each mutation, with further arguments.
fn calls(more: &str) -> [(String, &'static str); 3] {
    [
        (format!("moveCrmSteps(, to: {{ first: true }}{more})"), "crmSteps { id }"),
        (format!("updateCrmSteps(, input: {{ isRequired: true }}{more})"), "crmSteps { id }"),
        (format!("deleteCrmSteps({more})"), "deletedCrmStepIds crmStepsWithoutTimer { id }"),
    ]
}

fn expected(codes: &[(&str, &str)]) -> Vec<(String, String)> {
    codes.iter().map(|(field, code)| ((*field).to_owned(), (*code).to_owned())).collect()
}

async fn steps_that_cannot_be_selected_reject_the_call(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Evil").await);
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b c").await;
    let elsewhere = ana.steps(&ana.scenario("Support").await, "d").await.remove(0);
    let foreign = eve.steps(&eve.scenario("Eve's").await, "e").await.remove(0);
    let of = |ids: &[&String]| ids.iter().copied().cloned().collect::<Vec<_>>();
    let before = app.contents().await;
    for (selected, codes) in [
        (of(&[&ids[2], &elsewhere]), vec![("ids.1", "STEP_NOT_IN_SCENARIO")]),
        (of(&[&foreign, &ids[1]]), vec![("ids.0", "NOT_FOUND")]),
        (of(&[&ids[0], &ids[0].to_uppercase()]), vec![("ids.1", "DUPLICATE_VALUE")]),
        (
            of(&[&ids[0], &"nobody".to_owned(), &elsewhere, &ids[0]]),
            vec![
                ("ids.1", "NOT_FOUND"),
                ("ids.2", "STEP_NOT_IN_SCENARIO"),
                ("ids.3", "DUPLICATE_VALUE"),
            ],
        ),
        (vec![ids[0].clone(); 101], vec![("ids", "TOO_MANY")]),
    ] {
        for (call, select) in calls("") {
            let payload = bulk(&ana, &call, &selected, select).await;
            assert_eq!(violations(&payload), expected(&codes), "{call}");
            assert_eq!(payload["crmSteps"], Value::Null);
            assert_eq!(payload["deletedCrmStepIds"], Value::Null);
            assert_eq!(payload["crmScenario"]["id"], scenario.as_str(), "{call}");
        }
    }
    for (call, select) in calls("") {
        let payload = bulk(&ana, &call, std::slice::from_ref(&foreign), select).await;
        assert_eq!(violations(&payload), expected(&[("ids.0", "NOT_FOUND")]));
        assert_eq!(payload["crmScenario"], Value::Null, "nothing of another organization is seen");
    }
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn without_ids_nothing_happens(app: App) {
    let ana = app.member_of("Horizonte").await;
    ana.steps(&ana.scenario("Sales").await, "a b").await;
    let before = app.contents().await;
    for (call, select) in calls(", expectedVersions: []") {
        let payload = bulk(&ana, &call, &[], select).await;
        assert_eq!(violations(&payload), [], "{call}");
        let list = payload.get("crmSteps").unwrap_or(&payload["deletedCrmStepIds"]);
        assert_eq!((list, &payload["crmScenario"]), (&json!([]), &Value::Null));
    }
    assert_eq!(app.contents().await, before);
}

async fn each_step_has_its_expected_version(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b c").await;
    let renamed =
        format!("updateCrmStep(id: \"{}\", input: {{ name: \"B\" }}) {{ replayed }}", ids[1]);
    ana.done("", &renamed, json!({})).await;
    let before = app.contents().await;
    for (call, select) in calls(", expectedVersions: [1, 1, 1]") {
        let payload = bulk(&ana, &call, &ids, select).await;
        assert_eq!(violations(&payload), expected(&[("expectedVersions.1", "STALE_VERSION")]));
        assert_eq!(payload["currentCrmSteps"], json!([{ "name": "B", "version": 2 }]), "{call}");
    }
    for (call, select) in calls(", expectedVersions: [1, 2]") {
        let payload = bulk(&ana, &call, &ids, select).await;
        assert_eq!(violations(&payload), expected(&[("expectedVersions", "STEP_COUNT_MISMATCH")]));
        assert_eq!(payload["currentCrmSteps"], json!([]), "{call}");
        assert_eq!(
            payload["userErrors"][0]["message"],
            "expectedVersions has 2 entries, and ids has 3; give one version for each id, or leave \
             them out."
        );
    }
    for (call, select) in calls(", expectedVersions: [1, 2, 1], validateOnly: true") {
        let payload = bulk(&ana, &call, &ids, select).await;
        assert_eq!(violations(&payload), [], "{call}");
        assert_eq!(payload["crmSteps"], Value::Null, "it was only checked");
        assert_eq!(payload["crmScenario"]["id"], scenario.as_str());
    }
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
    for (call, select) in calls(", expectedVersions: [1, 2, 1]") {
        // The update before the deletion has raised each version.
        let call =
            if call.starts_with("delete") { call.replace("[1, 2, 1]", "[2, 3, 2]") } else { call };
        assert_eq!(violations(&bulk(&ana, &call, &ids, select).await), [], "{call}");
    }
    assert_eq!(ana.names(&scenario).await, "");
}

async fn deleted_steps_leave_no_gap_and_no_timer_that_leads_to_them(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, ids) = ana
        .pipeline(
            "Sales",
            json!([
                { "name": "a", "autoNextStepRef": "4", "autoNextTime": 5 },
                { "name": "b", "autoNextStepRef": "3", "autoNextTime": 5 },
                { "name": "c", "autoNextTime": 5 },
                { "name": "d" },
                { "name": "e" },
                { "name": "f", "autoNextStepRef": "3", "autoNextTime": 5 },
            ]),
        )
        .await;
    let selected = [ids[3].clone(), ids[1].clone(), ids[2].clone()];
    let select = "deletedCrmStepIds crmStepsWithoutTimer { name index version autoNextTime }";
    let before = app.contents().await;
    let validated = bulk(&ana, "deleteCrmSteps(, validateOnly: true)", &selected, select).await;
    assert_eq!(violations(&validated), []);
    assert_eq!(validated["deletedCrmStepIds"], Value::Null);
    assert_eq!(
        validated["crmStepsWithoutTimer"],
        json!([{ "name": "f", "index": 5, "version": 1, "autoNextTime": 5 }]),
        "f would lose its timer, and still has it"
    );
    assert_eq!(app.contents().await, before);
    let payload = bulk(&ana, "deleteCrmSteps()", &selected, select).await;
    assert_eq!(violations(&payload), []);
    assert_eq!(payload["deletedCrmStepIds"], json!(selected));
    assert_eq!(
        payload["crmStepsWithoutTimer"],
        json!([{ "name": "f", "index": 2, "version": 2, "autoNextTime": null }]),
        "b is deleted as well, and a leads elsewhere"
    );
    assert_eq!(ana.names(&scenario).await, "a e f");
    let history = "{ viewer { organization { history(first: 100) {
        nodes { action before after } } } } }";
    let history = ana.query(history).await["viewer"]["organization"]["history"]["nodes"].clone();
    let told: Vec<_> = history.as_array().expect("changes").iter().rev().take(4).rev().collect();
    let told: Vec<_> = told
        .iter()
        .map(|change| {
            json!([change["action"], change["before"]["name"], change["before"]["index"]])
        })
        .collect();
    assert_eq!(
        json!(told),
        json!([["UPDATED", "f", 5], ["DELETED", "d", 3], ["DELETED", "b", 1], ["DELETED", "c", 1]]),
        "one after the other, each with the index that it had then"
    );
}

async fn deleted_steps_come_back_with_their_timers_in_the_reverse_order(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, ids) = ana
        .pipeline(
            "Sales",
            json!([
                { "name": "a", "autoNextStepRef": "2", "autoNextTime": 5 },
                { "name": "b", "autoNextStepRef": "2", "autoNextTime": 5 },
                { "name": "c", "autoNextStepRef": "3", "autoNextTime": 5 },
                { "name": "d" },
                { "name": "e" },
            ]),
        )
        .await;
    let read = format!(
        "{{ crmScenario(id: \"{scenario}\") {{ steps {{ nodes {{ id index name autoNextStepId autoNextTime }} }} }} }}"
    );
    let before = ana.query(&read).await;
    for selected in [[1, 2, 3], [3, 2, 1], [2, 1, 3]] {
        let selected = selected.map(|step: usize| ids[step].clone());
        let deleted = bulk(&ana, "deleteCrmSteps()", &selected, "deletedCrmStepIds").await;
        assert_eq!(violations(&deleted), []);
        assert_eq!(ana.names(&scenario).await, "a e");
        for id in selected.iter().rev() {
            let restore = format!("restoreCrmStep(id: \"{id}\") {{ crmStep {{ id }} }}");
            ana.done("", &restore, json!({})).await;
        }
        assert_eq!(ana.query(&read).await, before);
    }
}

/// Deleting its target took it, as if the steps were deleted one after the other.
async fn a_lost_timer_of_a_deleted_step_is_not_cleared_again(app: App) {
    let ana = app.member_of("Horizonte").await;
    let step = |key: &str| json!({ "key": key, "name": key, "prompt": "Greet." });
    let mut first = step("first");
    first["autoNextStepKey"] = "target".into();
    first["autoNextTime"] = 5.into();
    let apply = async |steps: Value, arguments: &str| {
        let field = format!(
            "applyCrmScenario(input: $input{arguments}) {{
                crmScenario {{ revision steps {{ nodes {{ id }} }} }} }}"
        );
        let input = json!({ "input": { "key": "sales", "name": "Sales", "steps": steps } });
        ana.done("($input: ApplyCrmScenarioInput!)", &field, input).await["crmScenario"].clone()
    };
    let restore = async |id: &str| {
        let field =
            "restoreCrmStep(id: $id) { clearedFields crmStepsWithTimer { name autoNextTime } }";
        ana.done("($id: ID!)", field, json!({ "id": id })).await
    };
    let stored = apply(json!([first, step("target"), step("left")]), "").await;
    let id =
        |place: usize| stored["steps"]["nodes"][place]["id"].as_str().expect("an id").to_owned();
    let (first, target) = (id(0), id(1));
    for deletes_in_bulk in [true, false] {
        if deletes_in_bulk {
            let ids = [target.clone(), first.clone()];
            bulk(&ana, "deleteCrmSteps()", &ids, "deletedCrmStepIds").await;
        } else {
            let query = "{ crmScenarios { nodes { revision } } }";
            let revision = ana.query(query).await["crmScenarios"]["nodes"][0]["revision"].clone();
            apply(json!([step("left")]), &format!(", expectedRevision: {revision}")).await;
        }
        assert_eq!(restore(&first).await["clearedFields"], json!([]));
        let timer = json!([{ "name": "first", "autoNextTime": 5 }]);
        assert_eq!(restore(&target).await["crmStepsWithTimer"], timer);
    }
}

on_both_databases!(
    a_lost_timer_of_a_deleted_step_is_not_cleared_again,
    deleted_steps_come_back_with_their_timers_in_the_reverse_order,
    steps_that_cannot_be_selected_reject_the_call,
    without_ids_nothing_happens,
    each_step_has_its_expected_version,
    deleted_steps_leave_no_gap_and_no_timer_that_leads_to_them,
);
