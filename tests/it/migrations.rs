//! The tables: up, down and up again, from every version, by several replicas at once; and the
//! last line that they hold by themselves.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use crm_steps::{
    db::{Database, Engine},
    entity::crm_step,
};
use futures_util::future::join_all;
use migration::Migrator;
use sea_orm::{
    ActiveModelTrait as _, ConnectionTrait as _, DbErr, EntityTrait as _, IntoActiveModel as _,
    RuntimeErr, Statement,
};
use sea_orm_migration::MigratorTrait as _;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{
    App, Kind, Place,
    catalogue::{Tables, tables},
    command, on_both_databases,
};

/// An empty database, not migrated.
async fn empty(kind: Kind) -> Option<(Place, Database)> {
    let place = Place::new(kind).await?;
    let database = Database::open(
        &place.url(),
        place.engine(),
        5,
        crm_steps::domain::secret::Keyring::default(),
    )
    .await
    .expect("it opens");
    Some((place, database))
}

async fn go_up_and_down(kind: Kind) {
    let Some((place, database)) = empty(kind).await else { return };
    let connection = sea_orm::Database::connect(place.url()).await.expect("it opens");
    let empty = database.is_migrated().await.expect_err("there is no table to look into");
    assert!(empty.to_string().contains("seaql_migrations"), "{empty}");
    let versions = u32::try_from(Migrator::migrations().len()).expect("not that many");
    for version in 0..versions {
        Migrator::up(&connection, Some(version)).await.expect("up to an earlier version");
        database.migrate().await.expect("and from there to this one");
        assert!(database.is_migrated().await.expect("it answers"));
        assert_eq!(tables(&connection).await, App::tables());
        database.migrate().await.expect("again, which changes nothing");
        Migrator::down(&connection, None).await.expect("down to nothing");
        assert_eq!(tables(&connection).await, Tables::new());
        assert!(!database.is_migrated().await.expect("it answers"));
    }
    connection.close().await.expect("it closes");
    place.remove().await;
}

#[tokio::test]
async fn migrations_go_up_and_down_from_every_version_on_sqlite() {
    go_up_and_down(Kind::Sqlite).await;
}

#[tokio::test]
async fn migrations_go_up_and_down_from_every_version_on_postgres() {
    go_up_and_down(Kind::Postgres).await;
}

/// How many migrations there were before steps could be changed, moved and found.
const BEFORE_EDITING: u32 = 4;

