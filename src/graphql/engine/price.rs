//! The cost of an operation as a formula over its variables: what does not depend on them is
//! computed once.

use std::collections::HashMap;

use apollo_compiler::{
    ExecutableDocument, Node,
    ast::{Argument, DirectiveList, Value as Literal},
    executable::{Field, Operation, Selection, SelectionSet},
};
use async_graphql::{Value, Variables};

use super::{coerce::Variable, schema_index::SchemaIndex};

/// The assumed length of a list that no argument limits.
const ASSUMED_ELEMENTS: usize = 10;

/// The cost of an operation with certain variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Cost {
    /// The maximum number of fields in the response.
    pub(super) complexity: usize,
    /// Bytes of variables that are copied into arguments.
    pub(super) variable_bytes: usize,
}

/// The cost of a part of an operation, before the values of the variables are known.
#[derive(Debug, Default)]
pub(super) struct Price {
    /// The maximum number of fields in the response, without those in `lists`.
    complexity: usize,
    /// How often the value of each variable, by its index, is copied.
    uses: HashMap<usize, usize>,
    /// The lists whose length depends on a variable, each with the price of one element.
    lists: Vec<(Length, Price)>,
}

/// The number of elements of a list.
#[derive(Debug)]
enum Length {
    Fixed(usize),
    /// The value of the first of these variables that is a number, or else `otherwise`.
    Page {
        variables: Vec<usize>,
        otherwise: usize,
    },
    /// The length of the list in this variable.
    List(usize),
}

impl Price {
    /// The price of an operation. Fragments are expanded at each spread, so the number of
    /// selections has to be limited before.
    pub(super) fn of(
        schema: &SchemaIndex,
        document: &ExecutableDocument,
        operation: &Operation,
        variables: &[Variable],
    ) -> Self {
        let variables =
            variables.iter().enumerate().map(|(index, variable)| (variable.name.as_str(), index));
        let pricing = Pricing { schema, document, variables: variables.collect() };
        let mut price = Self::default();
        pricing.directives(&operation.directives, &mut price);
        pricing.selection_set(&operation.selection_set, false, &mut price);
        price
    }

    /// The cost with these variables, which are coerced.
    pub(super) fn at(&self, definitions: &[Variable], variables: &Variables) -> Cost {
        let values: Vec<Option<&Value>> =
            definitions.iter().map(|definition| variables.get(&definition.name)).collect();
        let sizes: Vec<usize> = values.iter().map(|value| value.map_or(0, size)).collect();
        self.evaluate(&values, &sizes)
    }

    fn evaluate(&self, values: &[Option<&Value>], sizes: &[usize]) -> Cost {
        let bytes =
            self.uses.iter().map(|(variable, times)| sizes[*variable].saturating_mul(*times));
        let mut cost = Cost {
            complexity: self.complexity,
            variable_bytes: bytes.fold(0, usize::saturating_add),
        };
        for (length, price) in &self.lists {
            let inside = price.evaluate(values, sizes);
            let elements = length.elements(values);
            let complexity = inside.complexity.saturating_mul(elements);
            // The selection of an empty list counts once.
            let bytes = inside.variable_bytes.saturating_mul(elements.max(1));
            cost.complexity = cost.complexity.saturating_add(complexity);
            cost.variable_bytes = cost.variable_bytes.saturating_add(bytes);
        }
        cost
    }

    /// Adds a list of this length, each of whose elements has the price `inside`.
    fn add(&mut self, length: Length, inside: Self) {
        let Length::Fixed(elements) = length else {
            self.lists.push((length, inside));
            return;
        };
        let complexity = inside.complexity.saturating_mul(elements);
        self.complexity = self.complexity.saturating_add(complexity);
        for (variable, times) in inside.uses {
            let uses = self.uses.entry(variable).or_default();
            *uses = uses.saturating_add(times.saturating_mul(elements.max(1)));
        }
        match elements {
            1 => self.lists.extend(inside.lists),
            _ if inside.lists.is_empty() => {}
            _ => self.lists.push((length, Self { lists: inside.lists, ..Self::default() })),
        }
    }
}

impl Length {
    fn elements(&self, values: &[Option<&Value>]) -> usize {
        match self {
            Self::Fixed(elements) => *elements,
            Self::Page { variables, otherwise } => {
                let given = variables.iter().find_map(|variable| match values[*variable] {
                    Some(Value::Number(number)) => number.as_u64(),
                    _ => None,
                });
                given.map_or(*otherwise, |given| usize::try_from(given).unwrap_or(usize::MAX))
            }
            Self::List(variable) => match values[*variable] {
                Some(Value::List(elements)) => elements.len(),
                _ => 1,
            },
        }
    }
}

