//! The tables of a database, as its catalogue and as the entities have them.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DbBackend, EntityTrait, IdenStatic as _,
    Iterable as _, PrimaryKeyToColumn as _, QueryOrder as _, Statement,
};

/// The names of tables, each with the names of its columns.
pub type Tables = BTreeMap<String, BTreeSet<String>>;

/// The tables in the catalogue of a database, without the table of migrations.
pub async fn tables(connection: &DatabaseConnection) -> Tables {
    let backend = connection.get_database_backend();
    let sql = match backend {
        DbBackend::Sqlite => {
            "SELECT of.name, info.name FROM sqlite_master AS of, pragma_table_info(of.name) AS info
                WHERE of.type = 'table' AND of.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
                    AND of.name <> 'seaql_migrations'"
        }
        _ => {
            "SELECT table_name::text, column_name::text FROM information_schema.columns
                WHERE table_schema = current_schema() AND table_name <> 'seaql_migrations'"
        }
    };
    let rows = connection.query_all_raw(Statement::from_string(backend, sql)).await;
    let mut tables = Tables::new();
    for row in rows.expect("the catalogue can be read") {
        let (table, column) = row.try_get_many_by_index().expect("two names");
        tables.entry(table).or_default().insert(column);
    }
    tables
}

/// A table as its entity defines it.
pub fn table<E: EntityTrait>() -> (String, BTreeSet<String>) {
    let columns = E::Column::iter().map(|column| column.as_str().to_owned());
    (E::default().table_name().to_owned(), columns.collect())
}

/// All rows of a table, in the order of its primary key.
pub async fn rows<E: EntityTrait>(connection: &DatabaseConnection) -> String {
    let mut select = E::find();
    for column in E::PrimaryKey::iter() {
        select = select.order_by_asc(column.into_column());
    }
    format!("{:#?}", select.all(connection).await.expect("the table can be read"))
}

/// The name of a type or a field as that of its table or column.
pub fn snake_case(name: &str) -> String {
    let split = |letter: char| {
        let before = if letter.is_ascii_uppercase() { "_" } else { "" };
        format!("{before}{}", letter.to_ascii_lowercase())
    };
    name.chars().map(split).collect::<String>().trim_start_matches('_').to_owned()
}
