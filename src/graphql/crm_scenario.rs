//! Scenarios: pipelines of steps.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    connection::{List, ListEdge, PageArguments, Total, connection, edge},
    crm_step::CrmStep,
    environment,
    error::Failure,
    loaders,
    loaders::CrmScenarioId,
    organization,
    user_error::{UserError, user_errors},
    validate_only::ValidateOnly,
};
use crate::{
    domain::{
        crm_scenario::NewCrmScenario,
        id::{new_id, parse_id},
    },
    entity::crm_scenario,
    store::{self, tenant},
};

pub(super) struct CrmScenario(pub(super) crm_scenario::Model);

/// A scenario: a pipeline, which is an ordered list of steps that conversations go through.
#[Object]
impl CrmScenario {
    /// Its id, a UUID.
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is for; null if nobody said.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// The organization that it belongs to.
    async fn organization_id(&self) -> ID {
        self.0.organization_id.into()
    }

    /// Its steps, by their index.
    async fn steps(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Take this many from the front, 1 to 100; 50 without first and last.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Take this many from the end, 1 to 100; not together with first.")]
        last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<List<i32, CrmStep>, Failure> {
        let query = PageArguments { first, after, last, before }.query()?;
        let db = &environment(context).database;
        let page = store::crm_step::list(organization(context), db, self.0.id, query).await?;
        let total = Total::Known(self.0.step_count);
        Ok(connection(page.map(CrmStep), total, |step| step.0.step.index))
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

#[derive(Default)]
pub(super) struct CrmScenarioQuery;

#[Object]
impl CrmScenarioQuery {
    /// The scenario with this id; null if there is none in the organization.
    async fn crm_scenario(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The scenario's id.")] id: ID,
    ) -> Option<Result<CrmScenario, Failure>> {
        let scenario =
            loaders(context).load_one(CrmScenarioId(parse_id(&id)?)).await.transpose()?;
        Some(scenario.map(CrmScenario))
    }

    /// The organization's scenarios, oldest first.
    async fn crm_scenarios(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Take this many from the front, 1 to 100; 50 without first and last.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Take this many from the end, 1 to 100; not together with first.")]
        last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<List<Uuid, CrmScenario>, Failure> {
        let query = PageArguments { first, after, last, before }.query()?;
        let db = &environment(context).database;
        let page = tenant::list::<crm_scenario::Entity>(organization(context), db, query).await?;
        Ok(connection(page.map(CrmScenario), Total::CrmScenarios, |crm_scenario| crm_scenario.0.id))
    }
}

/// A scenario to create.
#[derive(InputObject)]
struct CreateCrmScenarioInput {
    /// Its name, up to 255 characters, on one line. White space around it is dropped.
    name: String,
    /// What it is for, up to 2,000 characters.
    description: Option<String>,
}

/// What came of createCrmScenario.
#[derive(SimpleObject)]
struct CreateCrmScenarioPayload {
    /// The new scenario; null when userErrors says why not, or when the call only validated.
    crm_scenario: Option<CrmScenario>,
    /// The new scenario as an element of crmScenarios, for clients that keep lists.
    crm_scenario_edge: Option<ListEdge<Uuid, CrmScenario>>,
    /// All broken rules. Empty when there are none.
    user_errors: Vec<UserError>,
}

#[derive(Default)]
pub(super) struct CrmScenarioMutation;

#[Object]
impl CrmScenarioMutation {
    /// Creates a scenario.
    async fn create_crm_scenario(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The scenario.")] input: CreateCrmScenarioInput,
        #[graphql(desc = "Only check: answer the same userErrors and store nothing.", default)]
        validate_only: ValidateOnly,
    ) -> Option<Result<CreateCrmScenarioPayload, Failure>> {
        Some(create(context, input, validate_only.0).await)
    }
}

async fn create(
    context: &Context<'_>,
    input: CreateCrmScenarioInput,
    validate_only: bool,
) -> Result<CreateCrmScenarioPayload, Failure> {
    let checked = NewCrmScenario { name: input.name, description: input.description }.check();
    let (created, user_errors) = match checked {
        Err(violations) => (None, user_errors(violations)),
        Ok(_) if validate_only => (None, Vec::new()),
        Ok(new) => {
            let environment = environment(context);
            let transaction = environment.database.write().await?;
            let now = environment.clock.now();
            let row = store::crm_scenario::create(
                organization(context),
                &transaction,
                new_id(),
                new,
                now,
            )
            .await?;
            transaction.commit().await?;
            (Some(row), Vec::new())
        }
    };
    Ok(CreateCrmScenarioPayload {
        crm_scenario_edge: created.clone().map(|row| edge(row.id, CrmScenario(row))),
        crm_scenario: created.map(CrmScenario),
        user_errors,
    })
}