struct Pricing<'a> {
    schema: &'a SchemaIndex,
    document: &'a ExecutableDocument,
    /// The indexes of the operation's variables.
    variables: HashMap<&'a str, usize>,
}

impl Pricing<'_> {
    /// Adds the price of a selection set; with `is_counted` the field around it limits the lists
    /// that are directly in it.
    fn selection_set(&self, set: &SelectionSet, is_counted: bool, price: &mut Price) {
        for selection in &set.selections {
            self.directives(selection.directives(), price);
            match selection {
                Selection::Field(field) => self.field(field, is_counted, price),
                Selection::InlineFragment(fragment) => {
                    self.selection_set(&fragment.selection_set, is_counted, price);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.fragment_name) {
                        self.selection_set(&fragment.selection_set, is_counted, price);
                    }
                }
            }
        }
    }

    fn field(&self, field: &Field, is_counted: bool, price: &mut Price) {
        let takes = |name: &str| field.definition.argument_by_name(name).is_some();
        let is_list = field.definition.ty.is_list();
        // If the field returns an object with the list in it, like a connection, its argument
        // limits that list.
        let (length, counts_below) =
            if let Some(name) = self.schema.lists.counted.iter().find(|name| takes(name)) {
                (self.length(field, name), !is_list)
            } else if takes("first") {
                (self.page(field), !is_list)
            } else if is_list && !is_counted {
                (Length::Fixed(ASSUMED_ELEMENTS), false)
            } else {
                (Length::Fixed(1), false)
            };
        price.complexity = price.complexity.saturating_add(1);
        self.arguments(&field.arguments, price);
        let mut inside = Price::default();
        self.selection_set(&field.selection_set, counts_below, &mut inside);
        price.add(length, inside);
    }

    fn page(&self, field: &Field) -> Length {
        let mut variables = Vec::new();
        let mut otherwise = self.schema.lists.page_default;
        for name in ["first", "last"] {
            match field.specified_argument_by_name(name).map(|value| &**value) {
                Some(Literal::Variable(name)) => {
                    variables.extend(self.variables.get(name.as_str()));
                }
                Some(Literal::Int(number)) => {
                    if let Ok(number) = number.as_str().parse() {
                        otherwise = number;
                        break;
                    }
                }
                _ => {}
            }
        }
        if variables.is_empty() {
            Length::Fixed(otherwise)
        } else {
            Length::Page { variables, otherwise }
        }
    }

    fn length(&self, field: &Field, argument: &str) -> Length {
        match field.specified_argument_by_name(argument).map(|value| &**value) {
            Some(Literal::List(elements)) => Length::Fixed(elements.len()),
            Some(Literal::Variable(name)) => {
                self.variables.get(name.as_str()).map_or(Length::Fixed(1), |one| Length::List(*one))
            }
            // A single value is coerced to a list of it.
            _ => Length::Fixed(1),
        }
    }

    fn directives(&self, directives: &DirectiveList, price: &mut Price) {
        for directive in &directives.0 {
            self.arguments(&directive.arguments, price);
        }
    }

    fn arguments(&self, arguments: &[Node<Argument>], price: &mut Price) {
        for argument in arguments {
            self.value(&argument.value, price);
        }
    }

    fn value(&self, value: &Literal, price: &mut Price) {
        match value {
            Literal::Variable(name) => {
                if let Some(variable) = self.variables.get(name.as_str()) {
                    *price.uses.entry(*variable).or_default() += 1;
                }
            }
            Literal::List(elements) => {
                for element in elements {
                    self.value(element, price);
                }
            }
            Literal::Object(fields) => {
                for (_, field) in fields {
                    self.value(field, price);
                }
            }
            _ => {}
        }
    }
}

/// The approximate size of a value, in bytes.
fn size(value: &Value) -> usize {
    /// The size of the smallest value.
    const LEAST: usize = 8;
    LEAST
        + match value {
            Value::String(text) => text.len(),
            Value::List(elements) => elements.iter().map(size).sum(),
            Value::Object(fields) => {
                fields.iter().map(|(name, field)| name.len() + size(field)).sum()
            }
            _ => 0,
        }
}
