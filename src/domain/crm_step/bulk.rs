//! Calls that change several stored steps of one scenario.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use crate::domain::{
    id::parse_id,
    moves::moved,
    rules::{BATCH_MAX, fields::IDS},
    violation::{Counted, Field, ViolationKind, Violations},
};

/// The argument of the versions.
pub const EXPECTED_VERSIONS: &str = "expectedVersions";

/// The steps that a call names, and the version of each that the client expects, if it gives them.
#[derive(Debug, Clone)]
pub struct SelectedSteps {
    /// Their ids, which are text until they are found to exist.
    pub ids: Vec<String>,
    /// The versions, one for each id.
    pub expected_versions: Option<Vec<i32>>,
}

/// A stored step that may be selected.
#[derive(Debug, Clone, Copy)]
pub struct SelectableStep {
    /// Its scenario.
    pub scenario_id: Uuid,
    /// Its version.
    pub version: i32,
}

/// Why the steps of a call cannot be changed.
#[derive(Debug, Default)]
pub struct SelectionRejected {
    /// All rules that the selection breaks.
    pub violations: Violations,
    /// The steps that are at other versions than the client expects, in the order of the call.
    pub stale: Vec<Uuid>,
}

impl SelectedSteps {
    /// The ids to look up before [`check`](Self::check), in the order of the call; more than the
    /// maximum are rejected, and not looked up.
    pub fn ids(&self) -> impl Iterator<Item = Uuid> {
        self.ids.iter().take(BATCH_MAX).filter_map(|text| parse_id(text))
    }

    /// Checks that each step is `stored`, in this scenario and at its expected version, and is named
    /// once. Returns the ids in the order of the call.
    pub fn check(
        &self,
        scenario_id: Option<Uuid>,
        stored: &HashMap<Uuid, SelectableStep>,
    ) -> Result<Vec<Uuid>, SelectionRejected> {
        let mut rejected = SelectionRejected::default();
        let violations = &mut rejected.violations;
        violations.check_count(&IDS, self.ids.len());
        if !violations.is_empty() {
            return Err(rejected);
        }
        let mut seen = HashSet::new();
        for (index, text) in self.ids.iter().enumerate() {
            let field = || Field::from(&IDS).at(index);
            let id = violations.check_exists(field(), text, |id| stored.contains_key(id));
            if id.is_some_and(|id| Some(stored[&id].scenario_id) != scenario_id) {
                violations.add(field(), ViolationKind::StepNotInScenario);
            }
            // The same id in capitals is the same id.
            if !seen.insert(parse_id(text).ok_or(text)) {
                violations.add(field(), ViolationKind::DuplicateValue { value: text.clone() });
            }
        }
        self.check_versions(stored, &mut rejected);
        if rejected.violations.is_empty() { Ok(self.ids().collect()) } else { Err(rejected) }
    }

    fn check_versions(
        &self,
        stored: &HashMap<Uuid, SelectableStep>,
        SelectionRejected { violations, stale }: &mut SelectionRejected,
    ) {
        let Some(expected) = &self.expected_versions else { return };
        if expected.len() != self.ids.len() {
            let count = |length: usize| i32::try_from(length).unwrap_or(i32::MAX);
            let kind = ViolationKind::StepCountMismatch {
                counted: Counted::Ids,
                expected: count(expected.len()),
                actual: count(self.ids.len()),
            };
            violations.add(EXPECTED_VERSIONS, kind);
            return;
        }
        for (index, (text, expected)) in self.ids.iter().zip(expected).enumerate() {
            let Some(id) = parse_id(text) else { continue };
            let Some(SelectableStep { version: actual, .. }) = stored.get(&id) else { continue };
            if expected != actual {
                let kind = ViolationKind::StaleVersion { expected: *expected, actual: *actual };
                violations.add(Field::from(EXPECTED_VERSIONS).at(index), kind);
                stale.push(id);
            }
        }
    }
}

/// The steps of a scenario after some of them were moved together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedTogether {
    /// All steps, in their new order.
    pub order: Vec<ArrangedStep>,
    /// The moves that give this order if they are made one after the other.
    pub moves: Vec<SingleMove>,
}

/// A step in the new order of its scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArrangedStep {
    /// Its index before.
    pub index_before: usize,
    /// Whether it counts as moved. All others keep their order.
    pub is_moved: bool,
}

/// One of several moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SingleMove {
    /// The place of the step among the selected ones.
    pub selected: usize,
    /// Its index before this move.
    pub from: usize,
    /// Its index after this move.
    pub to: usize,
}

impl MovedTogether {
    /// Moves those of `count` steps that have the indexes `selected`, in this order, before the one that
    /// has the index `before`, or to the end if none has. Only selected steps count as moved, and the
    /// fewest of them.
    #[must_use]
    pub fn new(count: usize, selected: &[usize], before: usize) -> Self {
        let is_selected: HashSet<usize> = selected.iter().copied().collect();
        let (lower, upper): (Vec<usize>, Vec<usize>) = (0..count)
            .filter(|index| !is_selected.contains(index))
            .partition(|index| *index < before);
        // A selected step can stay only if it is between the same others already.
        let gap =
            lower.last().map_or(0, |index| index + 1)..upper.first().copied().unwrap_or(count);
        let (between, elsewhere): (Vec<usize>, Vec<usize>) =
            selected.iter().partition(|index| gap.contains(*index));
        let displaced = between.iter().zip(moved(&between)).filter(|(_, is_moved)| *is_moved);
        let is_moved: HashSet<usize> =
            displaced.map(|(index, _)| *index).chain(elsewhere).collect();
        let order: Vec<usize> = lower.iter().chain(selected).chain(&upper).copied().collect();
        let mut list: Vec<usize> = (0..count).collect();
        let mut moves = Vec::new();
        let mut previous = lower.last().copied();
        for (selected, index) in selected.iter().enumerate() {
            let place = |list: &[usize], wanted| list.iter().position(|it| *it == wanted);
            if is_moved.contains(index)
                && let Some(from) = place(&list, *index)
            {
                list.remove(from);
                let behind = previous.and_then(|previous| place(&list, previous));
                let to = behind.map_or(0, |place| place + 1);
                list.insert(to, *index);
                moves.push(SingleMove { selected, from, to });
            }
            previous = Some(*index);
        }
        let arranged = |index_before| ArrangedStep {
            index_before,
            is_moved: is_moved.contains(&index_before),
        };
        Self { order: order.into_iter().map(arranged).collect(), moves }
    }
}
