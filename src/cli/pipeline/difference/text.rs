//! The difference of two texts, line by line.

use std::fmt::{self, Display, Formatter};

use similar::{ChangeTag, TextDiff};

use super::style::Mark;
use crate::cli::pipeline::escape::Plain;

/// How many equal lines are shown around those that differ.
const CONTEXT: usize = 2;

/// Two texts, in lines with this indent; either may be empty.
pub(super) struct TextDifference<'a> {
    pub(super) before: &'a str,
    pub(super) after: &'a str,
    pub(super) indent: usize,
}

impl Display for TextDifference<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { before, after, indent } = *self;
        let is_one_complete = before.ends_with('\n') != after.ends_with('\n');
        let difference = TextDiff::from_lines(before, after);
        for (index, group) in difference.grouped_ops(CONTEXT).iter().enumerate() {
            if index > 0 {
                writeln!(f, "{:indent$}  …", "")?;
            }
            for change in group.iter().flat_map(|part| difference.iter_changes(part)) {
                let line = change.value();
                let line = line.strip_suffix('\n').unwrap_or(line);
                let mut line = Plain(line).to_string();
                if is_one_complete && change.missing_newline() {
                    line.push_str(" (without a line break)");
                }
                let line = match change.tag() {
                    ChangeTag::Equal => format!("  {line}"),
                    ChangeTag::Insert => Mark::Added.before(line),
                    ChangeTag::Delete => Mark::Removed.before(line),
                };
                writeln!(f, "{:indent$}{}", "", line)?;
            }
        }
        Ok(())
    }
}
