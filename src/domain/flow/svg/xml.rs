//! Text in XML 1.0.

use std::fmt::{self, Display, Formatter, Write};

use crate::domain::flow::name::printable;

/// A text as the content of an element or the value of an attribute: with its markup escaped, and
/// without what no document may contain. Lines stay.
pub(super) struct Escaped<'a>(pub &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            '\n' => f.write_char(character),
            _ => f.write_char(printable(character)),
        })
    }
}
