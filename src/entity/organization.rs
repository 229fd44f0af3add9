//! Organizations, the tenants.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use super::NoRelation as Relation;

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization")]
#[expect(missing_docs, reason = "the fields are the table's columns")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
