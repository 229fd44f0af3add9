//! After an upgrade: what version 0.1 kept under its keys is answered for the rest of its 24 hours.
//!
//! The fixture is a database that version 0.1 has filled, with each call that it answered under a
//! key and the answer.

use std::collections::BTreeMap;

use axum::http::{Request, header};
use chrono::{DateTime, TimeDelta, Utc};
use crm_steps::entity::idempotency_key;
use sea_orm::{ConnectionTrait as _, EntityTrait as _};
use serde_json::{Value, json};

use crate::support::{Answer, App, Client, Kind, Place, violations};

const MANIFEST: &str = include_str!("../fixtures/v0.1/manifest.json");

/// The service on the database of version 0.1, as it is found when this version starts.
struct Upgraded {
    app: App,
    /// What version 0.1 was sent, and answered.
    recorded: Value,
    filled_at: DateTime<Utc>,
}

impl Upgraded {
    /// Runs a test on an upgraded database, which is gone afterwards.
    async fn run<F: Future<Output = ()>>(kind: Kind, test: impl FnOnce(Upgraded) -> F) {
        let Some(place) = Place::new(kind).await else { return };
        let app = App::open(&place.url(), place.engine()).await;
        let (name, dump) = match kind {
            Kind::Sqlite => ("sqlite", include_str!("../fixtures/v0.1/sqlite.sql")),
            Kind::Postgres => ("postgres", include_str!("../fixtures/v0.1/postgres.sql")),
        };
        let connection = sea_orm::Database::connect(place.url()).await.expect("it opens");
        connection.execute_unprepared(dump).await.expect("it is the dump of a database");
        connection.close().await.expect("it closes");
        app.database.migrate().await.expect("it migrates");
        let mut manifest: Value = serde_json::from_str(MANIFEST).expect("it is JSON");
        let recorded = manifest[name].take();
        let filled_at = recorded["filledAt"].as_str().expect("a time").parse().expect("a time");
        test(Self { app, recorded, filled_at }).await;
        place.remove().await;
    }

    fn calls(&self) -> &[Value] {
        self.recorded["calls"].as_array().expect("calls")
    }

    /// The call that was recorded under a name.
    fn call(&self, name: &str) -> Value {
        self.calls().iter().find(|call| call["name"] == name).expect("it was recorded").clone()
    }

    /// Whoever sent a call, so long after it was answered.
    fn sender(&self, call: &Value, later: TimeDelta) -> Client {
        let name = call["token"].as_str().expect("a name");
        let token = self.recorded["tokens"][name].as_str().expect("a token");
        self.app.at(self.filled_at + later).with_token(token)
    }

