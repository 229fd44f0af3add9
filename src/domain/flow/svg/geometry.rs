//! Where everything in a picture is. The unit is a CSS pixel at the natural size of the picture.

use super::text::{Line, Wrap, text_width};
use crate::domain::flow::{
    Flow, FlowStep,
    delay::delay_text,
    layout::{Edge, EdgeKind, ROW_LANE, edges},
    name::one_line,
};

/// From one step to the next. A picture of six steps that is 320 pixels wide shows names at 8.8
/// pixels, and no text at less than 8.2.
const PITCH: usize = 84;
/// The width of the box of a step.
pub(super) const BOX_WIDTH: usize = 76;
/// The width for a name in it.
const NAME_WIDTH: usize = BOX_WIDTH - 4;
/// The size of the font of names.
pub(super) const NAME_SIZE: usize = 15;
/// From one line of a name to the next.
pub(super) const LINE_HEIGHT: usize = 17;
/// The most lines of a name.
const LINES_MAX: usize = 4;
/// From the top of a box to the first line of a name: the step's number is there.
pub(super) const BOX_HEADER: usize = 25;
/// Below the last line of a name.
const BOX_FOOTER: usize = 13;
/// The size of the font of delays and of the legend.
pub(super) const LABEL_SIZE: usize = 14;
/// From one lane to the next: a label and the line of its arc.
const LANE_HEIGHT: usize = 20;
/// From a box to its innermost lane: arrowheads and marks are there.
const PORT_HEIGHT: usize = 31;
/// How far a mark projects from a box without arcs, and some space.
const MARK_HEIGHT: usize = 16;
/// From the centre of a box to where arcs end, in the direction from which they come, and begin.
const PORT_DISTANCE: usize = 9;
/// The height of a label above its baseline, and below it.
const LABEL_ASCENT: usize = 12;
const LABEL_DESCENT: usize = 3;
/// Between a label and the line of its arc.
const LABEL_DISTANCE: usize = 2;
/// Around the picture.
pub(super) const MARGIN: usize = 8;
/// Left of the first box: the start is there.
pub(super) const START_WIDTH: usize = 32;
/// The legend has room for each of its entries in a picture of this width.
const WIDTH_MIN: usize = 320;

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of a rectangle")]
pub struct Rect {
    pub x: usize,
    pub y: usize,
    pub width: usize,
    pub height: usize,
}

/// The arc of a timer: from a box up or down to its lane, along the lane, and to another box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimerArc {
    /// The index of the step that it leaves.
    pub from: usize,
    /// The index of the step that it enters. Arcs that enter the same step share their end.
    pub to: usize,
    /// How long a conversation waits, in seconds.
    pub delay_seconds: i32,
    /// Whether it is below the row.
    pub is_backward: bool,
    /// The horizontal positions of its beginning and its end.
    pub x: [usize; 2],
    /// The vertical positions of the boxes and of its lane.
    pub y: [usize; 2],
    /// The delay, as it is written.
    pub label: String,
    /// The room of the label: beside the line, over the gap next to the step that the arc leaves.
    pub label_room: Rect,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepBox {
    /// The room of the box.
    pub room: Rect,
    /// The name, in lines that fit.
    pub(super) name: Vec<Line>,
}

/// The positions of everything in a picture but the legend, which is below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Geometry {
    /// The width of the picture.
    pub width: usize,
    /// The height without the legend.
    pub height: usize,
    /// The steps, by index.
    pub steps: Vec<StepBox>,
    /// The timers that lead to a step, by the index of the step that they leave.
    pub arcs: Vec<TimerArc>,
}

