//! Scenarios: pipelines of steps.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use super::NoRelation as Relation;

/// A scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[serde(rename_all = "camelCase")]
#[sea_orm(table_name = "crm_scenario")]
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
    pub description: Option<String>,
    pub key: Option<String>,
    /// Raised by each change of the scenario or of its steps. Missing in outcomes from before it was
    /// added.
    #[serde(default = "first_revision")]
    pub revision: i32,
    /// The last change of a step, moves and deletions included. Missing in outcomes from before it was
    /// added, like `changed_at`.
    #[serde(default)]
    pub steps_updated_at: Option<DateTimeUtc>,
    /// The later of `updated_at` and `steps_updated_at`, by which lists are ordered.
    #[serde(default)]
    pub changed_at: DateTimeUtc,
    pub step_count: i32,
    pub last_rank: i64,
    /// Missing in outcomes of version 0.1.
    #[serde(default)]
    pub rank_generation: i32,
}

impl ActiveModelBehavior for ActiveModel {}

fn first_revision() -> i32 {
    1
}
