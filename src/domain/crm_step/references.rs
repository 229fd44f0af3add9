//! The ids that a step refers to, and which of them exist.

use std::collections::{BTreeSet, HashMap, HashSet};

use uuid::Uuid;

use super::{CrmStepInput, Placement};
use crate::domain::{id::parse_id, keys::is_key, rules::MEMBERSHIPS_MAX};

/// The ids that inputs refer to. Text that is not an id is left out, as it cannot exist.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the resources")]
pub struct ReferencedIds {
    pub scenarios: BTreeSet<Uuid>,
    pub agents: BTreeSet<Uuid>,
    pub memberships: BTreeSet<Uuid>,
    pub steps: BTreeSet<Uuid>,
    /// Keys, each with its scenario.
    pub keys: BTreeSet<(Uuid, String)>,
    /// The steps beside which a step is placed.
    pub neighbours: BTreeSet<Uuid>,
    /// The scenarios in which a step is placed before all others.
    pub placed_first: BTreeSet<Uuid>,
    /// Ids that clients chose for new steps.
    pub chosen: BTreeSet<Uuid>,
}

impl ReferencedIds {
    /// The ids to look up before these steps are [checked](CrmStepInput::check).
    #[must_use]
    pub fn of<'a>(inputs: impl IntoIterator<Item = &'a CrmStepInput>) -> Self {
        let mut ids = Self::default();
        ids.extend(inputs);
        ids
    }

    /// Adds what has to be known to place a step of this scenario.
    pub fn place(&mut self, scenario: Option<Uuid>, to: &Placement) {
        self.neighbours.extend(to.neighbour_id());
        self.placed_first.extend(scenario.filter(|_| *to == Placement::First(true)));
    }

    /// Adds the ids of these steps.
    pub fn extend<'a>(&mut self, inputs: impl IntoIterator<Item = &'a CrmStepInput>) {
        let id = |text: &Option<String>| text.as_deref().and_then(parse_id);
        for input in inputs {
            let scenario = parse_id(&input.scenario_id);
            self.scenarios.extend(scenario);
            self.keys.extend(scenario.zip(input.key.clone().filter(|key| is_key(key))));
            let agents = [&input.agent_id, &input.zapi_agent_id, &input.whatsapp_template_agent_id];
            self.agents.extend(agents.into_iter().filter_map(id));
            let candidates = input.selected_membership_ids_for_assignee.iter().flatten();
            // More are rejected, and not looked up.
            let candidates = candidates.take(MEMBERSHIPS_MAX);
            self.memberships.extend(candidates.filter_map(|text| parse_id(text)));
            self.steps.extend(id(&input.auto_next_step_id));
            self.chosen.extend(id(&input.id));
        }
    }
}

/// The ids that exist in the organization. Those of other organizations are never among them.
#[derive(Debug, Default, Clone)]
pub struct References {
    /// Scenarios.
    pub scenarios: HashSet<Uuid>,
    /// The numbers of steps of scenarios.
    pub step_counts: HashMap<Uuid, usize>,
    /// Agents.
    pub agents: HashSet<Uuid>,
    /// Memberships.
    pub memberships: HashSet<Uuid>,
    /// Steps, each with its scenario.
    pub steps: HashMap<Uuid, Uuid>,
    /// The steps that have these keys in these scenarios.
    pub keys: HashMap<(Uuid, String), Uuid>,
    /// The steps that a call changes with one input.
    pub changed_together: HashSet<Uuid>,
    /// The ids, of those that clients chose, that are or were in use.
    pub taken: HashSet<Uuid>,
}
