//! Restoring a deleted step: where it comes back, what it loses because it refers to something that is
//! gone, and which timers lead to it again.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{CrmStepInput, Rank, References, StepPosition, StoredStep, TimeUnit};
use crate::domain::{
    id::parse_id,
    rules::{
        across::{LOGIC, UNIT},
        fields::{
            AGENT_ID, AUTO_NEXT_STEP_ID, AUTO_NEXT_TIME, KEY, MEMBERSHIP_IDS, TEMPLATE_AGENT_ID,
            TEMPLATE_LANGUAGE_CODE, TEMPLATE_NAME, TEMPLATE_TEXT, ZAPI_AGENT_ID, ZAPI_MESSAGE,
            ZAPI_PHONE_NUMBER,
        },
    },
    url::WebhookHosts,
};

/// The steps beside a step when it was deleted; none at an end of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Neighbours {
    pub previous: Option<Uuid>,
    pub next: Option<Uuid>,
}

impl Neighbours {
    /// The neighbours of each of these steps of an order, which are deleted one after the other: a step
    /// that is deleted before is no neighbour of those after it.
    #[must_use]
    pub fn of_deleted(order: &[Uuid], deleted: &[Uuid]) -> Vec<Self> {
        let mut order = order.to_vec();
        let of_one = |id: &Uuid| {
            let index = order.iter().position(|other| other == id);
            let Some(index) = index else { return Self { previous: None, next: None } };
            order.remove(index);
            let previous = index.checked_sub(1).map(|previous| order[previous]);
            Self { previous, next: order.get(index).copied() }
        };
        deleted.iter().map(of_one).collect()
    }
}

/// The place of a step in its scenario when it was deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerPlace {
    /// The steps beside it.
    pub neighbours: Neighbours,
    /// Its position.
    pub position: StepPosition,
}

impl FormerPlace {
    /// The index with which the step comes back among the present steps of the scenario, which are given
    /// in their order with their ranks.
    ///
    /// It is between its former neighbours, if one is left on that side of it, or at its former index if
    /// none is. Among the steps that are there now the ranks decide, so that several deleted steps find
    /// their order again, in whatever order they are restored.
    #[must_use]
    pub fn index_among(&self, order: &[(Uuid, Rank)]) -> usize {
        let find = |id: Option<Uuid>| order.iter().position(|(other, _)| Some(*other) == id);
        let Neighbours { previous, next } = self.neighbours;
        let (start, end) = match (find(previous), find(next)) {
            (None, None) => {
                return usize::try_from(self.position.index).unwrap_or(0).min(order.len());
            }
            (Some(previous), None) => (previous + 1, order.len()),
            (None, Some(next)) => (0, next),
            // One of them was moved past the other if the next one comes first.
            (Some(one), Some(other)) => (one.min(other) + 1, one.max(other)),
        };
        let between = &order[start..end];
        let rank = &self.position.rank;
        if between.iter().all(|(_, other)| other.generation == rank.generation) {
            start + between.iter().take_while(|(_, other)| other <= rank).count()
        } else if end < order.len() {
            end
        } else {
            start
        }
    }
}

