//! Keys of [`Reads`](crate::graphql::parts::reads::Reads): what a level of a query reads together.

use std::{
    collections::{BTreeSet, HashMap},
    hash::Hash,
    sync::Arc,
};

use strum::IntoEnumIterator as _;
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
        node::Node,
    },
};

macro_rules! by_id {
    ($($(#[$meta:meta])* $key:ident: $table:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(super) struct $key(pub(crate) Uuid);

        impl Key for $key {
            type Value = Arc<$table::Model>;

            async fn read(from: &Source, keys: &[Self]) -> Found<Self> {
                let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
                let rows =
                    tenant::find::<$table::Entity>(from.organization, &from.database, &ids).await?;
                Ok(rows.into_iter().map(|(id, row)| (Self(id), Arc::new(row))).collect())
            }
        }
    )+};
}

by_id! {
    /// An agent's id.
    AgentId: agent,
    /// A membership's id.
    MembershipId: membership,
    /// A scenario's id.
    CrmScenarioId: crm_scenario,
    /// A step's id.
    CrmStepId: crm_step,
}

/// The id of an object of any type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct NodeId(pub(crate) Uuid);

impl Key for NodeId {
    type Value = Node;

    async fn read(from: &Source, keys: &[Self]) -> Found<Self> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let nodes = store::node::find(from.organization, from.database.read(), &ids).await?;
        Ok(nodes.into_iter().map(|(id, node)| (Self(id), node)).collect())
    }
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

/// The candidates of the step with this id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct CandidatesOf(pub(crate) Uuid);

impl Key for CandidatesOf {
    type Value = Vec<Uuid>;

    async fn read(from: &Source, keys: &[Self]) -> Found<Self> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let candidates =
            store::crm_step::candidates(from.organization, from.database.read(), &ids).await?;
        Ok(candidates.into_iter().map(|(id, candidates)| (Self(id), candidates)).collect())
    }
}

/// The ids of the lists of which each page is requested, so that one statement reads the same page
/// of several lists.
fn by_page<K>(
    keys: &[K],
    parts: impl Fn(&K) -> (&PageQuery, Uuid),
) -> Vec<(&PageQuery, Vec<Uuid>)> {
    let mut pages: HashMap<&PageQuery, BTreeSet<Uuid>> = HashMap::new();
    for key in keys {
        let (page, id) = parts(key);
        pages.entry(page).or_default().insert(id);
    }
    pages.into_iter().map(|(page, ids)| (page, ids.into_iter().collect())).collect()
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
        for (page, ids) in by_page(keys, |key| (&key.page, key.scenario_id)) {
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
        for scope in history::HistoryScope::iter() {
            let keys: Vec<&Self> = keys.iter().filter(|key| key.scope == scope).collect();
            for (page, ids) in by_page(&keys, |key| (&key.page, key.id)) {
                let pages =
                    history::pages(from.organization, &from.database, scope, &ids, page).await?;
                let key = |id| Self { scope, id, page: page.clone() };
                found.extend(pages.into_iter().map(|(id, changes)| (key(id), changes)));
            }
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
        for scope in history::HistoryScope::iter() {
            let of_scope = keys.iter().filter(|key| key.scope == scope);
            let ids: Vec<Uuid> = of_scope.map(|key| key.id).collect();
            if !ids.is_empty() {
                let counts =
                    history::counts(from.organization, &from.database, scope, &ids).await?;
                found.extend(counts.into_iter().map(|(id, count)| (Self { scope, id }, count)));
            }
        }
        Ok(found)
    }
}
