//! The history.

use sea_orm::entity::prelude::*;

use super::{JsonText, NoRelation as Relation};
use crate::domain::change::{Action, SubjectType};

/// One change of one row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub sequence: i64,
    pub organization_id: Uuid,
    pub id: Uuid,
    pub happened_at: DateTimeUtc,
    pub token_id: Uuid,
    pub token_name: String,
    pub action: Action,
    pub subject_type: SubjectType,
    pub subject_id: Uuid,
    pub scenario_id: Option<Uuid>,
    pub membership_id: Option<Uuid>,
    /// Whether the value of a webhook header changed, which the masks in `before` and `after` hide.
    pub secrets_changed: bool,
    #[sea_orm(column_type = "Text", nullable)]
    pub before: Option<JsonText<Json>>,
    #[sea_orm(column_type = "Text", nullable)]
    pub after: Option<JsonText<Json>>,
}

impl ActiveModelBehavior for ActiveModel {}
