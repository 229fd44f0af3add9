//! Replaces four indexes of SQLite by columns of one, so that a new step changes four pages fewer.
//!
//! SQLite reads most lists in the index of their order and stops at the end of the page. It used the indexes on
//! values that many steps share to count steps, and for lists of them by index; now it counts them in the index on
//! the time of creation, without reading the steps. PostgreSQL logs rows and not pages, and keeps its indexes.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = "
    DROP INDEX ix_crm_step_auto_next_time;
    DROP INDEX ix_crm_step_default_priority;
    DROP INDEX ix_crm_step_default_status;
    DROP INDEX ix_crm_step_is_conversation_removal_step;
    DROP INDEX ix_crm_step_created_at;
    CREATE INDEX ix_crm_step_created_at ON crm_step (
        organization_id, created_at, id,
        default_status, default_priority, is_conversation_removal_step, auto_next_time
    );";

const DOWN: &str = "
    DROP INDEX ix_crm_step_created_at;
    CREATE INDEX ix_crm_step_created_at ON crm_step (organization_id, created_at, id);
    CREATE INDEX ix_crm_step_auto_next_time ON crm_step (organization_id, auto_next_time)
        WHERE auto_next_time IS NOT NULL;
    CREATE INDEX ix_crm_step_default_priority ON crm_step (organization_id, default_priority)
        WHERE default_priority IS NOT NULL;
    CREATE INDEX ix_crm_step_default_status ON crm_step (organization_id, default_status)
        WHERE default_status IS NOT NULL;
    CREATE INDEX ix_crm_step_is_conversation_removal_step
        ON crm_step (organization_id, is_conversation_removal_step)
        WHERE is_conversation_removal_step IS NOT NULL;";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        on_sqlite(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        on_sqlite(manager, DOWN).await
    }
}

async fn on_sqlite(manager: &SchemaManager<'_>, statements: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == DatabaseBackend::Sqlite {
        manager.get_connection().execute_unprepared(statements).await?;
    }
    Ok(())
}
