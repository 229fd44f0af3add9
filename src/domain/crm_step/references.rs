//! The ids that a step refers to, and which of them exist.

use std::collections::{BTreeSet, HashMap, HashSet};

use uuid::Uuid;

use super::{CrmStepInput, assignment::MEMBERSHIPS_MAX};
use crate::domain::id::parse_id;

/// The ids that inputs refer to. Text that is not an id is left out, as it cannot exist.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the resources")]
pub struct ReferencedIds {
    pub scenarios: BTreeSet<Uuid>,
    pub agents: BTreeSet<Uuid>,
    pub memberships: BTreeSet<Uuid>,
    pub steps: BTreeSet<Uuid>,
    /// Ids that clients chose for new steps.
    pub chosen: BTreeSet<Uuid>,
}

impl ReferencedIds {
    /// Adds all ids of `other`.
    pub fn extend(&mut self, other: Self) {
        self.scenarios.extend(other.scenarios);
        self.agents.extend(other.agents);
        self.memberships.extend(other.memberships);
        self.steps.extend(other.steps);
        self.chosen.extend(other.chosen);
    }
}

impl CrmStepInput {
    /// The ids to look up before [`check`](Self::check).
    #[must_use]
    pub fn referenced_ids(&self) -> ReferencedIds {
        let id = |text: &Option<String>| text.as_deref().and_then(parse_id);
        let candidates = self.selected_membership_ids_for_assignee.as_deref().unwrap_or_default();
        ReferencedIds {
            scenarios: parse_id(&self.scenario_id).into_iter().collect(),
            agents: [&self.agent_id, &self.zapi_agent_id, &self.whatsapp_template_agent_id]
                .into_iter()
                .filter_map(id)
                .collect(),
            // More are rejected, and not looked up.
            memberships: candidates
                .iter()
                .take(MEMBERSHIPS_MAX)
                .filter_map(|text| parse_id(text))
                .collect(),
            steps: id(&self.auto_next_step_id).into_iter().collect(),
            chosen: id(&self.id).into_iter().collect(),
        }
    }
}

/// The ids that exist in the organization. Those of other organizations are never among them.
#[derive(Debug, Default, Clone)]
pub struct References {
    /// Scenarios.
    pub scenarios: HashSet<Uuid>,
    /// Agents.
    pub agents: HashSet<Uuid>,
    /// Memberships.
    pub memberships: HashSet<Uuid>,
    /// Steps, each with its scenario.
    pub steps: HashMap<Uuid, Uuid>,
    /// The ids, of those that clients chose, that are or were in use.
    pub taken: HashSet<Uuid>,
}
