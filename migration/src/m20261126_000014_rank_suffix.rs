//! Ranks of any length: digits after the number, for steps between two whose numbers have no other between
//! them. And the generation of the ranks of a scenario, so that a position of an earlier one is found to be
//! invalid.
//!
//! On PostgreSQL the constraint on indexes is checked at the end of a statement, so that one statement can
//! shift many steps.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        // Digits are ordered as bytes, not by the rules of a language. SQLite always does so.
        let is_postgres = manager.get_database_backend() == DatabaseBackend::Postgres;
        let collation = if is_postgres { r#"COLLATE "C""# } else { "" };
        for statement in [
            "ALTER TABLE crm_scenario ADD COLUMN rank_generation integer NOT NULL DEFAULT 0",
            "ALTER TABLE crm_step ADD COLUMN rank_generation integer NOT NULL DEFAULT 0",
            &format!(
                "ALTER TABLE crm_step ADD COLUMN rank_suffix text {collation} NOT NULL DEFAULT ''"
            ),
            "DROP INDEX ix_crm_step_scenario_rank",
            "CREATE INDEX ix_crm_step_scenario_rank
             ON crm_step (organization_id, scenario_id, rank, rank_suffix)",
        ] {
            connection.execute_unprepared(statement).await?;
        }
        unique_indexes(manager, "DEFERRABLE INITIALLY IMMEDIATE").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        unique_indexes(manager, "").await?;
        for statement in [
            "DROP INDEX ix_crm_step_scenario_rank",
            // Without suffixes, several steps would have one rank.
            r#"UPDATE crm_step SET rank = ("index" + 1) * 4294967296"#,
            "UPDATE crm_scenario SET last_rank = step_count * 4294967296",
            "ALTER TABLE crm_step DROP COLUMN rank_suffix",
            "ALTER TABLE crm_step DROP COLUMN rank_generation",
            "ALTER TABLE crm_scenario DROP COLUMN rank_generation",
            "CREATE INDEX ix_crm_step_scenario_rank ON crm_step (organization_id, scenario_id, rank)",
        ] {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

/// On PostgreSQL, sets when the constraint is checked that no two steps of a scenario have one index.
async fn unique_indexes(manager: &SchemaManager<'_>, checked: &str) -> Result<(), DbErr> {
    const NAME: &str = "uq_crm_step_scenario_index";
    if manager.get_database_backend() == DatabaseBackend::Postgres {
        let alter = format!(
            "ALTER TABLE crm_step DROP CONSTRAINT {NAME}, ADD CONSTRAINT {NAME} \
             UNIQUE (organization_id, scenario_id, index) {checked}"
        );
        manager.get_connection().execute_unprepared(&alter).await?;
    }
    Ok(())
}
