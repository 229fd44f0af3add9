//! Memberships.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use super::NoRelation as Relation;
use crate::domain::membership::MembershipRole;

/// The membership of a person in an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[serde(rename_all = "camelCase")]
#[sea_orm(table_name = "membership")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub version: i32,
    pub name: String,
    pub name_folded: String,
    /// None where a replica of an earlier version has stored the name, until it is filled in. It is
    /// in no outcome and no history.
    #[serde(skip)]
    pub name_caseless: Option<String>,
    pub email: String,
    /// None until a filter needs it, and after each change of the email. It is in no outcome and no
    /// history.
    #[serde(skip)]
    pub email_caseless: Option<String>,
    pub role: MembershipRole,
}

impl ActiveModelBehavior for ActiveModel {}
