//! The rank of a step, a stable sort key: moving or adding a step changes the indexes of other steps but
//! not their ranks, so a page can continue from a rank.

use sea_orm_migration::prelude::*;

use crate::columns::ORGANIZATION_ID;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const INDEX: &str = "ix_crm_step_scenario_rank";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, name) in [("crm_step", "rank"), ("crm_scenario", "last_rank")] {
            let mut rank = ColumnDef::new(name);
            rank.big_integer().not_null().default(0);
            manager.alter_table(Table::alter().table(table).add_column(rank).to_owned()).await?;
        }
        // 2^32 apart, so that steps can be inserted between any two.
        let connection = manager.get_connection();
        connection
            .execute_unprepared(r#"UPDATE crm_step SET rank = ("index" + 1) * 4294967296"#)
            .await?;
        connection
            .execute_unprepared("UPDATE crm_scenario SET last_rank = step_count * 4294967296")
            .await?;
        manager
            .create_index(
                Index::create()
                    .name(INDEX)
                    .table("crm_step")
                    .col(ORGANIZATION_ID)
                    .col("scenario_id")
                    .col("rank")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(INDEX).table("crm_step").to_owned()).await?;
        for (table, name) in [("crm_step", "rank"), ("crm_scenario", "last_rank")] {
            manager.alter_table(Table::alter().table(table).drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