/// What an older version stored is found, moved and changed by this one.
async fn bring_data_along(kind: Kind) {
    let Some((place, _)) = empty(kind).await else { return };
    let connection = sea_orm::Database::connect(place.url()).await.expect("it opens");
    Migrator::up(&connection, Some(BEFORE_EDITING)).await.expect("up to the older version");
    let id = |number: u8| match kind {
        Kind::Sqlite => format!("X'{}{number:02x}'", "00".repeat(15)),
        Kind::Postgres => format!("'00000000-0000-0000-0000-0000000000{number:02x}'"),
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

    let app = App::open(&place.url(), place.engine()).await;
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
    place.remove().await;
}

#[tokio::test]
async fn what_an_older_version_stored_goes_on_working_on_sqlite() {
    bring_data_along(Kind::Sqlite).await;
}

#[tokio::test]
async fn what_an_older_version_stored_goes_on_working_on_postgres() {
    bring_data_along(Kind::Postgres).await;
}

async fn start_together(kind: Kind) {
    let Some((place, _)) = empty(kind).await else { return };
    let (url, engine) = (place.url(), place.engine());
    let replicas = (0..8).map(|_| {
        let url = url.clone();
        tokio::spawn(async move {
            let database =
                Database::open(&url, engine, 2, crm_steps::domain::secret::Keyring::default())
                    .await?;
            database.migrate().await?;
            database.is_migrated().await
        })
    });
    for replica in join_all(replicas).await {
        assert!(replica.expect("no panic").expect("it migrates"));
    }
    place.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_that_start_together_migrate_once_on_sqlite() {
    start_together(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_that_start_together_migrate_once_on_postgres() {
    start_together(Kind::Postgres).await;
}

/// How many rows of a table have no folded text.
async fn unfilled(database: &Database, table: &str, text: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM {table} WHERE {text}_caseless IS NULL");
    let backend = database.read().get_database_backend();
    let row = database.read().query_one_raw(Statement::from_string(backend, sql)).await;
    row.expect("it answers").expect("a row").try_get_by_index(0).expect("a number")
}

async fn execute(app: &App, statement: &str) {
    let transaction = app.database.write().await.expect("a transaction begins");
    transaction.execute_unprepared(statement).await.expect(statement);
    transaction.commit().await.expect("it commits");
}

/// Stores agents as the version before did: `São 1`, `São 2` and so on.
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
    execute(app, &insert).await;
}

async fn names_are_folded_in_portions_that_survive_an_interruption(app: App) {
    const AGENTS: i64 = 10_000;
    let ana = app.member_of("Horizonte").await;
    store_agents(&app, 10_000).await;
    assert_eq!(unfilled(&app.database, "agent", "name").await, AGENTS);
    // Whatever ends the program, ends it in the midst of the third portion.
    let portions = Arc::new(AtomicUsize::new(0));
    let interrupted = app.database.clone().observed(move |sql| {
        let is_portion = sql.starts_with("UPDATE agent");
        assert!(!is_portion || portions.fetch_add(1, Ordering::SeqCst) < 2, "interrupted");
    });
    let migration = tokio::spawn(async move { interrupted.migrate().await });
    assert!(migration.await.is_err_and(|error| error.is_panic()));
    let left = unfilled(&app.database, "agent", "name").await;
    assert!(0 < left && left < AGENTS, "{left}");
    // The next start does the rest, and no row twice.
    let (executed, replica) = app.recorded();
    replica.database.migrate().await.expect("it goes on");
    assert_eq!(unfilled(&app.database, "agent", "name").await, 0);
    let is_portion = |sql: &&String| sql.starts_with("UPDATE agent");
    let again = executed.lock().expect("nobody panicked").iter().filter(is_portion).count();
    assert_eq!(again, 3, "three of the five portions were left");
    for (name, count) in [("SA\u{303}O 7", 1), ("sao 7", 0)] {
        let query =
            "query($name: String) { agents(filter: { name: { eq: $name } }) { totalCount } }";
        let found = ana.graphql(query, json!({ "name": name })).await.data();
        assert_eq!(found["agents"]["totalCount"], count, "{name}");
    }
}

/// What holds up whoever changes the agent with the name `held`: SQLite counts without an end, and PostgreSQL
/// waits for a lock that the test has.
const HOLD_UP_ON_SQLITE: &str = "CREATE VIEW endless AS WITH RECURSIVE numbers (number) AS
         (SELECT 1 UNION ALL SELECT number + 1 FROM numbers)
         SELECT COUNT(*) AS number FROM numbers;
     CREATE TRIGGER hold_up BEFORE UPDATE ON agent WHEN OLD.name = 'held'
         BEGIN SELECT number FROM endless; END";
const HOLD_UP_ON_POSTGRES: &str = "CREATE FUNCTION hold_up() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END $$;
     CREATE TRIGGER hold_up BEFORE UPDATE ON agent FOR EACH ROW WHEN (OLD.name = 'held')
         EXECUTE FUNCTION hold_up()";

async fn a_migration_that_is_killed_goes_on_at_the_next_start(app: App) {
    const AGENTS: i64 = 5_000;
    app.member_of("Horizonte").await;
    store_agents(&app, 5_000).await;
    // The first portion is stored, and the second is not finished before the program is killed.
    let rename = "UPDATE agent SET name = 'held'
        WHERE id = (SELECT id FROM agent ORDER BY id LIMIT 1 OFFSET 3000)";
    execute(&app, rename).await;
    let (hold_up, let_go) = match app.database.engine() {
        Engine::Sqlite => (HOLD_UP_ON_SQLITE, "DROP TRIGGER hold_up"),
        Engine::Postgres => (HOLD_UP_ON_POSTGRES, "DROP TRIGGER hold_up ON agent"),
    };
    execute(&app, hold_up).await;
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
        assert_eq!(program.try_wait().expect("it can be asked"), None);
    }
    program.kill().expect("it can be killed");
    program.wait().expect("it ends");
    let left = unfilled(&app.database, "agent", "name").await;
    assert!(0 < left && left < AGENTS, "{left}");
    if let Some(lock) = lock {
        lock.rollback().await.expect("the lock is given back");
    }
    execute(&app, let_go).await;
    assert_eq!(unfilled(&app.database, "agent", "name").await, left, "half a portion is not kept");
    let migrated = command(folder.path()).args(["migrate", "--database-url", &app.url]).status();
    assert!(migrated.expect("the program runs").success());
    assert_eq!(unfilled(&app.database, "agent", "name").await, 0);
}

async fn what_a_replica_of_the_version_before_stores_is_found(app: App) {
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
    // It knows of no folded text but its own, neither where it changes a row …
    for (table, name, folded) in [
        ("agent", "ı", "i"),
        ("membership", "M\u{e3}e", "m\u{e3}e"),
        ("crm_scenario", "STRAẞE", "straße"),
        ("crm_step", "São", "são"),
    ] {
        execute(&app, &format!("UPDATE {table} SET name = '{name}', name_folded = '{folded}'"))
            .await;
    }
    // … nor where it inserts one.
    execute(&app, "DELETE FROM crm_step_tag").await;
    let insert = "INSERT INTO crm_step_tag (organization_id, tag, step_id)
        SELECT organization_id, 'ẞ', id FROM crm_step";
    execute(&app, insert).await;
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
    // A patch that changes nothing changes nothing here either.
    execute(&app, "UPDATE crm_step SET name_caseless = NULL").await;
    let id = step["id"].as_str().expect("an id");
    let patch = format!(
        "updateCrmStep(id: \"{id}\", input: {{ name: \"São\" }}) {{ crmStep {{ version }} }}"
    );
    assert_eq!(ana.done("", &patch, json!({})).await["crmStep"]["version"], 1);
}

/// The row that another replica has stored and is about to change again.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_locked_is_waited_for_on_postgres() {
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
        let waits = "SELECT 1 FROM pg_locks WHERE NOT granted";
        while app
            .database
            .read()
            .execute_unprepared(waits)
            .await
            .expect("it answers")
            .rows_affected()
            == 0
        {
            tokio::task::yield_now().await;
        }
        holder.commit().await.expect("it commits");
        assert_eq!(waiting.await.expect("no panic")["agents"]["totalCount"], 1);
    })
    .await;
}

