//! The tags that a step adds, one by one.

use sea_orm::entity::prelude::*;

/// A tag of a step's `default_tags`, to be looked up.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "crm_step_tag")]
#[expect(missing_docs, reason = "the fields are the table's columns")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub tag: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub step_id: Uuid,
    /// None where a replica of an earlier version has stored the tag and nothing has been computed
    /// since.
    pub tag_caseless: Option<String>,
}

/// None is followed by SeaORM; the loaders follow them a level at a time.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
