//! Columns to find texts of steps and emails of memberships without regard to case and Unicode form.
//!
//! They are null until a filter needs them: then the program fills them, because no database folds text like
//! this. A trigger sets them to null if a text changes, by whatever version of the program.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The columns: the table, the new column, and the texts that it is computed from.
const COLUMNS: [(&str, &str, &[&str]); 2] = [
    (
        "crm_step",
        "texts_caseless",
        &[
            "name",
            "trigger",
            "prompt",
            "initial_message",
            "zapi_message",
            "whatsapp_template_text",
            "webhook_url",
        ],
    ),
    ("membership", "email_caseless", &["email"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let is_postgres = manager.get_database_backend() == DatabaseBackend::Postgres;
        for (table, column, texts) in COLUMNS {
            let collation = if is_postgres { r#" COLLATE "C""# } else { "" };
            connection
                .execute_unprepared(&format!(
                    "ALTER TABLE {table} ADD COLUMN {column} text{collation}"
                ))
                .await?;
            if is_postgres {
                connection
                    .execute_unprepared(&format!(
                        "CREATE FUNCTION {table}_{column}_is_unknown() RETURNS trigger
                         LANGUAGE plpgsql AS
                         $$ BEGIN NEW.{column} := NULL; RETURN NEW; END $$"
                    ))
                    .await?;
            }
            connection.execute_unprepared(&trigger(is_postgres, table, column, texts)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let is_postgres = manager.get_database_backend() == DatabaseBackend::Postgres;
        for (table, column, _) in COLUMNS {
            let on = if is_postgres { format!(" ON {table}") } else { String::new() };
            connection
                .execute_unprepared(&format!("DROP TRIGGER {table}_{column}_changed{on}"))
                .await?;
            if is_postgres {
                connection
                    .execute_unprepared(&format!("DROP FUNCTION {table}_{column}_is_unknown"))
                    .await?;
            }
            connection
                .execute_unprepared(&format!("ALTER TABLE {table} DROP COLUMN {column}"))
                .await?;
        }
        Ok(())
    }
}

/// A trigger that sets the value to null if a statement changes a text but not the value.
fn trigger(is_postgres: bool, table: &str, column: &str, texts: &[&str]) -> String {
    let (differs, moment) =
        if is_postgres { ("IS DISTINCT FROM", "BEFORE") } else { ("IS NOT", "AFTER") };
    let of = texts.iter().map(|text| format!("\"{text}\"")).collect::<Vec<_>>().join(", ");
    let changed = texts.iter().map(|text| format!("NEW.\"{text}\" {differs} OLD.\"{text}\""));
    let changed = changed.collect::<Vec<_>>().join(" OR ");
    let condition = format!("({changed}) AND NEW.{column} = OLD.{column}");
    let update = format!("{moment} UPDATE OF {of} ON {table}");
    if is_postgres {
        format!(
            "CREATE TRIGGER {table}_{column}_changed {update} FOR EACH ROW WHEN ({condition})
             EXECUTE FUNCTION {table}_{column}_is_unknown()"
        )
    } else {
        format!(
            "CREATE TRIGGER {table}_{column}_changed {update} WHEN {condition}
             BEGIN UPDATE {table} SET {column} = NULL WHERE rowid = NEW.rowid; END"
        )
    }
}
