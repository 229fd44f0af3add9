//! An upgraded database of version 0.1: its rows can be read and changed, and the outcomes kept under
//! idempotency keys are replayed for the rest of their 24 hours.
//!
//! `tests/fixtures/v0.1` has the program that filled it; `manifest.json` has each call under a key with
//! the response of that version, and its responses to queries for what it had stored.

use std::collections::BTreeMap;

use axum::http::{Request, header};
use chrono::{DateTime, TimeDelta, Utc};
use crm_steps::{db::Engine, entity::idempotency_key};
use sea_orm::{ConnectionTrait as _, EntityTrait as _};
use serde_json::{Value, json};

use crate::support::{App, Client, Empty, Kind, TestResponse, on_both_databases, violations};

const SQLITE: &str = include_str!("../fixtures/v0.1/sqlite.sql");
const POSTGRES: &str = include_str!("../fixtures/v0.1/postgres.sql");
const MANIFEST: &str = include_str!("../fixtures/v0.1/manifest.json");

/// The service on a database of version 0.1 that this version has migrated.
struct Upgraded {
    /// The service at the time at which the database was filled.
    app: App,
    /// The calls to version 0.1 and its responses.
    recorded: Value,
    filled_at: DateTime<Utc>,
}

impl Upgraded {
    /// Runs a test on an upgraded database, and removes the database.
    async fn run<F: Future<Output = ()>>(kind: Kind, test: impl FnOnce(Upgraded) -> F) {
        Empty::run(kind, async |empty: Empty| test(Self::open(&empty).await).await).await;
    }

    async fn open(empty: &Empty) -> Self {
        let app = App::open(&empty.url, empty.engine).await;
        let (name, dump) = match empty.engine {
            Engine::Sqlite => ("sqlite", SQLITE),
            Engine::Postgres => ("postgres", POSTGRES),
        };
        let connection = sea_orm::Database::connect(&empty.url).await.expect("it opens");
        connection.execute_unprepared(dump).await.expect("it is the dump of a database");
        connection.close().await.expect("it closes");
        app.database.migrate().await.expect("it migrates");
        let mut manifest: Value = serde_json::from_str(MANIFEST).expect("it is JSON");
        let recorded = manifest[name].take();
        let filled_at = text(&recorded["filledAt"]).parse().expect("a time");
        Self { app: app.at(filled_at), recorded, filled_at }
    }

    fn list(&self, name: &str) -> &[Value] {
        let list = self.recorded[name].as_array().expect("a list");
        assert!(!list.is_empty(), "{name}");
        list
    }

    /// The call that was recorded under a name.
    fn call(&self, name: &str) -> Value {
        let call = self.list("calls").iter().find(|call| call["name"] == name);
        call.expect("it was recorded").clone()
    }

    /// The client that version 0.1 had under this name, this long after the database was filled.
    fn client(&self, name: &Value, later: TimeDelta) -> Client {
        let token = text(&self.recorded["tokens"][text(name)]);
        self.app.at(self.filled_at + later).with_token(token)
    }

    fn ana(&self) -> Client {
        self.client(&json!("ana"), TimeDelta::zero())
    }

