use std::{cmp::Ordering, ops::Range};

use crm_steps::domain::flow::{
    Flow,
    layout::{Edge, edges},
};
use insta::assert_snapshot;
use proptest::{prelude::ProptestConfig, prop_assert, prop_assert_eq, proptest};

use super::{any_flow, edges_of, flow, removal, timer, waiting};

#[test]
fn a_flow_without_steps_has_no_edges() {
    assert_eq!(edges(&Flow::default()), []);
}

#[test]
fn a_timer_without_a_target_leads_to_the_following_step() {
    let flow = flow([timer(None), timer(Some(2)), waiting()]);
    assert_snapshot!(edges_of(&flow), @"
    - to 0: Start, 0 s, above, lane 0
    0 to 1: Following, 3600 s, above, lane 1
    1 to 2: Timer, 3600 s, above, lane 1
    ");
}

#[test]
fn a_timer_that_leads_nowhere_is_no_edge() {
    assert_snapshot!(edges_of(&flow([waiting(), timer(None)])), @"- to 0: Start, 0 s, above, lane 0");
}

#[test]
fn a_removal_step_leads_out() {
    assert_snapshot!(edges_of(&flow([waiting(), removal()])), @"
    - to 0: Start, 0 s, above, lane 0
    1 to -: Removal, 0 s, above, lane 0
    ");
}

#[test]
fn a_removal_step_has_no_timer() {
    let mut both = timer(Some(0));
    both.input.is_conversation_removal_step = Some(true);
    assert_snapshot!(edges_of(&flow([waiting(), both])), @"
    - to 0: Start, 0 s, above, lane 0
    1 to -: Removal, 0 s, above, lane 0
    ");
}

#[test]
fn the_shortest_arc_is_innermost() {
    let flow =
        flow([timer(Some(3)), timer(Some(3)), timer(Some(3)), timer(Some(0)), timer(Some(2))]);
    assert_snapshot!(edges_of(&flow), @"
    - to 0: Start, 0 s, above, lane 0
    0 to 3: Timer, 3600 s, above, lane 3
    1 to 3: Timer, 3600 s, above, lane 2
    2 to 3: Timer, 3600 s, above, lane 1
    3 to 0: Timer, 3600 s, below, lane 2
    4 to 2: Timer, 3600 s, below, lane 1
    ");
}

#[test]
fn arcs_that_do_not_overlap_share_a_lane() {
    let all_following = flow((0..100).map(|_| timer(None)));
    assert!(arcs(&all_following).iter().all(|(_, edge)| edge.lane == 1));
}

#[test]
fn equally_long_arcs_need_as_many_lanes_as_overlap() {
    let three_on =
        flow((0..100).map(|index| if index < 97 { timer(Some(index + 3)) } else { waiting() }));
    assert_eq!(arcs(&three_on).iter().map(|(_, edge)| edge.lane).max(), Some(3));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

    #[test]
    fn of_arcs_that_overlap_the_shorter_has_the_lower_lane(flow in any_flow(40)) {
        let arcs = arcs(&flow);
        for (at, one) in arcs.iter().enumerate() {
            for other in &arcs[at + 1..] {
                if overlap(one, other) {
                    prop_assert!(one.1.lane != other.1.lane);
                    let by_length = one.0.len().cmp(&other.0.len());
                    prop_assert!(by_length == Ordering::Equal || by_length == one.1.lane.cmp(&other.1.lane));
                }
            }
        }
    }

    #[test]
    fn each_arc_is_as_far_inside_as_the_arcs_below_it_allow(flow in any_flow(40)) {
        let arcs = arcs(&flow);
        for arc in &arcs {
            let below = arcs.iter().filter(|other| other.1.lane < arc.1.lane && overlap(arc, other));
            let highest = below.map(|(_, edge)| edge.lane).max().unwrap_or_default();
            prop_assert_eq!(arc.1.lane, highest + 1);
        }
    }

    /// Compared with all orders in which the arcs can be put on top of each other.
    #[test]
    fn no_other_lanes_have_fewer_crossings(flow in any_flow(7)) {
        let arcs = arcs(&flow);
        let lanes: Vec<usize> = arcs.iter().map(|(_, edge)| edge.lane).collect();
        let fewest = permutations(arcs.len()).iter().map(|lanes| crossings(&arcs, lanes)).min();
        prop_assert_eq!(Some(crossings(&arcs, &lanes)), fewest);
    }
}

/// The edges that have arcs, with the gaps over which they lead.
fn arcs(flow: &Flow) -> Vec<(Range<usize>, Edge)> {
    let with_gaps = |edge: Edge| {
        let (from, to) = edge.from.zip(edge.to)?;
        Some((from.min(to)..from.max(to), edge))
    };
    edges(flow).into_iter().filter_map(with_gaps).collect()
}

fn overlap(one: &(Range<usize>, Edge), other: &(Range<usize>, Edge)) -> bool {
    let is_same_side = one.1.is_backward == other.1.is_backward;
    is_same_side && one.0.start < other.0.end && other.0.start < one.0.end
}

/// How often an end of an arc crosses another arc that is further inside. Ends at the same step do
/// not cross each other.
fn crossings(arcs: &[(Range<usize>, Edge)], lanes: &[usize]) -> usize {
    let ends = arcs
        .iter()
        .zip(lanes)
        .flat_map(|(arc, lane)| [(arc, arc.0.start, *lane), (arc, arc.0.end, *lane)]);
    let crossed = ends.map(|(arc, end, lane)| {
        let inside = arcs.iter().zip(lanes).filter(|(other, other_lane)| {
            other.1.is_backward == arc.1.is_backward
                && **other_lane < lane
                && (other.0.start + 1..other.0.end).contains(&end)
        });
        inside.count()
    });
    crossed.sum()
}

/// All orders of so many lanes.
fn permutations(count: usize) -> Vec<Vec<usize>> {
    (1..=count).fold(vec![Vec::new()], |shorter, lane| {
        let longer = |order: Vec<usize>| {
            (0..=order.len()).map(move |at| {
                let mut order = order.clone();
                order.insert(at, lane);
                order
            })
        };
        shorter.into_iter().flat_map(longer).collect()
    })
}
