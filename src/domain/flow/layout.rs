//! The edges of a flow, and the lanes in which a picture draws them.
//!
//! The steps stand in one row, which is lane 0. Each timer is an arc beside the row: above it if it
//! leads forward, below it if it leads backward. The lanes of a side are numbered from 1, the
//! innermost.

use std::ops::Range;

use super::Flow;

/// The lane of the steps, and of the edges that begin or end outside the flow.
pub const ROW_LANE: usize = 0;

/// How a conversation gets from one step to another, into the flow, or out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// The index of the step that it leaves; none for [`EdgeKind::Start`].
    pub from: Option<usize>,
    /// The index of the step that it enters; none for [`EdgeKind::Removal`].
    pub to: Option<usize>,
    /// What moves the conversation.
    pub kind: EdgeKind,
    /// How long a conversation waits in the step that it leaves; none without a timer.
    pub delay_seconds: Option<i32>,
    /// Whether it leads to the same or a lower index. Its arc is below the row then.
    pub is_backward: bool,
    /// The lane of its arc on its side of the row; [`ROW_LANE`] without a timer.
    pub lane: usize,
}

/// What moves a conversation along an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EdgeKind {
    /// It enters the flow at index 0.
    Start,
    /// A timer without a target leads to the following index.
    Following,
    /// A timer leads to its target, which may be the following step.
    Timer,
    /// A removal step takes it out of the flow.
    Removal,
}

/// The edges of a flow: the start, then those that leave its steps, by index. At most one leaves a
/// step. A removal step has no timer, and a timer that leads nowhere is no edge.
///
/// Two arcs of one side *overlap* if some gap between neighbouring steps lies below both. Of two
/// that overlap, the shorter has the lower lane; if they are equally long, their lanes differ. So
/// an arc that spans another one does not cross it, and other arcs that overlap cross once, which
/// no lanes could prevent.
///
/// Takes O(n log n) time.
#[must_use]
pub fn edges(flow: &Flow) -> Vec<Edge> {
    let start = (!flow.steps.is_empty()).then_some(Edge {
        from: None,
        to: Some(0),
        kind: EdgeKind::Start,
        delay_seconds: None,
        is_backward: false,
        lane: ROW_LANE,
    });
    let leaving = (0..flow.steps.len()).filter_map(|index| edge_from(flow, index));
    let mut edges: Vec<Edge> = start.into_iter().chain(leaving).collect();
    for is_backward in [false, true] {
        assign_lanes(&mut edges, is_backward, flow.steps.len());
    }
    edges
}

/// The edge that leaves this step, without its lane.
fn edge_from(flow: &Flow, index: usize) -> Option<Edge> {
    let step = &flow.steps[index];
    let edge = Edge {
        from: Some(index),
        to: None,
        kind: EdgeKind::Removal,
        delay_seconds: None,
        is_backward: false,
        lane: ROW_LANE,
    };
    if step.is_removal() {
        return Some(edge);
    }
    let timer = flow.timer(index)?;
    let to = timer.leads_to?;
    let kind = if step.target.is_none() { EdgeKind::Following } else { EdgeKind::Timer };
    let delay_seconds = Some(timer.delay_seconds);
    Some(Edge { to: Some(to), kind, delay_seconds, is_backward: to <= index, ..edge })
}

impl Edge {
    /// The gaps over which its arc leads: gap `i` follows step `i`. None if it has no arc.
    fn gaps(&self) -> Option<Range<usize>> {
        let (from, to) = self.from.zip(self.to)?;
        let first = from.min(to);
        // No rule permits a timer that leads to its own step, but an arc leads over something.
        Some(first..from.max(to).max(first + 1))
    }
}

/// Assigns the lanes of one side: puts the arcs on top of each other, the shortest first.
fn assign_lanes(edges: &mut [Edge], is_backward: bool, step_count: usize) {
    let mut arcs: Vec<_> = edges
        .iter_mut()
        .filter(|edge| edge.is_backward == is_backward)
        .filter_map(|edge| edge.gaps().map(|gaps| (gaps, edge)))
        .collect();
    // Of equally long arcs, first those whose beginnings are a multiple of their length apart: they
    // do not overlap, so they share a lane. From left to right, each would be put on top of the one
    // before it.
    arcs.sort_by_key(|(gaps, _)| (gaps.len(), gaps.start % gaps.len(), gaps.start));
    let mut heights = Heights::new(step_count);
    for (gaps, edge) in arcs {
        edge.lane = heights.highest(&gaps) + 1;
        heights.raise(&gaps, edge.lane);
    }
}

/// The highest occupied lane over each gap, as a segment tree: reading and raising a range takes
/// O(log n) time. Node 1 is the root, and node `i` has the children `2i` and `2i + 1`.
struct Heights {
    /// The number of gaps, rounded up to a power of two.
    size: usize,
    /// The height to which all gaps of a node were raised together.
    whole: Vec<usize>,
    /// The greatest height of a gap of a node, from the raises of the node and of those below it.
    greatest: Vec<usize>,
}

impl Heights {
    fn new(gap_count: usize) -> Self {
        let size = gap_count.next_power_of_two();
        Self { size, whole: vec![ROW_LANE; 2 * size], greatest: vec![ROW_LANE; 2 * size] }
    }

    fn highest(&self, gaps: &Range<usize>) -> usize {
        self.highest_in(1, &(0..self.size), gaps)
    }

    /// Raises gaps to a height that is above all of theirs.
    fn raise(&mut self, gaps: &Range<usize>, height: usize) {
        self.raise_in(1, &(0..self.size), gaps, height);
    }

    /// The highest lane over those of the gaps that are in this node, which has the gaps `span`.
    fn highest_in(&self, node: usize, span: &Range<usize>, gaps: &Range<usize>) -> usize {
        match overlap(span, gaps) {
            Overlap::None => ROW_LANE,
            Overlap::All => self.greatest[node],
            Overlap::Part(left, right) => {
                let left = self.highest_in(2 * node, &left, gaps);
                let right = self.highest_in(2 * node + 1, &right, gaps);
                left.max(right).max(self.whole[node])
            }
        }
    }

    fn raise_in(&mut self, node: usize, span: &Range<usize>, gaps: &Range<usize>, height: usize) {
        match overlap(span, gaps) {
            Overlap::None => return,
            Overlap::All => self.whole[node] = height,
            Overlap::Part(left, right) => {
                self.raise_in(2 * node, &left, gaps, height);
                self.raise_in(2 * node + 1, &right, gaps, height);
            }
        }
        self.greatest[node] = self.greatest[node].max(height);
    }
}

/// How much of a node's gaps is in a range.
enum Overlap {
    None,
    All,
    /// Some of them: these are the gaps of its two children.
    Part(Range<usize>, Range<usize>),
}

fn overlap(span: &Range<usize>, gaps: &Range<usize>) -> Overlap {
    if span.end <= gaps.start || gaps.end <= span.start {
        return Overlap::None;
    }
    if gaps.start <= span.start && span.end <= gaps.end {
        return Overlap::All;
    }
    let middle = span.start + span.len() / 2;
    Overlap::Part(span.start..middle, middle..span.end)
}
