//! Resolving: what a specification means for a stored pipeline. All that has to be decided is decided
//! here, so that the store only carries it out.

mod references;

use std::collections::HashMap;

use uuid::Uuid;

use self::references::{as_specified, check_emails, check_found, check_unambiguous, id_of, no_id};
use super::{
    Flow,
    directory::Directory,
    export::{Pipeline, PipelineStep},
    spec::{AgentReference, KeyIndexes, PipelineSpec, StepReferences, StepSpec},
};
use crate::domain::{
    checks::{Check as _, Checked, is_given},
    crm_scenario::NewCrmScenario,
    crm_step::{CrmStepInput, NewCrmStep, References, StoredStep},
    moves::moved,
    rules::MEMBERSHIPS_MAX,
    url::WebhookHosts,
    violation::{Field, Violation, ViolationKind, Violations},
};

const STEPS: &str = "steps";
const KEY: &str = "key";
const EMAILS: &str = "selectedMembershipEmails";

/// What a specification is applied to, and what the rules have to know.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The stored pipeline; none if a new one is created.
    pub stored: Option<&'a Pipeline>,
    /// Whether another scenario has the stated key of the specification stored.
    pub is_key_taken: bool,
    /// The agents and memberships to which the specification and the stored pipeline refer.
    pub directory: &'a Directory,
    /// The allowed hosts of webhooks.
    pub hosts: &'a WebhookHosts,
    /// Whether the caller may read the values of headers.
    pub reads_secrets: bool,
    /// The maximum number of steps of a scenario.
    pub max_steps: usize,
}

/// A valid specification, as it is to be stored.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// The pipeline afterwards. The revision is the one before; 0 of a new pipeline.
    pub after: Pipeline,
    /// The scenario to create or to update; none if neither its fields nor its key change.
    pub scenario: Option<Checked<NewCrmScenario>>,
    /// What to do with each step of `after`, in the same order: that of their indexes afterwards.
    pub steps: Vec<StepChange>,
    /// The indexes of the stored steps to delete, in their order.
    pub deleted: Vec<usize>,
}

/// What to do with a step of a specification.
#[derive(Debug, Clone)]
pub enum StepChange {
    /// It is created.
    Create(Box<Checked<NewCrmStep>>),
    /// It is a stored step.
    Keep(Box<KeptStep>),
}

/// A stored step that a specification keeps.
#[derive(Debug, Clone)]
pub struct KeptStep {
    /// Its index before.
    pub index_before: usize,
    /// Whether it counts as moved. All others keep their order.
    pub is_moved: bool,
    /// The step to store instead; none if neither its fields nor its key change.
    pub update: Option<StepUpdate>,
}

/// An update of a stored step.
#[derive(Debug, Clone)]
pub struct StepUpdate {
    /// The step afterwards.
    pub step: Checked<NewCrmStep>,
    /// Whether header values were sent by a caller that may not read them. They count as changed even
    /// if they are the stored ones, because the caller could confirm guesses otherwise.
    pub has_unread_headers: bool,
}

/// Resolves a specification. `new_id` makes the ids of the scenario and of the steps that are created.
/// Violations have paths into the specification, like `["steps", "3", "autoNextTime"]`.
pub fn resolve(
    spec: &PipelineSpec,
    target: &Target<'_>,
    mut new_id: impl FnMut() -> Uuid,
) -> Result<Resolved, Violations> {
    let mut violations = Violations::default();
    let scenario = check_scenario(spec, target, &mut violations);
    let actual = spec.steps.len();
    if actual > target.max_steps {
        violations.add(STEPS, ViolationKind::TooMany { max: target.max_steps, actual });
    }
    let keys = spec.step_keys();
    let resolver = Resolver::new(spec, target, &keys, &mut new_id);
    let mut steps = Vec::with_capacity(actual);
    // Up to the limit, so that the number of violations stays bounded.
    for index in 0..actual.min(target.max_steps) {
        match resolver.check_step(index) {
            Ok(step) => steps.push(step),
            Err(broken) => violations.extend(broken.within(index.to_string()).within(STEPS)),
        }
    }
    match scenario {
        Some(scenario) if violations.is_empty() => Ok(resolver.resolved(scenario, steps)),
        _ => Err(violations),
    }
}

/// Checks what can be checked of a specification alone: everything that it refers to counts as
/// existing, and each mask as that of a stored secret. Paths are those of [`resolve`].
#[must_use]
pub fn check(spec: &PipelineSpec, hosts: &WebhookHosts, max_steps: usize) -> Violations {
    let directory = Directory::assumed(&spec.references());
    let target = Target {
        stored: None,
        is_key_taken: false,
        directory: &directory,
        hosts,
        reads_secrets: false,
        max_steps,
    };
    let mut ids = (1..).map(Uuid::from_u128);
    let resolved = resolve(spec, &target, || ids.next().unwrap_or_default());
    without_masks(resolved.err().unwrap_or_default())
}

