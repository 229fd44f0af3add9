//! Calls with many steps of which some are skipped.

use std::{collections::BTreeSet, iter::successors};

use crm_steps::domain::{
    crm_step::{Batch, BatchMode, BatchStep},
    url::WebhookHosts,
    violation::{Violation, ViolationCode, Violations},
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

/// The index of the step that has a violation.
fn index_of(violation: &Violation) -> usize {
    violation.report().field[1].parse().expect("an index")
}

/// The path and the code of each violation.
fn reports(violations: Violations) -> Vec<String> {
    let report = |violation: Violation| {
        let report = violation.report();
        format!("{} {:?}", report.field.join("."), report.code)
    };
    violations.into_iter().map(report).collect()
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
        let told: BTreeSet<usize> =
            violations.into_iter().map(|violation| index_of(&violation)).collect();
        let skipped = all.difference(&created).copied().collect();
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

    /// That its target is skipped is never the only reason: it or a step to which its timer leads has
    /// another one.
    #[test]
    fn each_skipped_step_leads_to_a_cause(steps in prop::collection::vec(any_step(), 0..8)) {
        let all: BTreeSet<usize> = (0..steps.len()).collect();
        let (created, violations) = valid(&steps, &all, BatchMode::SkipInvalid);
        let target = |index: &usize| steps[*index].2.filter(|target| all.contains(target));
        let is_cause = |violation: &Violation| {
            violation.report().code != ViolationCode::NotFound
                || target(&index_of(violation)).is_none_or(|target| created.contains(&target))
        };
        let causes: BTreeSet<usize> =
            violations.into_iter().filter(is_cause).map(|cause| index_of(&cause)).collect();
        for skipped in all.difference(&created) {
            let mut led_to = successors(Some(*skipped), target).take(steps.len());
            prop_assert!(led_to.any(|index| causes.contains(&index)), "{} of {:?}", skipped, causes);
        }
    }
}

#[test]
fn of_steps_that_lead_to_each_other_the_later_has_the_cause() {
    let all = (0..3).collect();
    let one_key = [(true, Some("a"), Some(1)), (true, Some("a"), Some(0)), (true, None, None)];
    let (created, violations) = valid(&one_key, &all, BatchMode::SkipInvalid);
    assert_eq!(
        reports(violations),
        [
            "inputs.0.autoNextStepRef NotFound",
            "inputs.1.key DuplicateValue",
            "inputs.1.autoNextStepRef NotFound",
        ]
    );
    assert_eq!(created, [2].into());
    let one_too_many = [(true, None, Some(1)), (true, None, Some(2)), (true, None, Some(0))];
    let (created, violations) = valid(&one_too_many, &all, BatchMode::SkipInvalid);
    assert_eq!(
        reports(violations),
        [
            "inputs.0.autoNextStepRef NotFound",
            "inputs.1.autoNextStepRef NotFound",
            "inputs.2.scenarioId ScenarioFull",
            "inputs.2.autoNextStepRef NotFound",
        ]
    );
    assert_eq!(created, [].into());
}

/// In a call that creates all steps or none, each step needs room and a key.
#[test]
fn an_atomic_call_has_all_violations_at_once() {
    let steps = [(false, Some("a"), None), (true, Some("a"), None), (true, None, None)];
    let (created, violations) = valid(&steps, &(0..3).collect(), BatchMode::Atomic);
    assert_eq!(
        reports(violations),
        ["inputs.0.name Blank", "inputs.1.key DuplicateValue", "inputs.2.scenarioId ScenarioFull"]
    );
    assert_eq!(created, BTreeSet::new());
    assert!(!known().step_counts.contains_key(&id(SCENARIO)), "the scenario has no steps");
}
