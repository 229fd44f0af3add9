//! Calls with many steps, whose timers may refer to each other.

use std::collections::{BTreeSet, HashMap, HashSet};

use uuid::Uuid;

use super::{CrmStepInput, NewCrmStep, References};
use crate::domain::{
    checks::Checked,
    checks::is_given,
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
    violation::{ViolationKind, Violations},
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
    /// invalid step leaves its key and its room in the scenario to others. No step is added to a scenario
    /// that has `max_steps`.
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
        let mut known = known.clone();
        // Names are compared without regard to case and Unicode form. Of several steps that have one
        // name or chose one id, the first gets it.
        let names = self.steps.iter().map(|(_, step)| step.reference.as_deref().map(without_case));
        let names: Vec<Option<String>> = names.collect();
        let ids: Vec<Uuid> = self.steps.iter().map(|(id, _)| *id).collect();
        for (id, step) in self.steps.iter().filter(|(id, _)| !known.taken.contains(id)) {
            if let Some(scenario) = parse_id(&step.input.scenario_id) {
                known.steps.entry(*id).or_insert(scenario);
            }
        }
        let mut seen = HashSet::new();
        let mut rows = Vec::new();
        for (row, (id, step)) in self.steps.into_iter().enumerate() {
            let (mut of_ref, mut broken) = (Violations::default(), Violations::default());
            if let Some(reference) = step.reference
                && of_ref.check_text(&REF, &REF, &reference)
                && is_given(Some(&reference))
                && !seen.insert(without_case(&reference))
            {
                of_ref.add(&REF, ViolationKind::DuplicateValue { value: reference });
            }
            if ids[..row].contains(&id) {
                of_ref.add(&ID_OF_SEVERAL, ViolationKind::DuplicateValue { value: id.to_string() });
            }
            let mut input = step.input;
            let scenario = parse_id(&input.scenario_id).filter(|id| known.scenarios.contains(id));
            let key = input.key.clone().map(|key| (scenario, key));
            let by_ref = step.auto_next_step_ref.filter(|text| is_given(Some(text)));
            let (field, not_found) = match &by_ref {
                Some(_) => (&AUTO_NEXT_STEP_REF, ViolationKind::NO_CREATED_STEP),
                None => (&AUTO_NEXT_STEP_ID, ViolationKind::NOT_FOUND),
            };
            let target = if let Some(reference) = by_ref {
                /// Text that is not an id, and so does not exist.
                const NO_ID: &str = "?";
                let given = [true, is_given(input.auto_next_step_id.as_deref())];
                broken.check_given(&REF_OR_ID, &given, &ViolationKind::AutoNextConflict);
                let wanted = Some(without_case(&reference));
                let target = names.iter().position(|name| *name == wanted);
                input.auto_next_step_id =
                    Some(target.map_or(NO_ID.to_owned(), |target| ids[target].to_string()));
                target
            } else {
                let target = input.auto_next_step_id.as_deref().and_then(parse_id);
                let target = target.filter(|id| !known.taken.contains(id));
                target.and_then(|id| ids.iter().position(|own| *own == id))
            };
            let checked = input.check(id, &known, hosts).map_err(|violations| {
                violations.renamed_reference(AUTO_NEXT_STEP_ID.name(), field.name(), &not_found)
            });
            let result = broken.and(checked);
            let lost = Violations::one(field, not_found);
            rows.push(CheckedRow { scenario, key, target, lost, of_ref, result });
        }
        let mut room = Room { step_counts: known.step_counts, keys: HashSet::new(), max_steps };
        let refused = match mode {
            BatchMode::Atomic => rows.iter().map(|row| room.take(row)).collect(),
            BatchMode::SkipInvalid => refused_alone(&rows, room),
        };
        let (mut valid, mut all) = (Vec::new(), Violations::default());
        for (index, (row, refused)) in rows.into_iter().zip(refused).enumerate() {
            let mut own = row.of_ref;
            own.extend(refused);
            match own.and(row.result) {
                Ok(step) => valid.push((index, step)),
                Err(violations) => {
                    all.extend(if self.is_single {
                        violations.within(SINGLE_ARGUMENT)
                    } else {
                        violations.within(index.to_string()).within(INPUTS.name())
                    });
                }
            }
        }
        if mode == BatchMode::Atomic && !all.is_empty() {
            valid.clear();
        }
        (valid, all)
    }
}

