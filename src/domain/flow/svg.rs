//! The picture of a flow as SVG.
//!
//! The steps are boxes in one row. A timer is an arc with its delay: above the row if it leads
//! forward, below it if it leads backward. The conversation starts at the dot, and leaves at a ring
//! with a dot. What else a step has is a mark at a corner of its box, with its meaning in the
//! legend:
//!
//! | mark | corner | meaning |
//! |---|---|---|
//! | circle with a flash | upper left | conversations enter by the trigger, from any step |
//! | octagon, triangle, circle with an i | upper right | badges: the worst, with all in its title |
//! | ring with a dot | lower left | conversations leave the pipeline |
//! | circle with a tick | lower right | conversations are resolved |
//!
//! The picture contains no script and refers to nothing. Names are shortened to four lines; the
//! titles of the elements and the description of the picture have the full ones.

mod geometry;
mod legend;
mod mark;
mod text;
mod theme;
mod xml;

use std::{
    fmt::{self, Display, Formatter},
    iter,
};

use self::{
    geometry::{BOX_HEADER, BOX_WIDTH, LABEL_SIZE, LINE_HEIGHT, MARGIN, NAME_SIZE, START_WIDTH},
    legend::Legend,
    mark::Mark,
    theme::{CLASS, write_style},
    xml::Escaped,
};
pub use self::{
    geometry::{Geometry, Rect, StepBox, TimerArc, geometry},
    theme::Theme,
};
use super::{
    Flow,
    delay::delay_text,
    diagnostics::{Diagnostic, Severity, diagnose},
    name::one_line,
};

/// What is the matter with a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    /// The index of the step. A badge of a step that does not exist is not drawn.
    pub step_index: usize,
    /// How bad it is.
    pub severity: Severity,
    /// The sentence.
    pub title: String,
}

impl Badge {
    /// The diagnostics of a flow as badges: the sentence of each, at all of its steps.
    #[must_use]
    pub fn of_diagnostics(flow: &Flow) -> Vec<Self> {
        let badges = |diagnostic: Diagnostic| {
            let (severity, title) = (diagnostic.severity(), diagnostic.message(flow));
            let badge = move |step_index| Self { step_index, severity, title: title.clone() };
            diagnostic.step_indexes.into_iter().map(badge)
        };
        diagnose(flow).into_iter().flat_map(badges).collect()
    }
}

/// The size of the font of step numbers.
const NUMBER_SIZE: usize = 14;
/// From the top of a box to the baseline of the step's number.
const NUMBER_BASELINE: usize = 22;
/// From the sides of a box to its marks, and from the bottom to the mark of a removal.
const MARK_DISTANCE: usize = 12;
const REMOVAL_DISTANCE: usize = 17;
/// The radius of the corners of arcs.
const CORNER: usize = 8;

/// The picture of a flow with this title, and with badges of its steps. Takes O(n log n) time; a
/// thousand steps take some milliseconds.
#[must_use]
pub fn svg(flow: &Flow, title: &str, badges: &[Badge], theme: Theme) -> String {
    let mut badges_of = vec![Vec::new(); flow.steps.len()];
    for badge in badges {
        if let Some(badges) = badges_of.get_mut(badge.step_index) {
            badges.push(badge);
        }
    }
    for badges in &mut badges_of {
        badges.sort_by_key(|badge| badge.severity);
    }
    let names = flow.steps.iter().map(|step| one_line(&step.input.name)).collect();
    Picture { flow, title, names, badges_of, theme, geometry: geometry(flow) }.to_string()
}

struct Picture<'a> {
    flow: &'a Flow,
    title: &'a str,
    /// The names of the steps, in one line each.
    names: Vec<String>,
    /// The badges of each step, the worst first.
    badges_of: Vec<Vec<&'a Badge>>,
    theme: Theme,
    geometry: Geometry,
}

