//! Pipelines: a scenario with all its steps as one value.

mod apply;

use std::collections::HashMap;

use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, QueryFilter as _, QuerySelect as _};
use uuid::Uuid;

pub use self::apply::{Applied, ApplyRequest, NotApplied, apply, create};
use super::{
    StoreError,
    crm_step::{self, CrmStepRow},
    kit::tenant,
};
use crate::{
    db::Database,
    domain::{
        crm_step::CrmStepInput,
        flow::{
            directory::Directory,
            export::{Pipeline, PipelineStep},
        },
        id::OrganizationId,
        secret::Keyring,
    },
    entity::{agent, crm_scenario, membership},
};

/// The rows of a pipeline.
#[derive(Debug, Clone)]
pub struct PipelineRows {
    /// The scenario.
    pub scenario: crm_scenario::Model,
    /// Its steps, in the order of their indexes.
    pub steps: Vec<CrmStepRow>,
}

/// The pipelines of the scenarios with these ids that exist, all as they were at one moment.
pub async fn find(
    organization: OrganizationId,
    db: &Database,
    scenarios: &[Uuid],
) -> Result<HashMap<Uuid, PipelineRows>, DbErr> {
    let snapshot = db.snapshot().await?;
    let found = tenant::find::<crm_scenario::Entity>(organization, &snapshot, scenarios).await?;
    let mut steps = crm_step::of_scenarios(organization, &snapshot, scenarios).await?;
    snapshot.commit().await?;
    let pipeline = |(id, scenario)| {
        (id, PipelineRows { scenario, steps: steps.remove(&id).unwrap_or_default() })
    };
    Ok(found.into_iter().map(pipeline).collect())
}

impl PipelineRows {
    /// The pipeline, with the values of headers.
    pub fn opened(&self, keys: &Keyring) -> Result<Pipeline, StoreError> {
        self.pipeline(|row| crm_step::input(keys, row))
    }

    /// The pipeline, with masks in place of the values of headers.
    pub fn masked(&self) -> Result<Pipeline, StoreError> {
        self.pipeline(|row| Ok(crm_step::masked_input(row)?))
    }

    fn pipeline(
        &self,
        input: impl Fn(&CrmStepRow) -> Result<CrmStepInput, StoreError>,
    ) -> Result<Pipeline, StoreError> {
        let step = |row: &CrmStepRow| Ok(PipelineStep { id: row.step.id, input: input(row)? });
        Ok(Pipeline {
            id: self.scenario.id,
            key: self.scenario.key.clone(),
            name: self.scenario.name.clone(),
            description: self.scenario.description.clone(),
            revision: self.scenario.revision,
            steps: self.steps.iter().map(step).collect::<Result<_, StoreError>>()?,
        })
    }
}

/// A step of a pipeline, with masks in place of the values of headers.
pub fn masked_step(row: &CrmStepRow) -> Result<PipelineStep, StoreError> {
    Ok(PipelineStep { id: row.step.id, input: crm_step::masked_input(row)? })
}

/// The agents, memberships and scenarios of an organization, as specifications name them.
pub async fn directory(
    organization: OrganizationId,
    connection: &impl ConnectionTrait,
) -> Result<Directory, DbErr> {
    let (agents, memberships) = agents_and_memberships(organization, connection).await?;
    let keys: Vec<String> = tenant::of::<crm_scenario::Entity>(organization)
        .select_only()
        .column(crm_scenario::Column::Key)
        .filter(crm_scenario::Column::Key.is_not_null())
        .into_tuple()
        .all(connection)
        .await?;
    Ok(Directory::new(agents, memberships).with_scenario_keys(keys))
}

/// Ids, each with a name or an email.
type Named = Vec<(Uuid, String)>;

/// All agents with their names, and all memberships with their emails.
async fn agents_and_memberships(
    organization: OrganizationId,
    connection: &impl ConnectionTrait,
) -> Result<(Named, Named), DbErr> {
    let agents = tenant::of::<agent::Entity>(organization)
        .select_only()
        .columns([agent::Column::Id, agent::Column::Name])
        .into_tuple()
        .all(connection)
        .await?;
    let memberships = tenant::of::<membership::Entity>(organization)
        .select_only()
        .columns([membership::Column::Id, membership::Column::Email])
        .into_tuple()
        .all(connection)
        .await?;
    Ok((agents, memberships))
}
