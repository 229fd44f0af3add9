//! Outcomes of calls with an idempotency key, which clients may repeat.

use sea_orm_migration::prelude::*;

use crate::columns::{ORGANIZATION_ID, time, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("idempotency_key")
                    .col(uuid(manager, ORGANIZATION_ID).not_null())
                    .col(ColumnDef::new("key").text().not_null())
                    // SHA-256 of the call, so that another call with the key is rejected.
                    .col(ColumnDef::new("fingerprint").blob().not_null())
                    // JSON as text, so that the fields keep their order.
                    .col(ColumnDef::new("outcome").text().not_null())
                    .col(time("created_at").not_null())
                    .primary_key(Index::create().col(ORGANIZATION_ID).col("key"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("fk_idempotency_key_organization")
                            .from("idempotency_key", ORGANIZATION_ID)
                            .to("organization", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        // Expired keys are selected by age.
        manager
            .create_index(
                Index::create()
                    .name("ix_idempotency_key_created_at")
                    .table("idempotency_key")
                    .col("created_at")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("idempotency_key").to_owned()).await
    }
}
