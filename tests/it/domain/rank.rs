//! Ranks of steps.

use crm_steps::domain::crm_step::{rank_at, rank_between};

#[test]
fn there_is_room_for_32_steps_between_two() {
    let (lower, mut upper) = (rank_at(0), rank_at(1));
    for _ in 0..32 {
        upper = rank_between(lower, upper).expect("there is room");
    }
    assert_eq!(rank_between(lower, upper), None);
}
