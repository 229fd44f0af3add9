//! Calls that change several steps: which they may select, and in which order steps are after a move.

use std::collections::HashMap;

use crm_steps::domain::{
    crm_step::{ArrangedStep, MovedTogether, SelectableStep, SelectedSteps, SingleMove},
    id::new_id,
};
use proptest::prelude::*;
use uuid::Uuid;

/// Checks a selection by a scenario with the steps `a` and `b`, and another one with `c`; returns the
/// paths and codes of what it violates, and the number of stale steps.
fn check(ids: &[&str], expected_versions: Option<Vec<i32>>) -> (Vec<String>, usize) {
    let names = ["a", "b", "c"].map(|name| (name, new_id()));
    let [here, elsewhere] = [(); 2].map(|()| new_id());
    let id = |name: &str| names.iter().find(|(known, _)| *known == name).map(|(_, id)| *id);
    let stored: HashMap<Uuid, SelectableStep> = names
        .iter()
        .map(|(name, id)| {
            let scenario_id = if *name == "c" { elsewhere } else { here };
            (*id, SelectableStep { scenario_id, version: 3 })
        })
        .collect();
    let text = |name: &str| match id(&name.to_lowercase()) {
        Some(id) if name == "A" => id.to_string().to_uppercase(),
        Some(id) => id.to_string(),
        None => name.to_owned(),
    };
    let ids = ids.iter().map(|name| text(name)).collect();
    match (SelectedSteps { ids, expected_versions }).check(Some(here), &stored) {
        Ok(_) => (vec![], 0),
        Err(rejected) => {
            let told = rejected.violations.into_iter().map(|violation| {
                let report = violation.report();
                format!("{} {}", report.field.join("."), <&str>::from(report.code))
            });
            (told.collect(), rejected.stale.len())
        }
    }
}

#[test]
fn a_call_names_each_step_of_one_scenario_once() {
    let told = |ids: &[&str]| check(ids, None).0;
    assert_eq!(told(&["b", "a"]), [""; 0]);
    assert_eq!(told(&[]), [""; 0]);
    assert_eq!(told(&["a", "A"]), ["ids.1 DUPLICATE_VALUE"]);
    assert_eq!(told(&["a", "c", "nobody"]), ["ids.1 STEP_NOT_IN_SCENARIO", "ids.2 NOT_FOUND"]);
    assert_eq!(told(&["?", "?"]), ["ids.0 NOT_FOUND", "ids.1 NOT_FOUND", "ids.1 DUPLICATE_VALUE"]);
    assert_eq!(told(&["a"; 101]), ["ids TOO_MANY"]);
}

#[test]
fn a_version_for_each_step_is_compared_with_its_own() {
    assert_eq!(check(&["a", "b"], Some(vec![3, 3])), (vec![], 0));
    let stale = |number| format!("expectedVersions.{number} STALE_VERSION");
    assert_eq!(check(&["a", "b"], Some(vec![3, 2])), (vec![stale(1)], 1));
    assert_eq!(check(&["a", "b"], Some(vec![4, 2])), (vec![stale(0), stale(1)], 2));
    assert_eq!(check(&["?", "b"], Some(vec![1, 2])), (vec!["ids.0 NOT_FOUND".into(), stale(1)], 1));
    let mismatch = vec!["expectedVersions STEP_COUNT_MISMATCH".to_owned()];
    assert_eq!(check(&["a", "b"], Some(vec![3])), (mismatch.clone(), 0));
    assert_eq!(check(&[], Some(vec![3])), (mismatch, 0));
}

/// The steps of a list, some of them selected in any order, and the index before which they are moved.
fn moves() -> impl Strategy<Value = (usize, Vec<usize>, usize)> {
    (0..12_usize).prop_flat_map(|count| {
        let all: Vec<usize> = (0..count).collect();
        let selected = proptest::sample::subsequence(all, 0..=count).prop_shuffle();
        (Just(count), selected, 0..=count)
    })
}

fn is_subsequence(of: &[usize], wanted: &[usize]) -> bool {
    let mut elements = of.iter();
    wanted.iter().all(|wanted| elements.any(|element| element == wanted))
}

proptest! {
    /// The order is that of a list from which the selected elements are taken and put back together.
    #[test]
    fn steps_move_together_as_in_a_list((count, selected, before) in moves()) {
        let MovedTogether { order: arranged, moves } =
            MovedTogether::new(count, &selected, before);
        let order: Vec<usize> = arranged.iter().map(|step| step.index_before).collect();

        let mut list: Vec<usize> = (0..count).collect();
        let behind = list.split_off(before);
        list.retain(|index| !selected.contains(index));
        list.extend(&selected);
        list.extend(behind.iter().filter(|index| !selected.contains(index)));
        prop_assert_eq!(&order, &list);

        let is_moved = |step: &&ArrangedStep| step.is_moved;
        prop_assert!(arranged.iter().filter(is_moved).all(|step| selected.contains(&step.index_before)));
        let kept: Vec<usize> =
            arranged.iter().filter(|step| !step.is_moved).map(|step| step.index_before).collect();
        prop_assert!(kept.is_sorted(), "what is not moved keeps its order: {:?}", kept);
        // None of those that are moved could have stayed beside these.
        for step in arranged.iter().filter(is_moved) {
            let with_it: Vec<usize> = (0..count)
                .filter(|index| *index == step.index_before || kept.contains(index))
                .collect();
            prop_assert!(!is_subsequence(&order, &with_it), "{} is moved in vain", step.index_before);
        }
        // The single moves give the same, and none of them is to the place where the step is.
        let mut list: Vec<usize> = (0..count).collect();
        for SingleMove { selected: number, from, to } in &moves {
            prop_assert_ne!(from, to);
            prop_assert_eq!(list.remove(*from), selected[*number]);
            list.insert(*to, selected[*number]);
        }
        prop_assert_eq!(&list, &order);
        prop_assert_eq!(moves.len(), arranged.iter().filter(is_moved).count());
    }
}
