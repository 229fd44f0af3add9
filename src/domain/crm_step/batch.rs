//! Calls with many steps, whose timers may refer to each other.

use std::collections::{BTreeSet, HashMap, HashSet};

use uuid::Uuid;

use super::{CrmStepInput, NewCrmStep, References};
use crate::domain::{
    checks::{Checked, is_given},
    fold::without_case,
    id::parse_id,
    rules::{
        BATCH_MAX,
        across::REF_OR_ID,
        fields::{
            AUTO_NEXT_STEP_ID, AUTO_NEXT_STEP_REF, ID_OF_SEVERAL, INPUTS, KEY_OF_SEVERAL, REF,
            SCENARIO_ID,
        },
    },
    url::WebhookHosts,
    violation::{Violation, ViolationKind, Violations},
};

/// The argument of a single step.
const SINGLE_ARGUMENT: &str = "input";

/// What to do with the valid steps of a call if others are invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchMode {
    /// No step is created.
    Atomic,
    /// The valid steps are created.
    SkipInvalid,
}

/// One step of a call with many.
#[derive(Debug, Clone, Default)]
pub struct BatchStep {
    /// The client's own name for the step, by which others in the call may refer to it.
    pub reference: Option<String>,
    /// The name of the step that its timer refers to, instead of an id.
    pub auto_next_step_ref: Option<String>,
    /// The step.
    pub input: CrmStepInput,
}

/// Valid steps, each with its index in the call.
pub type CheckedSteps = Vec<(usize, Checked<NewCrmStep>)>;

/// The steps of a call, each with its id.
#[derive(Debug, Clone)]
pub struct Batch {
    steps: Vec<(Uuid, BatchStep)>,
    /// Whether the call is for a single step.
    is_single: bool,
}

impl Batch {
    /// The step of a call for a single step.
    #[must_use]
    pub fn single(input: CrmStepInput) -> Self {
        let step = BatchStep { input, ..BatchStep::default() };
        Self { steps: vec![(step.input.id_to_have(), step)], is_single: true }
    }

    /// Assigns each step its id, so that others can refer to it.
    #[must_use]
    pub fn new(steps: Vec<BatchStep>) -> Self {
        let steps = steps.into_iter().map(|step| (step.input.id_to_have(), step)).collect();
        Self { steps, is_single: false }
    }

    /// Whether the call is for a single step.
    #[must_use]
    pub fn is_single(&self) -> bool {
        self.is_single
    }

    /// How many steps there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.steps.len()
    }

    /// The inputs of the steps to check; more than the maximum are rejected, and not checked.
    pub fn inputs(&self) -> impl Iterator<Item = &CrmStepInput> {
        self.steps.iter().take(BATCH_MAX).map(|(_, step)| &step.input)
    }

    /// Checks all steps, and returns those to create and the violations of the others. In
    /// [`BatchMode::SkipInvalid`] a step whose timer refers to an invalid step is invalid as well, and an
    /// invalid step leaves its key and its index to others. No step is added to a scenario that has
    /// `max_steps`.
    #[must_use]
    pub fn check(
        self,
        mode: BatchMode,
        known: &References,
        hosts: &WebhookHosts,
        max_steps: usize,
    ) -> (CheckedSteps, Violations) {
        let mut too_many = Violations::default();
        too_many.check_count(&INPUTS, self.count());
        if !too_many.is_empty() {
            return (Vec::new(), too_many);
        }
        let is_single = self.is_single;
        let known = self.with_own_steps(known);
        let siblings = Siblings::of(&self.steps);
        let steps = self.steps.into_iter().enumerate();
        let checked: Vec<CheckedStep> = steps
            .map(|(index, (id, step))| siblings.check(index, id, step, &known, hosts))
            .collect();
        let mut capacity =
            Capacity { step_counts: known.step_counts, keys: HashSet::new(), max_steps };
        let lacking = match mode {
            BatchMode::Atomic => checked.iter().map(|step| capacity.take(step)).collect(),
            BatchMode::SkipInvalid => lacking_if_skipped(&checked, capacity),
        };
        let (mut valid, mut all) = (Vec::new(), Violations::default());
        for (index, (step, lacking)) in checked.into_iter().zip(lacking).enumerate() {
            let mut own = step.identity_violations;
            own.extend(lacking);
            match own.and(step.result) {
                Ok(step) => valid.push((index, step)),
                Err(violations) if is_single => all.extend(violations.within(SINGLE_ARGUMENT)),
                Err(violations) => {
                    all.extend(violations.within(index.to_string()).within(INPUTS.name()));
                }
            }
        }
        if mode == BatchMode::Atomic && !all.is_empty() {
            valid.clear();
        }
        (valid, all)
    }

    /// The known references, and the steps of the call with their scenarios. Of several that chose one
    /// id, the first gets it.
    fn with_own_steps(&self, known: &References) -> References {
        let mut known = known.clone();
        for (id, step) in self.steps.iter().filter(|(id, _)| !known.taken.contains(id)) {
            if let Some(scenario) = parse_id(&step.input.scenario_id) {
                known.steps.entry(*id).or_insert(scenario);
            }
        }
        known
    }
}

