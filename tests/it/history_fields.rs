//! The fields that a change of the history consists of, and what caches learn from it.

use crm_steps::domain::access_token::Scope;
use serde_json::{Value, json};

use crate::support::{App, Client, on_both_databases};

/// The changes of a step, each as its action, its version and its fields.
async fn changes(client: &Client, id: &str) -> Vec<Value> {
    let query = "query ($id: ID!) { node(id: $id) {
        ... on CrmStep { history { nodes { action version fields { name before after } } } } } }";
    let answer = client.graphql(query, json!({ "id": id })).await;
    let nodes = answer.data()["node"]["history"]["nodes"].clone();
    nodes.as_array().expect("changes").iter().map(shown).collect()
}

fn shown(change: &Value) -> Value {
    let fields = change["fields"].as_array().expect("fields").iter();
    let fields = fields.map(|field| json!([field["name"], field["before"], field["after"]]));
    json!([change["action"], change["version"], fields.collect::<Value>()])
}

async fn a_change_lists_the_fields_that_differ(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let id = ana.steps(&scenario, "a b").await.remove(1);
    for field in [
        format!(
            "updateCrmStep(id: \"{id}\", input: {{ name: \"B\", isRequired: false, defaultTags: [],
                defaultTagsToRemove: [\"x\"], requestContact: {{ phone: false }} }}) {{ replayed }}"
        ),
        format!("moveCrmStep(id: \"{id}\", to: {{ first: true }}) {{ replayed }}"),
    ] {
        ana.done("", &field, json!({})).await;
    }
    let mut changes = changes(&ana, &id).await;
    let created = changes.remove(0);
    assert_eq!((&created[0], &created[1]), (&json!("CREATED"), &json!(1)));
    let expected = json!([
        ["id", null, id],
        ["createdAt", null, "2026-11-22T18:20:00.123456Z"],
        ["scenarioId", null, scenario],
        ["index", null, 1],
        ["name", null, "b"],
        ["prompt", null, "Greet."],
    ]);
    assert_eq!(created[2], expected);
    assert_eq!(
        changes,
        [
            json!(["UPDATED", 2, [["name", "b", "B"], ["defaultTagsToRemove", null, ["x"]]]]),
            json!(["MOVED", 2, [["index", 1, 0]]]),
        ]
    );
}

async fn a_deletion_lists_what_the_object_had(app: App) {
    let ana = app.member_of("Horizonte").await;
    let agent = ana.agent("Sofia").await;
    let update = "updateAgent(id: $id, input: { name: \"Sol\" }) { replayed }";
    ana.done("($id: ID!)", update, json!({ "id": agent })).await;
    ana.done("($id: ID!)", "deleteAgent(id: $id) { replayed }", json!({ "id": agent })).await;
    let query = "{ viewer { organization { history(last: 1) { nodes {
        action version fields { name before after } deletedId subjectId crmScenario { id } } } } } }";
    let data = ana.query(query).await;
    let deletion = &data["viewer"]["organization"]["history"]["nodes"][0];
    let fields = json!([
        ["id", agent, null],
        ["createdAt", "2026-11-22T18:20:00.123456Z", null],
        ["name", "Sol", null],
    ]);
    assert_eq!(shown(deletion), json!(["DELETED", 2, fields]));
    assert_eq!((&deletion["deletedId"], &deletion["subjectId"]), (&json!(agent), &json!(agent)));
    assert_eq!(deletion["crmScenario"], Value::Null);
}

async fn a_change_has_the_scenario_as_it_is_now(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let step = ana.steps(&scenario, "a b").await.remove(0);
    ana.done("($id: ID!)", "deleteCrmStep(id: $id) { replayed }", json!({ "id": step })).await;
    let query = "{ viewer { organization { history { nodes {
        action deletedId crmScenario { id name } } } } } }";
    let history = async || ana.query(query).await["viewer"]["organization"]["history"].clone();
    let now = json!({ "id": scenario, "name": "Sales" });
    let change = |action: &str, deleted: Value, scenario: &Value| json!({ "action": action, "deletedId": deleted, "crmScenario": scenario });
    let expected = |scenario: &Value| {
        vec![
            change("CREATED", Value::Null, scenario),
            change("CREATED", Value::Null, scenario),
            change("CREATED", Value::Null, scenario),
            change("DELETED", json!(step), scenario),
        ]
    };
    assert_eq!(history().await["nodes"], Value::from(expected(&now)));
    let delete = "deleteCrmScenario(id: $id, expectedStepCount: 1) { replayed }";
    ana.done("($id: ID!)", delete, json!({ "id": scenario })).await;
    let nodes = history().await["nodes"].clone();
    assert_eq!(nodes.as_array().expect("changes")[..4], expected(&Value::Null));
}

