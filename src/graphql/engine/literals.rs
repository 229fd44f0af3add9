//! Converts the values in a document, and checks what the parser's validation does not: variables
//! inside input objects and lists, duplicate input fields, `@oneOf`, and values of custom scalars.

use std::collections::{HashMap, HashSet};

use apollo_compiler::{
    ExecutableDocument, Name, Node,
    ast::{Argument, InputValueDefinition, Type, Value as Literal, VariableDefinition},
};
use async_graphql::{Number, Positioned};
use async_graphql_value::Value;

use super::{
    Fragments, adapt,
    coerce::not_of,
    positions::{self, Positions},
    price::Price,
    rejected::Fault,
    schema_index::{InputKind, SchemaIndex},
};

/// The location of a value: the argument, input field or list element that takes it.
#[derive(Clone, Copy)]
pub(super) struct Location<'a> {
    /// The argument or the input field.
    name: &'a Name,
    ty: &'a Type,
    /// Whether the location has a default.
    has_default: bool,
    /// Whether the location is a field of a `@oneOf` input object.
    is_of_one_of: bool,
}

impl<'a> Location<'a> {
    /// A location without a default.
    pub(super) fn new(name: &'a Name, ty: &'a Type) -> Self {
        Self { name, ty, has_default: false, is_of_one_of: false }
    }

    fn of(definition: &'a InputValueDefinition) -> Self {
        let has_default = definition.default_value.is_some();
        Self { has_default, ..Self::new(&definition.name, &definition.ty) }
    }
}

/// Converts one operation of a document that the parser has validated: its values here, its
/// selections in `convert`.
pub(super) struct Converter<'a> {
    pub(super) schema: &'a SchemaIndex,
    pub(super) positions: &'a Positions<'a>,
    pub(super) document: &'a ExecutableDocument,
    /// The variables of the operation.
    pub(super) variables: &'a [Node<VariableDefinition>],
    /// The converted fragments of the document.
    pub(super) fragments: &'a mut Fragments,
    /// The prices of the fragments that the operation spreads.
    pub(super) fragment_prices: HashMap<&'a Name, Price>,
    /// The price of the selections that are converted now.
    pub(super) price: Price,
    /// Nullable variables at locations that take no null, with the fault of null.
    pub(super) never_null: Vec<(async_graphql::Name, Fault)>,
    pub(super) faults: Vec<Fault>,
}

impl<'a> Converter<'a> {
    /// Arguments of a field or a directive.
    pub(super) fn arguments(
        &mut self,
        definitions: &'a [Node<InputValueDefinition>],
        arguments: &'a [Node<Argument>],
    ) -> Vec<(Positioned<async_graphql::Name>, Positioned<Value>)> {
        // The library rejects null in this argument; null means the same as an absent argument.
        let is_null = |argument: &&Node<Argument>| {
            argument.name == adapt::INCLUDE_DEPRECATED && *argument.value == Literal::Null
        };
        let arguments = arguments.iter().filter(|argument| !is_null(argument)).map(|argument| {
            let mut definitions = definitions.iter();
            let definition = definitions.find(|definition| definition.name == argument.name);
            let name = self.positions.name(&argument.name);
            let position = self.positions.of(argument.value.location());
            let location = definition.map(|definition| Location::of(definition));
            (name, Positioned::new(self.value(location, &argument.value), position))
        });
        arguments.collect()
    }

    /// A value at a location. A value inside a custom scalar has none.
    pub(super) fn value(
        &mut self,
        location: Option<Location<'a>>,
        literal: &'a Node<Literal>,
    ) -> Value {
        let value = self.unchecked(location, literal);
        let is_inside = match &**literal {
            Literal::Null | Literal::Variable(_) => false,
            Literal::List(_) => location.is_some_and(|location| !location.ty.is_list()),
            _ => true,
        };
        if let Some(location) = location.filter(|_| is_inside)
            && let InputKind::Custom(scalar) = self.kind(Some(location))
            && !value.clone().into_const().is_some_and(|value| (scalar.has)(&value))
        {
            let message = format!("`{}` {}", location.name, not_of(location.ty, scalar));
            self.fault(literal, message);
        }
        value
    }