/// A checked step of a call.
struct CheckedRow {
    /// Its scenario, if that exists.
    scenario: Option<Uuid>,
    /// Its key, with that scenario.
    key: Option<(Option<Uuid>, String)>,
    /// The index in the call of the target of its timer, if that is one of its steps.
    target: Option<usize>,
    /// What is wrong if the target is invalid.
    lost: Violations,
    /// The violations of its own ref and id in the call.
    of_ref: Violations,
    /// The step, or its other violations.
    result: Result<Checked<NewCrmStep>, Violations>,
}

impl CheckedRow {
    /// Whether the step is valid beside any others.
    fn is_valid(&self) -> bool {
        self.of_ref.is_empty() && self.result.is_ok()
    }
}

/// What the steps of a call can use up: the room in their scenarios, and keys.
#[derive(Clone)]
struct Room {
    step_counts: HashMap<Uuid, usize>,
    keys: HashSet<(Option<Uuid>, String)>,
    max_steps: usize,
}

impl Room {
    /// What a step lacks.
    fn check(&self, row: &CheckedRow) -> Violations {
        let mut violations = Violations::default();
        let count = row.scenario.and_then(|id| self.step_counts.get(&id));
        if count.is_some_and(|count| *count >= self.max_steps) {
            violations.add(&SCENARIO_ID, ViolationKind::ScenarioFull { max: self.max_steps });
        }
        if let Some((_, value)) = row.key.clone().filter(|key| self.keys.contains(key)) {
            violations.add(&KEY_OF_SEVERAL, ViolationKind::DuplicateValue { value });
        }
        violations
    }

    /// Uses up what a step needs, and returns what it lacks.
    fn take(&mut self, row: &CheckedRow) -> Violations {
        let violations = self.check(row);
        if let Some(id) = row.scenario {
            *self.step_counts.entry(id).or_default() += 1;
        }
        self.keys.extend(row.key.clone());
        violations
    }
}

/// What each step lacks that is skipped. Each step in turn is created together with those to which its
/// timer leads, or not at all; then it uses up nothing.
fn refused_alone(rows: &[CheckedRow], mut room: Room) -> Vec<Violations> {
    let mut refused = vec![Violations::default(); rows.len()];
    let mut is_created = vec![false; rows.len()];
    for (first, row) in rows.iter().enumerate() {
        let group = group_of(first, rows, &is_created);
        if !group.iter().all(|index| rows[*index].is_valid()) {
            refused[first] = room.check(row);
            continue;
        }
        let mut after = room.clone();
        let mut taken = group.iter().map(|index| (*index, after.take(&rows[*index])));
        if let Some((index, violations)) = taken.find(|(_, violations)| !violations.is_empty()) {
            refused[index] = violations;
            continue;
        }
        room = after;
        for index in group {
            is_created[index] = true;
            refused[index] = Violations::default();
        }
    }
    // A valid step that is skipped lacks what those that are created have used up. If that is nothing,
    // it keeps what it lacked in its group.
    for (index, row) in rows.iter().enumerate() {
        if is_created[index] || !row.is_valid() {
            continue;
        }
        let beside_created = room.check(row);
        if !beside_created.is_empty() {
            refused[index] = beside_created;
        }
        if row.target.is_some_and(|target| !is_created[target]) {
            refused[index].extend(row.lost.clone());
        }
    }
    refused
}

/// The indexes of a step and of those to which its timer leads, without those that are created. They are
/// in the order of the call, so that of two with one key the later one lacks it, as in an atomic call.
fn group_of(first: usize, rows: &[CheckedRow], is_created: &[bool]) -> BTreeSet<usize> {
    let mut group = BTreeSet::new();
    let mut next = Some(first);
    while let Some(index) = next.filter(|index| !is_created[*index])
        && group.insert(index)
    {
        next = rows[index].target;
    }
    group
}
