//! The tables as SeaORM entities: columns and their types only. The rules for values are in
//! `domain`, the constraints in the migrations.

#![expect(missing_docs, reason = "the fields of a model are the columns of its table")]

pub mod access_token;
pub mod agent;
pub mod change;
pub mod crm_scenario;
pub mod crm_step;
pub mod crm_step_assignee;
pub mod crm_step_tag;
pub mod deleted_crm_scenario;
pub mod deleted_crm_step;
pub mod idempotency_key;
pub mod membership;
pub mod organization;

mod text_column;

use sea_orm::{DeriveRelation, EnumIter};

pub use self::text_column::JsonText;

/// The relations of each table: none, as the loaders read them, one level at a time.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum NoRelation {}
