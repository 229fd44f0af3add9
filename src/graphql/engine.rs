//! Prepares GraphQL requests: parses, validates and prices documents, and coerces variables. After
//! that only resolvers can find an error: a request is valid as a whole, or nothing of it runs.
//!
//! It depends on a schema and on limits, not on the rest of the service.

mod coerce;
mod convert;
mod counts;
mod descriptions;
mod left_out;
mod lexing;
mod limits;
mod literals;
mod pages;
mod positions;
mod price;
mod read;
mod rejected;
mod roots;
mod schema_index;

use std::{collections::HashMap, sync::Arc};

use async_graphql::{
    Name, Positioned, Request, Value, Variables,
    parser::types::{
        DocumentOperations, ExecutableDocument, FragmentDefinition, OperationDefinition,
        OperationType,
    },
};
use quick_cache::{Weighter, sync::Cache};

use self::{
    coerce::Variable,
    counts::Counts,
    literals::NeverNull,
    pages::Page,
    price::{Cost as PriceCost, Price},
    read::read,
};
pub use self::{
    counts::LEVELS_MAX,
    limits::Limits,
    rejected::{DocumentRejected, Fault, Reason},
    schema_index::{ListArguments, SchemaIndex},
};

/// The cost of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cost {
    /// Most fields of the response: those of a list's elements count as often as the list may have
    /// elements.
    pub complexity: usize,
    /// The depth of its fields.
    pub depth: usize,
}

/// A request that can be executed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// The name of the operation, if it has one.
    pub operation_name: Option<String>,
    /// Whether the operation is a mutation.
    pub is_mutation: bool,
    /// Its cost.
    pub cost: Cost,
}

/// A document that is valid for all variables of its types.
#[derive(Debug)]
pub struct Document {
    operations: Vec<Operation>,
    fragments: HashMap<Name, Positioned<FragmentDefinition>>,
}

/// An operation of a document, with what each request needs of it.
#[derive(Debug)]
struct Operation {
    name: Option<Name>,
    /// The form that the library executes.
    definition: Positioned<OperationDefinition>,
    variables: Vec<Variable>,
    counts: Counts,
    price: Price,
    /// Variables in positions that allow an absent value, but not null.
    never_null: Vec<NeverNull>,
    /// The pages that it selects, if it is a mutation.
    pages: Vec<Page>,
    /// Whether an optional variable is in a position that has a default.
    may_leave_out: bool,
    /// Whether a response key occurs more than once at the root.
    repeats_root_keys: bool,
}

/// Prepares requests for one schema. It caches documents, because clients send few different ones.
pub struct Engine {
    schema: &'static SchemaIndex,
    limits: Limits,
    documents: Cache<Box<str>, Arc<Document>, TextBytes>,
}

/// Most bytes of the texts of all cached documents; larger documents than a small part of that are
/// not cached. A prepared document takes ten to thirty times the size of its text.
const KEPT_BYTES_MAX: u64 = 500_000;

/// The assumed length of a document, to estimate the number of cached documents.
const TYPICAL_BYTES: u64 = 1_000;

/// Weighs a document by the bytes of its text.
#[derive(Debug, Clone)]
struct TextBytes;

impl Weighter<Box<str>, Arc<Document>> for TextBytes {
    fn weight(&self, text: &Box<str>, _: &Arc<Document>) -> u64 {
        text.len().try_into().unwrap_or(u64::MAX)
    }
}

impl Engine {
    /// An engine for this schema that rejects requests beyond these limits.
    #[must_use]
    pub fn new(schema: &'static SchemaIndex, limits: Limits) -> Self {
        let count = usize::try_from(KEPT_BYTES_MAX / TYPICAL_BYTES).unwrap_or(usize::MAX);
        let documents = Cache::with_weighter(count, KEPT_BYTES_MAX, TextBytes);
        Self { schema, limits, documents }
    }

    /// Parses and validates a document, for requests that bring it along.
    pub fn read(&self, text: &str) -> Result<Document, DocumentRejected> {
        read(text, self.schema, &self.limits)
    }

    /// Prepares a request to be executed: checks it, coerces its variables, and gives it the
    /// document in the form that the library executes.
    pub fn prepare(&self, request: &mut Request) -> Result<Prepared, DocumentRejected> {
        check_sizes(&request.variables, &self.limits)?;
        let kept = self.documents.get(request.query.as_str());
        let is_kept = kept.is_some();
        let document = match kept {
            Some(document) => document,
            None => Arc::new(self.read(&request.query)?),
        };
        let prepared = self.prepare_with(&document, request)?;
        if !is_kept {
            self.documents.insert(request.query.as_str().into(), document);
        }
        Ok(prepared)
    }