/// Where everything is in the picture of this flow. Takes O(n log n) time.
#[must_use]
pub fn geometry(flow: &Flow) -> Geometry {
    let edges = edges(flow);
    let wrap = Wrap { width: NAME_WIDTH, font_size: NAME_SIZE, lines_max: LINES_MAX };
    let lines = |step: &FlowStep| wrap.lines(&one_line(&step.input.name));
    let names: Vec<_> = flow.steps.iter().map(lines).collect();
    let line_count = names.iter().map(Vec::len).max().unwrap_or_default();
    let top = MARGIN + outside_row(&edges, false);
    let height = BOX_HEADER + line_count * LINE_HEIGHT + BOX_FOOTER;
    let row = Rect { x: START_WIDTH, y: top, width: BOX_WIDTH, height };
    let room = |index| Rect { x: row.x + index * PITCH, ..row };
    let boxes = names.into_iter().enumerate();
    let end = START_WIDTH + flow.steps.len() * PITCH + MARGIN;
    Geometry {
        width: end.max(WIDTH_MIN),
        height: top + height + outside_row(&edges, true) + MARGIN,
        steps: boxes.map(|(index, name)| StepBox { room: room(index), name }).collect(),
        arcs: edges.iter().filter_map(|edge| arc(edge, &row)).collect(),
    }
}

/// The height of what is above the row, or below it.
fn outside_row(edges: &[Edge], is_backward: bool) -> usize {
    let lanes = edges.iter().filter(|edge| edge.is_backward == is_backward).map(|edge| edge.lane);
    match lanes.max().unwrap_or_default() {
        ROW_LANE if is_backward && edges.iter().any(|edge| edge.kind == EdgeKind::Removal) => {
            PORT_HEIGHT
        }
        ROW_LANE => MARK_HEIGHT,
        lanes => lane_distance(lanes) + LANE_HEIGHT,
    }
}

/// From the boxes to a lane.
fn lane_distance(lane: usize) -> usize {
    PORT_HEIGHT + (lane - 1) * LANE_HEIGHT
}

/// The arc of an edge, if it has one; `row` is the first box of the row.
fn arc(edge: &Edge, row: &Rect) -> Option<TimerArc> {
    let Edge { from: Some(from), to: Some(to), delay_seconds: Some(delay_seconds), .. } = *edge
    else {
        return None;
    };
    let is_backward = edge.is_backward;
    let centre = |index| row.x + BOX_WIDTH / 2 + index * PITCH;
    let distance = lane_distance(edge.lane);
    let label = delay_text(delay_seconds);
    let width = text_width(&label, LABEL_SIZE);
    let height = LABEL_ASCENT + LABEL_DESCENT;
    // The label is in the gap next to the step that the arc leaves, where no other arc has a vertical
    // line. One that is wider goes on beyond the line of its own arc, which ends at its lane.
    let in_the_middle = |gap| centre(gap) + (PITCH - width.min(PITCH)) / 2;
    let is_wide = width + 2 * (PORT_DISTANCE + 1) > PITCH;
    let (x, y, label_x) = if is_backward {
        let bottom = row.y + row.height;
        let x = [centre(from) - PORT_DISTANCE, centre(to) + PORT_DISTANCE];
        let gap = from.saturating_sub(1);
        let label_x = if is_wide { centre(gap) + PORT_DISTANCE + 1 } else { in_the_middle(gap) };
        (x, [bottom, bottom + distance], label_x)
    } else {
        let x = [centre(from) + PORT_DISTANCE, centre(to) - PORT_DISTANCE];
        let end = centre(from + 1) - PORT_DISTANCE;
        let label_x = if is_wide { end - width } else { in_the_middle(from) };
        (x, [row.y, row.y - distance], label_x)
    };
    let label_room = Rect {
        x: label_x,
        y: if is_backward { y[1] + LABEL_DISTANCE } else { y[1] - LABEL_DISTANCE - height },
        width,
        height,
    };
    Some(TimerArc { from, to, delay_seconds, is_backward, x, y, label, label_room })
}

impl Rect {
    /// The middle of its width.
    pub(super) fn middle(&self) -> usize {
        self.x + self.width / 2
    }
}

impl TimerArc {
    /// The baseline of the label.
    pub(super) fn label_baseline(&self) -> usize {
        self.label_room.y + LABEL_ASCENT
    }
}
