//! Keys of [`Reads`](crate::graphql::parts::reads::Reads): what a level of a query reads together.

use std::{
    collections::{BTreeSet, HashMap},
    hash::Hash,
    sync::Arc,
};

use uuid::Uuid;

use super::pipeline::LoadedPipeline;
use crate::{
    domain::flow::{
        diagnostics::{DiagnosticCounts, diagnose},
        directory::Directory,
    },
    entity::{agent, change, crm_scenario, crm_step, membership},
    graphql::parts::{
        error::Failure,
        reads::{Found, Key, Source},
    },
    store::{
        self,
        history::{self, HistoryOrder, HistorySelection},
        kit::{
            columns::Columns,
            page::{Page, PageQuery},
            tenant,
        },
        node::{self, Node},
        pipeline::PipelineRows,
    },
};

/// Keys that consist of ids, each with its value and how the values of several keys are read.
macro_rules! by_id {
    ($($(#[$meta:meta])* $key:ident($id:ty): $value:ty = $read:expr),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(super) struct $key(pub(crate) $id);

        impl Key for $key {
            type Value = $value;

            async fn read(from: &Source, keys: &[Self]) -> Found<Self> {
                let ids: Vec<$id> = keys.iter().map(|key| key.0).collect();
                let found = $read(from.organization, from.database.read(), &ids).await?;
                Ok(found.into_iter().map(|(id, value)| (Self(id), value.into())).collect())
            }
        }
    )+};
}

by_id! {
    /// An agent's id.
    AgentId(Uuid): Arc<agent::Model> = tenant::find::<agent::Entity>,
    /// A membership's id.
    MembershipId(Uuid): Arc<membership::Model> = tenant::find::<membership::Entity>,
    /// A scenario's id.
    CrmScenarioId(Uuid): Arc<crm_scenario::Model> = tenant::find::<crm_scenario::Entity>,
    /// A step's id.
    CrmStepId(Uuid): Arc<crm_step::Model> = tenant::find::<crm_step::Entity>,
    /// The id of an object of any type.
    NodeId(Uuid): Node = node::find,
    /// The id of a step whose candidates are read.
    CandidatesOf(Uuid): Vec<Uuid> = store::crm_step::candidates,
    /// The id of a scenario and an index in it, where a step may be.
    StepPosition((Uuid, i32)): Arc<crm_step::Model> = store::crm_step::find_at,
    /// The id of an agent, of which the steps that use it are counted.
    AgentUses(Uuid): u64 = store::crm_step::uses_of_agents,
    /// The id of a membership, of which the steps that use it are counted.
    MembershipUses(Uuid): u64 = store::crm_step::uses_of_memberships,
    /// The id of a scenario whose timers are read, by the steps to which they lead.
    TimersOf(Uuid): Arc<HashMap<Uuid, Vec<Uuid>>> = store::crm_step::timers,
}

/// The id of a scenario that is read with all its steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PipelineOf(pub(super) Uuid);

impl Key for PipelineOf {
    type Value = Result<Arc<LoadedPipeline>, Failure>;

    async fn read(from: &Source, keys: &[Self]) -> Found<Self> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let found = store::pipeline::find(from.organization, &from.database, &ids).await?;
        let pipeline = |(id, rows)| (Self(id), LoadedPipeline::new(rows).map(Arc::new));
        Ok(found.into_iter().map(pipeline).collect())
    }
}

/// The id of a scenario whose diagnostics are counted. The value has the revision that they are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct DiagnosticCountsOf(pub(super) Uuid);

/// How many scenarios are read at a time to count their diagnostics. All their steps are in memory.
const COUNTED_AT_A_TIME: usize = 20;

impl Key for DiagnosticCountsOf {
    type Value = Result<(i32, DiagnosticCounts), Failure>;

