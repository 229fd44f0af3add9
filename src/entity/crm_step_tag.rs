//! The tags that steps add, one row each, for lookups.

use sea_orm::entity::prelude::*;

use super::NoRelation as Relation;

/// A tag of `default_tags` of a step.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "crm_step_tag")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub tag: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub step_id: Uuid,
    /// None where a replica of an earlier version has stored the tag, until it is filled in.
    pub tag_caseless: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
