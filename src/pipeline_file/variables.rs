//! Variables in the values of webhook headers: `${NAME}`. `$${` stands for `${` itself.

use serde::Serialize;
use serde_json::Value;

use super::{Position, Problem, tree::Node};
use crate::domain::flow::spec::PipelineSpec;

const START: &str = "${";
const ESCAPED_START: &str = "$${";

/// The variable that has the token of the command itself. A file that could read it could send it to any
/// URL.
const TOKEN: &str = "CRM_STEPS_TOKEN";

/// A variable of the environment in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VariableUse {
    /// Its name.
    pub name: String,
    /// The header that contains it, such as `steps[2].webhookHeader[X-Key]`.
    pub field: String,
}

/// The specification as a file has it: what would be a variable in the values of its headers is
/// escaped.
#[must_use]
pub fn escaped(mut spec: PipelineSpec) -> PipelineSpec {
    for (_, _, value) in header_values(&mut spec) {
        *value = value.replace(START, ESCAPED_START);
    }
    spec
}

/// Replaces all variables by their values, and returns them in the order of the file, or else what is wrong
/// with them.
pub(super) fn substitute(
    spec: &mut PipelineSpec,
    tree: &Node,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Vec<VariableUse>, Vec<Problem>> {
    let (mut uses, mut problems) = (Vec::new(), Vec::new());
    for (index, header, value) in header_values(spec) {
        let field = format!("steps[{index}].webhookHeader[{header}]");
        let mut names = Vec::new();
        let replaced = with_values(value, |name| {
            if !names.contains(&name) {
                names.push(name);
            }
            variable(name)
        });
        match replaced {
            Ok(replaced) => {
                let use_of =
                    |name: &str| VariableUse { name: name.to_owned(), field: field.clone() };
                uses.extend(names.into_iter().map(use_of));
                *value = replaced;
            }
            Err(what) => {
                let path = ["steps", &index.to_string(), "webhookHeader", header];
                let position: Position = tree.position(&path);
                problems.push(Problem { position, message: format!("{field} {what}") });
            }
        }
    }
    if problems.is_empty() { Ok(uses) } else { Err(problems) }
}

/// The values of all headers that are text, each with the index of its step and its name.
fn header_values(spec: &mut PipelineSpec) -> impl Iterator<Item = (usize, &str, &mut String)> {
    spec.steps.iter_mut().enumerate().flat_map(|(index, step)| {
        let headers = step.webhook_header.as_mut().and_then(Value::as_object_mut);
        headers.into_iter().flatten().filter_map(move |(name, value)| match value {
            Value::String(value) => Some((index, name.as_str(), value)),
            _ => None,
        })
    })
}

/// The text with the values of its variables. A value may contain anything: it is not searched for
/// variables.
fn with_values<'a>(
    text: &'a str,
    mut variable: impl FnMut(&'a str) -> Option<String>,
) -> Result<String, String> {
    let mut replaced = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        replaced.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix(ESCAPED_START) {
            replaced.push_str(START);
            rest = after;
        } else if let Some(after) = rest.strip_prefix(START) {
            let (name, after) = after.split_once('}').filter(|(name, _)| is_name(name)).ok_or(
                "has ${ without the name of a variable and }; write $${ if it is no variable.",
            )?;
            // Names of the environment have no case on Windows.
            if name.eq_ignore_ascii_case(TOKEN) {
                return Err(format!(
                    "reads {TOKEN}, the token of the command itself, which no file may send anywhere; use \
                     another variable."
                ));
            }
            let value = variable(name).ok_or_else(|| {
                format!("needs the environment variable {name}, which is not set; set it.")
            })?;
            replaced.push_str(&value);
            rest = after;
        } else {
            replaced.push('$');
            rest = &rest[1..];
        }
    }
    replaced.push_str(rest);
    Ok(replaced)
}

/// Whether a text is the name of an environment variable.
fn is_name(text: &str) -> bool {
    let is_part = |character: char| character == '_' || character.is_ascii_alphanumeric();
    text.chars().all(is_part)
        && !text.starts_with(|first: char| first.is_ascii_digit())
        && !text.is_empty()
}
