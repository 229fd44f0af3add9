//! Webhook headers as text, so that they keep the order in which they were sent. On PostgreSQL a JSON column
//! is written through `jsonb`, which sorts the names; on SQLite they have always been text.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter(manager, "text").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter(manager, "json").await
    }
}

async fn alter(manager: &SchemaManager<'_>, to: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == DatabaseBackend::Postgres {
        let alter = format!(
            "ALTER TABLE crm_step ALTER COLUMN webhook_header TYPE {to} USING webhook_header::{to}"
        );
        manager.get_connection().execute_unprepared(&alter).await?;
    }
    Ok(())
}
