//! SQLite alone: the rows of createCrmStep, written by rusqlite into the tables of the service.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::{Connection, Transaction, types::Value};

/// Copies steps and their related rows for this long, several in each transaction; returns the steps per
/// second.
pub fn copies_per_second(database: &Path, rows: usize, time: Duration) -> f64 {
    let mut connection = Connection::open(database).expect("it is a database");
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA busy_timeout = 30000",
        )
        .expect("they are known");
    let step = Template::of(&connection, "crm_step", "id");
    let tags = Template::all_of(&connection, "crm_step_tag", "step_id", &step.key);
    let assignees = Template::all_of(&connection, "crm_step_assignee", "step_id", &step.key);
    let change = Template::all_of(&connection, "change", "subject_id", &step.key);
    let scenarios: Vec<[Value; 2]> = {
        let sql = "SELECT organization_id, id FROM crm_scenario";
        let mut select = connection.prepare(sql).expect("it is there");
        let rows = select.query_map([], |row| Ok([row.get(0)?, row.get(1)?]));
        rows.expect("it can be read").collect::<Result<_, _>>().expect("it can be read")
    };
    let (start, mut count) = (Instant::now(), 0_u32);
    while start.elapsed() < time {
        let transaction = connection.transaction().expect("there is no other writer");
        for _ in 0..rows {
            let scenario = &scenarios[count as usize % scenarios.len()];
            copy(&transaction, scenario, &step, &tags, &assignees, &change);
            count += 1;
        }
        transaction.commit().expect("there is room");
    }
    f64::from(count) / start.elapsed().as_secs_f64()
}

fn copy(
    transaction: &Transaction<'_>,
    scenario: &[Value; 2],
    step: &Template,
    tags: &Template,
    assignees: &Template,
    change: &Template,
) {
    let sql =
        "UPDATE crm_scenario SET step_count = step_count + 1, last_rank = last_rank + 4294967296
               WHERE organization_id = ? AND id = ? RETURNING step_count, last_rank";
    let [organization, scenario] = scenario;
    let mut update = transaction.prepare_cached(sql).expect("it is SQL");
    let (count, rank): (i64, i64) = update
        .query_row([organization, scenario], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("there is the scenario");
    let id = random(transaction);
    step.insert(transaction, |column| match column {
        "id" => Some(id.clone()),
        "scenario_id" => Some(scenario.clone()),
        "index" => Some((count - 1).into()),
        "rank" => Some(rank.into()),
        _ => None,
    });
    for template in [tags, assignees] {
        template.insert(transaction, |column| (column == "step_id").then(|| id.clone()));
    }
    change.insert(transaction, |column| match column {
        "sequence" => Some(Value::Null),
        "id" => Some(random(transaction)),
        "subject_id" => Some(id.clone()),
        "scenario_id" => Some(scenario.clone()),
        _ => None,
    });
}

/// A new id in the form in which the service stores it.
fn random(connection: &Connection) -> Value {
    let mut select = connection.prepare_cached("SELECT randomblob(16)").expect("it is SQL");
    select.query_row([], |row| row.get(0)).expect("SQLite can do that")
}

/// Rows to copy.
struct Template {
    insert: String,
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
    key: Value,
}

impl Template {
    /// The newest row of a table.
    fn of(connection: &Connection, table: &str, key: &str) -> Self {
        Self::read(
            connection,
            table,
            key,
            &format!("rowid = (SELECT max(rowid) FROM {table})"),
            &[],
        )
    }

    /// The rows of a table with this key.
    fn all_of(connection: &Connection, table: &str, key: &str, value: &Value) -> Self {
        Self::read(connection, table, key, &format!("{key} = ?"), &[value])
    }

    fn read(
        connection: &Connection,
        table: &str,
        key: &str,
        condition: &str,
        values: &[&Value],
    ) -> Self {
        let sql = format!("SELECT * FROM {table} WHERE {condition}");
        let mut select = connection.prepare(&sql).expect("it is SQL");
        let columns: Vec<String> = select.column_names().map(str::to_owned).collect();
        let width = columns.len();
        let rows: Vec<Vec<Value>> = select
            .query_map(rusqlite::params_from_iter(values), |row| {
                (0..width).map(|column| row.get(column)).collect()
            })
            .expect("it can be read")
            .collect::<Result<_, _>>()
            .expect("it can be read");
        assert!(!rows.is_empty(), "{table} has such a row");
        let names: Vec<String> = columns.iter().map(|name| format!("\"{name}\"")).collect();
        let marks = vec!["?"; width].join(", ");
        let place = columns.iter().position(|column| column == key).expect("the key is a column");
        Self {
            insert: format!("INSERT INTO {table} ({}) VALUES ({marks})", names.join(", ")),
            key: rows[0][place].clone(),
            columns,
            rows,
        }
    }

    fn insert(&self, connection: &Connection, other: impl Fn(&str) -> Option<Value>) {
        let mut insert = connection.prepare_cached(&self.insert).expect("it is SQL");
        for row in &self.rows {
            let values = self.columns.iter().zip(row);
            let values =
                values.map(|(column, value)| other(column).unwrap_or_else(|| value.clone()));
            insert.execute(rusqlite::params_from_iter(values)).expect("the row fits");
        }
    }
}
