//! The steps of a scenario, and the memberships to which a step may assign a conversation.

use sea_orm_migration::prelude::*;

use crate::columns::{ORGANIZATION_ID, one_of, reference, tenant_table, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(crm_step(manager)).await?;
        manager.create_table(crm_step_assignee(manager)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("crm_step_assignee").to_owned()).await?;
        manager.drop_table(Table::drop().table("crm_step").to_owned()).await
    }
}

fn crm_step(manager: &SchemaManager<'_>) -> TableCreateStatement {
    let text = |name: &'static str| ColumnDef::new(name).text().to_owned();
    let flag = |name: &'static str| ColumnDef::new(name).boolean().to_owned();
    let json = |name: &'static str| ColumnDef::new(name).json().to_owned();
    tenant_table(manager, "crm_step")
        .col(uuid(manager, "scenario_id").not_null())
        .col(ColumnDef::new("index").integer().not_null())
        .col(text("name").not_null())
        .col(uuid(manager, "agent_id"))
        .col(text("trigger"))
        .col(text("prompt"))
        .col(text("initial_message"))
        .col(uuid(manager, "auto_next_step_id"))
        .col(ColumnDef::new("auto_next_time").integer())
        .col(text("auto_next_time_unit"))
        .col(text("default_status"))
        .col(text("default_priority"))
        .col(flag("default_ai_control"))
        .col(text("assignee_logic_type"))
        // The number of candidates. Null: no list was sent; 0: an empty list.
        .col(ColumnDef::new("assignee_count").integer())
        .col(flag("is_required"))
        .col(flag("is_conversation_removal_step"))
        .col(json("default_tags"))
        .col(json("default_tags_to_remove"))
        .col(json("request_contact"))
        .col(uuid(manager, "zapi_agent_id"))
        .col(text("zapi_phone_number"))
        .col(text("zapi_message"))
        .col(uuid(manager, "whatsapp_template_agent_id"))
        .col(text("whatsapp_template_name"))
        .col(text("whatsapp_template_language_code"))
        .col(text("whatsapp_template_text"))
        .col(text("webhook_url"))
        .col(json("webhook_header"))
        .index(
            Index::create()
                .unique()
                .name("uq_crm_step_scenario_index")
                .col(ORGANIZATION_ID)
                .col("scenario_id")
                .col("index"),
        )
        .foreign_key(&mut reference("crm_step", "scenario_id", "crm_scenario"))
        .foreign_key(&mut reference("crm_step", "agent_id", "agent"))
        .foreign_key(&mut reference("crm_step", "auto_next_step_id", "crm_step"))
        .foreign_key(&mut reference("crm_step", "zapi_agent_id", "agent"))
        .foreign_key(&mut reference("crm_step", "whatsapp_template_agent_id", "agent"))
        .check(Expr::cust(r#""index" >= 0"#))
        .check(one_of("auto_next_time_unit", &["m", "h", "d"]))
        .check(one_of("default_status", &["RESOLVED", "UNRESOLVED", "HUMAN_REQUESTED"]))
        .check(one_of("default_priority", &["LOW", "MEDIUM", "HIGH"]))
        .check(one_of(
            "assignee_logic_type",
            &["none", "clear", "single_user", "random_selected", "fair_distribution_selected"],
        ))
        .check(Expr::cust(
            // A CHECK accepts an unknown result, so null is tested explicitly.
            "CASE WHEN auto_next_time IS NULL \
             THEN auto_next_step_id IS NULL AND auto_next_time_unit IS NULL \
             ELSE auto_next_time >= 1 END",
        ))
        .check(Expr::cust("assignee_count >= 0"))
        .to_owned()
}

fn crm_step_assignee(manager: &SchemaManager<'_>) -> TableCreateStatement {
    Table::create()
        .table("crm_step_assignee")
        .col(uuid(manager, ORGANIZATION_ID).not_null())
        .col(uuid(manager, "step_id").not_null())
        // The 0-based position in the list that was sent.
        .col(ColumnDef::new("position").integer().not_null())
        .col(uuid(manager, "membership_id").not_null())
        .primary_key(Index::create().col(ORGANIZATION_ID).col("step_id").col("position"))
        .index(
            Index::create()
                .unique()
                .name("uq_crm_step_assignee_membership")
                .col(ORGANIZATION_ID)
                .col("membership_id")
                .col("step_id"),
        )
        .foreign_key(
            reference("crm_step_assignee", "step_id", "crm_step")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .foreign_key(&mut reference("crm_step_assignee", "membership_id", "membership"))
        .check(Expr::cust("position >= 0"))
        .to_owned()
}
