//! Keys of [`Reads`](crate::graphql::parts::reads::Reads): what a level of a query reads together.

use std::{
    collections::{BTreeSet, HashMap},
    hash::Hash,
    sync::Arc,
};

use uuid::Uuid;

use crate::{
    entity::{agent, change, crm_scenario, crm_step, membership},
    graphql::parts::reads::{Found, Key, Source},
    store::{
        self, history,
        kit::{
            columns::Columns,
            page::{Page, PageQuery},
            tenant,
        },
        node::{self, Node},
    },
};

/// Keys that are ids, each with what it is the id of and how the values of several ids are read.
macro_rules! by_id {
    ($($(#[$meta:meta])* $key:ident: $value:ty = $read:expr),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(super) struct $key(pub(crate) Uuid);

        impl Key for $key {
            type Value = $value;

            async fn read(from: &Source, keys: &[Self]) -> Found<Self> {
                let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
                let found = $read(from.organization, from.database.read(), &ids).await?;
                Ok(found.into_iter().map(|(id, value)| (Self(id), value.into())).collect())
            }
        }
    )+};
}

by_id! {
    /// An agent's id.
    AgentId: Arc<agent::Model> = tenant::find::<agent::Entity>,
    /// A membership's id.
    MembershipId: Arc<membership::Model> = tenant::find::<membership::Entity>,
    /// A scenario's id.
    CrmScenarioId: Arc<crm_scenario::Model> = tenant::find::<crm_scenario::Entity>,
    /// A step's id.
    CrmStepId: Arc<crm_step::Model> = tenant::find::<crm_step::Entity>,
    /// The id of an object of any type.
    NodeId: Node = node::find,
    /// The id of a step whose candidates are read.
    CandidatesOf: Vec<Uuid> = store::crm_step::candidates,
}

/// A position in a scenario, where a step may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct StepPosition {
    pub(super) scenario_id: Uuid,
    pub(super) index: i32,
}

impl Key for StepPosition {
    type Value = Arc<crm_step::Model>;

    async fn read(from: &Source, keys: &[Self]) -> Found<Self> {
        let places: Vec<_> = keys.iter().map(|place| (place.scenario_id, place.index)).collect();
        let rows = store::crm_step::find_at(from.organization, &from.database, &places).await?;
        let place = |row: &crm_step::Model| Self { scenario_id: row.scenario_id, index: row.index };
        Ok(rows.into_iter().map(|row| (place(&row), Arc::new(row))).collect())
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
    pub(super) scope: history::HistoryScope,
    pub(super) id: Uuid,
    pub(super) page: PageQuery,
}

impl Key for HistoryOf {
    type Value = Page<change::Model>;

    async fn read(from: &Source, keys: &[Self]) -> Found<Self> {
        let mut found = HashMap::new();
        for ((scope, page), ids) in grouped(keys, |key| ((key.scope, &key.page), key.id)) {
            let pages =
                history::pages(from.organization, &from.database, scope, &ids, page).await?;
            let key = |id| Self { scope, id, page: page.clone() };
            found.extend(pages.into_iter().map(|(id, changes)| (key(id), changes)));
        }
        Ok(found)
    }
}

/// The length of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct HistoryLength {
    pub(super) scope: history::HistoryScope,
    pub(super) id: Uuid,
}

impl Key for HistoryLength {
    type Value = u64;

    async fn read(from: &Source, keys: &[Self]) -> Found<Self> {
        let mut found = HashMap::new();
        for (scope, ids) in grouped(keys, |key| (key.scope, key.id)) {
            let counts = history::counts(from.organization, &from.database, scope, &ids).await?;
            found.extend(counts.into_iter().map(|(id, count)| (Self { scope, id }, count)));
        }
        Ok(found)
    }
}
