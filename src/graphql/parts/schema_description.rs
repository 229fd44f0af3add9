//! The description of the schema as a whole, in the schema definition language and in
//! introspection.
//!
//! The library has none: it writes no description in front of `schema`, its parser takes none
//! there, and `__schema { description }` returns a sentence of its own. Once the library has one,
//! everything here except the text can be removed.

use std::collections::HashSet;

use async_graphql::{
    Name, Request, Value,
    parser::types::{DocumentOperations, ExecutableDocument, Field, Selection, SelectionSet},
};

/// The description that client developers read first.
const DESCRIPTION: &str = "\
Pipelines of steps for AI chat agents. A scenario (`CrmScenario`) is an ordered list of steps
(`CrmStep`), and a step defines what happens to a conversation that reaches it: which agent takes
over, which membership is assigned, what is sent, and when the conversation moves on.

The bearer token of a request belongs to one organization. A request reads and changes only objects
of that organization; the id of any other object is treated as unknown.

A mutation returns violated rules as data: `userErrors` has all of them at once, and a rejected call
changes nothing. Any other failure is in `errors`, with a code and the id of the request in its
`extensions`. With `validateOnly` a call returns the same `userErrors` and stores nothing.

With an `idempotencyKey`, a text of up to 255 characters that the client chooses, a call can be
repeated for 24 hours and is carried out once: a repeated call returns the stored result, and one with
other arguments is rejected (IDEMPOTENCY_KEY_MISMATCH). While the first call is running, its key is in
use (IDEMPOTENCY_KEY_IN_USE). A rejected call leaves its key unused. Calls are compared by
the meaning of their arguments, not by their text: in a create, null equals an absent field; in an
update it does not, because null clears a field and an absent field keeps its value.

Lists are Relay connections with opaque cursors. Ids are UUIDs. Times are RFC 3339 in UTC, with `Z`.";

/// Adds the description to the schema in the schema definition language.
pub(crate) fn describe(sdl: &str) -> String {
    let (types, roots) = split(sdl);
    format!("{types}\"\"\"\n{DESCRIPTION}\n\"\"\"\n{roots}")
}

/// Splits the schema definition language that the library writes: the types and directives, and the
/// definition of the schema, which comes last.
fn split(sdl: &str) -> (&str, &str) {
    sdl.split_at(sdl.rfind("schema {").unwrap_or(sdl.len()))
}

/// Where the description belongs in a response: the response keys of `__schema` and of its
/// `description`.
pub(crate) struct ResponsePath(Name, Name);

/// Where a request selects the description.
pub(crate) fn paths(request: &mut Request) -> Vec<ResponsePath> {
    if !request.query.contains("__schema") {
        return Vec::new();
    }
    // A prepared request has one operation.
    let Ok(document) = request.parsed_query() else { return Vec::new() };
    let DocumentOperations::Single(operation) = &document.operations else { return Vec::new() };
    let mut paths = Vec::new();
    for schema in fields(document, &operation.node.selection_set.node, "__schema") {
        for description in fields(document, &schema.selection_set.node, "description") {
            let (schema, description) = (schema.response_key(), description.response_key());
            paths.push(ResponsePath(schema.node.clone(), description.node.clone()));
        }
    }
    paths
}

/// Puts the description into a response.
pub(crate) fn put(data: &mut Value, paths: &[ResponsePath]) {
    let Value::Object(data) = data else { return };
    for ResponsePath(schema, description) in paths {
        if let Some(Value::Object(schema)) = data.get_mut(schema)
            && let Some(description) = schema.get_mut(description)
        {
            *description = DESCRIPTION.into();
        }
    }
}

/// The fields of this name in a selection, those in fragments included.
fn fields<'a>(
    document: &'a ExecutableDocument,
    selections: &'a SelectionSet,
    name: &str,
) -> Vec<&'a Field> {
    let mut found = Vec::new();
    let mut open = vec![selections];
    // Each fragment once: they may double at every level.
    let mut spreads = HashSet::new();
    while let Some(selections) = open.pop() {
        for selection in &selections.items {
            match &selection.node {
                Selection::Field(field) if field.node.name.node == name => found.push(&field.node),
                Selection::Field(_) => {}
                Selection::InlineFragment(fragment) => {
                    open.push(&fragment.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if spreads.insert(name) {
                        let fragment = document.fragments.get(name);
                        open.extend(fragment.map(|fragment| &fragment.node.selection_set.node));
                    }
                }
            }
        }
    }
    found
}
