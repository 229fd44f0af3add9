//! Many steps in one call, which may lead to each other.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::{CrmStepInput, NewCrmStep, ReferencedIds, References};
use crate::domain::{
    checks::check_text,
    id::parse_id,
    text::{NAME_MAX, is_given, without_case},
    url::WebhookHosts,
    violation::{Checked, ViolationKind, Violations},
};

/// Most steps of one call.
pub const BATCH_MAX: usize = 100;

/// The argument that holds them.
const ARGUMENT: &str = "inputs";

const REF: &str = "ref";
const AUTO_NEXT_STEP_REF: &str = "autoNextStepRef";
const AUTO_NEXT_STEP_ID: &str = "autoNextStepId";

/// What happens to the sound steps of a call when others are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchMode {
    /// None is created.
    Atomic,
    /// They are created.
    SkipInvalid,
}

/// One step of a call with many.
#[derive(Debug, Clone, Default)]
pub struct BatchStep {
    /// The client's own name for it, which others in the call may refer to.
    pub reference: Option<String>,
    /// The name of the step that its timer leads to, instead of an id.
    pub auto_next_step_ref: Option<String>,
    /// The step.
    pub input: CrmStepInput,
}

/// Steps as the rules allow them, each with its place in the call.
pub type CheckedSteps = Vec<(usize, Checked<NewCrmStep>)>;

/// A call with many steps, each of which has its id.
#[derive(Debug, Clone)]
pub struct Batch(Vec<(Uuid, BatchStep)>);

impl Batch {
    /// Gives each step its id, so that others can lead to it.
    pub fn new(steps: Vec<BatchStep>) -> Result<Self, Violations> {
        if steps.len() > BATCH_MAX {
            let kind = ViolationKind::TooMany { max: BATCH_MAX, actual: steps.len() };
            return Err(Violations::one(ARGUMENT, kind));
        }
        Ok(Self(steps.into_iter().map(|step| (step.input.id_to_have(), step)).collect()))
    }

    /// How many steps there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The ids to look up before [`check`](Self::check).
    #[must_use]
    pub fn referenced_ids(&self) -> ReferencedIds {
        let mut all = ReferencedIds::default();
        for (_, step) in &self.0 {
            all.extend(step.input.referenced_ids());
        }
        all
    }

    /// Checks all steps, and answers with those to create and with what the others break. Where
    /// broken ones are skipped, a step whose timer leads to one of them is broken as well.
    #[must_use]
    pub fn check(
        self,
        mode: BatchMode,
        mut known: References,
        hosts: &WebhookHosts,
    ) -> (CheckedSteps, Violations) {
        let by_reference = self.by_reference();
        let ids: Vec<Uuid> = self.0.iter().map(|(id, _)| *id).collect();
        for (id, step) in self.0.iter().filter(|(id, _)| !known.taken.contains(id)) {
            // Of several steps that choose one id, the first is the one that has it.
            if let Some(scenario) = parse_id(&step.input.scenario_id) {
                known.steps.entry(*id).or_insert(scenario);
            }
        }
        let mut seen = (HashSet::new(), HashSet::new());
        let mut rows = Vec::new();
        for (id, step) in self.0 {
            let mut broken = Violations::default();
            if let Some(reference) = step.reference.filter(|text| is_given(Some(text)))
                && check_text(&mut broken, REF, &reference, NAME_MAX)
                && !seen.0.insert(without_case(&reference))
            {
                broken.add(REF, ViolationKind::DuplicateValue { value: reference });
            }
            if !seen.1.insert(id) {
                broken.add("id", ViolationKind::DuplicateValue { value: id.to_string() });
            }
            let mut input = step.input;
            let by_ref = step.auto_next_step_ref.filter(|text| is_given(Some(text)));
            let field = if by_ref.is_some() { AUTO_NEXT_STEP_REF } else { AUTO_NEXT_STEP_ID };
            let target = if let Some(reference) = by_ref {
                /// Text that is no id, and so leads to nothing.
                const NOWHERE: &str = "?";
                if is_given(input.auto_next_step_id.as_deref()) {
                    broken.add(AUTO_NEXT_STEP_REF, ViolationKind::AutoNextConflict);
                }
                let row = by_reference.get(&without_case(&reference)).copied();
                input.auto_next_step_id =
                    Some(row.map_or(NOWHERE.to_owned(), |row| ids[row].to_string()));
                row.map(Target::Row)
            } else {
                input.auto_next_step_id.as_deref().and_then(parse_id).map(Target::Id)
            };
            let checked = input
                .check(id, &known, hosts)
                .map_err(|violations| violations.renamed(AUTO_NEXT_STEP_ID, field));
            let result = match checked {
                Ok(step) if broken.is_empty() => Ok(step),
                Ok(_) => Err(broken),
                Err(violations) => {
                    broken.extend(violations);
                    Err(broken)
                }
            };
            rows.push(CheckedRow { id, target, field, result });
        }
        if mode == BatchMode::SkipInvalid {
            refuse_what_leads_to_refused(&mut rows, &known.taken);
        }
        let (mut sound, mut all) = (Vec::new(), Violations::default());
        for (index, row) in rows.into_iter().enumerate() {
            match row.result {
                Ok(step) => sound.push((index, step)),
                Err(violations) => {
                    all.extend(violations.within(index.to_string()).within(ARGUMENT));
                }
            }
        }
        if mode == BatchMode::Atomic && !all.is_empty() {
            sound.clear();
        }
        (sound, all)
    }

    /// The place in the call of the first step with each name, as names compare.
    fn by_reference(&self) -> HashMap<String, usize> {
        let mut rows = HashMap::new();
        for (row, (_, step)) in self.0.iter().enumerate() {
            if let Some(reference) = &step.reference {
                rows.entry(without_case(reference)).or_insert(row);
            }
        }
        rows
    }
}

/// A step of a call, checked.
struct CheckedRow {
    id: Uuid,
    /// Where its timer leads.
    target: Option<Target>,
    /// The field that says so.
    field: &'static str,
    result: Result<Checked<NewCrmStep>, Violations>,
}

/// Where a timer leads: to the step at this place in the call, or to the one with this id.
#[derive(Clone, Copy)]
enum Target {
    Row(usize),
    Id(Uuid),
}

/// Until no sound step leads to a refused one any more.
fn refuse_what_leads_to_refused(rows: &mut [CheckedRow], taken: &HashSet<Uuid>) {
    loop {
        let is_refused: Vec<bool> = rows.iter().map(|row| row.result.is_err()).collect();
        let ids = |is_sound: bool| {
            let some = rows.iter().filter(move |row| row.result.is_ok() == is_sound);
            some.map(|row| row.id).collect::<HashSet<_>>()
        };
        // An id that another step has, or that somebody had before the call, leads there.
        let gone = &(&ids(false) - &ids(true)) - taken;
        let mut goes_on = false;
        for row in rows.iter_mut().filter(|row| row.result.is_ok()) {
            let leads_nowhere = match row.target {
                None => false,
                Some(Target::Row(target)) => is_refused[target],
                Some(Target::Id(target)) => gone.contains(&target),
            };
            if leads_nowhere {
                row.result = Err(Violations::one(row.field, ViolationKind::NotFound));
                goes_on = true;
            }
        }
        if !goes_on {
            return;
        }
    }
}
