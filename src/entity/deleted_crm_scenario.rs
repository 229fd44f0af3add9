//! Deleted scenarios that can be restored.

use sea_orm::entity::prelude::*;

use super::{JsonText, NoRelation as Relation, crm_scenario};

/// A deleted scenario.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deleted_crm_scenario")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub deleted_at: DateTimeUtc,
    #[sea_orm(column_type = "Text")]
    pub row: JsonText<crm_scenario::Model>,
}

impl ActiveModelBehavior for ActiveModel {}
