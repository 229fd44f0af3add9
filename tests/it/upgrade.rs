//! A database of version 0.1, on which this version goes on. `tests/fixtures/v0.1` says how it was
//! filled; `manifest.json` is what the program of that version answered.

use axum::http::Request;
use chrono::{DateTime, TimeDelta, Utc};
use crm_steps::db::Engine;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use crate::support::{App, Client, Kind, Place, on_both_databases, violations};

const SQLITE: &str = include_str!("../fixtures/v0.1/sqlite.sql");
const POSTGRES: &str = include_str!("../fixtures/v0.1/postgres.sql");
const MANIFEST: &str = include_str!("../fixtures/v0.1/manifest.json");

/// The service on what the former version has left, upgraded.
struct Upgraded {
    app: App,
    /// What the former version said of this database.
    said: Value,
}

impl Upgraded {
    /// Takes the place of what is in the app's database.
    async fn of(app: App) -> (Self, Place) {
        let (kind, dump, name) = match app.database.engine() {
            Engine::Sqlite => (Kind::Sqlite, SQLITE, "sqlite"),
            Engine::Postgres => (Kind::Postgres, POSTGRES, "postgres"),
        };
        let place = Place::new(kind).await.expect("there is a place, as the app has one");
        let app = App::open(&place.url(), place.engine()).await;
        let connection = sea_orm::Database::connect(place.url()).await.expect("it opens");
        connection.execute_unprepared(dump).await.expect("the former version stored it");
        connection.close().await.expect("it closes");
        app.database.migrate().await.expect("it migrates");
        let mut manifest: Value = serde_json::from_str(MANIFEST).expect("it is JSON");
        let said = manifest[name].take();
        let filled_at: DateTime<Utc> = text(&said["filledAt"]).parse().expect("a time");
        (Self { app: app.at(filled_at), said }, place)
    }

    /// Whoever the former version knew by this name.
    fn client(&self, name: &Value) -> Client {
        self.app.with_token(text(&self.said["tokens"][text(name)]))
    }

    fn ana(&self) -> Client {
        self.client(&json!("ana"))
    }

    fn list(&self, name: &str) -> &[Value] {
        let list = self.said[name].as_array().expect("a list");
        assert!(!list.is_empty(), "{name}");
        list
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

/// An answer without what two versions may write in their own way: fields that are null, and how
/// UTC is spelled.
fn plain(value: &Value) -> Value {
    match value {
        Value::Array(elements) => elements.iter().map(plain).collect(),
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(_, value)| !value.is_null());
            fields.map(|(name, value)| (name.clone(), plain(value))).collect()
        }
        Value::String(text) => match DateTime::parse_from_rfc3339(text) {
            Ok(time) => json!(time.to_utc()),
            Err(_) => value.clone(),
        },
        _ => value.clone(),
    }
}

/// The same answer, said again.
fn replayed(mut answer: Value) -> Value {
    if let Some(data) = answer["body"].get_mut("data").and_then(Value::as_object_mut) {
        data.values_mut().for_each(|payload| payload["replayed"] = true.into());
    }
    answer
}

/// Makes a call of the manifest, and answers as the manifest does.
async fn send(client: &Client, call: &Value) -> Value {
    let answer = if call["via"] == "graphql" {
        client.graphql(text(&call["document"]), call["variables"].clone()).await
    } else {
        let request = Request::builder()
            .method(text(&call["method"]))
            .uri(text(&call["path"]))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", text(&call["key"]))
            .body(call["body"].to_string().into());
        client.send(request.expect("the request can be built")).await
    };
    let mut body = answer.json();
    body.as_object_mut().expect("an object").remove("extensions");
    json!({ "status": answer.status.as_u16(), "body": body })
}

async fn everything_is_read_as_it_was_stored(app: App) {
    let (old, place) = Upgraded::of(app).await;
    for read in old.list("reads") {
        let client = old.client(&read["token"]);
        let answer = client.graphql(text(&read["document"]), read["variables"].clone()).await;
        assert_eq!(plain(&answer.data()), plain(&read["data"]), "{}", read["document"]);
    }
    place.remove().await;
}

async fn every_kept_outcome_is_answered_again(app: App) {
    let (old, place) = Upgraded::of(app).await;
    let before = old.app.contents().await;
    for call in old.list("calls") {
        let expected =
            call.get("again").cloned().unwrap_or_else(|| replayed(call["answer"].clone()));
        let again = send(&old.client(&call["token"]), call).await;
        assert_eq!(plain(&again), plain(&expected), "{}", call["name"]);
    }
    assert_eq!(old.app.contents().await, before, "nothing is done twice");
    place.remove().await;
}

async fn a_kept_outcome_is_forgotten_after_a_day(app: App) {
    let (old, place) = Upgraded::of(app).await;
    let call = old.list("calls").iter().find(|call| call["name"] == "createAgent");
    let call = call.expect("there is one");
    let filled_at: DateTime<Utc> = text(&old.said["filledAt"]).parse().expect("a time");
    let later = old.app.at(filled_at + TimeDelta::hours(24));
    let payload = send(&later.with_token_of(&old.ana()), call).await;
    assert_eq!(payload["body"]["data"]["createAgent"]["replayed"], false);
    place.remove().await;
}

