//! Prepares GraphQL requests: parses and validates documents, coerces variables, and computes what
//! operations cost. After that only resolvers can fail: an invalid request is rejected before any
//! part of it is executed.
//!
//! It depends on a schema and on limits, not on the rest of the service.

mod adapt;
mod allowed;
mod coerce;
mod convert;
mod counts;
mod lexing;
mod literals;
mod positions;
mod price;
mod read;
mod rejected;
mod schema_index;

use std::{collections::HashMap, num::Saturating, sync::Arc};

use apollo_compiler::ast::Type;
use async_graphql::{
    Name, Positioned, Request, Value, Variables,
    parser::types::{
        DocumentOperations, ExecutableDocument, FragmentDefinition, OperationDefinition,
        OperationType,
    },
};
use quick_cache::{Weighter, sync::Cache};

use self::{
    counts::Counts,
    price::{Price, Values},
    read::read,
};
pub use self::{
    counts::LEVELS_MAX,
    rejected::{DocumentRejected, Fault, Reason},
    schema_index::{InputFields, ListArguments, PageArguments, Scalar, SchemaIndex},
};

/// Limits of a request, checked before anything of it is executed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Longest document, in bytes.
    pub max_document_bytes: usize,
    /// The maximum number of tokens of a document.
    pub max_tokens: usize,
    /// The maximum number of fields and fragments of a document, those of a fragment counted at
    /// each spread.
    pub max_selections: usize,
    /// Deepest nesting of fields.
    pub max_depth: usize,
    /// The maximum of a response's estimated number of fields.
    pub max_complexity: usize,
    /// The maximum number of fields at the root of an operation.
    pub max_root_fields: usize,
    /// The maximum number of aliases of a document, those of a fragment counted at each spread.
    pub max_aliases: usize,
    /// The maximum number of directives of a document, those of a fragment counted at each spread.
    pub max_directives: usize,
    /// The maximum number of variables of a request.
    pub max_variables: usize,
    /// The maximum number of bytes of the values of all variables, each counted at each use.
    pub max_variable_bytes: usize,
    /// The maximum number of elements of one list in the variables.
    pub max_list_elements: usize,
}

/// The cost of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cost {
    /// The estimated maximum number of fields in the response: the fields of a list's elements are
    /// multiplied by the length that the list may have.
    pub complexity: usize,
    /// The number of levels of its fields.
    pub depth: usize,
}

/// The kind of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationKind {
    /// It reads.
    Query,
    /// It changes something.
    Mutation,
    /// It has a response for each event.
    Subscription,
}

impl From<OperationType> for OperationKind {
    fn from(operation: OperationType) -> Self {
        match operation {
            OperationType::Query => Self::Query,
            OperationType::Mutation => Self::Mutation,
            OperationType::Subscription => Self::Subscription,
        }
    }
}

/// The properties of a request that is ready to be executed.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// The name of the operation, if it has one.
    pub operation_name: Option<String>,
    /// The kind of the operation.
    pub operation: OperationKind,
    /// The arguments of the one field of a subscription, which say which events it has. The document
    /// that is executed for each event has neither them nor the variables that only they use. Empty
    /// for other operations.
    pub event_arguments: Variables,
    /// Its cost; that of a subscription is the cost of one event.
    pub cost: Cost,
}

/// A parsed document, validated as far as that does not depend on the values of variables.
#[derive(Debug)]
pub struct Document {
    operations: Vec<Operation>,
    fragments: Fragments,
}

/// The fragments of a document, by their names.
type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;

/// An operation of a document, with what is computed once and used by each request.
#[derive(Debug)]
struct Operation {
    name: Option<Name>,
    /// The form that the library, async-graphql, executes.
    definition: Positioned<OperationDefinition>,
    /// The types of its variables.
    variable_types: Vec<Type>,
    counts: Counts,
    price: Price,
    /// Variables at locations that allow an absent value but not null, with the fault of null.
    never_null: Vec<(Name, Fault)>,
}

/// Prepares requests for one schema. It caches documents, because clients send few different ones.
pub struct Engine {
    schema: &'static SchemaIndex,
    limits: Limits,
    documents: Cache<Box<str>, Arc<Document>, TextBytes>,
}

