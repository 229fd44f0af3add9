//! Organizations, the tenants.

use sea_orm::entity::prelude::*;

use super::NoRelation as Relation;

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub created_at: DateTimeUtc,
    /// The greatest number of a change that was purged; 0 if none was.
    pub history_purged_to: i64,
}

impl ActiveModelBehavior for ActiveModel {}
