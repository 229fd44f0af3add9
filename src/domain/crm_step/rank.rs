//! A step's place in an order that does not shift when other steps come, go or move.

/// The distance between two steps that were added one after the other: room for 32 steps between
/// any two before all have to be spread anew, and for 2^31 steps in a scenario.
pub const RANK_GAP: i64 = 1 << 32;

/// A rank in the middle between two others; none when there is no room left.
#[must_use]
pub fn rank_between(lower: i64, upper: i64) -> Option<i64> {
    let middle = lower + (upper - lower) / 2;
    (middle > lower && middle < upper).then_some(middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_32_steps_before_one_step() {
        let mut upper = RANK_GAP;
        for _ in 0..32 {
            upper = rank_between(0, upper).expect("there is room");
        }
        assert_eq!(rank_between(0, upper), None);
    }
}
