//! docs/errors.md: all codes of errors, made of their definitions.

use strum::{EnumMessage as _, IntoEnumIterator as _};

use super::{error::status, rest::problem::status_of_codes};
use crate::graphql::{error::ErrorCode, user_error_codes};

/// The page, with placeholders for the rows of its tables.
const PAGE: &str = include_str!("error_reference/page.md");

/// All codes as Markdown: those of broken rules, and those of all other errors.
#[must_use]
pub fn error_reference() -> String {
    let rules = user_error_codes().map(|(code, description)| {
        let name: &str = code.into();
        let status = status_of_codes(std::iter::once(name)).as_u16();
        let category = code.category();
        format!("| `{name}` | {category} | {status} | {} |\n", one_line(description))
    });
    let others = ErrorCode::iter().map(|code| {
        let name: &str = code.into();
        let status = status(code).as_u16();
        let description = code.get_documentation().unwrap_or_default();
        let (when, what_to_do) = description.split_once("\n\n").unwrap_or((description, ""));
        let (when, what_to_do) = (one_line(when), one_line(what_to_do));
        format!("| `{name}` | {status} | {when} | {what_to_do} |\n")
    });
    PAGE.replace("<!-- rules -->\n", &rules.collect::<String>())
        .replace("<!-- others -->\n", &others.collect::<String>())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
