//! Deleting what is older than it is kept: what can be restored, and the history.

use chrono::TimeDelta;
use crm_steps::store::{erasure::person, purge};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use crate::support::{App, Client, Kind, on_both_databases, violations};

/// More rows than one transaction deletes.
const MANY: usize = 1_001;

const MOMENT: TimeDelta = TimeDelta::microseconds(1);

/// Creates a scenario with this many steps; returns its id.
async fn scenario_of(client: &Client, count: usize) -> String {
    let scenario = client.scenario("Sales").await;
    let step = json!({ "scenarioId": scenario, "name": "a", "prompt": "b" });
    let create = "createCrmSteps(inputs: $inputs) { replayed }";
    for start in (0..count).step_by(100) {
        let inputs = vec![step.clone(); (count - start).min(100)];
        let variables = json!({ "inputs": inputs });
        client.done("($inputs: [CreateCrmStepsInput!]!)", create, variables).await;
    }
    scenario
}

async fn delete_scenario(client: &Client, id: &str, steps: usize) {
    let field =
        format!("deleteCrmScenario(id: \"{id}\", expectedStepCount: {steps}) {{ replayed }}");
    client.done("", &field, json!({})).await;
}

/// The violations of restoring a step or a scenario.
async fn restoring(client: &Client, what: &str, id: &str) -> Vec<(String, String)> {
    let payload = client.call("", &format!("{what}(id: \"{id}\") {{ replayed }}"), json!({})).await;
    violations(&payload)
}

fn not_found() -> Vec<(String, String)> {
    vec![("id".to_owned(), "NOT_FOUND".to_owned())]
}

/// The number of rows in a table.
async fn count(app: &App, table: &str) -> i64 {
    let db = app.database.read();
    let count = format!("SELECT count(*) FROM {table}");
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), count)).await;
    row.expect("it answers").expect("a row").try_get_by_index(0).expect("a number")
}

/// The names and actions of the whole history.
async fn history(client: &Client) -> Vec<Value> {
    let query = "{ viewer { organization { history { nodes { action after } } } } }";
    let data = client.query(query).await;
    let nodes = data["viewer"]["organization"]["history"]["nodes"].as_array().expect("changes");
    nodes.iter().map(|change| json!([change["action"], change["after"]["name"]])).collect()
}

async fn what_was_deleted_can_be_restored_until_it_is_purged(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, other) = (ana.scenario("Sales").await, scenario_of(&ana, MANY - 1).await);
    let ids = ana.steps(&scenario, "a b").await;
    delete_scenario(&ana, &other, MANY - 1).await;
    ana.done("", &format!("deleteCrmStep(id: \"{}\") {{ replayed }}", ids[0]), json!({})).await;
    let later = app.at(App::now() + MOMENT).with_token_of(&ana);
    later.done("", &format!("deleteCrmStep(id: \"{}\") {{ replayed }}", ids[1]), json!({})).await;

    let before = app.contents().await;
    assert_eq!(purge::deleted(&app.database, App::now() - MOMENT).await, Ok(0));
    assert_eq!(app.contents().await, before);
    assert_eq!(purge::deleted(&app.database, App::now()).await, Ok(MANY as u64 + 1));
    assert_eq!(
        (count(&app, "deleted_crm_scenario").await, count(&app, "deleted_crm_step").await),
        (0, 1)
    );
    let before = app.contents().await;
    assert_eq!(restoring(&ana, "restoreCrmStep", &ids[0]).await, not_found());
    assert_eq!(restoring(&ana, "restoreCrmScenario", &other).await, not_found());
    assert_eq!(app.contents().await, before);
    assert_eq!(restoring(&ana, "restoreCrmStep", &ids[1]).await, []);
    assert_eq!(ana.names(&scenario).await, "b");
}

async fn with_no_days_nothing_is_kept(app: App) {
    let ana = app.set_up(&["--restore-days", "0"]).member_of("Horizonte").await;
    let (scenario, ids) = ana.pipeline("Sales", json!([{ "name": "a" }, { "name": "b" }])).await;
    ana.done("", &format!("deleteCrmStep(id: \"{}\") {{ replayed }}", ids[0]), json!({})).await;
    let apply = "applyCrmScenario(input: { id: $id, name: \"Sales\", steps: [] }, expectedRevision: 4) { plan { deleted } }";
    let applied = ana.done("($id: ID!)", apply, json!({ "id": scenario })).await;
    assert_eq!(applied["plan"]["deleted"], 1);
    delete_scenario(&ana, &scenario, 0).await;
    assert_eq!(
        (count(&app, "deleted_crm_scenario").await, count(&app, "deleted_crm_step").await),
        (0, 0)
    );
    assert_eq!(restoring(&ana, "restoreCrmStep", &ids[0]).await, not_found());
    assert_eq!(restoring(&ana, "restoreCrmScenario", &scenario).await, not_found());
}