    /// The same before values of custom scalars are checked.
    fn unchecked(&mut self, location: Option<Location<'a>>, literal: &'a Node<Literal>) -> Value {
        match &**literal {
            Literal::Null => Value::Null,
            Literal::Boolean(value) => Value::Boolean(*value),
            Literal::String(text) => Value::String(text.clone()),
            Literal::Enum(value) => Value::Enum(positions::name(value)),
            Literal::Variable(name) => {
                self.variable_use(location, name, literal);
                Value::Variable(positions::name(name))
            }
            Literal::Int(number) => match self.kind(location) {
                // Integers of any size are ids.
                InputKind::Id => Value::String(number.as_str().to_owned()),
                _ => self.number(number.as_str(), literal),
            },
            Literal::Float(number) => self.number(number.as_str(), literal),
            Literal::List(elements) => {
                let location = location.filter(|location| location.ty.is_list());
                let location =
                    location.map(|location| Location::new(location.name, location.ty.item_type()));
                Value::List(elements.iter().map(|element| self.value(location, element)).collect())
            }
            Literal::Object(fields) => self.object(location, fields, literal),
        }
    }

    /// The values that a location accepts.
    fn kind(&self, location: Option<Location<'a>>) -> InputKind<'a> {
        location
            .map_or(InputKind::Any, |location| self.schema.input(location.ty.inner_named_type()))
    }

    /// A number in the smallest form that holds it: `-0` is 0.
    fn number(&mut self, text: &str, literal: &Node<Literal>) -> Value {
        let signed = text.parse().map(|number: i64| Number::from(number));
        let whole = signed.or_else(|_| text.parse().map(|number: u64| Number::from(number)));
        let number = whole.ok().or_else(|| Number::from_f64(text.parse().ok()?));
        if number.is_none() {
            self.fault(literal, format!("the number {text} is too large"));
        }
        number.map_or(Value::Null, Value::Number)
    }

    fn object(
        &mut self,
        location: Option<Location<'a>>,
        fields: &'a [(Name, Node<Literal>)],
        literal: &Node<Literal>,
    ) -> Value {
        let mut names = HashSet::with_capacity(fields.len());
        for (name, _) in fields {
            if !names.insert(name) {
                let message = format!("the field `{name}` is written twice in one input object");
                let position = self.positions.of(name.location());
                self.faults.push(Fault::new(message, Some(position)));
            }
        }
        let (definitions, is_one_of) = match self.kind(location) {
            InputKind::Object { fields, is_one_of } => (Some(fields), is_one_of),
            _ => (None, false),
        };
        if let Some(location) = location.filter(|_| is_one_of)
            && (fields.len() != 1 || fields.iter().any(|(_, value)| **value == Literal::Null))
        {
            let ty = location.ty.inner_named_type();
            let message = format!("`{ty}` takes exactly one field, with a value that is not null");
            self.fault(literal, message);
        }
        let fields = fields.iter().map(|(name, value)| {
            let definition = definitions.and_then(|definitions| definitions.get(name));
            let location = definition
                .map(|definition| Location { is_of_one_of: is_one_of, ..Location::of(definition) });
            (positions::name(name), self.value(location, value))
        });
        Value::Object(fields.collect())
    }

    fn variable_use(
        &mut self,
        location: Option<Location<'a>>,
        name: &Name,
        literal: &Node<Literal>,
    ) {
        let mut variables = self.variables.iter().enumerate();
        let Some((index, definition)) = variables.find(|(_, variable)| variable.name == *name)
        else {
            self.fault(literal, format!("the variable `${name}` is not defined"));
            return;
        };
        self.price.add_use(index);
        let Some(location) = location else { return };
        let ty = &*definition.ty;
        // GraphQL's rule "All Variable Usages Are Allowed".
        let is_allowed = if location.is_of_one_of {
            ty.is_non_null() && ty.is_assignable_to(&location.ty.clone().non_null())
        } else if location.ty.is_non_null() && !ty.is_non_null() {
            let default = definition.default_value.as_ref();
            let has_default = default.is_some_and(|default| **default != Literal::Null);
            (has_default || location.has_default)
                && ty.is_assignable_to(&location.ty.clone().nullable())
        } else {
            ty.is_assignable_to(location.ty)
        };
        if !is_allowed {
            let Location { name: at, ty: needed, is_of_one_of, .. } = location;
            let mark = if is_of_one_of { "!" } else { "" };
            let message = format!(
                "the variable `${name}` has the type `{ty}`, and `{at}` takes `{needed}{mark}`"
            );
            self.fault(literal, message);
            return;
        }
        if location.ty.is_non_null() && !ty.is_non_null() {
            let message =
                format!("the variable ${name} is null, and `{}` takes no null", location.name);
            let fault = Fault::new(message, Some(self.positions.of(literal.location())));
            self.never_null.push((positions::name(name), fault));
        }
    }

    fn fault(&mut self, literal: &Node<Literal>, message: String) {
        let position = self.positions.of(literal.location());
        self.faults.push(Fault::new(message, Some(position)));
    }
}
