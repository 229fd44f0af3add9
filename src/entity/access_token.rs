//! Access tokens.

use sea_orm::entity::prelude::*;

use super::NoRelation as Relation;

/// An access token, of which only the hash is stored.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "access_token")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub name: String,
    #[sea_orm(column_type = "Blob")]
    pub hash: Vec<u8>,
    pub can_read: bool,
    pub can_write: bool,
    pub can_read_secrets: bool,
    pub created_at: DateTimeUtc,
    pub revoked_at: Option<DateTimeUtc>,
    pub membership_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
