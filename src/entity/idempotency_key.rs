//! What came of calls that a client may send again.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use super::JsonText;

/// The outcome of the call that first had this key.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_key")]
#[expect(missing_docs, reason = "the fields are the table's columns")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    #[sea_orm(column_type = "Blob")]
    pub fingerprint: Vec<u8>,
    /// What came of it. A new column of a noun needs a serde default, so that what the version
    /// before has kept can still be read.
    #[sea_orm(column_type = "Text")]
    pub outcome: JsonText<Json>,
    pub created_at: DateTime<Utc>,
}

/// None is followed by SeaORM; the loaders follow them a level at a time.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
