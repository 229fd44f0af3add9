//! The agents, memberships and scenarios of an organization, as specifications name them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use uuid::Uuid;

use super::spec::SpecReferences;
use crate::domain::{checks::is_given, fold::without_case, id::parse_id};

/// The agents and memberships of an organization to which pipelines and specifications refer, and all
/// others that have the names and emails of these, as text compares; and the keys that its scenarios have
/// stored. Others may be among them.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    /// The agents, by their names.
    pub(super) agents: Names,
    /// The memberships, by their emails.
    pub(super) memberships: Names,
    /// The stored keys of scenarios.
    pub(super) scenario_keys: HashSet<String>,
}

impl Directory {
    /// The directory of these agents, each with its id and name, and memberships, each with its id
    /// and email.
    #[must_use]
    pub fn new(
        agents: impl IntoIterator<Item = (Uuid, String)>,
        memberships: impl IntoIterator<Item = (Uuid, String)>,
    ) -> Self {
        let (agents, memberships) = (Names::new(agents), Names::new(memberships));
        Self { agents, memberships, scenario_keys: HashSet::new() }
    }

    /// The directory with these stored keys of scenarios.
    #[must_use]
    pub fn with_scenario_keys(self, keys: impl IntoIterator<Item = String>) -> Self {
        Self { scenario_keys: keys.into_iter().collect(), ..self }
    }

    /// The ids of the agents and of the memberships to which a specification refers and that exist.
    #[must_use]
    pub fn referenced(&self, references: &SpecReferences) -> (BTreeSet<Uuid>, BTreeSet<Uuid>) {
        let SpecReferences { agent_ids, agent_names, membership_ids, emails } = references;
        (
            self.agents.referenced(agent_ids, agent_names),
            self.memberships.referenced(membership_ids, emails),
        )
    }

    /// A directory in which everything exists once to which a specification refers: for checks
    /// without a database.
    #[must_use]
    pub fn assumed(references: &SpecReferences) -> Self {
        let SpecReferences { agent_ids, agent_names, membership_ids, emails } = references;
        Self {
            agents: Names::assumed(agent_ids, agent_names),
            memberships: Names::assumed(membership_ids, emails),
            scenario_keys: HashSet::new(),
        }
    }
}

/// Names, each with the ids that have it.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    /// All ids.
    pub(super) ids: HashSet<Uuid>,
    /// What has a name, by the name without case, and by each spelling of it: most references have
    /// the same, and need not be folded.
    by_name: HashMap<String, Found>,
    /// The name of each id that alone has it.
    unique: HashMap<Uuid, String>,
}

/// What has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    One(Uuid),
    Several { first: Uuid, count: usize },
}

impl Found {
    /// The same and one more, which is not the first.
    fn and(self, id: Uuid) -> Self {
        match self {
            Self::Nothing => Self::One(id),
            Self::One(first) => Self::Several { first, count: 2 },
            Self::Several { first, count } => Self::Several { first, count: count + 1 },
        }
    }
}

impl Names {
    fn new(all: impl IntoIterator<Item = (Uuid, String)>) -> Self {
        let mut names = Self::default();
        let all: BTreeMap<Uuid, String> = all.into_iter().collect();
        for (id, name) in &all {
            let found = names.by_name.entry(without_case(name)).or_insert(Found::Nothing);
            *found = found.and(*id);
        }
        for (id, name) in all {
            names.ids.insert(id);
            let found = names.find(&name);
            names.by_name.insert(name.clone(), found);
            if found == Found::One(id) && is_given(Some(&name)) {
                names.unique.insert(id, name);
            }
        }
        names
    }

    /// Those of these ids that exist, and those that alone have one of these names.
    fn referenced(&self, ids: &BTreeSet<Uuid>, names: &BTreeSet<String>) -> BTreeSet<Uuid> {
        let by_name = names.iter().filter_map(|name| match self.find(name) {
            Found::One(id) => Some(id),
            Found::Nothing | Found::Several { .. } => None,
        });
        ids.iter().copied().filter(|id| self.ids.contains(id)).chain(by_name).collect()
    }

    /// These ids, and others for the names.
    fn assumed(ids: &BTreeSet<Uuid>, names: &BTreeSet<String>) -> Self {
        let unused = (1..).map(Uuid::from_u128).filter(|id| !ids.contains(id));
        let mut assumed = Self::new(unused.zip(names.iter().cloned()));
        assumed.ids.extend(ids);
        assumed
    }

    /// What has this name, as text compares.
    pub(super) fn find(&self, name: &str) -> Found {
        let found = self.by_name.get(name).or_else(|| self.by_name.get(&without_case(name)));
        found.copied().unwrap_or(Found::Nothing)
    }

    /// The name of an id, if no other one has it.
    pub(super) fn name_of(&self, id: &str) -> Option<&str> {
        self.unique.get(&parse_id(id)?).map(String::as_str)
    }
}
