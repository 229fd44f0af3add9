//! The history: an append-only log of all changes.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

use crate::columns::{ORGANIZATION_ID, one_of, time, uuid};

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
                    .table("change")
                    // The order of the changes. Ids do not give it, because the clocks of
                    // replicas differ.
                    .col(
                        ColumnDef::new("sequence")
                            .big_integer()
                            .not_null()
                            .auto_increment()
                            .primary_key(),
                    )
                    .col(uuid(manager, ORGANIZATION_ID).not_null())
                    .col(uuid(manager, "id").not_null())
                    .col(time("happened_at").not_null())
                    .col(uuid(manager, "token_id").not_null())
                    .col(ColumnDef::new("token_name").text().not_null())
                    .col(ColumnDef::new("action").text().not_null())
                    .col(ColumnDef::new("subject_type").text().not_null())
                    // No foreign key: the history of deleted rows is kept.
                    .col(uuid(manager, "subject_id").not_null())
                    // The scenario of a step; for a scenario, its own id.
                    .col(uuid(manager, "scenario_id"))
                    // JSON as text, so that the fields keep their order.
                    .col(ColumnDef::new("before").text())
                    .col(ColumnDef::new("after").text())
                    .index(
                        Index::create()
                            .unique()
                            .name("uq_change_id")
                            .col(ORGANIZATION_ID)
                            .col("id"),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .name("fk_change_organization")
                            .from("change", ORGANIZATION_ID)
                            .to("organization", "id"),
                    )
                    .check(one_of("action", &["CREATED", "UPDATED", "MOVED", "DELETED"]))
                    .check(one_of(
                        "subject_type",
                        &["AGENT", "CRM_SCENARIO", "CRM_STEP", "MEMBERSHIP"],
                    ))
                    .to_owned(),
            )
            .await?;
        for (name, column) in [
            ("ix_change_organization", None),
            ("ix_change_subject", Some("subject_id")),
            ("ix_change_scenario", Some("scenario_id")),
        ] {
            let mut index =
                Index::create().name(name).table("change").col(ORGANIZATION_ID).to_owned();
            if let Some(column) = column {
                index.col(column);
            }
            manager.create_index(index.col("sequence").to_owned()).await?;
        }
        manager.get_connection().execute_unprepared(only_grows(manager)).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("change").to_owned()).await?;
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            manager.get_connection().execute_unprepared("DROP FUNCTION change_only_grows").await?;
        }
        Ok(())
    }
}

/// A trigger that rejects updates and deletes of rows.
fn only_grows(manager: &SchemaManager<'_>) -> &'static str {
    match manager.get_database_backend() {
        DatabaseBackend::Sqlite => {
            "CREATE TRIGGER change_not_updated BEFORE UPDATE ON change
             BEGIN SELECT RAISE(ABORT, 'history only grows'); END;
             CREATE TRIGGER change_not_deleted BEFORE DELETE ON change
             BEGIN SELECT RAISE(ABORT, 'history only grows'); END;"
        }
        _ => {
            "CREATE FUNCTION change_only_grows() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE EXCEPTION 'history only grows'; END $$;
             CREATE TRIGGER change_only_grows BEFORE UPDATE OR DELETE ON change
             FOR EACH ROW EXECUTE FUNCTION change_only_grows();"
        }
    }
}