async fn a_replica_that_a_newer_one_has_overtaken_stays_ready(app: App) {
    let insert = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29991231_newer', 0)";
    let transaction = app.database.write().await.expect("a transaction begins");
    transaction.execute_unprepared(insert).await.expect("it is inserted");
    transaction.commit().await.expect("it commits");
    assert!(app.database.is_migrated().await.expect("it answers"));
    app.database.migrate().await.expect("there is nothing to do");
}

fn id(value: &Value) -> Uuid {
    value.as_str().expect("an id").parse().expect("a UUID")
}

/// Stores a row past all checks, as a bug would.
async fn store(app: &App, row: crm_step::Model) -> Result<(), DbErr> {
    let transaction = app.database.write().await?;
    crm_step::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(&transaction)
        .await?;
    transaction.commit().await
}

/// The constraint that stood in the way of a statement, by its kind, and by its name where the
/// database tells that.
fn constraint<T>(outcome: Result<T, DbErr>) -> String {
    let error = outcome.err().expect("a constraint stands in the way");
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) =
        error
    else {
        panic!("no statement was refused: {error}");
    };
    let error = error.as_database_error().expect("the database refused it");
    format!("{:?}: {}", error.kind(), error.constraint().unwrap_or(error.message()))
}

async fn a_row_cannot_point_into_another_organization_even_by_a_bug(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Evil").await);
    let theirs = ana.scenario("Ana's").await;
    let agent = id(&ana.agent("Sofia").await.into());
    let bruno = id(&ana.membership("Bruno").await.into());
    let foreign = ana.crm_step(&json!({ "scenarioId": theirs, "name": "A", "prompt": "b" })).await;
    let own = eve.scenario("Eve's").await;
    let step = eve.crm_step(&json!({ "scenarioId": own, "name": "A", "prompt": "b" })).await;
    let row = crm_step::Entity::find_by_id((id(&step["organizationId"]), id(&step["id"])))
        .one(app.database.read())
        .await
        .expect("it answers")
        .expect("it is there");
    let fresh = crm_step::Model { id: Uuid::from_u128(1), index: 1, ..row.clone() };
    store(&app, fresh.clone()).await.expect("this one is sound");
    let fresh = crm_step::Model { id: Uuid::from_u128(2), index: 2, ..row };
    let before = app.contents().await;
    // SQLite does not tell which of the references it is.
    let reference = |name| ("ForeignKeyViolation: FOREIGN KEY constraint failed", name);
    let index = (
        "UniqueViolation: UNIQUE constraint failed: crm_step.organization_id, crm_step.scenario_id, crm_step.index",
        "UniqueViolation: uq_crm_step_scenario_index",
    );
    let negative =
        ("CheckViolation: CHECK constraint failed: index", "CheckViolation: crm_step_index_check");
    let timer = (
        "CheckViolation: CHECK constraint failed: CASE WHEN auto_next_time IS NULL THEN auto_next_step_id IS NULL AND auto_next_time_unit IS NULL ELSE auto_next_time >= 1 END",
        "CheckViolation: crm_step_check",
    );
    let expected = |(on_sqlite, on_postgres): (&str, &str)| match app.database.engine() {
        Engine::Sqlite => on_sqlite.to_owned(),
        Engine::Postgres => on_postgres.to_owned(),
    };
    for (row, broken) in [
        (
            crm_step::Model { scenario_id: id(&theirs.into()), ..fresh.clone() },
            reference("ForeignKeyViolation: fk_crm_step_scenario_id"),
        ),
        (
            crm_step::Model { agent_id: Some(agent), ..fresh.clone() },
            reference("ForeignKeyViolation: fk_crm_step_agent_id"),
        ),
        (
            crm_step::Model { zapi_agent_id: Some(agent), ..fresh.clone() },
            reference("ForeignKeyViolation: fk_crm_step_zapi_agent_id"),
        ),
        (
            crm_step::Model { whatsapp_template_agent_id: Some(agent), ..fresh.clone() },
            reference("ForeignKeyViolation: fk_crm_step_whatsapp_template_agent_id"),
        ),
        (
            crm_step::Model {
                auto_next_step_id: Some(id(&foreign["id"])),
                auto_next_time: Some(1),
                ..fresh.clone()
            },
            reference("ForeignKeyViolation: fk_crm_step_auto_next_step_id"),
        ),
        (
            crm_step::Model { organization_id: Uuid::from_u128(3), ..fresh.clone() },
            reference("ForeignKeyViolation: fk_crm_step_organization"),
        ),
        // And what else the tables hold: places are taken once, and from 0 on; a timer has a time.
        (crm_step::Model { index: 0, ..fresh.clone() }, index),
        (crm_step::Model { index: -1, ..fresh.clone() }, negative),
        (crm_step::Model { auto_next_step_id: Some(Uuid::from_u128(1)), ..fresh.clone() }, timer),
        (
            crm_step::Model {
                auto_next_time: Some(0),
                auto_next_time_unit: Some(crm_steps::domain::crm_step::TimeUnit::Day),
                ..fresh
            },
            timer,
        ),
    ] {
        let said = format!("{row:?}");
        assert_eq!(constraint(store(&app, row).await), expected(broken), "{said}");
    }
    let candidate = crm_steps::entity::crm_step_assignee::Model {
        organization_id: id(&step["organizationId"]),
        step_id: Uuid::from_u128(1),
        position: 0,
        membership_id: bruno,
    };
    let transaction = app.database.write().await.expect("a transaction begins");
    let candidate = candidate.into_active_model().reset_all();
    let stored = crm_steps::entity::crm_step_assignee::Entity::insert(candidate)
        .exec_without_returning(&transaction)
        .await;
    transaction.rollback().await.expect("it rolls back");
    let broken = reference("ForeignKeyViolation: fk_crm_step_assignee_membership_id");
    assert_eq!(constraint(stored), expected(broken), "another organization's member");
    assert_eq!(app.contents().await, before);
}

