//! What the library's errors mean.

use std::cell::LazyCell;

use async_graphql::{
    Name, Pos, Positioned, ServerError,
    parser::{
        parse_query,
        types::{Directive, ExecutableDocument, Selection, SelectionSet},
    },
};
use async_graphql_value::Value as InputValue;

use super::error::ErrorCode;

/// How the library begins to say that an argument, with its variables filled in, does not fit.
const INVALID_ARGUMENT: &str = "Invalid value for argument";

/// How the library begins to say through which of its types it came to a value.
const TYPE_TRACE: &str = " (occurred while parsing";

/// Gives each error of a response its code, and takes out of it what speaks of Rust.
pub(super) fn translate(errors: &mut [ServerError], document: &str) {
    // Parsed again only for errors that need it, and once for all of them.
    let document = LazyCell::new(|| parse_query(document).ok());
    for error in errors {
        let code: &str = code(error, &document).into();
        error.extensions.get_or_insert_default().set(ErrorCode::KEY, code);
        if let Some(end) = error.message.find(TYPE_TRACE) {
            error.message.truncate(end);
        }
    }
}

/// The code of an error: its own if it is ours; else by where in the library it came from.
fn code<F>(error: &ServerError, document: &LazyCell<Option<ExecutableDocument>, F>) -> ErrorCode
where
    F: FnOnce() -> Option<ExecutableDocument>,
{
    if let Some(code) = ErrorCode::of(error) {
        return code;
    }
    // The library raises an error under a path only when it coerces an argument to its type, and
    // without one only when it validates. Of the latter some are a variable's fault.
    let is_coercion = !error.path.is_empty();
    let is_of_variable = || {
        error.message.starts_with(INVALID_ARGUMENT)
            && document.as_ref().is_some_and(|document| {
                error.locations.iter().any(|at| takes_variable(document, *at))
            })
    };
    if is_coercion || is_of_variable() {
        ErrorCode::BadUserInput
    } else {
        ErrorCode::GraphqlValidationFailed
    }
}

/// Whether the argument whose name stands at `position` takes its value from a variable.
fn takes_variable(document: &ExecutableDocument, position: Pos) -> bool {
    let operations = document
        .operations
        .iter()
        .map(|(_, operation)| (&operation.node.directives, &operation.node.selection_set.node));
    let fragments = document
        .fragments
        .values()
        .map(|fragment| (&fragment.node.directives, &fragment.node.selection_set.node));
    operations.chain(fragments).any(|(directives, selections)| {
        in_directives(directives, position) || in_selections(selections, position)
    })
}

fn in_selections(selections: &SelectionSet, position: Pos) -> bool {
    selections.items.iter().any(|selection| match &selection.node {
        Selection::Field(field) => {
            in_arguments(&field.node.arguments, position)
                || in_directives(&field.node.directives, position)
                || in_selections(&field.node.selection_set.node, position)
        }
        Selection::FragmentSpread(spread) => in_directives(&spread.node.directives, position),
        Selection::InlineFragment(fragment) => {
            in_directives(&fragment.node.directives, position)
                || in_selections(&fragment.node.selection_set.node, position)
        }
    })
}

fn in_directives(directives: &[Positioned<Directive>], position: Pos) -> bool {
    directives.iter().any(|directive| in_arguments(&directive.node.arguments, position))
}

fn in_arguments(arguments: &[(Positioned<Name>, Positioned<InputValue>)], position: Pos) -> bool {
    arguments.iter().any(|(name, value)| name.pos == position && has_variable(&value.node))
}

fn has_variable(value: &InputValue) -> bool {
    match value {
        InputValue::Variable(_) => true,
        InputValue::List(items) => items.iter().any(has_variable),
        InputValue::Object(entries) => entries.values().any(has_variable),
        _ => false,
    }
}
