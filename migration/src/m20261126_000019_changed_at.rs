//! When a scenario or one of its steps last changed, and when one of its steps did.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Lists are ordered by columns that are never null. A replica of an earlier version, which
        // there is on PostgreSQL only, inserts rows without the column.
        let (time, default, later) = match manager.get_database_backend() {
            DatabaseBackend::Sqlite => {
                ("timestamp_with_timezone_text", "'1970-01-01T00:00:00.000000+00:00'", "max")
            }
            _ => ("timestamp with time zone", "now()", "greatest"),
        };
        for statement in [
            &format!("ALTER TABLE crm_scenario ADD COLUMN steps_updated_at {time}"),
            &format!(
                "ALTER TABLE crm_scenario ADD COLUMN changed_at {time} NOT NULL DEFAULT {default}"
            ),
            "UPDATE crm_scenario SET steps_updated_at = (
                 SELECT max(happened_at) FROM change
                 WHERE change.organization_id = crm_scenario.organization_id
                 AND change.scenario_id = crm_scenario.id AND subject_type = 'CRM_STEP')",
            &format!(
                "UPDATE crm_scenario SET changed_at =
                 {later}(updated_at, coalesce(steps_updated_at, updated_at))"
            ),
            "CREATE INDEX ix_crm_scenario_changed_at
                 ON crm_scenario (organization_id, changed_at, id)",
        ] {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [
            "DROP INDEX ix_crm_scenario_changed_at",
            "ALTER TABLE crm_scenario DROP COLUMN changed_at",
            "ALTER TABLE crm_scenario DROP COLUMN steps_updated_at",
        ] {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}
