//! The memberships among which a step chooses.

use sea_orm::entity::prelude::*;

/// A candidate, at its 0-based place in the step's list.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "crm_step_assignee")]
#[expect(missing_docs, reason = "the fields are the table's columns")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub step_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub membership_id: Uuid,
}

/// None is followed by SeaORM; the loaders follow them a level at a time.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