/// The violations that are no masks of header values.
fn without_masks(violations: Violations) -> Violations {
    let mut others = Violations::default();
    let is_other = |broken: &Violation| broken.kind != ViolationKind::MaskedHeaderValue;
    others.extend(violations.into_iter().filter(is_other));
    others
}

/// The flow of a specification that is not stored, for which the values of headers do not matter: masks
/// count as valid.
pub fn resolve_without_secrets(
    mut spec: PipelineSpec,
    target: &Target<'_>,
) -> Result<Flow, Violations> {
    let resolved = |spec: &PipelineSpec| {
        let mut ids = (1..).map(Uuid::from_u128);
        resolve(spec, target, || ids.next().unwrap_or_default())
    };
    let resolved = resolved(&spec).or_else(|violations| {
        let others = without_masks(violations);
        if !others.is_empty() {
            return Err(others);
        }
        for step in &mut spec.steps {
            step.webhook_header = None;
        }
        resolved(&spec)
    });
    resolved.map(|resolved| resolved.after.flow())
}

fn check_scenario(
    spec: &PipelineSpec,
    target: &Target<'_>,
    violations: &mut Violations,
) -> Option<Checked<NewCrmScenario>> {
    if target.is_key_taken {
        violations.add(KEY, ViolationKind::KEY_TAKEN);
    }
    let stored = target.stored.map(|stored| NewCrmScenario {
        name: stored.name.clone(),
        description: stored.description.clone(),
        key: stored.key.clone(),
    });
    let sent = NewCrmScenario {
        name: spec.name.clone(),
        description: spec.description.clone(),
        key: spec.key.clone().or_else(|| stored.as_ref()?.key.clone()),
    };
    sent.check(stored.as_ref()).map_err(|broken| violations.extend(broken)).ok()
}

/// What is known of all steps of a specification.
struct Resolver<'a> {
    spec: &'a PipelineSpec,
    target: &'a Target<'a>,
    keys: &'a [String],
    key_indexes: KeyIndexes<'a>,
    scenario_id: Uuid,
    /// The index of the stored step that each step is.
    stored: Vec<Option<usize>>,
    /// The id of each step.
    ids: Vec<Uuid>,
    known: References,
}

impl<'a> Resolver<'a> {
    fn new(
        spec: &'a PipelineSpec,
        target: &'a Target<'a>,
        keys: &'a [String],
        new_id: &mut impl FnMut() -> Uuid,
    ) -> Self {
        let before = target.stored;
        let scenario_id = before.map_or_else(&mut *new_id, |pipeline| pipeline.id);
        let stored_keys = before.map(Pipeline::step_keys).unwrap_or_default();
        // A key that is given twice is an error; the first step is the stored one.
        let mut unmatched: HashMap<&str, usize> =
            stored_keys.iter().enumerate().map(|(index, key)| (key.as_str(), index)).collect();
        let stored: Vec<_> = keys.iter().map(|key| unmatched.remove(key.as_str())).collect();
        let id = |index: &Option<usize>| match (index, before) {
            (Some(index), Some(pipeline)) => pipeline.steps[*index].id,
            _ => new_id(),
        };
        let ids: Vec<Uuid> = stored.iter().map(id).collect();
        let known = References {
            scenarios: [scenario_id].into(),
            agents: target.directory.agents.ids.clone(),
            memberships: target.directory.memberships.ids.clone(),
            steps: ids.iter().map(|id| (*id, scenario_id)).collect(),
            ..References::default()
        };
        let key_indexes = KeyIndexes::new(keys.iter().map(String::as_str));
        Self { spec, target, keys, key_indexes, scenario_id, stored, ids, known }
    }

    /// The stored step that the step with this index is.
    fn before(&self, index: usize) -> Option<(usize, &'a PipelineStep)> {
        let stored = self.stored[index]?;
        Some((stored, &self.target.stored?.steps[stored]))
    }