/// Clocks of replicas differ: a change from before the time stays behind one that is kept.
async fn the_history_is_purged_from_its_beginning(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Other").await);
    ana.scenario("first").await;
    eve.scenario("hers").await;
    let later = app.at(App::now() + MOMENT);
    later.with_token_of(&ana).scenario("second").await;
    ana.scenario("third").await;
    let before = app.contents().await;
    assert_eq!(purge::history(&app.database, App::now()).await, Ok(0));
    assert_eq!(app.contents().await, before);
    assert_eq!(purge::history(&app.database, App::now() + MOMENT).await, Ok(2));
    assert_eq!(history(&ana).await, [json!(["CREATED", "second"]), json!(["CREATED", "third"])]);
    assert_eq!(history(&eve).await, [] as [Value; 0]);
    let purged_to = "organization WHERE (name = 'Horizonte' AND history_purged_to = 1)
        OR (name = 'Other' AND history_purged_to = 2)";
    assert_eq!(count(&app, purged_to).await, 2);
    assert_eq!(purge::history(&app.database, App::now() + MOMENT).await, Ok(0));
}

async fn a_long_history_is_purged_in_portions(app: App) {
    let ana = app.member_of("Horizonte").await;
    scenario_of(&ana, 1_000).await;
    ana.scenario("last").await;
    let (executed, observed) = app.recorded();
    let purged = purge::history(&observed.database, App::now() + MOMENT).await;
    assert_eq!(purged, Ok(1_002));
    let executed = executed.lock().expect("no thread panicked");
    let deletions = executed.iter().filter(|statement| statement.starts_with("DELETE")).count();
    assert_eq!(deletions, 2);
}

on_both_databases!(
    what_was_deleted_can_be_restored_until_it_is_purged,
    with_no_days_nothing_is_kept,
    the_history_is_purged_from_its_beginning,
    a_long_history_is_purged_in_portions,
);

#[tokio::test(flavor = "multi_thread")]
async fn one_replica_purges_at_a_time_on_postgres() {
    App::run(Kind::Postgres, async |app: App| {
        let ana = app.member_of("Horizonte").await;
        let scenario = ana.scenario("Sales").await;
        delete_scenario(&ana, &scenario, 0).await;
        let other = app.database.write().await.expect("a transaction begins");
        let lock = format!("SELECT pg_advisory_xact_lock({})", 0x6372_6d5f_7075_7267_i64);
        other.execute_unprepared(&lock).await.expect("it locks");
        let before = app.contents().await;
        assert_eq!(purge::deleted(&app.database, App::now()).await, Ok(0));
        assert_eq!(purge::history(&app.database, App::now() + MOMENT).await, Ok(0));
        assert_eq!(app.contents().await, before);
        other.rollback().await.expect("it rolls back");
        assert_eq!(purge::deleted(&app.database, App::now()).await, Ok(1));
    })
    .await;
}

/// The erasure has replaced changes that the purge finds, and has not committed yet.
#[tokio::test(flavor = "multi_thread")]
async fn a_purge_beside_an_erasure_leaves_nothing_behind_on_postgres() {
    App::run(Kind::Postgres, async |app: App| {
        let ana = app.member_of("Horizonte").await;
        let create = "createMembership(input: { name: \"Rui\", email: \"rui@example.com\", \
                      role: USER }, idempotencyKey: \"k\") { membership { id } }";
        let rui = ana.done("", create, json!({})).await["membership"]["id"].clone();
        let rui = rui.as_str().and_then(|id| id.parse().ok()).expect("an id");
        let organizations = person::organizations_of(&app.database, rui).await;
        let organization = organizations.expect("it is read").remove(0);
        let other = app.database.write().await.expect("a transaction begins");
        let lock = "SELECT 1 FROM idempotency_key FOR UPDATE";
        other.execute_unprepared(lock).await.expect("it locks");
        let replica = app.replica().await.database;
        let erasure = tokio::spawn({
            let database = replica.clone();
            async move { person::erase(organization, &database, rui, App::now()).await }
        });
        app.until_locks_are_awaited(1).await;
        let purge =
            tokio::spawn(async move { purge::history(&replica, App::now() + MOMENT).await });
        app.until_locks_are_awaited(2).await;
        other.rollback().await.expect("it rolls back");
        erasure.await.expect("it ends").expect("the person is erased");
        assert_eq!(purge.await.expect("it ends"), Ok(2));
        assert_eq!(count(&app, "change").await, 0);
        assert_eq!(count(&app, "organization WHERE history_purged_to >= 2").await, 1);
    })
    .await;
}