    /// Sends a call as it was sent to version 0.1, so long after that.
    async fn send(&self, call: &Value, later: TimeDelta) -> Answer {
        let client = self.sender(call, later);
        let text = |name: &str| call[name].as_str().expect("text");
        if call["via"] == "graphql" {
            return client.graphql(text("document"), call["variables"].clone()).await;
        }
        let request = Request::builder()
            .method(text("method"))
            .uri(text("path"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("Idempotency-Key", text("key"))
            .body(call["body"].to_string().into());
        client.send(request.expect("a request")).await
    }
}

macro_rules! on_both_upgraded_databases {
    ($($test:ident),+ $(,)?) => {$(
        mod $test {
            use crate::support::Kind;

            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                super::Upgraded::run(Kind::Sqlite, super::$test).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                super::Upgraded::run(Kind::Postgres, super::$test).await;
            }
        }
    )+};
}

/// What version 0.1 answered, with times as they are written today.
fn as_today(body: &Value) -> Value {
    serde_json::from_str(&body.to_string().replace("+00:00", "Z")).expect("it is JSON")
}

async fn every_call_is_answered_as_version_0_1_answered_it(upgraded: Upgraded) {
    let before = upgraded.app.contents().await;
    let (mut over_rest, mut over_graphql) = (0, 0);
    for call in upgraded.calls() {
        let answer = upgraded.send(call, TimeDelta::hours(23)).await;
        let mut body = answer.json();
        let mut expected = as_today(&call.get("again").unwrap_or(&call["answer"])["body"]);
        if call["via"] == "graphql" {
            over_graphql += 1;
            for payload in expected["data"].as_object_mut().expect("payloads").values_mut() {
                payload["replayed"] = true.into();
            }
            // What it cost.
            body.as_object_mut().expect("an object").remove("extensions");
        } else {
            over_rest += 1;
        }
        assert_eq!(body, expected, "{}", call["name"]);
    }
    assert!(over_rest >= 10 && over_graphql >= 40, "{over_rest} and {over_graphql} calls");
    assert_eq!(upgraded.app.contents().await, before, "nothing was done twice");
}

/// Of two ways to write a call that version 0.1 took for two, this one knows that which was kept.
async fn a_call_is_known_by_how_it_was_written_or_by_what_it_means(upgraded: Upgraded) {
    let moment = TimeDelta::seconds(1);
    let mut list_of_one = upgraded.call("createCrmStep with one tag for a list");
    list_of_one["variables"]["input"]["defaultTags"] = json!(["alone"]);
    let mut with_null = upgraded.call("createCrmStep without fields");
    with_null["variables"]["input"]["trigger"] = Value::Null;
    for call in [list_of_one, with_null] {
        let answer = upgraded.send(&call, moment).await;
        assert_eq!(answer.payload()["replayed"], true, "{}", answer.text);
    }
    let mut other = upgraded.call("absent description");
    other["variables"]["input"]["description"] = json!("another");
    let answer = upgraded.send(&other, moment).await;
    let mismatch = ("idempotencyKey".to_owned(), "IDEMPOTENCY_KEY_MISMATCH".to_owned());
    assert_eq!(answer.violations(), [mismatch]);
}

async fn after_a_day_a_key_is_free_and_stands_for_what_the_call_means(upgraded: Upgraded) {
    let mut call = upgraded.call("absent description");
    let first = upgraded.send(&call, TimeDelta::hours(24)).await.payload();
    assert_eq!((violations(&first), &first["replayed"]), (vec![], &json!(false)));
    call["variables"]["input"]["description"] = Value::Null;
    let again = upgraded.send(&call, TimeDelta::hours(25)).await.payload();
    assert_eq!((violations(&again), &again["replayed"]), (vec![], &json!(true)));
}

/// While replicas of both versions run, the older one recognizes a call of which nothing but its
/// meaning was written, as most clients write theirs; and it refuses any other, so that nothing is
/// done twice.
async fn a_plain_call_has_the_fingerprint_that_it_had(upgraded: Upgraded) {
    let fingerprints = async || {
        let kept = idempotency_key::Entity::find().all(upgraded.app.database.read()).await;
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
        let call = upgraded.call(name);
        let again = upgraded.send(&call, TimeDelta::hours(24)).await;
        assert_eq!((again.violations(), &again.payload()["replayed"]), (vec![], &json!(false)));
        let key = call["key"].as_str().expect("a key");
        assert_eq!(fingerprints().await[key] == before[key], is_plain, "{name}");
    }
}

async fn times_in_a_history_that_version_0_1_wrote_end_in_z(upgraded: Upgraded) {
    let stored = upgraded.app.contents().await;
    let ana = upgraded.sender(&json!({ "token": "ana" }), TimeDelta::zero());
    assert!(stored.contains("+00:00"), "which is how version 0.1 wrote the times of snapshots");
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

on_both_upgraded_databases!(
    every_call_is_answered_as_version_0_1_answered_it,
    a_call_is_known_by_how_it_was_written_or_by_what_it_means,
    after_a_day_a_key_is_free_and_stands_for_what_the_call_means,
    a_plain_call_has_the_fingerprint_that_it_had,
    times_in_a_history_that_version_0_1_wrote_end_in_z,
);
