//! The candidates of steps.

use sea_orm::entity::prelude::*;

use super::NoRelation as Relation;

/// A candidate, with its 0-based position in the list.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "crm_step_assignee")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub step_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub membership_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
