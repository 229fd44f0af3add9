//! The description of the schema as a whole, in the schema definition language and in introspection.
//!
//! The library has none: it writes no description in front of `schema`, its parser takes none there,
//! and `__schema { description }` answers with a sentence of its own. Remove what is here but the
//! text when it has.

use std::collections::HashSet;

use async_graphql::{
    Name, Request, Value,
    parser::types::{DocumentOperations, ExecutableDocument, Field, Selection, SelectionSet},
};

/// What a client developer reads first.
const DESCRIPTION: &str = "\
Pipelines of steps for AI chat agents. A scenario (`CrmScenario`) is an ordered list of steps
(`CrmStep`), and a step says what happens to a conversation that reaches it: which agent takes over,
which membership is assigned, what is sent, and when the conversation moves on.

The bearer token of a request belongs to one organization. All that is read and changed is of that
organization; the id of anything else is an id that does not exist.

A mutation answers expected refusals as data: `userErrors` has all broken rules at once, and a call
that is refused changes nothing. Any other failure is in `errors`, with a code and the id of the
request in its `extensions`. With `validateOnly` a call is only checked.

With an `idempotencyKey` a call can be sent again for 24 hours and is done once. It is the same call
if it means the same, however it is written: in a create, null and absent are one; in an update null
clears and absent keeps.

Lists are Relay connections with opaque cursors. Ids are UUIDs. Times are RFC 3339 in UTC, with `Z`.";

/// Adds the description to the schema in the schema definition language.
pub(crate) fn describe(sdl: &str) -> String {
    let (types, roots) = split(sdl);
    format!("{types}\"\"\"\n{DESCRIPTION}\n\"\"\"\n{roots}")
}

/// Splits the schema definition language that the library writes: the types and directives, and the
/// definition of the schema, which comes last.
pub(crate) fn split(sdl: &str) -> (&str, &str) {
    sdl.split_at(sdl.rfind("schema {").unwrap_or(sdl.len()))
}

/// A place in an answer where the description belongs: the response keys of `__schema` and of its
/// `description`.
pub(crate) struct Place(Name, Name);

/// Where a request asks for the description.
pub(crate) fn places(request: &mut Request) -> Vec<Place> {
    if !request.query.contains("__schema") {
        return Vec::new();
    }
    // A prepared request has one operation.
    let Ok(document) = request.parsed_query() else { return Vec::new() };
    let DocumentOperations::Single(operation) = &document.operations else { return Vec::new() };
    let mut places = Vec::new();
    for schema in fields(document, &operation.node.selection_set.node, "__schema") {
        for description in fields(document, &schema.selection_set.node, "description") {
            let (schema, description) = (schema.response_key(), description.response_key());
            places.push(Place(schema.node.clone(), description.node.clone()));
        }
    }
    places
}

/// Puts the description into an answer.
pub(crate) fn put(data: &mut Value, places: &[Place]) {
    let Value::Object(data) = data else { return };
    for Place(schema, description) in places {
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
