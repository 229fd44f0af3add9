//! Constraints of the tables, which reject inconsistent rows even if the service has a bug.

use std::collections::BTreeSet;

use crm_steps::{db::Engine, entity::crm_step};
use sea_orm::{
    ActiveModelTrait as _, ConnectionTrait as _, DbErr, EntityTrait as _, IntoActiveModel as _,
    RuntimeErr, Statement,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{App, Kind, catalogue::snake_case, on_both_databases};

fn id(value: &Value) -> Uuid {
    value.as_str().expect("an id").parse().expect("a UUID")
}

/// Stores a row without validation, as a bug would.
async fn store(app: &App, row: crm_step::Model) -> Result<(), DbErr> {
    let transaction = app.database.write().await?;
    crm_step::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(&transaction)
        .await?;
    transaction.commit().await
}

/// The constraint that a statement broke: its kind, and its name if the database reports it.
fn constraint<T>(outcome: Result<T, DbErr>) -> String {
    let error = outcome.err().expect("the statement breaks a constraint");
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) =
        error
    else {
        panic!("not an error of a statement: {error}");
    };
    let error = error.as_database_error().expect("the database rejected it");
    format!("{:?}: {}", error.kind(), error.constraint().unwrap_or(error.message()))
}

async fn the_tables_reject_inconsistent_rows(app: App) {
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
    store(&app, fresh.clone()).await.expect("a valid row is stored");
    let fresh = crm_step::Model { id: Uuid::from_u128(2), index: 2, ..row };
    let before = app.contents().await;
    // SQLite does not report which foreign key it is.
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
        // Other constraints: an index is unique in its scenario and not negative; a timer has a time.
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
        let stored = format!("{row:?}");
        assert_eq!(constraint(store(&app, row).await), expected(broken), "{stored}");
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
    assert_eq!(constraint(stored), expected(broken), "a membership of another organization");
    assert_eq!(app.contents().await, before);
}

async fn enum_columns_hold_only_their_values(app: App) {
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

/// Folded text is sorted by its bytes, whatever the locale of the server.
#[tokio::test(flavor = "multi_thread")]
async fn folded_text_is_sorted_alike_on_every_server_on_postgres() {
    App::run(Kind::Postgres, async |app| {
        let folded = "SELECT (table_name || '.' || column_name)::text, collation_name::text
            FROM information_schema.columns WHERE table_schema = current_schema()
            AND (column_name LIKE '%\\_folded' OR column_name LIKE '%\\_caseless')";
        let db = app.database.read();
        let folded = Statement::from_string(db.get_database_backend(), folded);
        let columns = db.query_all_raw(folded).await.expect("the catalogue can be read");
        assert!(columns.len() >= 9, "{} columns", columns.len());
        for column in columns {
            let (name, collation): (String, Option<String>) =
                column.try_get_many_by_index().expect("a name and a collation");
            assert_eq!(collation.as_deref(), Some("C"), "{name}");
        }
    })
    .await;
}

on_both_databases!(the_tables_reject_inconsistent_rows, enum_columns_hold_only_their_values,);
