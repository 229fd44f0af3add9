//! docs/errors.md: all codes of errors, made of their definitions.

use std::fmt::Write as _;

use strum::{EnumMessage as _, IntoEnumIterator as _};

use super::{error::status, rest::problem::status_of_codes};
use crate::graphql::{error::ErrorCode, user_error_codes};

/// The heading and the text above the first table.
const RULES: &str = "\
# Errors

This page is printed by `crm-steps errors` from the definitions in the program.

## Broken rules

An input that breaks rules is rejected as a whole, with all broken rules at once. In GraphQL they are data,
`userErrors { field code message params { name value } }`: `field` is the path of the value from the
argument on, `message` says what is wrong and what to do about it, `params` has the values in the message.
In REST they are the `errors` of an `application/problem+json` whose `code` is `RULES_BROKEN`; the status is
that of the table if all codes of the response have the same one, otherwise 400. REST also uses `INVALID_TYPE`
for a field that is missing or has a value of another type, which in GraphQL is one of the errors below.

| code | REST | when |
|---|---|---|
";

/// The text above the second table.
const OTHERS: &str = "
## Everything else

In GraphQL it is an error with `extensions.code` and `extensions.requestId`; in REST the `code` of an
`application/problem+json`. The status is that of a response without data. If one field fails beside others
that have data, the status is 200. A client whose `Accept` names `application/json` gets 200 instead of 400 if its
GraphQL document or its variables are rejected.

| code | status | when | what a client does |
|---|---|---|---|
";

/// All codes as Markdown: those of broken rules, and those of all other errors.
#[must_use]
pub fn error_reference() -> String {
    let mut page = RULES.to_owned();
    for (code, description) in user_error_codes() {
        let name: &str = code.into();
        let status = status_of_codes(std::iter::once(name)).as_u16();
        // Writing to a string does not fail.
        let _ = writeln!(page, "| `{name}` | {status} | {} |", one_line(description));
    }
    page.push_str(OTHERS);
    for code in ErrorCode::iter() {
        let name: &str = code.into();
        let status = status(code).as_u16();
        let description = code.get_documentation().unwrap_or_default();
        let (when, what_to_do) = description.split_once("\n\n").unwrap_or((description, ""));
        let (when, what_to_do) = (one_line(when), one_line(what_to_do));
        let _ = writeln!(page, "| `{name}` | {status} | {when} | {what_to_do} |");
    }
    page
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
