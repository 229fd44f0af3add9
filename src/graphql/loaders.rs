//! Loads related things a level of the query at a time instead of one by one.
//!
//! Made anew for each request, so that nothing is ever shared between organizations.

use std::{collections::HashMap, hash::Hash};

use async_graphql::dataloader::Loader;
use sea_orm::DbErr;
use uuid::Uuid;

use super::error::Failure;
use crate::{
    db::Database,
    domain::id::OrganizationId,
    entity::{agent, crm_scenario, membership},
    store::{
        self,
        crm_step::CrmStepRow,
        tenant::{self},
    },
};

/// Loads what one organization has.
pub(super) struct Loaders {
    organization: OrganizationId,
    database: Database,
}

impl Loaders {
    pub(super) fn new(organization: OrganizationId, database: Database) -> Self {
        Self { organization, database }
    }
}

/// An agent's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct AgentId(pub(super) Uuid);

/// A membership's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct MembershipId(pub(super) Uuid);

/// A scenario's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct CrmScenarioId(pub(super) Uuid);

/// A step's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct CrmStepId(pub(super) Uuid);

/// A place in a scenario, where a step may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct CrmStepPlace {
    pub(super) scenario_id: Uuid,
    pub(super) index: i32,
}

fn by_key<K: Eq + Hash, R>(
    rows: Result<Vec<R>, DbErr>,
    key: impl Fn(&R) -> K,
) -> Result<HashMap<K, R>, Failure> {
    Ok(rows?.into_iter().map(|row| (key(&row), row)).collect())
}

impl Loader<AgentId> for Loaders {
    type Value = agent::Model;
    type Error = Failure;

    async fn load(&self, keys: &[AgentId]) -> Result<HashMap<AgentId, Self::Value>, Failure> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let rows = tenant::find::<agent::Entity>(self.organization, &self.database, &ids).await;
        by_key(rows, |row| AgentId(row.id))
    }
}

impl Loader<MembershipId> for Loaders {
    type Value = membership::Model;
    type Error = Failure;

    async fn load(
        &self,
        keys: &[MembershipId],
    ) -> Result<HashMap<MembershipId, Self::Value>, Failure> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let rows =
            tenant::find::<membership::Entity>(self.organization, &self.database, &ids).await;
        by_key(rows, |row| MembershipId(row.id))
    }
}

impl Loader<CrmScenarioId> for Loaders {
    type Value = crm_scenario::Model;
    type Error = Failure;

    async fn load(
        &self,
        keys: &[CrmScenarioId],
    ) -> Result<HashMap<CrmScenarioId, Self::Value>, Failure> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let rows =
            tenant::find::<crm_scenario::Entity>(self.organization, &self.database, &ids).await;
        by_key(rows, |row| CrmScenarioId(row.id))
    }
}

impl Loader<CrmStepId> for Loaders {
    type Value = CrmStepRow;
    type Error = Failure;

    async fn load(&self, keys: &[CrmStepId]) -> Result<HashMap<CrmStepId, Self::Value>, Failure> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let rows = store::crm_step::find(self.organization, &self.database, &ids).await;
        by_key(rows, |row| CrmStepId(row.step.id))
    }
}

impl Loader<CrmStepPlace> for Loaders {
    type Value = CrmStepRow;
    type Error = Failure;

    async fn load(
        &self,
        keys: &[CrmStepPlace],
    ) -> Result<HashMap<CrmStepPlace, Self::Value>, Failure> {
        let places: Vec<_> = keys.iter().map(|place| (place.scenario_id, place.index)).collect();
        let rows = store::crm_step::find_at(self.organization, &self.database, &places).await;
        by_key(rows, |row| CrmStepPlace {
            scenario_id: row.step.scenario_id,
            index: row.step.index,
        })
    }
}
