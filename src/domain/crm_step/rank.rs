//! A step's place in an order that does not shift when other steps come, go or move.

/// The distance between two steps that were added one after the other: room for 32 steps between
/// any two before all have to be spread anew, and for 2^31 steps in a scenario.
pub const RANK_GAP: i64 = 1 << 32;

/// The rank of the step with this index where all steps stand at the same distance; of the index
/// -1, the one before the first.
#[must_use]
pub fn rank_at(index: i32) -> i64 {
    (i64::from(index) + 1) * RANK_GAP
}

/// A rank before that of the first step. There is always room: ranks may be negative.
#[must_use]
pub fn rank_before_all(first: i64) -> i64 {
    first - RANK_GAP
}

/// A rank in the middle between two others; none when there is no room left.
#[must_use]
pub fn rank_between(lower: i64, upper: i64) -> Option<i64> {
    let middle = lower + (upper - lower) / 2;
    (middle > lower && middle < upper).then_some(middle)
}
