//! Scenarios: pipelines of steps.

mod mutation;

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};

pub(super) use self::mutation::CrmScenarioMutation;
use super::{
    crm_step::{CrmStep, Selected},
    history::{Change, history},
    loaders::{CrmScenarioId, StepsOf},
};
use crate::{
    domain::id::parse_id,
    entity::crm_scenario,
    graphql::parts::{
        connection::{List, PageArguments, Total, connection, list},
        context::{long_text, reads},
        date_time::DateTime,
        error::Failure,
        filter::{
            self, DateTimeFilter, FilterInput, IdFilter, ListOrder, StringFilter, Tests, order,
        },
    },
    store::{self, history::HistoryScope, kit::columns::Columns},
};

pub(super) struct CrmScenario(pub(crate) Arc<crm_scenario::Model>);

/// A scenario: a pipeline, which is an ordered list of steps that conversations go through.
#[Object]
impl CrmScenario {
    /// Its id, a UUID.
    pub(super) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is for; null if nobody said.
    async fn description(&self, context: &Context<'_>) -> Option<Result<&str, Failure>> {
        long_text(context, self.0.description.as_deref())
    }

    /// The organization that it belongs to.
    async fn organization_id(&self) -> ID {
        self.0.organization_id.into()
    }

    /// Its steps, by their index. A cursor stays right while steps are added and moved.
    async fn steps(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Take this many from the front, 1 to 100; 50 without first and last.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Take this many from the end, 1 to 100; not together with first.")]
        last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<List<CrmStep>, Failure> {
        let order = store::crm_step::in_scenario();
        let page = PageArguments { first, after, last, before }.query(&order)?;
        let id = self.0.id;
        let selected = Selected::of(context);
        let columns = selected.columns();
        let steps = reads(context).one(StepsOf { scenario_id: id, page, columns }).await?;
        // As the scenario is now, as its steps are; this row may be an older outcome.
        let total = Total::new(move |reads| async move {
            let scenario = reads.one(CrmScenarioId(id)).await?;
            Ok(scenario.and_then(|row| u64::try_from(row.step_count).ok()).unwrap_or(0))
        });
        let found = connection(
            context,
            steps.ok_or_else(|| Failure::internal("a page of steps was not read"))?,
            total,
            &order,
            CrmStep::from,
        )?;
        selected.load_ahead(context, &found).await;
        Ok(found)
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it was last changed itself; a change of its steps is none of its own.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// How often it has changed: 1 when it is new. Give it as expectedVersion to change nothing
    /// that you have not seen.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// All that has happened to it and to its steps, also those that are deleted, from the beginning
    /// on.
    async fn history(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Take this many from the front, 1 to 100; 50 without first and last.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Take this many from the end, 1 to 100; not together with first.")]
        last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<List<Change>, Failure> {
        let arguments = PageArguments { first, after, last, before };
        history(context, HistoryScope::Scenario, self.0.id, arguments).await
    }
}

/// Which scenarios to list. All tests that are given have to hold.
#[derive(InputObject)]
struct CrmScenarioFilter {
    /// All of these hold.
    and: Option<Vec<CrmScenarioFilter>>,
    /// At least one of these holds; of an empty list none does.
    or: Option<Vec<CrmScenarioFilter>>,
    /// This does not hold.
    not: Option<Box<CrmScenarioFilter>>,
    /// Its id.
    id: Option<IdFilter>,
    /// Its name.
    name: Option<StringFilter>,
    /// When it was created.
    created_at: Option<DateTimeFilter>,
    /// When it was last changed.
    updated_at: Option<DateTimeFilter>,
}

impl FilterInput<crm_scenario::Entity> for CrmScenarioFilter {
    fn tests(self, tests: &mut Tests<crm_scenario::Entity>) -> Result<(), Failure> {
        tests.common(self.id, self.name, self.created_at, self.updated_at)?;
        tests.combine(self.and, self.or, self.not)
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
        let scenario = reads(context).one(CrmScenarioId(parse_id(&id)?)).await.transpose()?;
        Some(scenario.map(CrmScenario))
    }

    /// The organization's scenarios.
    async fn crm_scenarios(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which ones; all without it.")] filter: Option<CrmScenarioFilter>,
        #[graphql(desc = "By what they are ordered, up to 5 fields, and at last by id; oldest \
                          first without it.")]
        order_by: Option<Vec<ListOrder>>,
        #[graphql(desc = "Take this many from the front, 1 to 100; 50 without first and last.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Take this many from the end, 1 to 100; not together with first.")]
        last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<List<CrmScenario>, Failure> {
        let arguments = PageArguments { first, after, last, before };
        let (filter, order) = (filter::filter(filter)?, order(order_by)?);
        list(context, arguments, filter, order, Columns::All, CrmScenario).await
    }
}
