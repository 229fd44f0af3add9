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
        connection::{List, Total, connection, list, page_query},
        context::{long_text, reads},
        date_time::DateTime,
        error::Failure,
        filter::{DateTimeFilter, FilterInput, IdFilter, ListOrder, StringFilter, Tests},
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

    /// Its purpose; null if it was not given.
    async fn description(&self, context: &Context<'_>) -> Option<Result<&str, Failure>> {
        long_text(context, self.0.description.as_deref())
    }

    /// The organization that it belongs to.
    async fn organization_id(&self) -> ID {
        self.0.organization_id.into()
    }

    /// Its steps, ordered by index. Cursors stay valid while steps are added and moved.
    async fn steps(&self, context: &Context<'_>) -> Result<List<CrmStep>, Failure> {
        let order = store::crm_step::in_scenario();
        let page = page_query(context, &order)?;
        let id = self.0.id;
        let selected = Selected::of(context);
        let columns = selected.columns();
        let steps = reads(context).one(StepsOf { scenario_id: id, page, columns }).await?;
        // As the scenario is now, as its steps are; this row may be an older outcome.
        let total = Total::new(move |reads| async move {
            let scenario = reads.one(CrmScenarioId(id)).await?;
            Ok(scenario.and_then(|row| u64::try_from(row.step_count).ok()).unwrap_or(0))
        });
        let found = connection(context, steps, total, &order, CrmStep::from)?;
        selected.load_ahead(context, &found).await;
        Ok(found)
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it was last changed; changes of its steps do not count.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// Its version: 1 when it is created, and one more after each change. Send it as
    /// expectedVersion so that a change based on an older version is rejected.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// All changes of it and of its steps, deleted ones included, oldest first.
    async fn history(&self, context: &Context<'_>) -> Result<List<Change>, Failure> {
        history(context, HistoryScope::Scenario, self.0.id).await
    }
}

/// Which scenarios to list. All tests that are given have to hold.
#[derive(InputObject)]
struct CrmScenarioFilter {
    /// All of these hold.
    and: Option<Vec<CrmScenarioFilter>>,
    /// At least one of these holds; nothing matches an empty list.
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
        #[graphql(desc = "Only those that match; default all.")] filter: Option<CrmScenarioFilter>,
        #[graphql(desc = "Up to 5 sort fields, then the id; the default is oldest first.")]
        order_by: Option<Vec<ListOrder>>,
    ) -> Result<List<CrmScenario>, Failure> {
        list(context, filter, order_by, Columns::ALL, CrmScenario).await
    }
}