/// The maximum size of the texts of all cached documents together, in bytes. A document whose text
/// is larger than a small part of that is not cached. In memory a prepared document takes ten to
/// thirty times the size of its text.
const CACHED_BYTES_MAX: u64 = 500_000;

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
        let count = usize::try_from(CACHED_BYTES_MAX / TYPICAL_BYTES).unwrap_or(usize::MAX);
        let documents = Cache::with_weighter(count, CACHED_BYTES_MAX, TextBytes);
        Self { schema, limits, documents }
    }

    /// Parses and validates a document, with which [`prepare_with`](Self::prepare_with) prepares
    /// requests.
    pub fn read(&self, text: &str) -> Result<Document, DocumentRejected> {
        read(text, self.schema, &self.limits)
    }

    /// Reads a document, and checks what its operations cost with the defaults of their variables.
    pub fn check(&self, text: &str) -> Result<(), DocumentRejected> {
        let document = self.read(text)?;
        document.operations.iter().try_for_each(|operation| {
            let definitions = operation.definition.node.variable_definitions.iter();
            let defaults = definitions.filter_map(|definition| {
                let default = definition.node.default_value.as_ref()?;
                Some((definition.node.name.node.clone(), default.node.clone()))
            });
            let defaults = Variables::from_value(Value::Object(defaults.collect()));
            self.price(operation, &Request::new("").variables(defaults)).map(|_| ())
        })
    }

    /// Prepares a request to be executed: checks it, coerces its variables, and sets its document
    /// to the form that the library executes.
    pub fn prepare(&self, request: &mut Request) -> Result<Prepared, DocumentRejected> {
        check_sizes(&request.variables, &self.limits)?;
        let document = if let Some(document) = self.documents.get(request.query.as_str()) {
            document
        } else {
            let document = Arc::new(self.read(&request.query)?);
            self.documents.insert(request.query.as_str().into(), Arc::clone(&document));
            document
        };
        self.prepare_with(&document, request)
    }

    /// Prepares a request to be executed with this document. The text in the request is ignored.
    pub fn prepare_with(
        &self,
        document: &Document,
        request: &mut Request,
    ) -> Result<Prepared, DocumentRejected> {
        // Some clients send an empty name instead of none.
        let name = request.operation_name.as_deref().filter(|name| !name.is_empty());
        let operation = document.operation(name)?;
        coerce::variables(self.schema, operation, &mut request.variables)?;
        let cost = self.price(operation, request)?;
        let mut definition = operation.definition.clone();
        let mut fragments = document.fragments.clone();
        adapt::remove_absent(&mut definition.node.selection_set.node, &request.variables);
        for fragment in fragments.values_mut() {
            adapt::remove_absent(&mut fragment.node.selection_set.node, &request.variables);
        }
        let kind = OperationKind::from(definition.node.ty);
        if kind != OperationKind::Query {
            adapt::merge_roots(&mut definition.node, &fragments, &request.variables);
        }
        let mut event_arguments = Variables::default();
        if kind == OperationKind::Subscription {
            let (definition, variables) = (&mut definition.node, &mut request.variables);
            event_arguments = adapt::take_event_arguments(definition, &fragments, variables);
            // The library executes the document for each event, as a query.
            definition.ty = OperationType::Query;
        }
        request.set_parsed_query(ExecutableDocument {
            operations: DocumentOperations::Single(definition),
            fragments,
        });
        // One operation is left, which the library executes without a name.
        request.operation_name = None;
        let operation_name = operation.name.as_ref().map(ToString::to_string);
        Ok(Prepared { operation_name, operation: kind, event_arguments, cost })
    }

    /// The cost of an operation in this request, whose variables are coerced.
    fn price(&self, operation: &Operation, request: &Request) -> Result<Cost, DocumentRejected> {
        let values = Values::new(&operation.definition.node, request, self.schema.lists);
        let (Saturating(complexity), Saturating(variable_bytes)) = operation.price.cost(&values)?;
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
        let found = match (name, &*self.operations) {
            (Some(name), operations) => operations
                .iter()
                .find(|operation| operation.name.as_deref() == Some(name))
                .ok_or("The document has no operation of the given operationName."),
            (None, [operation]) => Ok(operation),
            (None, []) => Err("The document has no operation."),
            (None, _) => Err("The document has several operations; choose one by operationName."),
        };
        found.map_err(|message| DocumentRejected::new(Reason::Validation, message))
    }
}

/// Rejects too many variables, and lists in them that are too long.
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
