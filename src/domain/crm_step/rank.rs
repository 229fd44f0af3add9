//! Ranks: numbers that order the steps of a scenario and do not change when other steps are added,
//! moved or deleted.

/// The distance between two steps that are appended one after the other: it allows 32 insertions
/// between any two before all get new ranks, and 2^31 steps in a scenario.
pub const RANK_GAP: i64 = 1 << 32;

/// The rank of the step with this index if all steps have the same distance. Index -1 stands for
/// the start.
#[must_use]
pub fn rank_at(index: i32) -> i64 {
    (i64::from(index) + 1) * RANK_GAP
}

/// A rank before the first step. There always is one, as ranks may be negative.
#[must_use]
pub fn rank_before_all(first: i64) -> i64 {
    first - RANK_GAP
}

/// The rank in the middle between two others; none if no rank is left between them.
#[must_use]
pub fn rank_between(lower: i64, upper: i64) -> Option<i64> {
    let middle = lower + (upper - lower) / 2;
    (middle > lower && middle < upper).then_some(middle)
}
