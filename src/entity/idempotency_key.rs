//! Outcomes of calls, stored under idempotency keys.

use sea_orm::entity::prelude::*;

use super::{JsonText, NoRelation as Relation};

/// The outcome of the first call with this key.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    #[sea_orm(column_type = "Blob")]
    pub fingerprint: Vec<u8>,
    /// The outcome. A new column of a resource needs a serde default, so that outcomes that the
    /// previous version has stored can still be read.
    #[sea_orm(column_type = "Text")]
    pub outcome: JsonText<Json>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
