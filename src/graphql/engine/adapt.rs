//! Adapts the operation of a request to its variables, where the library does less than GraphQL.

use async_graphql::{
    Positioned, Value, Variables,
    parser::types::{Directive, Field, OperationDefinition, Selection, SelectionSet},
};
use async_graphql_value::Value as InputValue;

use super::Fragments;

/// An argument of introspection that may be null in editions of GraphQL before September 2025; the
/// library rejects null.
pub(super) const INCLUDE_DEPRECATED: &str = "includeDeprecated";

/// Removes the arguments in these selections whose variable has no value. GraphQL treats them as
/// absent; the library does not use the default of the argument then.
pub(super) fn remove_absent(selections: &mut SelectionSet, variables: &Variables) {
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
        remove_absent(&mut inside.node, variables);
    }
}

/// Merges the fields at the root of a mutation. GraphQL executes the fields of one response key
/// once, and merges their selections; the library executes a field as often as it occurs.
///
/// Collects the fields as GraphQL does (`CollectFields`), each response key once, in
/// the order in which the keys come first. Validation has shown that fields of one key have equal
/// names and arguments.
pub(super) fn merge_roots(
    operation: &mut OperationDefinition,
    fragments: &Fragments,
    variables: &Variables,
) {
    let items = &mut operation.selection_set.node.items;
    let mut fields = Vec::with_capacity(items.len());
    collect(std::mem::take(items), fragments, variables, &mut fields);
    items.extend(fields.into_iter().map(|field| {
        let position = field.pos;
        Positioned::new(Selection::Field(field), position)
    }));
}

fn collect(
    selections: Vec<Positioned<Selection>>,
    fragments: &Fragments,
    variables: &Variables,
    fields: &mut Vec<Positioned<Field>>,
) {
    for Positioned { node: selection, .. } in selections {
        if !is_included(selection.directives(), variables) {
            continue;
        }
        // The root is of one type, so every fragment there is of it.
        let inside = match selection {
            Selection::Field(mut field) => {
                let key = field.node.response_key();
                let has_key = |known: &&mut Positioned<Field>| known.node.response_key() == key;
                if let Some(known) = fields.iter_mut().find(has_key) {
                    let selected = field.node.selection_set.node.items;
                    known.node.selection_set.node.items.extend(selected);
                } else {
                    field.node.directives.clear();
                    fields.push(field);
                }
                continue;
            }
            Selection::InlineFragment(fragment) => fragment.node.selection_set.node.items,
            Selection::FragmentSpread(spread) => {
                match fragments.get(&spread.node.fragment_name.node) {
                    Some(fragment) => fragment.node.selection_set.node.items.clone(),
                    None => continue,
                }
            }
        };
        collect(inside, fragments, variables, fields);
    }
}

/// Whether `@skip` and `@include` leave a selection in; it has no other directives. Their variables
/// are coerced.
fn is_included(directives: &[Positioned<Directive>], variables: &Variables) -> bool {
    directives.iter().all(|directive| {
        let condition = match directive.node.get_argument("if").map(|value| &value.node) {
            Some(InputValue::Variable(name)) => variables.get(name) == Some(&Value::Boolean(true)),
            condition => condition == Some(&InputValue::Boolean(true)),
        };
        condition == (directive.node.name.node == "include")
    })
}
