//! Merges the fields at the root of a mutation. GraphQL executes the fields of one response key
//! once, and merges their selections; the library executes a field as often as it occurs.

use std::collections::{HashMap, HashSet};

use apollo_compiler::{
    ExecutableDocument, Name as TypedName,
    executable::{Operation, Selection as TypedSelection, SelectionSet as TypedSelectionSet},
};
use async_graphql::{
    Name, Positioned, Value, Variables,
    indexmap::IndexMap,
    parser::types::{
        Directive, Field, FragmentDefinition, OperationDefinition, Selection, SelectionSet,
    },
};
use async_graphql_value::Value as InputValue;

/// Whether a response key occurs more than once at the root of an operation, whatever the
/// conditions.
pub(super) fn repeat_keys(document: &ExecutableDocument, operation: &Operation) -> bool {
    fn repeats<'a>(
        document: &'a ExecutableDocument,
        set: &'a TypedSelectionSet,
        keys: &mut HashSet<&'a TypedName>,
    ) -> bool {
        set.selections.iter().any(|selection| match selection {
            TypedSelection::Field(field) => !keys.insert(field.response_key()),
            TypedSelection::InlineFragment(fragment) => {
                repeats(document, &fragment.selection_set, keys)
            }
            TypedSelection::FragmentSpread(spread) => document
                .fragments
                .get(&spread.fragment_name)
                .is_some_and(|fragment| repeats(document, &fragment.selection_set, keys)),
        })
    }
    repeats(document, &operation.selection_set, &mut HashSet::new())
}

/// Collects the fields at the root as GraphQL does (`CollectFields`), each response key once, in
/// the order in which the keys come first. Validation has shown that fields of one key have equal
/// names and arguments.
pub(super) fn merge(
    operation: &mut OperationDefinition,
    fragments: &HashMap<Name, Positioned<FragmentDefinition>>,
    variables: &Variables,
) {
    let mut collected = IndexMap::new();
    collect(&operation.selection_set.node, fragments, variables, &mut collected);
    let fields = collected.into_values();
    let items = fields.map(|field| {
        let position = field.pos;
        Positioned::new(Selection::Field(field), position)
    });
    operation.selection_set.node.items = items.collect();
}

fn collect(
    set: &SelectionSet,
    fragments: &HashMap<Name, Positioned<FragmentDefinition>>,
    variables: &Variables,
    collected: &mut IndexMap<Name, Positioned<Field>>,
) {
    for selection in &set.items {
        if !is_included(selection.node.directives(), variables) {
            continue;
        }
        match &selection.node {
            Selection::Field(field) => {
                let key = field.node.response_key().node.clone();
                if let Some(known) = collected.get_mut(&key) {
                    let selected = field.node.selection_set.node.items.iter().cloned();
                    known.node.selection_set.node.items.extend(selected);
                } else {
                    let mut field = field.clone();
                    field.node.directives.clear();
                    collected.insert(key, field);
                }
            }
            // The root is of one type, so every fragment there is of it.
            Selection::InlineFragment(fragment) => {
                collect(&fragment.node.selection_set.node, fragments, variables, collected);
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = fragments.get(&spread.node.fragment_name.node) {
                    collect(&fragment.node.selection_set.node, fragments, variables, collected);
                }
            }
        }
    }
}

/// Whether `@skip` and `@include` leave a selection in. Their variables are coerced.
fn is_included(directives: &[Positioned<Directive>], variables: &Variables) -> bool {
    directives.iter().all(|directive| {
        let wanted = match directive.node.name.node.as_str() {
            "skip" => false,
            "include" => true,
            _ => return true,
        };
        let condition = match directive.node.get_argument("if").map(|value| &value.node) {
            Some(InputValue::Boolean(condition)) => Some(*condition),
            Some(InputValue::Variable(name)) => match variables.get(name) {
                Some(Value::Boolean(condition)) => Some(*condition),
                _ => None,
            },
            _ => None,
        };
        condition == Some(wanted)
    })
}