impl Display for Picture<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let width = self.geometry.width;
        let marks = (0..self.names.len()).flat_map(|index| self.marks(index));
        let legend = Legend::new(&marks.collect(), width);
        let height = self.geometry.height + legend.height();
        write!(f, r#"<svg xmlns="http://www.w3.org/2000/svg" class="{CLASS}" role="img""#)?;
        write!(f, r#" width="{width}" height="{height}" viewBox="0 0 {width} {height}""#)?;
        writeln!(f, r#" font-size="{LABEL_SIZE}">"#)?;
        writeln!(f, "<title>{}</title>", Escaped(&one_line(self.title)))?;
        writeln!(f, "<desc>{}</desc>", Escaped(&self.description()))?;
        write_style(self.theme, f)?;
        writeln!(f, r#"<rect class="ground" width="{width}" height="{height}"/>"#)?;
        self.geometry.arcs.iter().try_for_each(|arc| self.write_arc(arc, f))?;
        if let Some(first) = self.geometry.steps.first() {
            write_start(&first.room, f)?;
        } else {
            let middle = self.geometry.height / 2;
            writeln!(f, r#"<text x="{}" y="{middle}">no steps</text>"#, width / 2)?;
        }
        (0..self.names.len()).try_for_each(|index| self.write_step(index, f))?;
        legend.write(self.geometry.height, f)?;
        f.write_str("</svg>\n")
    }
}

impl Picture<'_> {
    /// The number of a step, from 1, and its name.
    fn heading(&self, index: usize) -> String {
        format!("{} {}", index + 1, self.names[index])
    }

    /// The marks of a step, in the order of the legend.
    fn marks(&self, index: usize) -> impl Iterator<Item = Mark> {
        let step = &self.flow.steps[index];
        let badge = self.badges_of[index].first().map(|badge| Mark::Badge(badge.severity));
        let marks = [
            self.flow.has_trigger(index).then_some(Mark::Trigger),
            step.is_resolved().then_some(Mark::Resolved),
            step.is_removal().then_some(Mark::Removal),
            badge,
        ];
        marks.into_iter().flatten()
    }

    /// The sentences of all badges of a step.
    fn badge_titles(&self, index: usize) -> impl Iterator<Item = String> {
        self.badges_of[index].iter().map(|badge| one_line(&badge.title))
    }

    /// The picture in words, a line for each step.
    fn description(&self) -> String {
        let steps = (0..self.names.len()).map(|index| self.step_description(index));
        steps.collect::<Vec<_>>().join("\n")
    }

    fn step_description(&self, index: usize) -> String {
        let timer = self.flow.timer(index);
        let timer = timer.map(|timer| {
            let to = timer.leads_to.map_or("nowhere".to_owned(), |to| self.heading(to));
            format!("after {} to {to}", exact_delay(timer.delay_seconds))
        });
        let marks = self.marks(index).filter(|mark| !matches!(mark, Mark::Badge(_)));
        let parts = marks.map(|mark| mark.meaning().to_owned()).chain(timer);
        let parts = parts.chain(self.badge_titles(index));
        let heading = iter::once(self.heading(index));
        heading.chain(parts).collect::<Vec<_>>().join("; ")
    }

    fn write_arc(&self, arc: &TimerArc, f: &mut Formatter<'_>) -> fmt::Result {
        let side = if arc.is_backward { "backward" } else { "forward" };
        let ([x_from, x_to], [y_box, y_lane]) = (arc.x, arc.y);
        let delay = exact_delay(arc.delay_seconds);
        let (from, to) = (self.heading(arc.from), self.heading(arc.to));
        let title = format!("{from}\nafter {delay} to\n{to}");
        writeln!(f, "<g><title>{}</title>", Escaped(&title))?;
        // The corners, as numbers with a sign: to the right and down, or not.
        let right = if x_from < x_to { "" } else { "-" };
        let (up, down, before_lane) =
            if arc.is_backward { ("", "-", y_lane - CORNER) } else { ("-", "", y_lane + CORNER) };
        let before_end = if x_from < x_to { x_to - CORNER } else { x_to + CORNER };
        write!(f, r#"<path class="{side}" d="M{x_from} {y_box}V{before_lane}"#)?;
        write!(f, "q0 {up}{CORNER} {right}{CORNER} {up}{CORNER}H{before_end}")?;
        write!(f, "q{right}{CORNER} 0 {right}{CORNER} {down}{CORNER}V{y_box}")?;
        // The arrowhead.
        writeln!(f, r#"m-4 {up}6l4 {down}6 4 {up}6"/>"#)?;
        let (x, y) = (arc.label_room.middle(), arc.label_baseline());
        writeln!(
            f,
            r#"<text class="{side}-text" x="{x}" y="{y}">{}</text></g>"#,
            Escaped(&arc.label)
        )
    }

    fn write_step(&self, index: usize, f: &mut Formatter<'_>) -> fmt::Result {
        let step = &self.geometry.steps[index];
        let Rect { x, y, width, height } = step.room;
        let title = format!("{}\n{}", self.heading(index), self.flow.steps[index].key);
        writeln!(f, r#"<g transform="translate({x} {y})"><title>{}</title>"#, Escaped(&title))?;
        writeln!(f, r#"<rect class="box" width="{width}" height="{height}" rx="6"/>"#)?;
        let middle = width / 2;
        writeln!(
            f,
            r#"<text class="number" x="{middle}" y="{NUMBER_BASELINE}" font-size="{NUMBER_SIZE}">{}</text>"#,
            index + 1
        )?;
        self.write_name(index, f)?;
        self.marks(index).try_for_each(|mark| self.write_mark(mark, index, f))?;
        f.write_str("</g>\n")
    }

    /// Writes the lines of a name, in an element of their own, which hides what projects from it: a
    /// font can be wider than it was estimated.
    fn write_name(&self, index: usize, f: &mut Formatter<'_>) -> fmt::Result {
        let step = &self.geometry.steps[index];
        let (width, height) = (step.room.width, step.room.height - BOX_HEADER);
        let (inner, middle) = (width - 2, width / 2 - 1);
        writeln!(
            f,
            r#"<svg x="1" y="{BOX_HEADER}" width="{inner}" height="{height}" font-size="{NAME_SIZE}">"#
        )?;
        for (line, baseline) in step.name.iter().zip((1..).map(|line| line * LINE_HEIGHT - 2)) {
            let text = Escaped(&line.text);
            write!(f, r#"<text x="{middle}" y="{baseline}""#)?;
            if let Some(width) = line.condensed_width {
                write!(f, r#" textLength="{width}" lengthAdjust="spacingAndGlyphs""#)?;
            }
            writeln!(f, ">{text}</text>")?;
        }
        f.write_str("</svg>\n")
    }

    /// Writes a mark at its corner of the box.
    fn write_mark(&self, mark: Mark, index: usize, f: &mut Formatter<'_>) -> fmt::Result {
        let (left, right) = (MARK_DISTANCE, BOX_WIDTH - MARK_DISTANCE);
        let bottom = self.geometry.steps[index].room.height;
        let (x, y) = match mark {
            Mark::Trigger => (left, 0),
            Mark::Badge(_) => (right, 0),
            Mark::Removal => (left, bottom + REMOVAL_DISTANCE),
            Mark::Resolved => (right, bottom),
        };
        let title = match mark {
            Mark::Badge(_) => self.badge_titles(index).collect::<Vec<_>>().join("\n"),
            Mark::Trigger | Mark::Removal | Mark::Resolved => mark.meaning().to_owned(),
        };
        if mark == Mark::Removal {
            let end = bottom + REMOVAL_DISTANCE - 7;
            writeln!(f, r#"<path class="line" d="M{left} {bottom}V{end}"/>"#)?;
        }
        writeln!(
            f,
            r#"<g transform="translate({x} {y})"><title>{}</title>{mark}</g>"#,
            Escaped(&title)
        )
    }
}

/// Writes the dot from which an arrow leads to the first step.
fn write_start(first: &Rect, f: &mut Formatter<'_>) -> fmt::Result {
    let (x, y, end) = (MARGIN + 6, first.y + first.height / 2, START_WIDTH - 1);
    writeln!(
        f,
        r#"<g><title>start</title><path class="line" d="M{x} {y}H{end}m-6-4l6 4-6 4"/><circle class="dot" cx="{x}" cy="{y}" r="6"/></g>"#
    )
}

/// A delay as it is written, and in seconds if that is rounded.
fn exact_delay(seconds: i32) -> String {
    let text = delay_text(seconds);
    if text.starts_with('≈') { format!("{text} ({seconds} s)") } else { text }
}