    /// Sends a call as it was sent to version 0.1, this long after that.
    async fn send(&self, call: &Value, later: TimeDelta) -> TestResponse {
        let client = self.client(&call["token"], later);
        if call["via"] == "graphql" {
            return client.graphql(text(&call["document"]), call["variables"].clone()).await;
        }
        let request = Request::builder()
            .method(text(&call["method"]))
            .uri(text(&call["path"]))
            .header(header::CONTENT_TYPE, "application/json")
            .header("Idempotency-Key", text(&call["key"]))
            .body(call["body"].to_string().into());
        client.send(request.expect("a request")).await
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

/// A response without what may differ between versions: null fields, and the notation of UTC.
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

/// A response of version 0.1, with times in the notation of this version.
fn as_today(body: &Value) -> Value {
    serde_json::from_str(&body.to_string().replace("+00:00", "Z")).expect("it is JSON")
}

async fn everything_is_read_as_it_was_stored(old: Upgraded) {
    for read in old.list("reads") {
        let client = old.client(&read["token"], TimeDelta::zero());
        let answer = client.graphql(text(&read["document"]), read["variables"].clone()).await;
        assert_eq!(plain(&answer.data()), plain(&read["data"]), "{}", read["document"]);
    }
}

async fn every_call_gets_the_response_of_version_0_1(old: Upgraded) {
    let before = old.app.contents().await;
    let (mut over_rest, mut over_graphql) = (0, 0);
    for call in old.list("calls") {
        let expected = call.get("again").unwrap_or(&call["answer"]);
        let (status, mut expected) = (&expected["status"], as_today(&expected["body"]));
        if call["via"] == "graphql" {
            over_graphql += 1;
            for payload in expected["data"].as_object_mut().expect("payloads").values_mut() {
                payload["replayed"] = true.into();
            }
        } else {
            over_rest += 1;
        }
        for later in [TimeDelta::zero(), TimeDelta::hours(23)] {
            let answer = old.send(call, later).await;
            let mut body = answer.json();
            if call["via"] == "graphql" {
                // The cost.
                body.as_object_mut().expect("an object").remove("extensions");
            }
            assert_eq!((&json!(answer.status.as_u16()), &body), (status, &expected), "{call}");
        }
    }
    assert!(over_rest >= 10 && over_graphql >= 40, "{over_rest} and {over_graphql} calls");
    assert_eq!(old.app.contents().await, before, "no call took effect twice");
}

/// Version 0.1 had different fingerprints for two notations of the same call; this version recognizes
/// the kept one.
async fn a_call_is_recognized_by_its_old_or_its_new_fingerprint(old: Upgraded) {
    let moment = TimeDelta::seconds(1);
    let mut list_of_one = old.call("createCrmStep with one tag for a list");
    list_of_one["variables"]["input"]["defaultTags"] = json!(["alone"]);
    let mut with_null = old.call("createCrmStep without fields");
    with_null["variables"]["input"]["trigger"] = Value::Null;
    for call in [list_of_one, with_null] {
        let answer = old.send(&call, moment).await;
        assert_eq!(answer.payload()["replayed"], true, "{}", answer.text);
    }
    let mut other = old.call("absent description");
    other["variables"]["input"]["description"] = json!("another");
    let answer = old.send(&other, moment).await;
    let mismatch = ("idempotencyKey".to_owned(), "IDEMPOTENCY_KEY_MISMATCH".to_owned());
    assert_eq!(answer.violations(), [mismatch]);
}

async fn after_a_day_a_key_is_unused_and_gets_a_new_fingerprint(old: Upgraded) {
    let again = old.send(&old.call("createAgent"), TimeDelta::hours(24)).await.payload();
    assert_eq!((violations(&again), &again["replayed"]), (vec![], &json!(false)));
    let mut call = old.call("absent description");
    let first = old.send(&call, TimeDelta::hours(24)).await.payload();
    assert_eq!((violations(&first), &first["replayed"]), (vec![], &json!(false)));
    call["variables"]["input"]["description"] = Value::Null;
    let again = old.send(&call, TimeDelta::hours(25)).await.payload();
    assert_eq!((violations(&again), &again["replayed"]), (vec![], &json!(true)));
}

/// While replicas of both versions run, the older one recognizes a call in a plain notation,
/// without explicit nulls, as most clients send it, and rejects any other repetition, so that no call
/// takes effect twice.
async fn a_plain_call_keeps_its_fingerprint(old: Upgraded) {
    let fingerprints = async || {
        let kept = idempotency_key::Entity::find().all(old.app.database.read()).await;
        let kept = kept.expect("they are kept").into_iter();
        kept.map(|kept| (kept.key, kept.fingerprint)).collect::<BTreeMap<_, _>>()
    };
    let before = fingerprints().await;
    for (name, is_plain) in [
        ("createAgent", true),
        ("createCrmStep without fields", true),
        ("createCrmStep at a literal place", true),
        ("createMembership by a literal enum", true),
        ("createAgent with null", false),
    ] {
        let call = old.call(name);
        let again = old.send(&call, TimeDelta::hours(24)).await;
        assert_eq!((again.violations(), &again.payload()["replayed"]), (vec![], &json!(false)));
        let key = call["key"].as_str().expect("a key");
        assert_eq!(fingerprints().await[key] == before[key], is_plain, "{name}");
    }
}

async fn times_in_a_history_that_version_0_1_wrote_end_in_z(old: Upgraded) {
    let stored = old.app.contents().await;
    let ana = old.ana();
    assert!(stored.contains("+00:00"), "version 0.1 wrote the times of snapshots like this");
    let query =
        "{ viewer { organization { history(first: 100) { nodes { happenedAt before after } } } } }";
    let history = ana.query(query).await;
    let changes = history["viewer"]["organization"]["history"]["nodes"].as_array().expect("nodes");
    assert_eq!(changes.len(), 100);
    for change in changes {
        let snapshots = [&change["before"], &change["after"]];
        let snapshots = snapshots.into_iter().filter(|snapshot| !snapshot.is_null());
        let times = snapshots.flat_map(|snapshot| [&snapshot["createdAt"], &snapshot["updatedAt"]]);
        let times: Vec<_> = times.chain([&change["happenedAt"]]).collect();
        assert!(times.len() >= 3, "{change}");
        for time in times {
            assert!(time.as_str().is_some_and(|time| time.ends_with('Z')), "{change}");
        }
    }
}

async fn names_and_icons_that_are_invalid_now_do_not_block_other_changes(old: Upgraded) {
    let ana = old.ana();
    let odd = old.recorded["ids"]["blankNames"].as_array().expect("a list");
    for (id, update) in odd.iter().zip([
        "updateAgent(id: $id, input: { iconUrl: null }) { agent { iconUrl } }",
        "updateAgent(id: $id, input: { name: \"Renamed\" }) { agent { name } }",
        "updateCrmScenario(id: $id, input: { description: \"d\" }) { crmScenario { name } }",
        "updateMembership(id: $id, input: { role: ADMIN }) { membership { name } }",
    ]) {
        let payload = ana.call("($id: ID!)", update, json!({ "id": id })).await;
        assert_eq!(violations(&payload), [], "{update}");
    }
}

/// The fields of a step that a patch may leave out.
const STORED: &str = "scenarioId name trigger prompt webhookUrl webhookHeader defaultTags defaultTagsToRemove zapiAgentId zapiPhoneNumber zapiMessage";

async fn stored(client: &Client, id: &str) -> Value {
    client.query(&format!("{{ crmStep(id: \"{id}\") {{ {STORED} }} }}")).await["crmStep"].clone()
}

/// The violations of a new step with these fields.
async fn broken(client: &Client, input: &Value) -> Vec<(String, String)> {
    let field = "createCrmStep(input: $input, validateOnly: true) { crmStep { id } }";
    let types = "($input: CreateCrmStepInput!)";
    violations(&client.call(types, field, json!({ "input": input })).await)
}

async fn step_values_that_are_invalid_now_do_not_block_other_changes(old: Upgraded) {
    let ana = old.ana();
    for refused in old.list("refusedNow") {
        let (id, field, code) =
            (text(&refused["id"]), text(&refused["field"]), text(&refused["code"]));
        let mut before = stored(&ana, id).await;
        let path = format!("input.{field}");
        let is_refused = |(at, of): &(String, String)| at.starts_with(&path) && of == code;
        assert!(broken(&ana, &before).await.iter().any(is_refused), "{refused} {before}");
        // A field other than the one with that value.
        let (other, value) = if field == "name" { ("prompt", "q") } else { ("name", "Renamed") };
        let update = format!("updateCrmStep(id: \"{id}\", input: $input) {{ crmStep {{ id }} }}");
        let input = json!({ "input": { other: value } });
        let payload = ana.call("($input: UpdateCrmStepInput!)", &update, input).await;
        assert_eq!(violations(&payload), [], "{refused}");
        before[other] = value.into();
        assert_eq!(stored(&ana, id).await, before, "nothing else changes");
    }
}

async fn names_and_tags_are_found_in_any_stored_form(old: Upgraded) {
    let ana = old.ana();
    for (list, filter, count) in [
        ("crmScenarios", json!({ "name": { "eq": "VENDAS — SA\u{303}O PAULO" } }), 1),
        ("crmScenarios", json!({ "name": { "contains": "STRASSE" } }), 1),
        ("crmScenarios", json!({ "name": { "contains": "straẞe" } }), 1),
        ("agents", json!({ "name": { "startsWith": "sol i\u{307}" } }), 1),
        ("memberships", json!({ "name": { "contains": "οδος" } }), 1),
        // Tags that are duplicates now are kept, and their step is found once.
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
    Upgraded:
    everything_is_read_as_it_was_stored,
    every_call_gets_the_response_of_version_0_1,
    a_call_is_recognized_by_its_old_or_its_new_fingerprint,
    after_a_day_a_key_is_unused_and_gets_a_new_fingerprint,
    a_plain_call_keeps_its_fingerprint,
    times_in_a_history_that_version_0_1_wrote_end_in_z,
    names_and_icons_that_are_invalid_now_do_not_block_other_changes,
    step_values_that_are_invalid_now_do_not_block_other_changes,
    names_and_tags_are_found_in_any_stored_form,
);
