//! The least extent of the text of a document, computed from its syntax tree: the counts from the text
//! must not be smaller.

use std::{iter::Sum, ops::Add};

use async_graphql::{
    Positioned,
    parser::types::{
        BaseType, Directive, ExecutableDocument, OperationDefinition, Selection, SelectionSet, Type,
    },
};
use async_graphql_value::{Name, Value};

/// The extent of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extent {
    /// The number of names, numbers, strings and punctuation marks.
    pub tokens: usize,
    /// The deepest nesting of brackets of any kind.
    pub nesting: usize,
}

impl Add for Extent {
    type Output = Self;

    /// One part after the other.
    fn add(self, other: Self) -> Self {
        Self { tokens: self.tokens + other.tokens, nesting: self.nesting.max(other.nesting) }
    }
}

impl Sum for Extent {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

impl Extent {
    pub fn of(document: &ExecutableDocument) -> Self {
        let operations = document.operations.iter().map(|(name, operation)| {
            // Only an operation without a name can omit the keyword.
            tokens(if name.is_some() { 2 } else { 0 }) + operation_of(&operation.node)
        });
        let fragments = document.fragments.values().map(|fragment| {
            let fragment = &fragment.node;
            let inside = selections(&fragment.selection_set.node);
            tokens(4) + directives(&fragment.directives) + inside
        });
        operations.chain(fragments).sum()
    }

    fn in_brackets(self) -> Self {
        Self { tokens: self.tokens + 2, nesting: self.nesting + 1 }
    }
}

fn tokens(tokens: usize) -> Extent {
    Extent { tokens, nesting: 0 }
}

fn operation_of(operation: &OperationDefinition) -> Extent {
    let definitions = operation.variable_definitions.iter().map(|definition| {
        let definition = &definition.node;
        let default = definition.default_value.as_ref();
        let default = default.map(|value| tokens(1) + value_of(&value.node.clone().into_value()));
        tokens(3)
            + type_of(&definition.var_type.node)
            + directives(&definition.directives)
            + default.unwrap_or_default()
    });
    let definitions: Extent = definitions.sum();
    let is_given = definitions != Extent::default();
    (if is_given { definitions.in_brackets() } else { definitions })
        + directives(&operation.directives)
        + selections(&operation.selection_set.node)
}

fn type_of(ty: &Type) -> Extent {
    let base = match &ty.base {
        BaseType::Named(_) => tokens(1),
        BaseType::List(inner) => type_of(inner).in_brackets(),
    };
    base + tokens(usize::from(!ty.nullable))
}

fn selections(selections: &SelectionSet) -> Extent {
    if selections.items.is_empty() {
        return Extent::default();
    }
    let inside = selections.items.iter().map(|selection| match &selection.node {
        Selection::Field(field) => {
            let field = &field.node;
            tokens(if field.alias.is_some() { 3 } else { 1 })
                + arguments(&field.arguments)
                + directives(&field.directives)
                + self::selections(&field.selection_set.node)
        }
        Selection::InlineFragment(fragment) => {
            let fragment = &fragment.node;
            tokens(if fragment.type_condition.is_some() { 3 } else { 1 })
                + directives(&fragment.directives)
                + self::selections(&fragment.selection_set.node)
        }
        Selection::FragmentSpread(spread) => tokens(2) + directives(&spread.node.directives),
    });
    inside.sum::<Extent>().in_brackets()
}

fn directives(directives: &[Positioned<Directive>]) -> Extent {
    directives.iter().map(|directive| tokens(2) + arguments(&directive.node.arguments)).sum()
}

fn arguments(arguments: &[(Positioned<Name>, Positioned<Value>)]) -> Extent {
    if arguments.is_empty() {
        return Extent::default();
    }
    let inside = arguments.iter().map(|(_, value)| tokens(2) + value_of(&value.node));
    inside.sum::<Extent>().in_brackets()
}

fn value_of(value: &Value) -> Extent {
    match value {
        Value::Variable(_) => tokens(2),
        Value::List(elements) => elements.iter().map(value_of).sum::<Extent>().in_brackets(),
        Value::Object(fields) => {
            fields.values().map(|value| tokens(2) + value_of(value)).sum::<Extent>().in_brackets()
        }
        _ => tokens(1),
    }
}
