//! Deleted steps that can be restored.

use sea_orm::entity::prelude::*;

use super::{JsonText, NoRelation as Relation};
use crate::domain::crm_step::LostTimer;

/// A deleted step.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deleted_crm_step")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub deleted_at: DateTimeUtc,
    pub scenario_id: Uuid,
    /// Whether it was deleted with its scenario, and is restored with it.
    pub with_scenario: bool,
    /// The steps before and behind it in the order of the scenario.
    pub previous_id: Option<Uuid>,
    pub next_id: Option<Uuid>,
    /// The timers that led to it.
    #[sea_orm(column_type = "Text")]
    pub timers: JsonText<Vec<LostTimer>>,
    /// All columns, secrets sealed.
    #[sea_orm(column_type = "Text")]
    pub row: JsonText<Json>,
}

impl ActiveModelBehavior for ActiveModel {}
