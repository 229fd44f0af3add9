//! Which elements have to be moved to bring a list into another order.

/// For each element of a list, given by its former index, whether it counts as moved: the fewest
/// are. Those that stay are a longest increasing subsequence of the indexes, and of several equally
/// long ones the one with the smallest indexes, compared from the last. Takes O(n log n).
#[must_use]
pub fn moved(indexes: &[usize]) -> Vec<bool> {
    // For each length, the element with the smallest index at which an increasing subsequence of
    // that length ends. The indexes of these elements increase.
    let mut ends: Vec<usize> = Vec::new();
    // The element before each one in the best subsequence that ends there: the end of the next
    // shorter one at that time, which has the smallest index.
    let mut previous = Vec::with_capacity(indexes.len());
    for (element, index) in indexes.iter().enumerate() {
        let shorter = ends.partition_point(|end| indexes[*end] < *index);
        previous.push(shorter.checked_sub(1).map(|length| ends[length]));
        if shorter == ends.len() {
            ends.push(element);
        } else {
            ends[shorter] = element;
        }
    }
    let mut moved = vec![true; indexes.len()];
    let last = ends.last().copied();
    for stays in std::iter::successors(last, |element| previous[*element]) {
        moved[stays] = false;
    }
    moved
}
