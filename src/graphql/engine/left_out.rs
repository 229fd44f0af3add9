//! Removes arguments whose variable has no value. GraphQL treats them as absent; the library does
//! not use the default of the argument then.

use async_graphql::{
    Value, Variables,
    parser::types::{Field, OperationDefinition, Selection, SelectionSet},
};
use async_graphql_value::Value as InputValue;

use super::Fragments;

/// An argument of introspection that may be null in editions of GraphQL before September 2025; the
/// library rejects null.
pub(super) const INCLUDE_DEPRECATED: &str = "includeDeprecated";

/// Removes the arguments whose variable has no value.
pub(super) fn remove(
    operation: &mut OperationDefinition,
    fragments: &mut Fragments,
    variables: &Variables,
) {
    from_selections(&mut operation.selection_set.node, variables);
    for fragment in fragments.values_mut() {
        from_selections(&mut fragment.node.selection_set.node, variables);
    }
}

fn from_selections(set: &mut SelectionSet, variables: &Variables) {
    for selection in &mut set.items {
        match &mut selection.node {
            Selection::Field(field) => from_field(&mut field.node, variables),
            Selection::InlineFragment(fragment) => {
                from_selections(&mut fragment.node.selection_set.node, variables);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn from_field(field: &mut Field, variables: &Variables) {
    field.arguments.retain(|(name, value)| {
        let InputValue::Variable(variable) = &value.node else { return true };
        match variables.get(variable) {
            None => false,
            Some(value) => *value != Value::Null || name.node != INCLUDE_DEPRECATED,
        }
    });
    from_selections(&mut field.selection_set.node, variables);
}
