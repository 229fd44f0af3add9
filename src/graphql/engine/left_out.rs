//! Removes arguments whose variable has no value. GraphQL treats them as absent; the library does
//! not use the default of the argument then.

use async_graphql::{
    Value, Variables,
    parser::types::{Selection, SelectionSet},
};
use async_graphql_value::Value as InputValue;

/// An argument of introspection that may be null in editions of GraphQL before September 2025; the
/// library rejects null.
pub(super) const INCLUDE_DEPRECATED: &str = "includeDeprecated";

/// Removes the arguments in these selections whose variable has no value.
pub(super) fn remove(selections: &mut SelectionSet, variables: &Variables) {
    for selection in &mut selections.items {
        let inside = match &mut selection.node {
            Selection::Field(field) => {
                field.node.arguments.retain(|(name, value)| {
                    let InputValue::Variable(variable) = &value.node else { return true };
                    variables.get(variable).is_some_and(|value| {
                        *value != Value::Null || name.node != INCLUDE_DEPRECATED
                    })
                });
                &mut field.node.selection_set
            }
            Selection::InlineFragment(fragment) => &mut fragment.node.selection_set,
            Selection::FragmentSpread(_) => continue,
        };
        remove(&mut inside.node, variables);
    }
}