async fn a_name_or_a_picture_that_is_refused_now_does_not_block_other_changes(app: App) {
    let (old, place) = Upgraded::of(app).await;
    let ana = old.ana();
    let odd = old.said["ids"]["blankNames"].as_array().expect("a list");
    for (id, update) in odd.iter().zip([
        "updateAgent(id: $id, input: { iconUrl: null }) { agent { iconUrl } }",
        "updateAgent(id: $id, input: { name: \"Renamed\" }) { agent { name } }",
        "updateCrmScenario(id: $id, input: { description: \"d\" }) { crmScenario { name } }",
        "updateMembership(id: $id, input: { role: ADMIN }) { membership { name } }",
    ]) {
        let payload = ana.call("($id: ID!)", update, json!({ "id": id })).await;
        assert_eq!(violations(&payload), [], "{update}");
    }
    place.remove().await;
}

/// What a step has that a patch may leave alone.
const STORED: &str = "scenarioId name trigger prompt webhookUrl webhookHeader defaultTags defaultTagsToRemove zapiAgentId zapiPhoneNumber zapiMessage";

async fn stored(client: &Client, id: &str) -> Value {
    client.query(&format!("{{ crmStep(id: \"{id}\") {{ {STORED} }} }}")).await["crmStep"].clone()
}

/// Which of a new step's rules these fields break.
async fn broken(client: &Client, input: &Value) -> Vec<(String, String)> {
    let field = "createCrmStep(input: $input, validateOnly: true) { crmStep { id } }";
    let types = "($input: CreateCrmStepInput!)";
    violations(&client.call(types, field, json!({ "input": input })).await)
}

async fn a_value_that_is_refused_now_does_not_block_other_changes(app: App) {
    let (old, place) = Upgraded::of(app).await;
    let ana = old.ana();
    for refused in old.list("refusedNow") {
        let (id, field, code) =
            (text(&refused["id"]), text(&refused["field"]), text(&refused["code"]));
        let mut before = stored(&ana, id).await;
        let path = format!("input.{field}");
        let is_refused = |(at, of): &(String, String)| at.starts_with(&path) && of == code;
        assert!(broken(&ana, &before).await.iter().any(is_refused), "{refused} {before}");
        // Another field than the one with that value.
        let (other, value) = if field == "name" { ("prompt", "q") } else { ("name", "Renamed") };
        let update = format!("updateCrmStep(id: \"{id}\", input: $input) {{ crmStep {{ id }} }}");
        let input = json!({ "input": { other: value } });
        let payload = ana.call("($input: UpdateCrmStepInput!)", &update, input).await;
        assert_eq!(violations(&payload), [], "{refused}");
        before[other] = value.into();
        assert_eq!(stored(&ana, id).await, before, "nothing else changes");
    }
    place.remove().await;
}

async fn names_and_tags_are_found_in_whatever_form_they_were_stored(app: App) {
    let (old, place) = Upgraded::of(app).await;
    let ana = old.ana();
    for (list, filter, count) in [
        ("crmScenarios", json!({ "name": { "eq": "VENDAS — SA\u{303}O PAULO" } }), 1),
        ("crmScenarios", json!({ "name": { "contains": "STRASSE" } }), 1),
        ("crmScenarios", json!({ "name": { "contains": "straẞe" } }), 1),
        ("agents", json!({ "name": { "startsWith": "sol i\u{307}" } }), 1),
        ("memberships", json!({ "name": { "contains": "οδος" } }), 1),
        // Tags that are duplicates now are kept, and the step with them is found once.
        ("crmSteps", json!({ "defaultTags": { "has": "STRAẞE" } }), 1),
        ("crmSteps", json!({ "defaultTags": { "has": "SA\u{303}O" } }), 6),
        ("crmSteps", json!({ "defaultTags": { "has": "Σας" } }), 1),
        ("crmSteps", json!({ "defaultTags": { "has": "fOLLOW-uP" } }), 3),
    ] {
        let query = format!(
            "query($filter: {}) {{ {list}(filter: $filter) {{ totalCount }} }}",
            filter_of(list)
        );
        let found = ana.graphql(&query, json!({ "filter": filter })).await.data();
        assert_eq!(found[list]["totalCount"], count, "{filter}");
    }
    place.remove().await;
}

fn filter_of(list: &str) -> &str {
    match list {
        "agents" => "AgentFilter",
        "memberships" => "MembershipFilter",
        "crmScenarios" => "CrmScenarioFilter",
        "crmSteps" => "CrmStepFilter",
        other => panic!("no list: {other}"),
    }
}

on_both_databases!(
    everything_is_read_as_it_was_stored,
    every_kept_outcome_is_answered_again,
    a_kept_outcome_is_forgotten_after_a_day,
    a_name_or_a_picture_that_is_refused_now_does_not_block_other_changes,
    a_value_that_is_refused_now_does_not_block_other_changes,
    names_and_tags_are_found_in_whatever_form_they_were_stored,
);