/// Clears what a deleted step refers to and does not exist any more, together with what is of no use
/// without it, and a key that another step has. Returns the names of the fields that have changed.
pub fn clear_gone(step: &mut CrmStepInput, id: Uuid, known: &References) -> Vec<&'static str> {
    let mut cleared = Cleared::default();
    let is_agent = |id: &Uuid| known.agents.contains(id);
    let key = parse_id(&step.scenario_id).zip(step.key.clone());
    let owner = key.and_then(|key| known.keys.get(&key));
    if owner.is_some_and(|owner| *owner != id) {
        cleared.clear(KEY.name(), &mut step.key);
    }
    if is_gone(step.agent_id.as_deref(), is_agent) {
        cleared.clear(AGENT_ID.name(), &mut step.agent_id);
    }
    if is_gone(step.auto_next_step_id.as_deref(), |id| known.steps.contains_key(id)) {
        cleared.clear(AUTO_NEXT_STEP_ID.name(), &mut step.auto_next_step_id);
        cleared.clear(AUTO_NEXT_TIME.name(), &mut step.auto_next_time);
        cleared.clear(UNIT, &mut step.auto_next_time_unit);
    }
    clear_candidates(step, &known.memberships, &mut cleared);
    if is_gone(step.zapi_agent_id.as_deref(), is_agent) {
        cleared.clear(ZAPI_AGENT_ID.name(), &mut step.zapi_agent_id);
        cleared.clear(ZAPI_PHONE_NUMBER.name(), &mut step.zapi_phone_number);
        cleared.clear(ZAPI_MESSAGE.name(), &mut step.zapi_message);
    }
    if is_gone(step.whatsapp_template_agent_id.as_deref(), is_agent) {
        cleared.clear(TEMPLATE_AGENT_ID.name(), &mut step.whatsapp_template_agent_id);
        cleared.clear(TEMPLATE_NAME.name(), &mut step.whatsapp_template_name);
        cleared.clear(TEMPLATE_LANGUAGE_CODE.name(), &mut step.whatsapp_template_language_code);
        cleared.clear(TEMPLATE_TEXT.name(), &mut step.whatsapp_template_text);
    }
    cleared.0
}

fn clear_candidates(step: &mut CrmStepInput, memberships: &HashSet<Uuid>, cleared: &mut Cleared) {
    let candidates = &mut step.selected_membership_ids_for_assignee;
    let is_left = |id: &String| !is_gone(Some(id), |id| memberships.contains(id));
    let left: Vec<String> = candidates.iter().flatten().filter(|id| is_left(id)).cloned().collect();
    if candidates.as_ref().is_none_or(|all| all.len() == left.len()) {
        return;
    }
    if left.is_empty() {
        cleared.clear(LOGIC, &mut step.assignee_logic_type);
    }
    cleared.clear(MEMBERSHIP_IDS.name(), candidates);
    *candidates = Some(left).filter(|left| !left.is_empty());
}

/// Whether an id is given and nothing with it exists.
fn is_gone(id: Option<&str>, exists: impl Fn(&Uuid) -> bool) -> bool {
    id.is_some_and(|id| !parse_id(id).is_some_and(|id| exists(&id)))
}

/// The names of the fields that are cleared.
#[derive(Default)]
struct Cleared(Vec<&'static str>);

impl Cleared {
    /// Clears a field, unless it is null already.
    fn clear<T>(&mut self, name: &'static str, value: &mut Option<T>) {
        self.0.extend(value.take().map(|_| name));
    }
}

/// The timer of another step that led to a deleted one and was cleared with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LostTimer {
    /// The other step.
    pub step_id: Uuid,
    /// What its `autoNextTime` was.
    pub time: Option<i32>,
    /// What its `autoNextTimeUnit` was.
    pub unit: Option<TimeUnit>,
}

impl LostTimer {
    /// Whether the timer comes back when its target is restored: the step, of the same scenario, has no
    /// other one, and the rules allow it.
    #[must_use]
    pub fn comes_back(&self, step: &CrmStepInput, target: Uuid) -> bool {
        if step.auto_next_step_id.is_some() || step.auto_next_time.is_some() {
            return false;
        }
        // What else the step has breaks no rule about timers.
        let without = CrmStepInput {
            scenario_id: step.scenario_id.clone(),
            is_conversation_removal_step: step.is_conversation_removal_step,
            ..CrmStepInput::default()
        };
        let with = CrmStepInput {
            auto_next_step_id: Some(target.to_string()),
            auto_next_time: self.time,
            auto_next_time_unit: self.unit,
            ..without.clone()
        };
        let scenario = parse_id(&step.scenario_id);
        let known = References {
            scenarios: scenario.into_iter().collect(),
            steps: scenario.map(|scenario| (target, scenario)).into_iter().collect(),
            ..References::default()
        };
        let stored = StoredStep { input: &without, reads_secrets: true };
        with.check_update(Some(stored), self.step_id, &known, &WebhookHosts::Public).is_ok()
    }
}
