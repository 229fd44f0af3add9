//! The description of the schema as a whole, in the schema definition language and in
//! introspection.
//!
//! The library has none: it writes no description in front of `schema`, its parser takes none
//! there, and `__schema { description }` returns a sentence of its own. Once the library has one,
//! everything here except the text can be removed.

use async_graphql::Value;

use crate::domain::rules::with_limits;

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

With an `idempotencyKey`, a text of up to `IDEMPOTENCY_KEY_MAX` characters that the client chooses, a call can be
repeated for 24 hours and is carried out once: a repeated call returns the stored result, and one with
other arguments is rejected (IDEMPOTENCY_KEY_MISMATCH). While the first call is running, its key is in
use (IDEMPOTENCY_KEY_IN_USE). A rejected call leaves its key unused. Calls are compared by
the meaning of their arguments, not by their text: in a create, null equals an absent field; in an
update it does not, because null clears a field and an absent field keeps its value.

An object has a `version`, which each change of it raises, except a move, and a scenario has a
`revision`, which each change of it or of its steps raises. With `expectedVersion` or
`expectedRevision` a call is rejected (STALE_VERSION, STALE_REVISION) if the object was changed since
the client read it.

`changesCursor` is the present end of the organization's history. Select it together with what is
shown, and subscribe to `changes` after it: no change is missed.

Lists are Relay connections with opaque cursors. Ids are UUIDs. Times are RFC 3339 in UTC, with `Z`.";

/// The description in the library's introspection.
const OF_LIBRARY: &str = "A GraphQL Schema defines the capabilities of a GraphQL server. It exposes all \
                          available types and directives on the server, as well as the entry points \
                          for query, mutation, and subscription operations.";

/// Adds the description to the schema in the schema definition language.
pub(crate) fn describe(sdl: &str) -> String {
    // The library writes the definition of the schema last.
    let (types, roots) = sdl.split_at(sdl.rfind("schema {").unwrap_or(sdl.len()));
    format!("{types}\"\"\"\n{}\n\"\"\"\n{roots}", with_limits(DESCRIPTION))
}

/// Replaces the library's description in a response with introspection. It is a member of a field at
/// the root.
pub(crate) fn replace(data: &mut Value) {
    let Value::Object(data) = data else { return };
    for field in data.values_mut() {
        let Value::Object(members) = field else { continue };
        for member in members.values_mut() {
            if matches!(member, Value::String(text) if text == OF_LIBRARY) {
                *member = with_limits(DESCRIPTION).into();
            }
        }
    }
}
