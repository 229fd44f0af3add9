//! Organizations, the tenants, and their access tokens.

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
                    .table("organization")
                    .col(uuid(manager, "id").not_null().primary_key())
                    .col(ColumnDef::new("name").text().not_null().unique_key())
                    .col(time("created_at").not_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("access_token")
                    .col(uuid(manager, "id").not_null().primary_key())
                    .col(uuid(manager, ORGANIZATION_ID).not_null())
                    .col(ColumnDef::new("name").text().not_null())
                    // SHA-256 of the token; the token itself is not stored.
                    .col(ColumnDef::new("hash").blob().not_null().unique_key())
                    // A column per scope, so that unknown scopes cannot be stored.
                    .col(ColumnDef::new("can_read").boolean().not_null())
                    .col(ColumnDef::new("can_write").boolean().not_null())
                    .col(time("created_at").not_null())
                    .col(time("revoked_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("fk_access_token_organization")
                            .from("access_token", ORGANIZATION_ID)
                            .to("organization", "id"),
                    )
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("access_token").to_owned()).await?;
        manager.drop_table(Table::drop().table("organization").to_owned()).await
    }
}
