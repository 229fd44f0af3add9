//! What is checked of a document before the library sees or executes it.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use async_graphql::{
    Name, Pos, Positioned, Request, Value, Variables,
    parser::{
        parse_query,
        types::{
            DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection,
        },
    },
};
use quick_cache::{Weighter, sync::Cache};

use super::{
    cost::{Cost, Measured, measure},
    error::ErrorCode,
    shape::Shape,
    tokens,
};
use crate::{config::Limits, domain::access_token::Scope};

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
    pub(super) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), locations: Vec::new() }
    }

    pub(super) fn at(self, position: Pos) -> Self {
        Self { locations: vec![position], ..self }
    }
}

/// A document that was parsed.
#[derive(Debug)]
struct Document {
    parsed: ExecutableDocument,
    /// Whether it is known to keep the rules of GraphQL, whatever its variables are.
    is_valid: AtomicBool,
}

/// What is known of a request that can be executed.
#[derive(Debug)]
pub struct Prepared {
    /// The name of the operation, if it has one.
    pub operation_name: Option<String>,
    /// The scope that the operation needs.
    pub scope: Scope,
    /// What it costs.
    pub cost: Cost,
    /// Whether it is known to be valid, so that nobody has to check it again.
    pub is_valid: bool,
    document: Arc<Document>,
}

impl Prepared {
    /// Remembers that the library found the request to be valid. The next one with the same
    /// document is valid as well, if its variables are.
    pub fn found_valid(&self) {
        self.document.is_valid.store(true, Ordering::Relaxed);
    }
}

/// Prepares requests, and remembers the documents that it has parsed: clients send few different
/// ones again and again, and to parse one takes longer than all other checks.
pub struct Preparation {
    shape: Shape,
    limits: Limits,
    documents: Cache<Box<str>, Arc<Document>, TextBytes>,
}

/// Most bytes of the texts of all documents that are remembered; one of more than a small part of
/// that is not. What is made of a text takes ten to thirty times its room.
const PARSED_BYTES_MAX: u64 = 500_000;

/// The length that a document is taken to have, to guess how many will be remembered.
const TYPICAL_BYTES: u64 = 1_000;

/// How much room a text takes.
#[derive(Debug, Clone)]
struct TextBytes;

impl Weighter<Box<str>, Arc<Document>> for TextBytes {
    fn weight(&self, text: &Box<str>, _: &Arc<Document>) -> u64 {
        text.len().try_into().unwrap_or(u64::MAX)
    }
}

impl Preparation {
    /// Holds all requests to these limits.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        let count = usize::try_from(PARSED_BYTES_MAX / TYPICAL_BYTES).unwrap_or(usize::MAX);
        let documents = Cache::with_weighter(count, PARSED_BYTES_MAX, TextBytes);
        Self { shape: Shape::of(&super::sdl()), limits, documents }
    }

    /// What requests are held to.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Parses a request's document, and checks what the library leaves unchecked.
    pub fn prepare(&self, request: &mut Request) -> Result<Prepared, Refusal> {
        // Some clients send an empty name for none.
        if request.operation_name.as_deref() == Some("") {
            request.operation_name = None;
        }
        check_sizes(&request.variables, &self.limits)?;
        let known = self.documents.get(request.query.as_str());
        let is_known = known.is_some();
        let document = match known {
            Some(document) => document,
            None => Arc::new(Document {
                parsed: parse(&request.query, &self.limits)?,
                is_valid: AtomicBool::new(false),
            }),
        };
        let parsed = &document.parsed;
        let (operation_name, operation) = operation(parsed, request.operation_name.as_deref())?;
        let operation_name = operation_name.map(ToString::to_string);
        let Measured { cost, variables_fit } =
            measure(&self.shape, parsed, &operation.node, &request.variables, &self.limits)?;
        let scope = match operation.node.ty {
            OperationType::Query => Scope::Read,
            OperationType::Mutation => {
                check_runs_once(parsed, operation)?;
                Scope::Write
            }
            OperationType::Subscription => {
                let message = "The schema has no subscriptions.";
                let refusal = Refusal::new(ErrorCode::GraphqlValidationFailed, message);
                return Err(refusal.at(operation.pos));
            }
        };
        check_variables(operation, &request.variables)?;
        request.set_parsed_query(parsed.clone());
        if !is_known {
            self.documents.insert(request.query.as_str().into(), Arc::clone(&document));
        }
        let is_valid = variables_fit && document.is_valid.load(Ordering::Relaxed);
        Ok(Prepared { operation_name, scope, cost, is_valid, document })
    }
}

/// Parses a document that is not too large.
fn parse(text: &str, limits: &Limits) -> Result<ExecutableDocument, Refusal> {
    tokens::check(text, limits)?;
    parse_query(text).map_err(|error| {
        let refusal = Refusal::new(
            ErrorCode::GraphqlParseFailed,
            "The document is not GraphQL; the syntax breaks at the given location.",
        );
        Refusal { locations: error.positions().collect(), ..refusal }
    })
}

/// Refuses variables that are too many, or have too long lists in them.
fn check_sizes(variables: &Variables, limits: &Limits) -> Result<(), Refusal> {
    let too_large = |message: String| Err(Refusal::new(ErrorCode::QueryTooLarge, message));
    if variables.len() > limits.max_variables {
        return too_large(format!("The request has more than {} variables.", limits.max_variables));
    }
    let longest = variables.values().map(longest_list).max().unwrap_or(0);
    if longest > limits.max_list_elements {
        let max = limits.max_list_elements;
        return too_large(format!("A list in the variables has more than {max} elements."));
    }
    Ok(())
}

fn longest_list(value: &Value) -> usize {
    match value {
        Value::List(elements) => elements.iter().map(longest_list).fold(elements.len(), usize::max),
        Value::Object(fields) => fields.values().map(longest_list).max().unwrap_or(0),
        _ => 0,
    }
}

/// The operation to execute, with its name.
fn operation<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<(Option<&'a Name>, &'a Positioned<OperationDefinition>), Refusal> {
    let found = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some((None, operation)),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(operations), Some(name)) => {
            operations.get_key_value(name).map(|(name, operation)| (Some(name), operation))
        }
        (DocumentOperations::Multiple(operations), None) => {
            let mut all = operations.iter();
            let first = all.next().filter(|_| operations.len() == 1);
            first.map(|(name, operation)| (Some(name), operation))
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
