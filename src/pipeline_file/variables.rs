//! Variables in the values of webhook headers: `${NAME}`. `$${` stands for `${` itself.

use serde_json::Value;

use super::{Position, Problem, tree::Node};
use crate::domain::flow::spec::PipelineSpec;

const START: &str = "${";
const ESCAPED_START: &str = "$${";

/// The specification as a file has it: what would be a variable in the values of its headers is
/// escaped.
#[must_use]
pub fn escaped(mut spec: PipelineSpec) -> PipelineSpec {
    for (_, _, value) in header_values(&mut spec) {
        *value = value.replace(START, ESCAPED_START);
    }
    spec
}

/// Replaces all variables by their values, and returns what is wrong with the others.
pub(super) fn substitute(
    spec: &mut PipelineSpec,
    tree: &Node,
    variable: impl Fn(&str) -> Option<String>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, name, value) in header_values(spec) {
        match with_values(value, &variable) {
            Ok(replaced) => *value = replaced,
            Err(what) => {
                let path = ["steps", &index.to_string(), "webhookHeader", name];
                let position: Position = tree.position(&path);
                let message = format!("steps[{index}].webhookHeader[{name}] {what}");
                problems.push(Problem { position, message });
            }
        }
    }
    problems
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
fn with_values(text: &str, variable: impl Fn(&str) -> Option<String>) -> Result<String, String> {
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
