//! Ranks of steps.

use crm_steps::domain::crm_step::{rank_at, rank_between};

#[test]
fn at_least_32_steps_fit_between_two() {
    let (lower, mut upper) = (rank_at(0), rank_at(1));
    for _ in 0..32 {
        upper = rank_between(lower, upper).expect("there is room");
    }
    assert_eq!(rank_between(lower, upper), None);
}
