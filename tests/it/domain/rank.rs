//! Ranks of steps.

use crm_steps::domain::crm_step::Rank;
use proptest::prelude::*;

/// The ranks of a scenario with this many steps.
fn ranks(count: i32) -> Vec<Rank> {
    (0..count).map(|index| Rank::at(0, index)).collect()
}

/// Inserts a rank before the one at this position, and returns whether one was free.
fn insert(ranks: &mut Vec<Rank>, before: usize) -> bool {
    let rank = match (before.checked_sub(1), ranks.get(before)) {
        (None, Some(first)) => Some(Rank::before_all(first)),
        (Some(last), None) => Some(Rank::after_all(0, ranks[last].number)),
        (Some(lower), Some(upper)) => Rank::between(&ranks[lower], upper),
        (None, None) => Some(Rank::at(0, 0)),
    };
    rank.map(|rank| ranks.insert(before, rank)).is_some()
}

proptest! {
    #[test]
    fn ranks_keep_their_order_whatever_is_inserted(places in prop::collection::vec(0..1_000_usize, 1..300)) {
        let mut ranks = ranks(3);
        for place in places {
            let before = place % (ranks.len() + 1);
            prop_assert!(insert(&mut ranks, before));
        }
        prop_assert!(ranks.is_sorted_by(|lower, upper| lower < upper), "{ranks:?}");
        let ends_with_zero = |rank: &Rank| rank.suffix.ends_with('0');
        prop_assert!(!ranks.iter().any(ends_with_zero), "{ranks:?}");
    }
}

/// The number of insertions until no rank is free, each between the two that this function chooses
/// among three neighbours.
fn room(upper_half: impl Fn(usize) -> bool) -> usize {
    let (mut lower, mut upper) = (Rank::at(0, 0), Rank::at(0, 1));
    for count in 0.. {
        let Some(middle) = Rank::between(&lower, &upper) else { return count };
        assert!(lower < middle && middle < upper);
        if upper_half(count) {
            lower = middle;
        } else {
            upper = middle;
        }
    }
    unreachable!("no rank is endless")
}

#[test]
fn thousands_of_steps_fit_between_two() {
    assert!(room(|_| false) > 5_000, "each directly after the same step");
    assert!(room(|_| true) > 5_000, "each directly before the same step");
    assert!(room(|count| count % 2 == 0) > 5_000, "in turns");
}
