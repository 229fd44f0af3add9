//! Lets a transaction of PostgreSQL defer the check that the step of a timer exists, so that it can insert
//! steps that refer to each other with several statements. SQLite can defer every check.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter(manager, "DEFERRABLE").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter(manager, "NOT DEFERRABLE").await
    }
}

async fn alter(manager: &SchemaManager<'_>, to: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == DatabaseBackend::Postgres {
        let alter =
            format!("ALTER TABLE crm_step ALTER CONSTRAINT fk_crm_step_auto_next_step_id {to}");
        manager.get_connection().execute_unprepared(&alter).await?;
    }
    Ok(())
}
