//! What is checked of a document before the library sees or executes it, and what its errors mean.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Pos, Positioned, Request, ServerError, Value, Variables,
    parser::{
        parse_query,
        types::{
            Directive, DocumentOperations, ExecutableDocument, OperationDefinition, OperationType,
            Selection, SelectionSet,
        },
    },
};
use async_graphql_value::Value as InputValue;

use super::error::ErrorCode;
use crate::domain::access_token::Scope;

/// Deepest nesting of brackets of any kind. The library's parser calls itself for each, and stops
/// by itself only at 64 selection sets, once it has gone all the way down; a thread's stack ends
/// before a megabyte of brackets does.
const NESTING_MAX: usize = 128;

/// Most fields of a document, with those of a fragment counted wherever it is spread. The library
/// walks a fragment anew at each spread, several times over, before anything is executed: two
/// dozen fragments that each spread the next one twice would keep it busy for seconds.
const FIELDS_MAX: usize = 10_000;

/// Most fragments of a document. Each may spread the next, and counting goes down as deep as that.
const FRAGMENTS_MAX: usize = 500;

/// Why a document is not executed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of fault.
    pub code: ErrorCode,
    /// A sentence for people.
    pub message: String,
    /// Where in the document.
    pub locations: Vec<Pos>,
}

impl Refusal {
    fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), locations: Vec::new() }
    }

    fn at(self, position: Pos) -> Self {
        Self { locations: vec![position], ..self }
    }
}

/// Parses a request's document, checks what the library leaves unchecked, and answers with the
/// scope that the operation needs.
pub fn prepare(request: &mut Request) -> Result<Scope, Refusal> {
    // Some clients send an empty name for none.
    if request.operation_name.as_deref() == Some("") {
        request.operation_name = None;
    }
    check_nesting(&request.query)?;
    let document = parse_query(&request.query).map_err(|error| {
        let refusal = Refusal::new(
            ErrorCode::GraphqlParseFailed,
            "The document is not GraphQL; the syntax breaks at the given location.",
        );
        Refusal { locations: error.positions().collect(), ..refusal }
    })?;
    let operation = operation(&document, request.operation_name.as_deref())?;
    let scope = match operation.node.ty {
        OperationType::Query => Scope::Read,
        OperationType::Mutation => {
            check_runs_once(&document, operation)?;
            Scope::Write
        }
        OperationType::Subscription => {
            let message = "The schema has no subscriptions.";
            return Err(Refusal::new(ErrorCode::GraphqlValidationFailed, message).at(operation.pos));
        }
    };
    check_size(&document)?;
    check_variables(operation, &request.variables)?;
    request.set_parsed_query(document);
    Ok(scope)
}

/// Refuses documents that nest too deep to be parsed.
fn check_nesting(document: &str) -> Result<(), Refusal> {
    let mut depth = 0_usize;
    let mut rest = document;
    while let Some(start) = rest.find(['{', '[', '(', '}', ']', ')', '"', '#']) {
        let found = &rest[start..];
        let skipped = match found.as_bytes()[0] {
            b'#' => found.find(['\n', '\r']).unwrap_or(found.len()),
            b'"' => string_length(found),
            b'{' | b'[' | b'(' => {
                depth += 1;
                1
            }
            _ => {
                depth = depth.saturating_sub(1);
                1
            }
        };
        if depth > NESTING_MAX {
            let message = format!("The document nests deeper than {NESTING_MAX} levels.");
            return Err(Refusal::new(ErrorCode::QueryTooLarge, message));
        }
        rest = &found[skipped..];
    }
    Ok(())
}

/// How many bytes the string takes that `text` begins with; all of them if it does not end.
fn string_length(text: &str) -> usize {
    const BLOCK: &str = "\"\"\"";
    if text.starts_with(BLOCK) {
        let mut length = BLOCK.len();
        while let Some(quotes) = text[length..].find(BLOCK) {
            let end = length + quotes;
            length = end + BLOCK.len();
            if !text[..end].ends_with('\\') {
                return length;
            }
        }
        return text.len();
    }
    let mut is_escaped = false;
    for (position, character) in text.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return position + 1,
            // A plain string ends with its line; that is an error, which the parser will report.
            '\n' | '\r' => return position,
            _ => {}
        }
    }
    text.len()
}

/// The operation to execute.
fn operation<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<&'a Positioned<OperationDefinition>, Refusal> {
    let found = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        (DocumentOperations::Multiple(operations), None) => {
            let mut all = operations.values();
            all.next().filter(|_| operations.len() == 1)
        }
    };
    found.ok_or_else(|| {
        let message = match name {
            Some(_) => "The document has no operation of the given operationName.",
            None => "The document has several operations; choose one by operationName.",
        };
        Refusal::new(ErrorCode::GraphqlValidationFailed, message)
    })
}

/// Refuses a document that is larger than it is long. All its operations count, because the library
/// walks also those that are not executed.
fn check_size(document: &ExecutableDocument) -> Result<(), Refusal> {
    if document.fragments.len() > FRAGMENTS_MAX {
        let message = format!("The document has more than {FRAGMENTS_MAX} fragments.");
        return Err(Refusal::new(ErrorCode::QueryTooLarge, message));
    }
    let mut counted = HashMap::new();
    let fields = document.operations.iter().fold(0_usize, |fields, (_, operation)| {
        let selections = &operation.node.selection_set.node;
        fields.saturating_add(count_fields(document, selections, &mut counted))
    });
    if fields > FIELDS_MAX {
        let message = format!("The document selects more than {FIELDS_MAX} fields.");
        return Err(Refusal::new(ErrorCode::QueryTooLarge, message));
    }
    Ok(())
}

