//! Migrations: up and down from every version, with data of an older version, and by several replicas
//! at once.

mod backfill;
mod constraints;

use crm_steps::{
    db::{Database, Engine},
    domain::secret::Keyring,
    entity::change,
};
use futures_util::future::join_all;
use migration::Migrator;
use sea_orm::{ConnectionTrait as _, sea_query::Query};
use sea_orm_migration::MigratorTrait as _;
use serde_json::json;

use crate::support::{
    App, Empty, Kind,
    catalogue::{Tables, tables},
    on_both_databases,
};

async fn migrations_go_up_and_down_from_every_version(empty: Empty) {
    let database = empty.open().await;
    let connection = sea_orm::Database::connect(&empty.url).await.expect("it opens");
    let error = database.is_migrated().await.expect_err("there is no table of migrations");
    assert!(error.to_string().contains("seaql_migrations"), "{error}");
    let versions = u32::try_from(Migrator::migrations().len()).expect("the number fits");
    for version in 0..versions {
        Migrator::up(&connection, Some(version))
            .await
            .expect("it migrates up to an earlier version");
        database.migrate().await.expect("it migrates from there to this version");
        assert!(database.is_migrated().await.expect("it answers"));
        assert_eq!(tables(&connection).await, App::tables());
        database.migrate().await.expect("a repetition changes nothing");
        Migrator::down(&connection, None).await.expect("it migrates down");
        assert_eq!(tables(&connection).await, Tables::new());
        assert!(!database.is_migrated().await.expect("it answers"));
    }
    connection.close().await.expect("it closes");
}

/// After an upgrade that is taken back, the tables are those of the version before.
async fn each_migration_is_undone(empty: Empty) {
    empty.open().await;
    let connection = sea_orm::Database::connect(&empty.url).await.expect("it opens");
    let mut before = tables(&connection).await;
    for migration in Migrator::migrations() {
        Migrator::up(&connection, Some(1)).await.expect("it migrates up");
        let after = tables(&connection).await;
        Migrator::down(&connection, Some(1)).await.expect("it migrates down");
        assert_eq!(tables(&connection).await, before, "{} is undone", migration.name());
        Migrator::up(&connection, Some(1)).await.expect("it migrates up again");
        assert_eq!(tables(&connection).await, after, "{}", migration.name());
        before = after;
    }
    connection.close().await.expect("it closes");
}

/// PostgreSQL would let one of two transactions fail that wait for tables of each other.
async fn a_migration_does_not_wait_for_a_transaction_that_waits_for_it(empty: Empty) {
    let database = empty.open().await;
    let connection = sea_orm::Database::connect(&empty.url).await.expect("it opens");
    Migrator::up(&connection, Some(BEFORE_SUFFIXES)).await.expect("it migrates up");
    let creating = database.write().await.expect("a transaction begins");
    let lock = async |table: &str| {
        let lock = format!("LOCK TABLE {table} IN ROW EXCLUSIVE MODE");
        creating.execute_unprepared(&lock).await.expect("it is locked");
    };
    lock("crm_step").await;
    let migrating = tokio::spawn({
        let database = database.clone();
        async move { database.migrate().await }
    });
    let waits = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'crm_step'::regclass";
    let is_waiting = async || {
        let waiting = connection.execute_unprepared(waits).await.expect("it answers");
        waiting.rows_affected() > 0
    };
    while !is_waiting().await {
        tokio::task::yield_now().await;
    }
    lock("crm_scenario").await;
    creating.commit().await.expect("it commits");
    migrating.await.expect("no panic").expect("it migrates");
    assert!(database.is_migrated().await.expect("it answers"));
    connection.close().await.expect("it closes");
}

#[tokio::test]
async fn a_migration_beside_other_transactions() {
    Empty::run(Kind::Postgres, a_migration_does_not_wait_for_a_transaction_that_waits_for_it).await;
}

/// How many migrations there were before ranks had suffixes.
const BEFORE_SUFFIXES: u32 = 13;

/// How many migrations there were before changes could be deleted.
const BEFORE_PURGING: u32 = 17;

/// How many migrations there were before steps could be updated, moved and filtered.
const BEFORE_EDITING: u32 = 4;