/// The steps of a call, as others of the call refer to them. Of several that have one ref or chose one
/// id, the first gets it.
struct Siblings {
    /// The index and the id of each step with a ref, by the ref without regard to case and Unicode form.
    by_ref: HashMap<String, (usize, Uuid)>,
    /// The index of each step.
    by_id: HashMap<Uuid, usize>,
}

impl Siblings {
    fn of(steps: &[(Uuid, BatchStep)]) -> Self {
        let (mut by_ref, mut by_id) = (HashMap::new(), HashMap::new());
        for (index, (id, step)) in steps.iter().enumerate() {
            by_id.entry(*id).or_insert(index);
            if let Some(reference) = &step.reference {
                by_ref.entry(without_case(reference)).or_insert((index, *id));
            }
        }
        Self { by_ref, by_id }
    }

    /// Checks a step, but not what it lacks beside the others.
    fn check(
        &self,
        index: usize,
        id: Uuid,
        step: BatchStep,
        known: &References,
        hosts: &WebhookHosts,
    ) -> CheckedStep {
        /// Text that is not an id, and so does not exist.
        const NO_ID: &str = "?";
        let BatchStep { reference, auto_next_step_ref, mut input } = step;
        let identity_violations = self.check_identity(index, id, reference);
        let scenario = parse_id(&input.scenario_id).filter(|id| known.scenarios.contains(id));
        let key = input.key.clone().map(|key| (scenario, key));
        let mut conflict = Violations::default();
        let (target, field, not_found) =
            if let Some(reference) = auto_next_step_ref.filter(|text| is_given(Some(text))) {
                let given = [true, is_given(input.auto_next_step_id.as_deref())];
                conflict.check_given(&REF_OR_ID, &given, &ViolationKind::AutoNextConflict);
                let target = self.by_ref.get(&without_case(&reference));
                let target_id = target.map_or(NO_ID.to_owned(), |(_, id)| id.to_string());
                input.auto_next_step_id = Some(target_id);
                let index = target.map(|(index, _)| *index);
                (index, &AUTO_NEXT_STEP_REF, ViolationKind::NO_CREATED_STEP)
            } else {
                let target = input.auto_next_step_id.as_deref().and_then(parse_id);
                let target = target.filter(|id| !known.taken.contains(id));
                let index = target.and_then(|id| self.by_id.get(&id).copied());
                (index, &AUTO_NEXT_STEP_ID, ViolationKind::NOT_FOUND)
            };
        let checked = input.check(id, known, hosts).map_err(|violations| {
            violations.renamed_reference(AUTO_NEXT_STEP_ID.name(), field.name(), &not_found)
        });
        let result = conflict.and(checked);
        let target_skipped = Violation::new(field, not_found);
        CheckedStep { scenario, key, target, target_skipped, identity_violations, result }
    }

    /// Checks the ref and the id of a step in its call.
    fn check_identity(&self, index: usize, id: Uuid, reference: Option<String>) -> Violations {
        let mut violations = Violations::default();
        if let Some(reference) = reference
            && violations.check_text(&REF, &REF, &reference)
            && is_given(Some(&reference))
            && self.by_ref.get(&without_case(&reference)) != Some(&(index, id))
        {
            violations.add(&REF, ViolationKind::DuplicateValue { value: reference });
        }
        if self.by_id.get(&id) != Some(&index) {
            violations.add(&ID_OF_SEVERAL, ViolationKind::DuplicateValue { value: id.to_string() });
        }
        violations
    }
}

