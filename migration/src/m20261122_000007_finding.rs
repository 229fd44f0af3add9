//! Columns and indexes for filters and orders: case-insensitive names, a row per tag, and indexes on the
//! columns of filters.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{DatabaseBackend, prelude::Uuid},
};

use crate::columns::{ORGANIZATION_ID, RESOURCES, reference, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Nullable columns of filters and of foreign keys, null in many rows.
const SPARSE: [&str; 8] = [
    "agent_id",
    "auto_next_step_id",
    "auto_next_time",
    "default_priority",
    "default_status",
    "is_conversation_removal_step",
    "whatsapp_template_agent_id",
    "zapi_agent_id",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in RESOURCES {
            add_folded_name(manager, table).await?;
            for column in ["name_folded", "created_at", "updated_at"] {
                manager.create_index(index(table, column)).await?;
            }
        }
        manager.create_index(index("membership", "role")).await?;
        for column in SPARSE {
            let name = index_name("crm_step", column);
            let create = format!(
                "CREATE INDEX {name} ON crm_step ({ORGANIZATION_ID}, {column}) \
                 WHERE {column} IS NOT NULL"
            );
            manager.get_connection().execute_unprepared(&create).await?;
        }
        create_crm_step_tag(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("crm_step_tag").to_owned()).await?;
        for column in SPARSE {
            drop_index(manager, "crm_step", column).await?;
        }
        drop_index(manager, "membership", "role").await?;
        for table in RESOURCES {
            for column in ["name_folded", "created_at", "updated_at"] {
                drop_index(manager, table, column).await?;
            }
            manager
                .alter_table(Table::alter().table(table).drop_column("name_folded").to_owned())
                .await?;
        }
        Ok(())
    }
}

/// Adds the column and fills it. The text is folded here and not in SQL, because SQLite folds only ASCII.
async fn add_folded_name(manager: &SchemaManager<'_>, table: &'static str) -> Result<(), DbErr> {
    let mut column = ColumnDef::new("name_folded");
    match manager.get_database_backend() {
        DatabaseBackend::Sqlite => column.text(),
        // Sorted alike on every server, whatever its locale.
        _ => column.custom(r#"text COLLATE "C""#),
    };
    column.not_null().default("");
    manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;

    let connection = manager.get_connection();
    let names = Query::select().columns([ORGANIZATION_ID, "id", "name"]).from(table).to_owned();
    for row in connection.query_all(&names).await? {
        let name: String = row.try_get("", "name")?;
        let folded: String =
            name.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
        let fill = Query::update()
            .table(table)
            .value("name_folded", folded)
            .and_where(Expr::col(ORGANIZATION_ID).eq(row.try_get::<Uuid>("", ORGANIZATION_ID)?))
            .and_where(Expr::col("id").eq(row.try_get::<Uuid>("", "id")?))
            .to_owned();
        connection.execute(&fill).await?;
    }
    Ok(())
}

/// The tags of `crm_step.default_tags`, which keeps their order, as rows with an index.
async fn create_crm_step_tag(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("crm_step_tag")
                .col(uuid(manager, ORGANIZATION_ID).not_null())
                .col(ColumnDef::new("tag").text().not_null())
                .col(uuid(manager, "step_id").not_null())
                .primary_key(Index::create().col(ORGANIZATION_ID).col("tag").col("step_id"))
                .foreign_key(
                    reference("crm_step_tag", "step_id", "crm_step")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await?;
    let by_step = Index::create()
        .name("ix_crm_step_tag_step")
        .table("crm_step_tag")
        .col(ORGANIZATION_ID)
        .col("step_id")
        .to_owned();
    manager.create_index(by_step).await?;
    let tags = match manager.get_database_backend() {
        DatabaseBackend::Sqlite => {
            "SELECT crm_step.organization_id, tag.value, crm_step.id
             FROM crm_step, json_each(crm_step.default_tags) AS tag"
        }
        _ => {
            "SELECT crm_step.organization_id, tag.value, crm_step.id
             FROM crm_step, json_array_elements_text(crm_step.default_tags) AS tag(value)"
        }
    };
    let fill = format!("INSERT INTO crm_step_tag (organization_id, tag, step_id) {tags}");
    manager.get_connection().execute_unprepared(&fill).await?;
    Ok(())
}

fn index_name(table: &str, column: &str) -> String {
    format!("ix_{table}_{column}")
}

fn index(table: &'static str, column: &'static str) -> IndexCreateStatement {
    Index::create()
        .name(index_name(table, column))
        .table(table)
        .col(ORGANIZATION_ID)
        .col(column)
        .col("id")
        .to_owned()
}

async fn drop_index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: &str,
) -> Result<(), DbErr> {
    manager.drop_index(Index::drop().name(index_name(table, column)).table(table).to_owned()).await
}
