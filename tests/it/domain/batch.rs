//! Calls with many steps of which some are skipped.

use std::collections::BTreeSet;

use crm_steps::domain::{
    crm_step::{Batch, BatchMode, BatchStep},
    url::WebhookHosts,
    violation::Violations,
};
use proptest::prelude::*;
use serde_json::json;

use super::step;
use crate::rules::{SCENARIO, id, known};

/// The maximum number of steps of the scenario, which has none.
const MAX_STEPS: usize = 2;

/// A step of a call: whether it has a name, its key, and the index of the step to which it refers.
type Sent = (bool, Option<&'static str>, Option<usize>);

fn any_step() -> impl Strategy<Value = Sent> {
    let key = prop::option::of(prop::sample::select(vec!["a", "b"]));
    (prop::bool::weighted(0.7), key, prop::option::weighted(0.4, 0..6_usize))
}

/// Checks the steps with these indexes, and returns the indexes of the valid ones.
fn valid(
    steps: &[Sent],
    indexes: &BTreeSet<usize>,
    mode: BatchMode,
) -> (BTreeSet<usize>, Violations) {
    let sent = |index: &usize| {
        let (has_name, key, target) = steps[*index];
        let name = if has_name { "A" } else { "" };
        let time = target.map(|_| 5);
        BatchStep {
            reference: Some(format!("r{index}")),
            auto_next_step_ref: target.map(|target| format!("r{target}")),
            input: step(json!({ "name": name, "key": key, "autoNextTime": time })),
        }
    };
    let batch = Batch::new(indexes.iter().map(sent).collect());
    let (valid, violations) = batch.check(mode, &known(), &WebhookHosts::Public, MAX_STEPS);
    let sent: Vec<usize> = indexes.iter().copied().collect();
    (valid.iter().map(|(index, _)| sent[*index]).collect(), violations)
}

/// The indexes of the steps that are created if each is sent alone.
fn one_at_a_time(steps: &[Sent]) -> BTreeSet<usize> {
    let (mut created, mut keys) = (BTreeSet::new(), BTreeSet::new());
    for (index, (has_name, key, _)) in steps.iter().enumerate() {
        let is_free = key.is_none_or(|key| !keys.contains(key));
        if *has_name && is_free && created.len() < MAX_STEPS {
            created.insert(index);
            keys.extend(*key);
        }
    }
    created
}

proptest! {
    #[test]
    fn steps_without_references_are_created_as_one_at_a_time(
        steps in prop::collection::vec(any_step(), 0..8),
    ) {
        let steps: Vec<Sent> = steps.into_iter().map(|(name, key, _)| (name, key, None)).collect();
        let all = (0..steps.len()).collect();
        prop_assert_eq!(valid(&steps, &all, BatchMode::SkipInvalid).0, one_at_a_time(&steps));
    }

    /// What is skipped has no effect: without it the same steps are created, and each skipped one is
    /// still invalid beside those. It has a violation.
    #[test]
    fn a_skipped_step_reserves_nothing(steps in prop::collection::vec(any_step(), 0..8)) {
        let all: BTreeSet<usize> = (0..steps.len()).collect();
        let (created, violations) = valid(&steps, &all, BatchMode::SkipInvalid);
        let told: BTreeSet<String> =
            violations.into_iter().map(|violation| violation.report().field.swap_remove(1)).collect();
        let skipped = all.difference(&created).map(usize::to_string).collect();
        prop_assert_eq!(&told, &skipped);
        let (again, violations) = valid(&steps, &created, BatchMode::Atomic);
        prop_assert_eq!(&again, &created, "{:?}", violations);
        for skipped in all.difference(&created) {
            let mut more = created.clone();
            more.insert(*skipped);
            let (_, violations) = valid(&steps, &more, BatchMode::Atomic);
            prop_assert!(!violations.is_empty(), "{} is valid beside {:?}", skipped, created);
        }
    }
}

/// In a call that creates all steps or none, each step needs room and a key.
#[test]
fn an_atomic_call_has_all_violations_at_once() {
    let steps = [(false, Some("a"), None), (true, Some("a"), None), (true, None, None)];
    let (created, violations) = valid(&steps, &(0..3).collect(), BatchMode::Atomic);
    let told = |violation: crm_steps::domain::violation::Violation| {
        let report = violation.report();
        format!("{} {:?}", report.field.join("."), report.code)
    };
    let told: Vec<String> = violations.into_iter().map(told).collect();
    assert_eq!(
        told,
        ["inputs.0.name Blank", "inputs.1.key DuplicateValue", "inputs.2.scenarioId ScenarioFull"]
    );
    assert_eq!(created, BTreeSet::new());
    assert!(!known().step_counts.contains_key(&id(SCENARIO)), "the scenario has no steps");
}
