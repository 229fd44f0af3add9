//! Migrations of the tables: one file per change, in chronological order.
//!
//! A released migration never changes, and does not use the entities of the service, so that it always
//! creates the same tables.

use sea_orm_migration::prelude::*;

mod columns;
mod m20261122_000001_organization;
mod m20261122_000002_agent_and_membership;
mod m20261122_000003_crm_scenario;
mod m20261122_000004_crm_step;
mod m20261122_000005_version;
mod m20261122_000006_rank;
mod m20261122_000007_finding;
mod m20261122_000008_change;
mod m20261122_000009_idempotency_key;
mod m20261122_000010_webhook_header_text;
mod m20261123_000011_secrets_scope;
mod m20261126_000012_caseless;
mod m20261126_000013_deferrable_timers;
mod m20261126_000014_rank_suffix;
mod m20261126_000015_sqlite_layout;
mod m20261126_000016_sqlite_counts;
mod m20261126_000017_key_and_revision;
mod m20261126_000018_history;
mod m20261126_000019_changed_at;
mod m20261126_000020_deleted;
mod m20261126_000021_token_membership;
mod m20261126_000022_texts;

/// All migrations, oldest first.
#[derive(Debug, Clone, Copy)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_organization::Migration),
            Box::new(m20261122_000002_agent_and_membership::Migration),
            Box::new(m20261122_000003_crm_scenario::Migration),
            Box::new(m20261122_000004_crm_step::Migration),
            Box::new(m20261122_000005_version::Migration),
            Box::new(m20261122_000006_rank::Migration),
            Box::new(m20261122_000007_finding::Migration),
            Box::new(m20261122_000008_change::Migration),
            Box::new(m20261122_000009_idempotency_key::Migration),
            Box::new(m20261122_000010_webhook_header_text::Migration),
            Box::new(m20261123_000011_secrets_scope::Migration),
            Box::new(m20261126_000012_caseless::Migration),
            Box::new(m20261126_000013_deferrable_timers::Migration),
            Box::new(m20261126_000014_rank_suffix::Migration),
            Box::new(m20261126_000015_sqlite_layout::Migration),
            Box::new(m20261126_000016_sqlite_counts::Migration),
            Box::new(m20261126_000017_key_and_revision::Migration),
            Box::new(m20261126_000018_history::Migration),
            Box::new(m20261126_000019_changed_at::Migration),
            Box::new(m20261126_000020_deleted::Migration),
            Box::new(m20261126_000021_token_membership::Migration),
            Box::new(m20261126_000022_texts::Migration),
        ]
    }
}
