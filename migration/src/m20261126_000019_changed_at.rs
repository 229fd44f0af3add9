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
            &format!(
                "UPDATE crm_scenario SET steps_updated_at = last.changed, changed_at =
                     {later}(updated_at, coalesce(last.changed, updated_at))
                 FROM (
                     SELECT scenario.organization_id, scenario.id, max(happened_at) AS changed
                     FROM crm_scenario AS scenario LEFT JOIN change
                         ON change.organization_id = scenario.organization_id
                         AND change.scenario_id = scenario.id AND subject_type = 'CRM_STEP'
                     GROUP BY scenario.organization_id, scenario.id
                 ) AS last
                 WHERE last.organization_id = crm_scenario.organization_id
                 AND last.id = crm_scenario.id"
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