/// The name of a type or a field as that of its table or column.
fn snake_case(name: &str) -> String {
    let split = |letter: char| {
        let before = if letter.is_ascii_uppercase() { "_" } else { "" };
        format!("{before}{}", letter.to_ascii_lowercase())
    };
    name.chars().map(split).collect::<String>().trim_start_matches('_').to_owned()
}

async fn enum_columns_hold_only_what_the_enums_have(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    ana.crm_step(&json!({ "scenarioId": scenario, "name": "A", "prompt": "b", "autoNextTime": 1 }))
        .await;
    ana.membership("Bruno").await;
    let before = app.contents().await;
    let field = "name type { kind ofType { kind } }";
    let query =
        format!("{{ __type(name: \"Node\") {{ possibleTypes {{ name fields {{ {field} }} }} }} }}");
    let nodes = ana.query(&query).await["__type"]["possibleTypes"].clone();
    let mut columns = BTreeSet::new();
    for node in nodes.as_array().expect("types") {
        let table = snake_case(node["name"].as_str().expect("a name"));
        // The rows of the history are never changed.
        if table == "change" {
            continue;
        }
        let fields = node["fields"].as_array().expect("fields").iter();
        let enums = fields.filter(|field| field["type"].to_string().contains("\"ENUM\""));
        let names = enums.map(|field| snake_case(field["name"].as_str().expect("a name")));
        columns.extend(names.map(|column| (table.clone(), column)));
    }
    assert!(columns.len() >= 5, "{columns:?}");
    for (table, column) in &columns {
        let transaction = app.database.write().await.expect("a transaction begins");
        let update = format!("UPDATE {table} SET {column} = 'nonsense'");
        let updated = transaction.execute_unprepared(&update).await;
        transaction.rollback().await.expect("it rolls back");
        let broken = constraint(updated);
        let expected = match app.database.engine() {
            Engine::Sqlite => format!("CheckViolation: CHECK constraint failed: {column} IN ("),
            Engine::Postgres => format!("CheckViolation: {table}_{column}_check"),
        };
        assert!(broken.starts_with(&expected), "{broken}");
    }
    assert_eq!(app.contents().await, before);
}

on_both_databases!(
    names_are_folded_in_portions_that_survive_an_interruption,
    a_migration_that_is_killed_goes_on_at_the_next_start,
    what_a_replica_of_the_version_before_stores_is_found,
    a_replica_that_a_newer_one_has_overtaken_stays_ready,
    a_row_cannot_point_into_another_organization_even_by_a_bug,
    enum_columns_hold_only_what_the_enums_have,
);
