//! Columns that a migration adds and fills: in batches, and for rows that older
//! replicas store meanwhile.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use crm_steps::db::{Database, Engine};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::json;

use crate::support::{App, Kind, command, on_both_databases};

/// How many rows of a table have no folded text yet.
async fn unfilled(database: &Database, table: &str, text: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM {table} WHERE {text}_caseless IS NULL");
    let backend = database.read().get_database_backend();
    let row = database.read().query_one_raw(Statement::from_string(backend, sql)).await;
    row.expect("it answers").expect("a row").try_get_by_index(0).expect("a number")
}

/// Stores agents as the previous version did: `São 1`, `São 2` and so on.
async fn store_agents(app: &App, count: usize) {
    let columns = "organization_id, id, created_at, updated_at, name, name_folded";
    let (numbers, id) = match app.database.engine() {
        Engine::Sqlite => (
            format!(
                "WITH RECURSIVE numbers (number) AS
                 (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < {count})"
            ),
            "randomblob(16)",
        ),
        Engine::Postgres => (
            format!("WITH numbers (number) AS (SELECT generate_series(1, {count}))"),
            "gen_random_uuid()",
        ),
    };
    let insert = format!(
        "{numbers} INSERT INTO agent ({columns})
         SELECT organization.id, {id}, created_at, created_at, 'São ' || number, 'são ' || number
         FROM organization, numbers"
    );
    app.execute(&insert).await;
}

async fn a_backfill_continues_after_an_interruption(app: App) {
    const AGENTS: i64 = 10_000;
    let ana = app.member_of("Horizonte").await;
    store_agents(&app, 10_000).await;
    assert_eq!(unfilled(&app.database, "agent", "name").await, AGENTS);
    // The program ends within the third batch.
    let batches = Arc::new(AtomicUsize::new(0));
    let interrupted = app.database.clone().observed(move |sql| {
        let is_batch = sql.starts_with("UPDATE \"agent\"");
        assert!(!is_batch || batches.fetch_add(1, Ordering::SeqCst) < 2, "interrupted");
    });
    let migration = tokio::spawn(async move { interrupted.migrate().await });
    assert!(migration.await.is_err_and(|error| error.is_panic()));
    let left = unfilled(&app.database, "agent", "name").await;
    assert!(0 < left && left < AGENTS, "{left}");
    // The next start fills the remaining rows, and no row twice.
    let (executed, replica) = app.recorded();
    replica.database.migrate().await.expect("it continues");
    assert_eq!(unfilled(&app.database, "agent", "name").await, 0);
    let is_batch = |sql: &&String| sql.starts_with("UPDATE \"agent\"");
    let again = executed.lock().expect("no thread panicked").iter().filter(is_batch).count();
    assert_eq!(again, 3, "three of the five batches were left");
    for (name, count) in [("SA\u{303}O 7", 1), ("sao 7", 0)] {
        let query =
            "query($name: String) { agents(filter: { name: { eq: $name } }) { totalCount } }";
        let found = ana.graphql(query, json!({ "name": name })).await.data();
        assert_eq!(found["agents"]["totalCount"], count, "{name}");
    }
}

/// Triggers that block an update of the agent with the name `held`: SQLite counts without an end, and
/// PostgreSQL waits for a lock that the test holds.
const HOLD_UP_ON_SQLITE: &str = "CREATE VIEW endless AS WITH RECURSIVE numbers (number) AS
         (SELECT 1 UNION ALL SELECT number + 1 FROM numbers)
         SELECT COUNT(*) AS number FROM numbers;
     CREATE TRIGGER hold_up BEFORE UPDATE ON agent WHEN OLD.name = 'held'
         BEGIN SELECT number FROM endless; END";
const HOLD_UP_ON_POSTGRES: &str = "CREATE FUNCTION hold_up() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END $$;
     CREATE TRIGGER hold_up BEFORE UPDATE ON agent FOR EACH ROW WHEN (OLD.name = 'held')
         EXECUTE FUNCTION hold_up()";

async fn a_killed_migration_continues_at_the_next_start(app: App) {
    const AGENTS: i64 = 5_000;
    app.member_of("Horizonte").await;
    store_agents(&app, 5_000).await;
    // The first batch is stored, and the second is unfinished when the program is killed.
    let rename = "UPDATE agent SET name = 'held'
        WHERE id = (SELECT id FROM agent ORDER BY id LIMIT 1 OFFSET 3000)";
    app.execute(rename).await;
    let (hold_up, let_go) = match app.database.engine() {
        Engine::Sqlite => (HOLD_UP_ON_SQLITE, "DROP TRIGGER hold_up"),
        Engine::Postgres => (HOLD_UP_ON_POSTGRES, "DROP TRIGGER hold_up ON agent"),
    };
    app.execute(hold_up).await;
    let lock = match app.database.engine() {
        Engine::Sqlite => None,
        Engine::Postgres => Some(app.database.write().await.expect("a transaction begins")),
    };
    if let Some(lock) = &lock {
        let take = "SELECT pg_advisory_xact_lock(1)";
        lock.execute_unprepared(take).await.expect("it is free");
    }
    let folder = tempfile::tempdir().expect("a folder is made");
    let mut program = command(folder.path())
        .args(["migrate", "--database-url", &app.url])
        .spawn()
        .expect("the program starts");
    while unfilled(&app.database, "agent", "name").await == AGENTS {
        assert_eq!(program.try_wait().expect("its state can be read"), None);
    }
    program.kill().expect("it can be killed");
    program.wait().expect("it ends");
    let left = unfilled(&app.database, "agent", "name").await;
    assert!(0 < left && left < AGENTS, "{left}");
    if let Some(lock) = lock {
        lock.rollback().await.expect("the lock is released");
    }
    app.execute(let_go).await;
    assert_eq!(
        unfilled(&app.database, "agent", "name").await,
        left,
        "an unfinished batch is rolled back"
    );
    let migrated = command(folder.path()).args(["migrate", "--database-url", &app.url]).status();
    assert!(migrated.expect("the program runs").success());
    assert_eq!(unfilled(&app.database, "agent", "name").await, 0);
}