/// The last change of a step, after an update with these headers by this client.
async fn after_update(client: &Client, id: &str, patch: Value) -> Value {
    let update = "updateCrmStep(id: $id, input: $input) { replayed }";
    let types = "($id: ID!, $input: UpdateCrmStepInput!)";
    client.done(types, update, json!({ "id": id, "input": patch })).await;
    changes(client, id).await.pop().expect("a change")
}

async fn headers_are_listed_if_a_value_was_changed(app: App) {
    let ana = app.member_of("Horizonte").await;
    let writer = app.bearer("Horizonte", &[Scope::Read, Scope::Write]).await;
    let scenario = ana.scenario("Sales").await;
    let input = json!({
        "scenarioId": scenario, "name": "a", "prompt": "b", "webhookUrl": "https://example.com",
        "webhookHeader": { "X-Key": "hunter2", "X-Id": "1" },
    });
    let step = ana.crm_step(&input).await["id"].as_str().expect("an id").to_owned();
    let masks = json!({ "X-Key": "***", "X-Id": "***" });
    let header = json!(["webhookHeader", masks, masks]);
    let headers = |key: &str, id: &str| json!({ "webhookHeader": { "X-Key": key, "X-Id": id } });
    let renamed = json!(["UPDATED", 2, [["name", "a", "b"]]]);
    assert_eq!(after_update(&ana, &step, json!({ "name": "b" })).await, renamed);
    assert_eq!(after_update(&ana, &step, headers("hunter2", "1")).await, renamed);
    assert_eq!(after_update(&writer, &step, headers("***", "***")).await, renamed);
    let changed = json!(["UPDATED", 3, [header]]);
    assert_eq!(after_update(&ana, &step, headers("***", "2")).await, changed);
    // A token that may not read the values does not learn that it has guessed one.
    let guessed = json!(["UPDATED", 4, [header]]);
    assert_eq!(after_update(&writer, &step, headers("hunter2", "***")).await, guessed);
    let renamed = json!(["UPDATED", 5, [["name", "b", "c"]]]);
    assert_eq!(after_update(&writer, &step, json!({ "name": "c" })).await, renamed);
    let one = json!({ "webhookHeader": { "X-Key": "***" } });
    let fewer = json!(["UPDATED", 6, [["webhookHeader", masks, { "X-Key": "***" }]]]);
    assert_eq!(after_update(&writer, &step, one).await, fewer);
    let clear = json!({ "webhookHeader": {} });
    let none = json!(["UPDATED", 7, [["webhookHeader", { "X-Key": "***" }, {}]]]);
    assert_eq!(after_update(&ana, &step, clear).await, none);
    let null = json!({ "webhookHeader": null, "name": "d" });
    let renamed = json!(["UPDATED", 8, [["name", "c", "d"]]]);
    assert_eq!(after_update(&ana, &step, null).await, renamed);
}

async fn an_apply_keeps_headers_that_it_does_not_change(app: App) {
    let ana = app.member_of("Horizonte").await;
    let apply = async |name: &str, key: &str| {
        let step = json!({
            "key": "a", "name": name, "prompt": "b", "webhookUrl": "https://example.com",
            "webhookHeader": { "X-Key": key },
        });
        let input = json!({ "key": "sales", "name": "Sales", "steps": [step] });
        let apply = "applyCrmScenario(input: $input) { crmScenario { steps { nodes { id } } } }";
        let payload =
            ana.done("($input: ApplyCrmScenarioInput!)", apply, json!({ "input": input })).await;
        let id = payload["crmScenario"]["steps"]["nodes"][0]["id"].as_str().expect("an id");
        changes(&ana, id).await.pop().expect("a change")
    };
    apply("a", "hunter2").await;
    let renamed = json!(["UPDATED", 2, [["name", "a", "b"]]]);
    assert_eq!(apply("b", "hunter2").await, renamed);
    let header = json!({ "X-Key": "***" });
    let changed = json!(["UPDATED", 3, [["name", "b", "c"], ["webhookHeader", header, header]]]);
    assert_eq!(apply("c", "hunter3").await, changed);
}

on_both_databases!(
    headers_are_listed_if_a_value_was_changed,
    an_apply_keeps_headers_that_it_does_not_change,
    a_change_lists_the_fields_that_differ,
    a_deletion_lists_what_the_object_had,
    a_change_has_the_scenario_as_it_is_now,
);
