//! Adapts the operation of a request to its variables, where the library does less than GraphQL.

use std::collections::HashSet;

use async_graphql::{
    Name, Positioned, Value, Variables,
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

/// Takes the arguments of the field at the root of a subscription out of it, with their values, and
/// removes the variables that nothing else uses. The roots are merged.
pub(super) fn take_event_arguments(
    operation: &mut OperationDefinition,
    fragments: &Fragments,
    variables: &mut Variables,
) -> Variables {
    let mut taken = Variables::default();
    for selection in &mut operation.selection_set.node.items {
        let Selection::Field(field) = &mut selection.node else { continue };
        for (name, value) in std::mem::take(&mut field.node.arguments) {
            let variable = |name: Name| variables.get(&name).cloned().ok_or(());
            let value = value.node.into_const_with(variable).unwrap_or_default();
            taken.insert(name.node, value);
        }
    }
    let mut used = HashSet::new();
    add_used(&operation.selection_set.node, &mut used);
    for fragment in fragments.values() {
        add_used(&fragment.node.selection_set.node, &mut used);
    }
    variables.retain(|name, _| used.contains(name));
    taken
}

/// Adds the variables that arguments and directives in these selections use.
fn add_used<'a>(selections: &'a SelectionSet, used: &mut HashSet<&'a Name>) {
    for selection in &selections.items {
        let arguments = selection.node.directives().iter();
        let arguments = arguments.flat_map(|directive| &directive.node.arguments);
        let (own, inside): (&[_], _) = match &selection.node {
            Selection::Field(field) => {
                (&field.node.arguments, Some(&field.node.selection_set.node))
            }
            Selection::InlineFragment(fragment) => (&[], Some(&fragment.node.selection_set.node)),
            Selection::FragmentSpread(_) => (&[], None),
        };
        for (_, value) in arguments.chain(own) {
            add_variables(&value.node, used);
        }
        if let Some(inside) = inside {
            add_used(inside, used);
        }
    }
}

fn add_variables<'a>(value: &'a InputValue, used: &mut HashSet<&'a Name>) {
    match value {
        InputValue::Variable(name) => {
            used.insert(name);
        }
        InputValue::List(elements) => {
            for value in elements {
                add_variables(value, used);
            }
        }
        InputValue::Object(fields) => {
            for value in fields.values() {
                add_variables(value, used);
            }
        }
        _ => {}
    }
}

/// Merges the fields at the root of an operation. GraphQL executes the fields of one response key
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