/// Counts the fields under a selection, each fragment's once, to be added up at each spread.
fn count_fields<'a>(
    document: &'a ExecutableDocument,
    selections: &'a SelectionSet,
    counted: &mut HashMap<&'a Name, usize>,
) -> usize {
    let mut fields = 0_usize;
    for selection in &selections.items {
        let more = match &selection.node {
            Selection::Field(field) => {
                1 + count_fields(document, &field.node.selection_set.node, counted)
            }
            Selection::InlineFragment(fragment) => {
                count_fields(document, &fragment.node.selection_set.node, counted)
            }
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                match (counted.get(name), document.fragments.get(name)) {
                    (Some(count), _) => *count,
                    // The library reports it.
                    (None, None) => 0,
                    (None, Some(fragment)) => {
                        // One that spreads itself counts nothing there; the library reports it.
                        counted.insert(name, 0);
                        let selections = &fragment.node.selection_set.node;
                        let count = count_fields(document, selections, counted);
                        counted.insert(name, count);
                        count
                    }
                }
            }
        };
        fields = fields.saturating_add(more);
    }
    fields
}

/// Refuses a mutation that asks twice for the same answer: the library runs a field as often as it
/// is written, where GraphQL runs it once and merges what is selected of it.
fn check_runs_once(
    document: &ExecutableDocument,
    operation: &Positioned<OperationDefinition>,
) -> Result<(), Refusal> {
    let mut seen = HashSet::new();
    let mut open = vec![&operation.node.selection_set.node];
    let mut spreads = HashSet::new();
    while let Some(selections) = open.pop() {
        for selection in &selections.items {
            let repeated = match &selection.node {
                Selection::Field(field) => !seen.insert(&field.node.response_key().node),
                Selection::InlineFragment(fragment) => {
                    open.push(&fragment.node.selection_set.node);
                    false
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let fragment = document.fragments.get(name);
                    open.extend(fragment.map(|fragment| &fragment.node.selection_set.node));
                    !spreads.insert(name)
                }
            };
            if repeated {
                let message = "The mutation names the same field twice; select all that you need \
                               in one place, or give each an alias to run both.";
                let refusal = Refusal::new(ErrorCode::GraphqlValidationFailed, message);
                return Err(refusal.at(selection.pos));
            }
        }
    }
    Ok(())
}

/// Refuses a request that leaves out a variable that has to be given.
fn check_variables(
    operation: &Positioned<OperationDefinition>,
    variables: &Variables,
) -> Result<(), Refusal> {
    for definition in &operation.node.variable_definitions {
        let Positioned { node: variable, pos } = definition;
        let is_required = !variable.var_type.node.nullable;
        let missing = match variables.get(&variable.name.node) {
            None => variable.default_value.is_none(),
            Some(value) => *value == Value::Null,
        };
        if is_required && missing {
            let name = &variable.name.node;
            let message = format!("The variable ${name} is required and has no value.");
            return Err(Refusal::new(ErrorCode::BadUserInput, message).at(*pos));
        }
    }
    Ok(())
}

/// The code of an error in a response: its own if it is ours; else by where in the library it came
/// from.
#[must_use]
pub fn code(error: &ServerError, document: &str) -> ErrorCode {
    let own = error.extensions.as_ref().and_then(|extensions| extensions.get(ErrorCode::KEY));
    if let Some(Value::String(code)) = own
        && let Ok(code) = code.parse()
    {
        return code;
    }
    // The library raises an error under a path only when it coerces an argument to its type, and
    // without one only when it validates. Of the latter some are a variable's fault.
    let is_coercion = !error.path.is_empty();
    let is_of_variable = error.message.starts_with(INVALID_ARGUMENT)
        && error.locations.iter().any(|at| takes_variable(document, *at));
    if is_coercion || is_of_variable {
        ErrorCode::BadUserInput
    } else {
        ErrorCode::GraphqlValidationFailed
    }
}

/// How the library begins to say that an argument, with its variables filled in, does not fit.
const INVALID_ARGUMENT: &str = "Invalid value for argument";

/// Whether the argument whose name stands at `position` takes its value from a variable.
fn takes_variable(document: &str, position: Pos) -> bool {
    let Ok(document) = parse_query(document) else { return false };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_strings_and_comments_do_not_nest() {
        let many = "{".repeat(NESTING_MAX + 1);
        for document in [
            format!("{{ a(b: \"{many}\") }}"),
            format!("{{ a(b: \"\\\"{many}\") }}"),
            format!("{{ a(b: \"\\\\\") c(d: \"{many}\") }}"),
            format!("{{ a(b: \"\"\"\" {many} \\\"\"\" {many}\"\"\") }}"),
            format!("{{ a # {many}\n }}"),
            "{}".repeat(NESTING_MAX + 1),
        ] {
            assert_eq!(check_nesting(&document), Ok(()), "{document}");
        }
    }

    #[test]
    fn brackets_elsewhere_do() {
        let many = "{a".repeat(NESTING_MAX + 1);
        for document in [
            many.clone(),
            format!("\"\" {many}"),
            format!("\"\"\"\"\"\" {many}"),
            format!("\"unclosed\n{many}"),
            format!("# comment\r{many}"),
            "([{".repeat(NESTING_MAX),
        ] {
            let refused = check_nesting(&document).map_err(|refusal| refusal.code);
            assert_eq!(refused, Err(ErrorCode::QueryTooLarge), "{document}");
        }
    }
}
