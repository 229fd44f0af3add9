//! The demo organization of a new embedded database, with data to look at and to extend.

use sea_orm::DbErr;
use serde::Deserialize;
use uuid::{Builder, Uuid};

use crate::{
    db::Database,
    domain::{
        access_token::{AccessToken, Scope},
        agent::NewAgent,
        clock::Clock,
        crm_scenario::NewCrmScenario,
        crm_step::{CrmStepInput, References},
        membership::NewMembership,
        url::WebhookHosts,
        violation::{Check as _, Violations},
    },
    entity::{agent, crm_scenario, membership},
    store::{self, StoreError, resource, unit_of_work::UnitOfWork},
};

/// Realistic, invented pipelines.
const SAMPLES: &str = include_str!("demo/pipelines.json");

/// The name of the token of the demo.
const TOKEN_NAME: &str = "demo";

/// Why the demo could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The demo could not be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The samples cannot be read.
    #[error("the samples cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// The samples break the rules.
    #[error("the samples break the rules: {0:?}")]
    Unsound(Violations),
}

impl From<DbErr> for DemoError {
    fn from(error: DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl From<Violations> for DemoError {
    fn from(violations: Violations) -> Self {
        Self::Unsound(violations)
    }
}

#[derive(Deserialize)]
struct Samples {
    organization: Organization,
    agents: Vec<Sample<NewAgent>>,
    memberships: Vec<Sample<NewMembership>>,
    scenarios: Vec<Pipeline>,
}

#[derive(Deserialize)]
struct Organization {
    name: String,
}

#[derive(Deserialize)]
struct Sample<T> {
    #[serde(rename = "ref")]
    reference: String,
    #[serde(flatten)]
    value: T,
}

#[derive(Deserialize)]
struct Pipeline {
    #[serde(rename = "ref")]
    reference: String,
    input: NewCrmScenario,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    #[serde(rename = "ref")]
    reference: String,
    input: CrmStepInput,
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
pub async fn load(database: &Database, clock: &Clock) -> Result<Option<AccessToken>, DemoError> {
    let now = clock.now();
    let transaction = database.write().await?;
    if store::organization::any_exists(&transaction).await? {
        transaction.rollback().await?;
        return Ok(None);
    }
    let Samples { organization, agents, memberships, scenarios } = read()?;
    let organization =
        store::organization::find_or_create(&transaction, &organization.name, now).await?;
    let token = AccessToken::generate();
    let scopes = [Scope::Read, Scope::Write, Scope::Secrets].into_iter().collect();
    let token_id = store::access_token::create(
        organization,
        &transaction,
        TOKEN_NAME,
        &scopes,
        &token.hash(),
        now,
    )
    .await?;
    let actor = (token_id, TOKEN_NAME.to_owned());
    let mut unit = UnitOfWork::new(database, organization, transaction, actor, now);
    let mut known = References::default();
    for (agent, number) in agents.into_iter().zip(1..) {
        let (id, agent) = (id(Kind::Agent, number), agent.value.check(None)?);
        resource::insert::<agent::Entity>(&mut unit, id, agent).await?;
        known.agents.insert(id);
    }
    for (membership, number) in memberships.into_iter().zip(1..) {
        let (id, membership) = (id(Kind::Membership, number), membership.value.check(None)?);
        resource::insert::<membership::Entity>(&mut unit, id, membership).await?;
        known.memberships.insert(id);
    }
    for pipeline in scenarios {
        let (scenario_id, scenario) = (scenario_id(), pipeline.input.check(None)?);
        resource::insert::<crm_scenario::Entity>(&mut unit, scenario_id, scenario).await?;
        known.scenarios.insert(scenario_id);
        let steps: Vec<_> = pipeline
            .steps
            .into_iter()
            .zip(1..)
            .map(|(step, number)| (id(Kind::Step, number), step.input))
            .collect();
        known.steps.extend(steps.iter().map(|(id, _)| (*id, scenario_id)));
        let steps: Vec<_> = steps
            .into_iter()
            .map(|(id, input)| input.check(id, &known, &WebhookHosts::Public))
            .collect::<Result<_, _>>()?;
        store::crm_step::insert(&mut unit, steps, scenario_id).await?;
    }
    unit.write_history().await?;
    unit.commit().await?;
    Ok(Some(token))
}

/// The samples with only the first pipeline, with ids in place of references.
fn read() -> Result<Samples, serde_json::Error> {
    let samples: Samples = serde_json::from_str(SAMPLES)?;
    let mut text = SAMPLES.to_owned();
    let mut replace = |prefix: &str, kind: Kind, references: Vec<&str>| {
        for (reference, number) in references.into_iter().zip(1..) {
            let id = id(kind, number).to_string();
            text = text.replace(&format!("{{{{{prefix}:{reference}}}}}"), &id);
        }
    };
    let agents = samples.agents.iter().map(|agent| agent.reference.as_str()).collect();
    let members = samples.memberships.iter().map(|member| member.reference.as_str()).collect();
    replace("agent", Kind::Agent, agents);
    replace("member", Kind::Membership, members);
    if let Some(pipeline) = samples.scenarios.first() {
        let steps = pipeline.steps.iter().map(|step| step.reference.as_str()).collect();
        replace("scenario", Kind::Scenario, vec![&pipeline.reference]);
        replace("step", Kind::Step, steps);
    }
    let mut samples: Samples = serde_json::from_str(&text)?;
    samples.scenarios.truncate(1);
    Ok(samples)
}
