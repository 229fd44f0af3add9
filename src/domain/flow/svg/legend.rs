//! The legend: what the marks in a picture mean.

use std::{
    collections::BTreeSet,
    fmt::{self, Formatter},
};

use super::{
    geometry::{LABEL_SIZE, MARGIN},
    mark::Mark,
    text::text_width,
};

/// The height of a line.
const LINE_HEIGHT: usize = 24;
/// From the beginning of an entry to its text.
const TEXT_DISTANCE: usize = 26;
/// Between two entries.
const GAP: usize = 18;

/// The entries of a legend, in as many lines as the width of the picture needs.
pub(super) struct Legend(Vec<Entry>);

/// A mark with its meaning.
struct Entry {
    mark: Mark,
    x: usize,
    line: usize,
}

impl Legend {
    /// The legend of these marks in a picture of this width.
    pub(super) fn new(marks: &BTreeSet<Mark>, picture_width: usize) -> Self {
        let (mut x, mut line) = (MARGIN, 0);
        let mut entries = Vec::new();
        for &mark in marks {
            let width = TEXT_DISTANCE + text_width(mark.meaning(), LABEL_SIZE);
            if x > MARGIN && x + width + MARGIN > picture_width {
                (x, line) = (MARGIN, line + 1);
            }
            entries.push(Entry { mark, x, line });
            x += width + GAP;
        }
        Self(entries)
    }

    /// Its height, with the margin below it.
    pub(super) fn height(&self) -> usize {
        self.0.last().map_or(0, |entry| (entry.line + 1) * LINE_HEIGHT + MARGIN)
    }

    /// Writes it below `top`.
    pub(super) fn write(&self, top: usize, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("<g class=\"legend\">\n")?;
        for Entry { mark, x, line } in &self.0 {
            let y = top + line * LINE_HEIGHT + LINE_HEIGHT / 2;
            let (mark_x, text_x, text_y) = (x + 10, x + TEXT_DISTANCE, y + 5);
            let meaning = mark.meaning();
            writeln!(
                f,
                r#"<g transform="translate({mark_x} {y})">{mark}</g><text x="{text_x}" y="{text_y}">{meaning}</text>"#
            )?;
        }
        f.write_str("</g>\n")
    }
}
