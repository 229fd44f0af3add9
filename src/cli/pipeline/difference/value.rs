//! The difference of a field.

use std::fmt::{self, Display, Formatter};

use serde_json::Value;

use super::{style::Mark, text::TextDifference};
use crate::cli::pipeline::{client::documents::apply_pipeline::Change, escape::Plain};

/// The longest text that stands in the line of its field, in characters.
const SHORT: usize = 60;

/// A field that changes, in lines with this indent.
pub(super) struct FieldDifference<'a> {
    pub(super) change: &'a Change,
    pub(super) indent: usize,
}

impl Display for FieldDifference<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { change: Change { name, before, after }, indent } = self;
        let before = before.as_ref().filter(|value| !value.is_null());
        let after = after.as_ref().filter(|value| !value.is_null());
        let (mark, values) = match (before, after) {
            (None, after) => (Mark::Added, after.map_or(String::new(), shown)),
            (Some(before), None) => (Mark::Removed, shown(before)),
            // Values of headers are masked, and so are the same where they differ.
            (Some(before), Some(after)) if before == after => {
                (Mark::Changed, format!("{} (values are not shown)", shown(after)))
            }
            (Some(before), Some(after)) => {
                (Mark::Changed, format!("{} → {}", shown(before), shown(after)))
            }
        };
        let name = Plain(name);
        if is_long(before) || is_long(after) {
            let line = mark.before(format_args!("{name}:"));
            writeln!(f, "{:indent$}{line}", "")?;
            let text = |value: Option<&Value>| value.map_or(String::new(), as_text);
            let (before, after) = (text(before), text(after));
            TextDifference { before: &before, after: &after, indent: indent + 4 }.fmt(f)
        } else {
            let line = mark.before(format_args!("{name}: {values}"));
            writeln!(f, "{:indent$}{line}", "")
        }
    }
}

/// Whether a value is a text that needs lines of its own.
fn is_long(value: Option<&Value>) -> bool {
    let text = value.and_then(Value::as_str);
    text.is_some_and(|text| text.contains('\n') || text.chars().count() > SHORT)
}

fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A value in one line, as JSON.
fn shown(value: &Value) -> String {
    Plain(&value.to_string()).to_string()
}
