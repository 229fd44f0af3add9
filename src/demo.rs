//! The demo organization of a new embedded database, with data to look at and to extend.

use std::{fmt, iter};

use serde::Deserialize;
use uuid::{Builder, Uuid};

use crate::{
    db::Database,
    domain::{
        access_token::{AccessToken, Caller, Scope},
        agent::NewAgent,
        call::Call,
        checks::Check as _,
        clock::Clock,
        crm_scenario::STEPS_MAX,
        flow::{
            directory::Directory,
            resolve::{Target, resolve},
        },
        membership::NewMembership,
        url::WebhookHosts,
    },
    entity::{agent, membership},
    pipeline_file::{Format, PipelineFile},
    store::{
        self, StoreError, pipeline,
        resource::{self, Resource},
        unit_of_work::UnitOfWork,
    },
};

/// What is not in a pipeline file. Everything is invented.
const ORGANIZATION: &str = include_str!("demo/organization.json");

/// The pipeline.
const PIPELINE: &str = include_str!("../samples/vendas.yaml");

/// The name of the token of the demo.
const TOKEN_NAME: &str = "demo";

/// The organization, without its pipelines.
#[derive(Deserialize)]
struct Organization {
    name: String,
    agents: Vec<NewAgent>,
    memberships: Vec<NewMembership>,
}

/// The tables of the demo. The number is in the ids, in the third and fourth digits from the end.
#[derive(Clone, Copy)]
enum Kind {
    Agent = 1,
    Membership = 2,
    Scenario = 3,
    Step = 4,
}

/// The id of the n-th row of a table. The ids of the demo are the same everywhere, so that
/// documentation can quote them: `019a0000-0000-7000-8000-000000000301` is the pipeline.
fn id(kind: Kind, number: u8) -> Uuid {
    /// Earlier than all other ids, so that the demo comes first in every list.
    const TIME: u64 = 0x019a_0000_0000;
    Builder::from_unix_timestamp_millis(TIME, &[0, 0, 0, 0, 0, 0, 0, 0, kind as u8, number])
        .into_uuid()
}

/// The pipeline of the demo.
#[must_use]
pub fn scenario_id() -> Uuid {
    id(Kind::Scenario, 1)
}

/// The first agent of the demo.
#[must_use]
pub fn agent_id() -> Uuid {
    id(Kind::Agent, 1)
}

/// Loads the demo into a database without any organization, and returns a token for it. In any
/// other database it does nothing.
pub async fn load(database: &Database, clock: &Clock) -> Result<Option<AccessToken>, StoreError> {
    let now = clock.now();
    let transaction = database.write().await?;
    if store::organization::any_exists(&transaction).await? {
        transaction.rollback().await?;
        return Ok(None);
    }
    let Organization { name, agents, memberships } =
        serde_json::from_str(ORGANIZATION).map_err(not_valid)?;
    let organization = store::organization::find_or_create(&transaction, &name, now).await?;
    let token = AccessToken::generate();
    let scopes = [Scope::Read, Scope::Write, Scope::Secrets].into_iter().collect();
    let token_id = store::access_token::create(
        organization,
        &transaction,
        TOKEN_NAME,
        &scopes,
        None,
        &token.hash(),
        now,
    )
    .await?;
    let caller = Caller {
        organization,
        token_id,
        token_name: TOKEN_NAME.to_owned(),
        scopes,
        membership_id: None,
    };
    let call = Call { caller, now, key: None, validate_only: false };
    let mut unit = UnitOfWork::new(database, transaction, &call);
    let agents = insert::<agent::Entity>(&mut unit, Kind::Agent, agents)?;
    let memberships = insert::<membership::Entity>(&mut unit, Kind::Membership, memberships)?;
    let directory = Directory::new(
        agents.into_iter().map(|agent| (agent.id, agent.name)),
        memberships.into_iter().map(|membership| (membership.id, membership.email)),
    );
    let target = Target {
        stored: None,
        is_key_taken: false,
        directory: &directory,
        hosts: &WebhookHosts::Public,
        reads_secrets: true,
        max_steps: STEPS_MAX,
    };
    let file = PipelineFile::read(PIPELINE, Format::Yaml).map_err(not_valid)?;
    let step_ids = (1..).map(|number| id(Kind::Step, number));
    let mut ids = iter::once(scenario_id()).chain(step_ids);
    let resolved = resolve(&file.value, &target, || ids.next().unwrap_or_default());
    pipeline::create(&mut unit, resolved.map_err(not_valid)?).await?;
    unit.commit().await?;
    Ok(Some(token))
}

/// Inserts rows of a table and returns them.
fn insert<E: Resource>(
    unit: &mut UnitOfWork,
    kind: Kind,
    inputs: Vec<E::Input>,
) -> Result<Vec<E::Model>, StoreError> {
    let rows = inputs.into_iter().zip(1..).map(|(input, number)| {
        let input = input.check(None).map_err(not_valid)?;
        resource::insert::<E>(unit, id(kind, number), input)
    });
    rows.collect()
}

fn not_valid(error: impl fmt::Debug) -> StoreError {
    StoreError::Invariant(format!("the demo is not valid: {error:?}"))
}