/// Rows of an older version can be found, moved and changed.
async fn data_of_an_older_version_stays_usable(empty: Empty) {
    // SQLite creates the file.
    empty.open().await;
    let connection = sea_orm::Database::connect(&empty.url).await.expect("it opens");
    Migrator::up(&connection, Some(BEFORE_EDITING))
        .await
        .expect("it migrates up to the older version");
    let id = |number: u8| match empty.engine {
        Engine::Sqlite => format!("X'{}{number:02x}'", "00".repeat(15)),
        Engine::Postgres => format!("'00000000-0000-0000-0000-0000000000{number:02x}'"),
    };
    let (organization, agent, scenario) = (id(1), id(2), id(3));
    let time = "'2026-11-22 18:20:00.123456+00:00'";
    let mut statements = vec![
        format!("INSERT INTO organization (id, name, created_at) VALUES ({organization}, 'Horizonte', {time})"),
        format!(
            "INSERT INTO agent (organization_id, id, created_at, updated_at, name)
             VALUES ({organization}, {agent}, {time}, {time}, 'ÉLISE')"
        ),
        format!(
            "INSERT INTO crm_scenario (organization_id, id, created_at, updated_at, name, step_count)
             VALUES ({organization}, {scenario}, {time}, {time}, 'Sales', 3)"
        ),
    ];
    for (index, name) in ["a", "ÇB", "c"].into_iter().enumerate() {
        let step = id(10 + u8::try_from(index).expect("three fit"));
        let tags = if index == 1 { r#"'["vip", "new"]'"# } else { "NULL" };
        statements.push(format!(
            r#"INSERT INTO crm_step (organization_id, id, created_at, updated_at, scenario_id, "index", name, prompt, agent_id, default_tags, webhook_url, webhook_header)
               VALUES ({organization}, {step}, {time}, {time}, {scenario}, {index}, '{name}', 'x', {agent}, {tags},
                   'https://example.com', '{{"X-Long": "1", "B": "2"}}')"#
        ));
    }
    for statement in statements {
        connection.execute_unprepared(&statement).await.expect("the older version stored it");
    }
    connection.close().await.expect("it closes");

    let app = App::open(&empty.url, empty.engine).await;
    app.database.migrate().await.expect("it migrates");
    let ana = app.member_of("Horizonte").await;
    let scenario = "00000000-0000-0000-0000-000000000003";
    let found = ana
        .query(
            "{ agents(filter: { name: { eq: \"élise\" } }) { nodes { version } }
               tagged: crmSteps(filter: { defaultTags: { has: \"new\" } }) { nodes { name } }
               named: crmSteps(filter: { name: { startsWith: \"çb\" } }) { nodes { name version } } }",
        )
        .await;
    assert_eq!(
        found,
        json!({
            "agents": { "nodes": [{ "version": 1 }] },
            "tagged": { "nodes": [{ "name": "ÇB" }] },
            "named": { "nodes": [{ "name": "ÇB", "version": 1 }] },
        })
    );
    let headers = ana.graphql("{ crmSteps { nodes { webhookHeader } } }", json!({})).await;
    let kept = r#"{"webhookHeader":{"X-Long":"1","B":"2"}}"#;
    assert_eq!(headers.text.matches(kept).count(), 3, "{}", headers.text);
    let moved = "moveCrmStep(id: \"00000000-0000-0000-0000-00000000000c\", to: { before: \"00000000-0000-0000-0000-00000000000b\" }) { replayed }";
    ana.done("", moved, json!({})).await;
    ana.steps(scenario, "d").await;
    assert_eq!(ana.names(scenario).await, "a c ÇB d");
}

async fn replicas_that_start_together_migrate_once(Empty { url, engine }: Empty) {
    let replicas = (0..8).map(|_| {
        let url = url.clone();
        tokio::spawn(async move {
            let database = Database::open(&url, engine, 2, Keyring::default()).await?;
            database.migrate().await?;
            database.is_migrated().await
        })
    });
    for replica in join_all(replicas).await {
        assert!(replica.expect("no panic").expect("it migrates"));
    }
}

async fn a_replica_stays_ready_after_a_newer_one_migrated(app: App) {
    let insert = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29991231_newer', 0)";
    app.execute(insert).await;
    assert!(app.database.is_migrated().await.expect("it answers"));
    app.database.migrate().await.expect("no migration is left");
}

/// Going back keeps the order of steps, whose suffixes are dropped.
async fn steps_keep_their_order_without_suffixes(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b").await;
    for name in 0..40 {
        let input = json!({ "scenarioId": scenario, "name": name.to_string(), "prompt": "a" });
        let create = "createCrmStep(input: $input, to: $to) { userErrors { code } }";
        let variables = json!({ "input": input, "to": { "before": ids[1] } });
        ana.done("($input: CreateCrmStepInput!, $to: CrmStepPlacement)", create, variables).await;
    }
    let names = ana.names(&scenario).await;
    let connection = sea_orm::Database::connect(&app.url).await.expect("it opens");
    let versions = u32::try_from(Migrator::migrations().len()).expect("the number fits");
    Migrator::down(&connection, Some(versions - BEFORE_SUFFIXES)).await.expect("it migrates down");
    Migrator::up(&connection, None).await.expect("it migrates up again");
    connection.close().await.expect("it closes");
    assert_eq!(ana.names(&scenario).await, names);
}

/// Who follows the history by its numbers misses nothing: a number is given once, although its change was
/// deleted before the table was built anew.
async fn numbers_of_deleted_changes_are_not_given_again(app: App) {
    let ana = app.member_of("Horizonte").await;
    for name in ["Sales", "Support"] {
        ana.scenario(name).await;
    }
    app.execute("DELETE FROM change").await;
    let connection = sea_orm::Database::connect(&app.url).await.expect("it opens");
    let versions = u32::try_from(Migrator::migrations().len()).expect("the number fits");
    Migrator::down(&connection, Some(versions - BEFORE_PURGING)).await.expect("it migrates down");
    Migrator::up(&connection, None).await.expect("it migrates up again");
    ana.scenario("Returns").await;
    let select = Query::select().column(change::Column::Sequence).from(change::Entity).to_owned();
    let row = connection.query_one(&select).await.expect("it answers").expect("a row");
    assert_eq!(row.try_get_by_index::<i64>(0).expect("a number"), 3);
    connection.close().await.expect("it closes");
}

on_both_databases!(
    a_replica_stays_ready_after_a_newer_one_migrated,
    numbers_of_deleted_changes_are_not_given_again,
    steps_keep_their_order_without_suffixes,
);

on_both_databases!(
    Empty: migrations_go_up_and_down_from_every_version,
    each_migration_is_undone,
    data_of_an_older_version_stays_usable,
    replicas_that_start_together_migrate_once,
);
