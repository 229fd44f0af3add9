//! Nothing in a picture hides anything else.

use crm_steps::domain::flow::{
    FlowStep,
    svg::{Geometry, Rect, TimerArc, geometry},
};
use proptest::{prelude::ProptestConfig, proptest};
use serde_json::json;

use super::{any_flow, flow, step, timer, waiting};
use crate::support::samples;

#[test]
fn nothing_overlaps_in_the_samples() {
    for sample in samples() {
        assert_nothing_overlaps(&geometry(&sample.spec.flow()));
    }
}

#[test]
fn nothing_overlaps_if_all_timers_lead_to_the_first_step() {
    let back_to_the_first =
        (0..40).map(|index| if index == 0 { waiting() } else { timer(Some(0)) });
    assert_nothing_overlaps(&geometry(&flow(back_to_the_first)));
}

/// All flows of four steps whose delays have the longest texts.
#[test]
fn nothing_overlaps_if_all_delays_are_long() {
    for seconds in [59_939, 59_970, 3_598_199] {
        for number in 0..5_usize.pow(4) {
            let targets = (0..4).map(|index| number / 5_usize.pow(index) % 5);
            let steps = targets.enumerate().map(|(index, target)| match target {
                4 => waiting(),
                _ => FlowStep {
                    target: (target != index).then_some(target),
                    ..step(json!({ "name": "Wait", "autoNextTime": seconds }))
                },
            });
            assert_nothing_overlaps(&geometry(&flow(steps)));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn nothing_overlaps_in_any_flow(flow in any_flow(40)) {
        assert_nothing_overlaps(&geometry(&flow));
    }
}

fn assert_nothing_overlaps(geometry: &Geometry) {
    let boxes: Vec<Rect> = geometry.steps.iter().map(|step| step.room).collect();
    let labels: Vec<Rect> = geometry.arcs.iter().map(|arc| arc.label_room).collect();
    let rooms: Vec<Rect> = boxes.into_iter().chain(labels).collect();
    for (at, room) in rooms.iter().enumerate() {
        assert!(room.x + room.width <= geometry.width && room.y + room.height <= geometry.height);
        for other in &rooms[at + 1..] {
            assert!(!overlap(room, other), "{room:?} overlaps {other:?}");
        }
    }
    let lines: Vec<Line> = geometry.arcs.iter().flat_map(lines).collect();
    for (at, line) in lines.iter().enumerate() {
        for room in &rooms {
            assert!(!overlap(&line.inside, room), "{line:?} runs through {room:?}");
        }
        for other in &lines[at + 1..] {
            assert!(!line.hides(other), "{line:?} hides {other:?}");
        }
    }
}

/// A straight part of an arc.
#[derive(Debug)]
struct Line {
    /// What it covers, without its ends, where it meets boxes and the other parts of its arc.
    inside: Rect,
    is_vertical: bool,
    /// The step in which it ends, if that is its last part.
    enters: Option<usize>,
}

impl Line {
    /// Whether two lines have a part in common that is longer than a point. Arcs that enter the
    /// same step share their ends.
    fn hides(&self, other: &Self) -> bool {
        let share_an_end = self.enters.is_some() && self.enters == other.enters;
        self.is_vertical == other.is_vertical
            && !share_an_end
            && overlap(&self.inside, &other.inside)
    }
}

fn lines(arc: &TimerArc) -> [Line; 3] {
    let ([from, to], [row, lane]) = (arc.x, arc.y);
    let between = |one: usize, other: usize| (one.min(other) + 1, one.abs_diff(other) - 2);
    let (y, height) = between(row, lane);
    let (x, width) = between(from, to);
    let vertical =
        |x, enters| Line { inside: Rect { x, y, width: 1, height }, is_vertical: true, enters };
    let along =
        Line { inside: Rect { x, y: lane, width, height: 1 }, is_vertical: false, enters: None };
    [vertical(from, None), along, vertical(to, Some(arc.to))]
}

fn overlap(one: &Rect, other: &Rect) -> bool {
    let in_width = one.x < other.x + other.width && other.x < one.x + one.width;
    in_width && one.y < other.y + other.height && other.y < one.y + one.height
}
