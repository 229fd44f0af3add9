//! The demo organization of a new embedded database, with data to look at and to extend.

use std::{collections::HashMap, fmt};

use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use uuid::{Builder, Uuid};

use crate::{
    db::Database,
    domain::{
        access_token::{AccessToken, Caller, Scope},
        call::Call,
        checks::Check as _,
        clock::Clock,
        crm_scenario::NewCrmScenario,
        crm_step::{CrmStepInput, References},
        url::WebhookHosts,
    },
    entity::{agent, crm_scenario, membership},
    store::{
        self, StoreError,
        crm_step::append_all,
        resource::{self, Resource},
        unit_of_work::UnitOfWork,
    },
};

/// Realistic, invented pipelines.
const SAMPLES: &str = include_str!("demo/pipelines.json");

/// The name of the token of the demo.
const TOKEN_NAME: &str = "demo";

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
    let samples = read()?;
    let organization: String = parse(&samples["organization"]["name"])?;
    let organization =
        store::organization::find_or_create(&transaction, &organization, now).await?;
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
    let caller = Caller { organization, token_id, token_name: TOKEN_NAME.to_owned(), scopes };
    let mut unit = UnitOfWork::new(database, transaction, &Call { caller, now, key: None });
    let agents = parse(&samples["agents"])?;
    let agents = insert::<agent::Entity>(&mut unit, Kind::Agent, agents)?;
    let memberships = parse(&samples["memberships"])?;
    let memberships = insert::<membership::Entity>(&mut unit, Kind::Membership, memberships)?;
    let pipeline = &samples["scenarios"][0];
    let input: NewCrmScenario = parse(&pipeline["input"])?;
    let input = input.check(None).map_err(not_valid)?;
    let scenario = resource::insert::<crm_scenario::Entity>(&mut unit, scenario_id(), input)?;
    unit.execute().await?;
    let inputs = pipeline["steps"].as_array().into_iter().flatten().map(|step| &step["input"]);
    let inputs = inputs.zip(1..).map(|(input, number)| (id(Kind::Step, number), input));
    let known = References {
        agents: agents.into_keys().collect(),
        memberships: memberships.into_keys().collect(),
        scenarios: [scenario_id()].into(),
        steps: inputs.clone().map(|(id, _)| (id, scenario_id())).collect(),
        ..References::default()
    };
    let steps = inputs.map(|(id, input)| {
        let input: CrmStepInput = parse(input)?;
        input.check(id, &known, &WebhookHosts::Public).map_err(not_valid)
    });
    let steps = steps.collect::<Result<Vec<_>, _>>()?;
    append_all(&mut unit, scenario, steps)?;
    unit.commit().await?;
    Ok(Some(token))
}

/// Inserts rows of a table and returns them by their ids.
fn insert<E: Resource>(
    unit: &mut UnitOfWork,
    kind: Kind,
    inputs: Vec<E::Input>,
) -> Result<HashMap<Uuid, E::Model>, StoreError> {
    let mut rows = HashMap::new();
    for (input, number) in inputs.into_iter().zip(1..) {
        let (id, input) = (id(kind, number), input.check(None).map_err(not_valid)?);
        rows.insert(id, resource::insert::<E>(unit, id, input)?);
    }
    Ok(rows)
}

/// The samples, with ids in place of references in the first pipeline.
fn read() -> Result<Json, StoreError> {
    let samples: Json = serde_json::from_str(SAMPLES).map_err(not_valid)?;
    let mut text = SAMPLES.to_owned();
    for (prefix, kind, list) in [
        ("agent", Kind::Agent, &samples["agents"]),
        ("member", Kind::Membership, &samples["memberships"]),
        ("scenario", Kind::Scenario, &samples["scenarios"]),
        ("step", Kind::Step, &samples["scenarios"][0]["steps"]),
    ] {
        for (sample, number) in list.as_array().into_iter().flatten().zip(1..) {
            let reference = sample["ref"].as_str().unwrap_or_default();
            let id = id(kind, number).to_string();
            text = text.replace(&format!("{{{{{prefix}:{reference}}}}}"), &id);
        }
    }
    serde_json::from_str(&text).map_err(not_valid)
}

fn parse<T: DeserializeOwned>(sample: &Json) -> Result<T, StoreError> {
    serde_json::from_value(sample.clone()).map_err(not_valid)
}

fn not_valid(error: impl fmt::Debug) -> StoreError {
    StoreError::Invariant(format!("the samples of the demo are not valid: {error:?}"))
}