/// A checked step of a call.
struct CheckedStep {
    /// Its scenario, if that exists.
    scenario: Option<Uuid>,
    /// Its key, with that scenario.
    key: Option<(Option<Uuid>, String)>,
    /// The index in the call of the target of its timer, if that is one of its steps.
    target: Option<usize>,
    /// Its violation if that is skipped.
    target_skipped: Violation,
    /// The violations of its ref and id in the call.
    identity_violations: Violations,
    /// The step, or its other violations.
    result: Result<Checked<NewCrmStep>, Violations>,
}

impl CheckedStep {
    /// Whether the step is valid beside any others.
    fn is_valid(&self) -> bool {
        self.identity_violations.is_empty() && self.result.is_ok()
    }
}

/// What the steps of a call use up: the indexes of their scenarios, and keys.
#[derive(Clone)]
struct Capacity {
    step_counts: HashMap<Uuid, usize>,
    keys: HashSet<(Option<Uuid>, String)>,
    max_steps: usize,
}

impl Capacity {
    /// What a step lacks.
    fn check(&self, step: &CheckedStep) -> Violations {
        let mut violations = Violations::default();
        let count = step.scenario.and_then(|id| self.step_counts.get(&id));
        if count.is_some_and(|count| *count >= self.max_steps) {
            violations.add(&SCENARIO_ID, ViolationKind::ScenarioFull { max: self.max_steps });
        }
        if let Some((_, value)) = step.key.clone().filter(|key| self.keys.contains(key)) {
            violations.add(&KEY_OF_SEVERAL, ViolationKind::DuplicateValue { value });
        }
        violations
    }

    /// Uses up what a step needs, and returns what it lacks.
    fn take(&mut self, step: &CheckedStep) -> Violations {
        let violations = self.check(step);
        if let Some(id) = step.scenario {
            *self.step_counts.entry(id).or_default() += 1;
        }
        self.keys.extend(step.key.clone());
        violations
    }
}

/// What each step lacks that is skipped. Each step in turn is created together with those to which its
/// timer leads, or not at all; then it uses up nothing.
fn lacking_if_skipped(steps: &[CheckedStep], mut capacity: Capacity) -> Vec<Violations> {
    let mut lacking = vec![Violations::default(); steps.len()];
    let mut is_created = vec![false; steps.len()];
    for (first, step) in steps.iter().enumerate() {
        let group = group_of(first, steps, &is_created);
        if !group.iter().all(|index| steps[*index].is_valid()) {
            lacking[first] = capacity.check(step);
            continue;
        }
        let mut after = capacity.clone();
        let mut taken = group.iter().map(|index| (*index, after.take(&steps[*index])));
        if let Some((index, violations)) = taken.find(|(_, violations)| !violations.is_empty()) {
            lacking[index] = violations;
            continue;
        }
        capacity = after;
        for index in group {
            is_created[index] = true;
            lacking[index] = Violations::default();
        }
    }
    // A valid step that is skipped lacks what those that are created have used up. If that is nothing,
    // it keeps what it lacked in its group.
    for (index, step) in steps.iter().enumerate() {
        if is_created[index] || !step.is_valid() {
            continue;
        }
        let beside_created = capacity.check(step);
        if !beside_created.is_empty() {
            lacking[index] = beside_created;
        }
        if step.target.is_some_and(|target| !is_created[target]) {
            lacking[index].extend([step.target_skipped.clone()]);
        }
    }
    lacking
}

/// The indexes of a step and of those to which its timer leads, without those that are created. They are
/// in the order of the call, so that of two with one key the later one lacks it, as in an atomic call.
fn group_of(first: usize, steps: &[CheckedStep], is_created: &[bool]) -> BTreeSet<usize> {
    let mut group = BTreeSet::new();
    let mut next = Some(first);
    while let Some(index) = next.filter(|index| !is_created[*index])
        && group.insert(index)
    {
        next = steps[index].target;
    }
    group
}