    /// A stored step as the caller knows it.
    fn as_known<'s>(&self, step: &'s PipelineStep) -> StoredStep<'s> {
        StoredStep { input: &step.input, reads_secrets: self.target.reads_secrets }
    }

    fn check_step(&self, index: usize) -> Result<Checked<NewCrmStep>, Violations> {
        let step = &self.spec.steps[index];
        let mut violations = Violations::default();
        let key = &self.keys[index];
        if self.key_indexes.get(key) != Some(index) {
            violations.add(KEY, ViolationKind::DuplicateValue { value: key.clone() });
        }
        let references = StepReferences {
            agent_ids: step.agents().map(|agent| self.agent_id(&agent, &mut violations)),
            membership_ids: self.membership_ids(step, &mut violations),
            auto_next_step_id: self.target_id(step),
        };
        let scenario_id = self.scenario_id.to_string();
        let input = CrmStepInput { key: Some(key.clone()), scenario_id, ..step.input(references) };
        let stored = self.before(index).map(|(_, stored)| self.as_known(stored));
        let checked = input.check_update(stored, self.ids[index], &self.known, self.target.hosts);
        violations.and(checked.map_err(|violations| as_specified(violations, step)))
    }

    /// The id of an agent. If none is found by the name, it is a text that the rules of the step report
    /// as not found.
    fn agent_id(&self, agent: &AgentReference<'_>, violations: &mut Violations) -> Option<String> {
        let id = agent.id.map(str::to_owned);
        let Some(name) = agent.name else { return id };
        let found = self.target.directory.agents.find(name);
        if agent.is_by_name() {
            violations.extend(check_unambiguous(found, agent.name_field.into()));
            return Some(id_of(found, name));
        }
        if is_given(Some(name)) {
            violations.add(agent.name_field, ViolationKind::ConflictingFields);
            violations.extend(check_found(found, agent.name_field.into()));
        }
        id
    }

    /// The ids of the candidates, by the same rules.
    fn membership_ids(&self, step: &StepSpec, violations: &mut Violations) -> Option<Vec<String>> {
        let ids = step.selected_membership_ids_for_assignee.as_ref();
        let is_by_email = step.emails().is_some();
        let emails = step.selected_membership_emails.as_deref().unwrap_or_default();
        if !is_by_email && !emails.is_empty() {
            violations.add(EMAILS, ViolationKind::ConflictingFields);
            check_emails(emails, violations);
        }
        let check = if is_by_email { check_unambiguous } else { check_found };
        let id = |(index, email): (usize, &String)| {
            let found = self.target.directory.memberships.find(email);
            if index < MEMBERSHIPS_MAX {
                violations.extend(check(found, Field::from(EMAILS).at(index)));
            }
            id_of(found, email)
        };
        let found = emails.iter().enumerate().map(id).collect();
        if is_by_email { Some(found) } else { ids.cloned() }
    }

    /// The id of the step to which the timer leads, by the same rules.
    fn target_id(&self, step: &StepSpec) -> Option<String> {
        let key = step.auto_next_step_key.as_deref()?;
        let target = self.key_indexes.get(key);
        Some(target.map_or_else(|| no_id(key), |target| self.ids[target].to_string()))
    }

    /// The valid specification.
    fn resolved(
        self,
        scenario: Checked<NewCrmScenario>,
        steps: Vec<Checked<NewCrmStep>>,
    ) -> Resolved {
        let stored = self.target.stored;
        let indexes: Vec<usize> = self.stored.iter().flatten().copied().collect();
        let mut moved = moved(&indexes).into_iter();
        let mut is_deleted = vec![true; stored.map_or(0, |pipeline| pipeline.steps.len())];
        let (mut changes, mut afters) = (Vec::new(), Vec::new());
        for (index, step) in steps.into_iter().enumerate() {
            let id = self.ids[index];
            let mut after = PipelineStep { id, input: step.get().as_stored() };
            changes.push(match self.before(index) {
                None => StepChange::Create(Box::new(step)),
                Some((index_before, before)) => {
                    is_deleted[index_before] = false;
                    let header = self.spec.steps[index].webhook_header.as_ref();
                    let has_unread_headers = self.as_known(before).has_unread_values(header);
                    let is_updated = has_unread_headers || *before != after;
                    if !is_updated {
                        // Headers in another order are equal; the stored ones stay.
                        after.input.webhook_header.clone_from(&before.input.webhook_header);
                    }
                    StepChange::Keep(Box::new(KeptStep {
                        index_before,
                        is_moved: moved.next() == Some(true),
                        update: is_updated.then_some(StepUpdate { step, has_unread_headers }),
                    }))
                }
            });
            afters.push(after);
        }
        let NewCrmScenario { name, description, key } = scenario.get().clone();
        let after = Pipeline {
            id: self.scenario_id,
            key,
            name,
            description,
            revision: stored.map_or(0, |stored| stored.revision),
            steps: afters,
        };
        let is_same = stored.is_some_and(|before| {
            before.key == after.key
                && before.name == after.name
                && before.description == after.description
        });
        let deleted = is_deleted.iter().enumerate().filter(|(_, is_deleted)| **is_deleted);
        Resolved {
            after,
            scenario: Some(scenario).filter(|_| !is_same),
            steps: changes,
            deleted: deleted.map(|(index, _)| index).collect(),
        }
    }
}