    /// Prepares a request to be executed with this document, whatever its text is.
    pub fn prepare_with(
        &self,
        document: &Document,
        request: &mut Request,
    ) -> Result<Prepared, DocumentRejected> {
        // Some clients send an empty name for none.
        let name = request.operation_name.as_deref().filter(|name| !name.is_empty());
        let operation = document.operation(name)?;
        coerce::variables(self.schema, &operation.variables, &mut request.variables)?;
        operation.check_never_null(&request.variables)?;
        operation.pages.iter().try_for_each(|page| page.check(self.schema, &request.variables))?;
        let cost = self.price(operation, &request.variables)?;
        let mut definition = operation.definition.clone();
        let mut fragments = document.fragments.clone();
        if operation.may_leave_out {
            left_out::remove(&mut definition.node, &mut fragments, &request.variables);
        }
        let is_mutation = definition.node.ty == OperationType::Mutation;
        if is_mutation && operation.repeats_root_keys {
            roots::merge(&mut definition.node, &fragments, &request.variables);
        }
        request.set_parsed_query(ExecutableDocument {
            operations: DocumentOperations::Single(definition),
            fragments,
        });
        // The library looks for no name: there is one operation.
        request.operation_name = None;
        let operation_name = operation.name.as_ref().map(ToString::to_string);
        Ok(Prepared { operation_name, is_mutation, cost })
    }

    /// The cost of an operation with these variables, which are coerced.
    fn price(
        &self,
        operation: &Operation,
        variables: &Variables,
    ) -> Result<Cost, DocumentRejected> {
        let PriceCost { complexity, variable_bytes } =
            operation.price.at(&operation.variables, variables);
        DocumentRejected::if_above(self.limits.max_root_fields, operation.counts.width, |max| {
            format!("The document has more than {max} fields at its root.")
        })?;
        // Each use of a variable copies its value.
        DocumentRejected::if_above(self.limits.max_variable_bytes, variable_bytes, |max| {
            format!(
                "The values of the variables, each as often as it is used, take more than {max} \
                 bytes."
            )
        })?;
        DocumentRejected::if_above(self.limits.max_complexity, complexity, |max| {
            format!(
                "The answer could have {complexity} fields; {max} are allowed. Ask for smaller \
                 pages, or for less in them."
            )
        })?;
        Ok(Cost { complexity, depth: operation.counts.depth })
    }
}

impl Document {
    /// The operation to execute.
    fn operation(&self, name: Option<&str>) -> Result<&Operation, DocumentRejected> {
        let message = match (name, &*self.operations) {
            (None, [operation]) => return Ok(operation),
            (None, []) => "The document has no operation.",
            (None, _) => "The document has several operations; choose one by operationName.",
            (Some(name), operations) => {
                let has_name = |operation: &&Operation| operation.name.as_deref() == Some(name);
                match operations.iter().find(has_name) {
                    Some(operation) => return Ok(operation),
                    None => "The document has no operation of the given operationName.",
                }
            }
        };
        Err(DocumentRejected::new(Reason::Validation, message))
    }
}

impl Operation {
    /// Rejects null in a position that has a default and does not allow null. GraphQL reports that
    /// as an error of the field, when fields before it have been executed.
    fn check_never_null(&self, variables: &Variables) -> Result<(), DocumentRejected> {
        let is_null = |usage: &&NeverNull| variables.get(&usage.variable) == Some(&Value::Null);
        self.never_null.iter().find(is_null).map_or(Ok(()), |usage| {
            let message = format!(
                "The variable ${} is null, and `{}` takes no null.",
                usage.variable, usage.name
            );
            Err(DocumentRejected::new(Reason::VariableValue, message).at(usage.position))
        })
    }
}

/// Rejects too many variables, and too long lists in them.
fn check_sizes(variables: &Variables, limits: &Limits) -> Result<(), DocumentRejected> {
    DocumentRejected::if_above(limits.max_variables, variables.len(), |max| {
        format!("The request has more than {max} variables.")
    })?;
    let longest = variables.values().map(longest_list).max().unwrap_or(0);
    DocumentRejected::if_above(limits.max_list_elements, longest, |max| {
        format!("A list in the variables has more than {max} elements.")
    })
}

fn longest_list(value: &Value) -> usize {
    match value {
        Value::List(elements) => elements.iter().map(longest_list).fold(elements.len(), usize::max),
        Value::Object(fields) => fields.values().map(longest_list).max().unwrap_or(0),
        _ => 0,
    }
}