    async fn read(from: &Source, keys: &[Self]) -> Found<Self> {
        let count = |rows: PipelineRows| {
            let counts = DiagnosticCounts::of(&diagnose(&rows.masked()?.flow()));
            Ok((rows.scenario.revision, counts))
        };
        let mut found = HashMap::new();
        for keys in keys.chunks(COUNTED_AT_A_TIME) {
            let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
            let pipelines = store::pipeline::find(from.organization, &from.database, &ids).await?;
            found.extend(pipelines.into_iter().map(|(id, rows)| (Self(id), count(rows))));
        }
        Ok(found)
    }
}

/// The agents, memberships and scenarios of the organization, as specifications name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct OrganizationDirectory;

impl Key for OrganizationDirectory {
    type Value = Arc<Directory>;

    async fn read(from: &Source, keys: &[Self]) -> Found<Self> {
        let directory = store::pipeline::directory(from.organization, from.database.read()).await?;
        let directory = Arc::new(directory);
        Ok(keys.iter().map(|key| (*key, Arc::clone(&directory))).collect())
    }
}

/// The ids of the keys of each group, so that one statement reads what a group shares.
fn grouped<'a, K, G: Eq + Hash>(
    keys: &'a [K],
    parts: impl Fn(&'a K) -> (G, Uuid),
) -> HashMap<G, Vec<Uuid>> {
    let mut groups: HashMap<G, BTreeSet<Uuid>> = HashMap::new();
    for (group, id) in keys.iter().map(parts) {
        groups.entry(group).or_default().insert(id);
    }
    groups.into_iter().map(|(group, ids)| (group, ids.into_iter().collect())).collect()
}

/// A page of a scenario's steps.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct StepsOf {
    pub(super) scenario_id: Uuid,
    pub(super) page: PageQuery,
    pub(super) columns: Columns,
}

impl Key for StepsOf {
    type Value = Page<crm_step::Model>;

    async fn read(from: &Source, keys: &[Self]) -> Found<Self> {
        let mut found = HashMap::new();
        for (page, ids) in grouped(keys, |key| (&key.page, key.scenario_id)) {
            let asked = keys.iter().filter(|key| key.page == *page);
            // One statement for all keys that differ only by their columns.
            let columns = asked.clone().fold(Columns::NONE, |all, key| all | key.columns);
            let pages =
                store::crm_step::pages(from.organization, &from.database, &ids, page, columns)
                    .await?;
            found.extend(
                asked.filter_map(|key| Some((key.clone(), pages.get(&key.scenario_id)?.clone()))),
            );
        }
        Ok(found)
    }
}

/// A page of a history.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct HistoryOf {
    pub(super) id: Uuid,
    pub(super) selection: HistorySelection,
    pub(super) order: HistoryOrder,
    pub(super) page: PageQuery,
}

impl Key for HistoryOf {
    type Value = Page<change::Model>;

    async fn read(from: &Source, keys: &[Self]) -> Found<Self> {
        let mut found = HashMap::new();
        let (organization, database) = (from.organization, &from.database);
        for ((selection, order, page), ids) in
            grouped(keys, |key| ((&key.selection, key.order, &key.page), key.id))
        {
            let pages =
                history::pages(organization, database, selection, order, &ids, page).await?;
            let key = |id| Self { id, selection: selection.clone(), order, page: page.clone() };
            found.extend(pages.into_iter().map(|(id, changes)| (key(id), changes)));
        }
        Ok(found)
    }
}

/// The length of a history.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct HistoryLength {
    pub(super) id: Uuid,
    pub(super) selection: HistorySelection,
}

impl Key for HistoryLength {
    type Value = u64;

    async fn read(from: &Source, keys: &[Self]) -> Found<Self> {
        let mut found = HashMap::new();
        for (selection, ids) in grouped(keys, |key| (&key.selection, key.id)) {
            let counts =
                history::counts(from.organization, &from.database, selection, &ids).await?;
            let key = |id| Self { id, selection: selection.clone() };
            found.extend(counts.into_iter().map(|(id, count)| (key(id), count)));
        }
        Ok(found)
    }
}
