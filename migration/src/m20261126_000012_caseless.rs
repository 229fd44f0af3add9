//! Columns to compare names and tags without regard to case and Unicode form.
//!
//! The new columns are null until they are computed. The program fills them, because no database folds text
//! like this. Replicas of the previous version leave them null in new rows; if such a replica renames a row
//! that has a value, a trigger sets the value to null.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

use crate::columns::{ORGANIZATION_ID, RESOURCES};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The columns: the table, the text that the value is computed from, and the id that identifies a row
/// within its organization.
const TAG: (&str, &str, &str) = ("crm_step_tag", "tag", "step_id");

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_postgres = manager.get_database_backend() == DatabaseBackend::Postgres;
        if is_postgres {
            let function = "CREATE FUNCTION name_caseless_is_unknown() RETURNS trigger
                LANGUAGE plpgsql AS
                $$ BEGIN NEW.name_caseless := NULL; RETURN NEW; END $$";
            manager.get_connection().execute_unprepared(function).await?;
        }
        for (table, text, id) in columns() {
            // Sorted alike on every server, whatever its locale.
            let collation = if is_postgres { r#" COLLATE "C""# } else { "" };
            let add = format!("ALTER TABLE {table} ADD COLUMN {text}_caseless text{collation}");
            let index = format!(
                "CREATE INDEX ix_{table}_{text}_caseless
                 ON {table} ({ORGANIZATION_ID}, {text}_caseless, {id})"
            );
            let unknown = format!(
                "CREATE INDEX ix_{table}_{text}_unknown ON {table} ({ORGANIZATION_ID}, {id})
                 WHERE {text}_caseless IS NULL"
            );
            for statement in [add, index, unknown] {
                manager.get_connection().execute_unprepared(&statement).await?;
            }
        }
        for table in RESOURCES {
            manager.get_connection().execute_unprepared(&trigger(manager, table)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let is_postgres = manager.get_database_backend() == DatabaseBackend::Postgres;
        for table in RESOURCES {
            let on = if is_postgres { format!(" ON {table}") } else { String::new() };
            connection.execute_unprepared(&format!("DROP TRIGGER {table}_renamed{on}")).await?;
        }
        if is_postgres {
            connection.execute_unprepared("DROP FUNCTION name_caseless_is_unknown").await?;
        }
        for (table, text, _) in columns() {
            for statement in [
                format!("DROP INDEX ix_{table}_{text}_unknown"),
                format!("DROP INDEX ix_{table}_{text}_caseless"),
                format!("ALTER TABLE {table} DROP COLUMN {text}_caseless"),
            ] {
                connection.execute_unprepared(&statement).await?;
            }
        }
        Ok(())
    }
}

fn columns() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    RESOURCES.into_iter().map(|table| (table, "name", "id")).chain([TAG])
}

/// A trigger that sets the value to null if a statement changes the text but not the value.
fn trigger(manager: &SchemaManager<'_>, table: &str) -> String {
    match manager.get_database_backend() {
        DatabaseBackend::Sqlite => format!(
            "CREATE TRIGGER {table}_renamed AFTER UPDATE OF name ON {table}
             WHEN NEW.name <> OLD.name AND NEW.name_caseless = OLD.name_caseless
             BEGIN UPDATE {table} SET name_caseless = NULL WHERE rowid = NEW.rowid; END"
        ),
        _ => format!(
            "CREATE TRIGGER {table}_renamed BEFORE UPDATE OF name ON {table} FOR EACH ROW
             WHEN (NEW.name <> OLD.name AND NEW.name_caseless = OLD.name_caseless)
             EXECUTE FUNCTION name_caseless_is_unknown()"
        ),
    }
}