async fn rows_of_a_replica_of_the_previous_version_are_found(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Vendas").await;
    let input = json!({ "scenarioId": scenario, "name": "a", "prompt": "a", "defaultTags": ["a"] });
    let step = ana.crm_step(&input).await;
    ana.agent("i").await;
    ana.membership("m").await;
    let found = async |list: &str, filter: &str| {
        let query =
            format!("{{ {list}(filter: {{ {filter} }}) {{ totalCount nodes {{ name }} }} }}");
        let list = ana.query(&query).await[list].clone();
        assert_eq!(list["totalCount"], list["nodes"].as_array().expect("nodes").len());
        list["totalCount"].clone()
    };
    assert_eq!(found("agents", "name: { eq: \"I\" }").await, 1);
    // The replica writes only the folded text of its own version, both where it updates a row …
    for (table, name, folded) in [
        ("agent", "ı", "i"),
        ("membership", "M\u{e3}e", "m\u{e3}e"),
        ("crm_scenario", "STRAẞE", "straße"),
        ("crm_step", "São", "são"),
    ] {
        app.execute(&format!("UPDATE {table} SET name = '{name}', name_folded = '{folded}'")).await;
    }
    // … and where it inserts one.
    app.execute("DELETE FROM crm_step_tag").await;
    let insert = "INSERT INTO crm_step_tag (organization_id, tag, step_id)
        SELECT organization_id, 'ẞ', id FROM crm_step";
    app.execute(insert).await;
    store_agents(&app, 3).await;
    for (list, filter, count) in [
        ("agents", "name: { eq: \"I\" }", 0),
        ("agents", "name: { eq: \"ı\" }", 1),
        ("agents", "name: { startsWith: \"sa\u{303}o \" }", 3),
        ("agents", "not: { name: { startsWith: \"SA\u{303}O\" } }", 1),
        ("memberships", "or: [{ name: { contains: \"A\u{303}E\" } }]", 1),
        ("crmScenarios", "name: { eq: \"strasse\" }", 1),
        ("crmSteps", "name: { eq: \"SA\u{303}O\" }", 1),
        ("crmSteps", "defaultTags: { has: \"ss\" }", 1),
        ("crmSteps", "not: { defaultTags: { has: \"a\" } }", 1),
    ] {
        assert_eq!(found(list, filter).await, count, "{list} {filter}");
    }
    for (table, text) in
        [("agent", "name"), ("membership", "name"), ("crm_step", "name"), ("crm_step_tag", "tag")]
    {
        assert_eq!(unfilled(&app.database, table, text).await, 0, "{table}");
    }
    // A patch without changes does not change the version of such a row either.
    app.execute("UPDATE crm_step SET name_caseless = NULL").await;
    let id = step["id"].as_str().expect("an id");
    let patch = format!(
        "updateCrmStep(id: \"{id}\", input: {{ name: \"São\" }}) {{ crmStep {{ version }} }}"
    );
    assert_eq!(ana.done("", &patch, json!({})).await["crmStep"]["version"], 1);
}

/// The row belongs to an unfinished transaction of another replica.
#[tokio::test(flavor = "multi_thread")]
async fn a_backfill_waits_for_a_locked_row_on_postgres() {
    App::run(Kind::Postgres, async |app: App| {
        let ana = app.member_of("Horizonte").await;
        store_agents(&app, 2).await;
        let holder = app.database.write().await.expect("a transaction begins");
        let rename =
            "UPDATE agent SET name = 'STRAẞE', name_folded = 'straße' WHERE name = 'São 1'";
        holder.execute_unprepared(rename).await.expect("it is renamed");
        let query = "{ agents(filter: { name: { eq: \"strasse\" } }) { totalCount } }";
        let waiting = {
            let ana = ana.clone();
            tokio::spawn(async move { ana.query(query).await })
        };
        app.until_a_lock_is_awaited().await;
        holder.commit().await.expect("it commits");
        assert_eq!(waiting.await.expect("no panic")["agents"]["totalCount"], 1);
    })
    .await;
}

on_both_databases!(
    a_backfill_continues_after_an_interruption,
    a_killed_migration_continues_at_the_next_start,
    rows_of_a_replica_of_the_previous_version_are_found,
);
