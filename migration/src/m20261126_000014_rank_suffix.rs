//! Ranks of any length: digits after the number, for steps between two whose numbers have no other between
//! them. And the generation of the ranks of a scenario, so that a position of an earlier one is found to be
//! invalid.
//!
//! On PostgreSQL the constraint on indexes is checked at the end of a statement, so that one statement can
//! shift many steps.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

use crate::columns::ORGANIZATION_ID;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const INDEX: &str = "ix_crm_step_scenario_rank";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["crm_step", "crm_scenario"] {
            let generation =
                ColumnDef::new("rank_generation").integer().not_null().default(0).take();
            manager
                .alter_table(Table::alter().table(table).add_column(generation).to_owned())
                .await?;
        }
        // Digits are ordered as bytes, not by the rules of a language. SQLite always does so.
        let is_postgres = manager.get_database_backend() == DatabaseBackend::Postgres;
        let collation = if is_postgres { r#"COLLATE "C""# } else { "" };
        let connection = manager.get_connection();
        let suffix = format!(
            "ALTER TABLE crm_step ADD COLUMN rank_suffix text {collation} NOT NULL DEFAULT ''"
        );
        connection.execute_unprepared(&suffix).await?;
        replace_index(manager, &["rank", "rank_suffix"]).await?;
        unique_indexes(manager, "DEFERRABLE INITIALLY IMMEDIATE").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        unique_indexes(manager, "").await?;
        replace_index(manager, &["rank"]).await?;
        for (table, name) in [
            ("crm_step", "rank_suffix"),
            ("crm_step", "rank_generation"),
            ("crm_scenario", "rank_generation"),
        ] {
            manager.alter_table(Table::alter().table(table).drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}

async fn replace_index(manager: &SchemaManager<'_>, ranks: &[&'static str]) -> Result<(), DbErr> {
    manager.drop_index(Index::drop().name(INDEX).table("crm_step").to_owned()).await?;
    let mut index = Index::create();
    index.name(INDEX).table("crm_step").col(ORGANIZATION_ID).col("scenario_id");
    for rank in ranks {
        index.col(*rank);
    }
    manager.create_index(index).await
}

/// On PostgreSQL, sets when the constraint is checked that no two steps of a scenario have one index.
async fn unique_indexes(manager: &SchemaManager<'_>, checked: &str) -> Result<(), DbErr> {
    const NAME: &str = "uq_crm_step_scenario_index";
    if manager.get_database_backend() == DatabaseBackend::Postgres {
        let alter = format!(
            "ALTER TABLE crm_step DROP CONSTRAINT {NAME}, ADD CONSTRAINT {NAME} \
             UNIQUE ({ORGANIZATION_ID}, scenario_id, index) {checked}"
        );
        manager.get_connection().execute_unprepared(&alter).await?;
    }
    Ok(())
}
