//! The fewest moves, beside trying all.

use std::cmp::Reverse;

use crm_steps::domain::moves::moved;

/// All permutations of the numbers below this one.
fn permutations(count: usize) -> Vec<Vec<usize>> {
    let Some(last) = count.checked_sub(1) else { return vec![Vec::new()] };
    let insert = |shorter: Vec<usize>| {
        (0..=last).map(move |at| [&shorter[..at], &[last], &shorter[at..]].concat())
    };
    permutations(last).into_iter().flat_map(insert).collect()
}

/// Of all increasing subsequences, the longest; of those the one that is smallest from the last on.
fn tried(places: &[usize]) -> Vec<bool> {
    let chosen = |set: usize| (0..places.len()).filter(move |at| set >> at & 1 == 1);
    let increasing =
        (0..1 << places.len()).filter(|set| chosen(*set).is_sorted_by_key(|at| places[at]));
    let best = increasing.min_by_key(|set| {
        let mut from_the_last: Vec<usize> = chosen(*set).map(|at| places[at]).collect();
        from_the_last.reverse();
        (Reverse(from_the_last.len()), from_the_last)
    });
    let best = best.expect("the empty one is increasing");
    (0..places.len()).map(|at| best >> at & 1 == 0).collect()
}

#[test]
fn the_fewest_elements_are_moved() {
    for places in (0..=7).flat_map(permutations) {
        assert_eq!(moved(&places), tried(&places), "{places:?}");
    }
}

#[test]
fn places_may_have_gaps() {
    assert_eq!(moved(&[10, 40, 20, 30]), [false, true, false, false]);
    assert_eq!(moved(&[2, 1]), [true, false], "the smaller place stays");
}
