//! Keys of scenarios and steps, by which files find them again, and the revision of a scenario, which rises
//! with each change of it or of its steps.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [
            r#"ALTER TABLE crm_scenario ADD COLUMN "key" text"#,
            "ALTER TABLE crm_scenario ADD COLUMN revision integer NOT NULL DEFAULT 1",
            r#"ALTER TABLE crm_step ADD COLUMN "key" text"#,
            r#"CREATE UNIQUE INDEX uq_crm_scenario_key ON crm_scenario (organization_id, "key")
               WHERE "key" IS NOT NULL"#,
            r#"CREATE UNIQUE INDEX uq_crm_step_scenario_key
               ON crm_step (organization_id, scenario_id, "key") WHERE "key" IS NOT NULL"#,
        ] {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [
            "DROP INDEX uq_crm_step_scenario_key",
            "DROP INDEX uq_crm_scenario_key",
            r#"ALTER TABLE crm_step DROP COLUMN "key""#,
            "ALTER TABLE crm_scenario DROP COLUMN revision",
            r#"ALTER TABLE crm_scenario DROP COLUMN "key""#,
        ] {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}
