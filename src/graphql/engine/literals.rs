//! Checks of the values in a document that the parser's validation lacks: variables inside input
//! objects and lists, duplicate input fields, `@oneOf`, and values of custom scalars.

use std::collections::HashSet;

use apollo_compiler::{
    ExecutableDocument, Name, Node,
    ast::{Argument, DirectiveList, InputValueDefinition, Type, Value, VariableDefinition},
    executable::{Operation, Selection, SelectionSet},
};
use async_graphql::Pos;

use super::{
    pages::Page,
    positions::Positions,
    rejected::{DocumentRejected, Fault, Reason},
    schema_index::{self, InputKind, SchemaIndex},
};

/// A nullable variable at a location that allows an absent value, but not null.
#[derive(Debug)]
pub(super) struct NeverNull {
    /// The argument or the input field.
    pub(super) name: Box<str>,
    pub(super) variable: async_graphql::Name,
    pub(super) position: Pos,
}

/// Properties of the values of a valid operation.
pub(super) struct Checked {
    pub(super) never_null: Vec<NeverNull>,
    /// The pages that a mutation selects.
    pub(super) pages: Vec<Page>,
    /// Whether a nullable variable is at a location that has a default.
    pub(super) may_leave_out: bool,
}

/// The location of a value: the argument, input field or list element that takes it.
#[derive(Clone, Copy)]
struct Location<'a> {
    /// The argument or the input field.
    name: &'a Name,
    ty: &'a Type,
    /// Whether the location has a default.
    has_default: bool,
    /// Whether the location is a field of a `@oneOf` input object.
    is_of_one_of: bool,
}

impl<'a> Location<'a> {
    fn of(definition: &'a InputValueDefinition) -> Self {
        Self {
            name: &definition.name,
            ty: &definition.ty,
            has_default: definition.default_value.is_some(),
            is_of_one_of: false,
        }
    }

    /// The location of an element of the list that this location takes.
    fn element(self) -> Self {
        Self { ty: self.ty.item_type(), has_default: false, is_of_one_of: false, ..self }
    }
}

/// Checks the values of one operation.
pub(super) struct Literals<'a> {
    schema: &'a SchemaIndex,
    document: &'a ExecutableDocument,
    variables: &'a [Node<VariableDefinition>],
    positions: &'a Positions<'a>,
    is_mutation: bool,
    /// The fragments that have been checked.
    checked: HashSet<&'a Name>,
    found: Checked,
    faults: Vec<Fault>,
}

impl<'a> Literals<'a> {
    /// Checks all values of an operation in a document that is otherwise valid.
    pub(super) fn check(
        schema: &'a SchemaIndex,
        document: &'a ExecutableDocument,
        operation: &'a Operation,
        positions: &'a Positions<'a>,
    ) -> Result<Checked, DocumentRejected> {
        let mut literals = Self {
            schema,
            document,
            variables: &operation.variables,
            positions,
            is_mutation: operation.is_mutation(),
            checked: HashSet::new(),
            found: Checked { never_null: Vec::new(), pages: Vec::new(), may_leave_out: false },
            faults: Vec::new(),
        };
        for definition in &operation.variables {
            if let Some(value) = &definition.default_value {
                let location = Location {
                    name: &definition.name,
                    ty: &definition.ty,
                    has_default: false,
                    is_of_one_of: false,
                };
                literals.value(Some(location), value);
            }
            literals.directives(&definition.directives);
        }
        literals.directives(&operation.directives);
        literals.selection_set(&operation.selection_set);
        if literals.faults.is_empty() {
            return Ok(literals.found);
        }
        Err(DocumentRejected { reason: Reason::Validation, faults: literals.faults })
    }

    fn selection_set(&mut self, set: &'a SelectionSet) {
        for selection in &set.selections {
            self.directives(selection.directives());
            match selection {
                Selection::Field(field) => {
                    self.arguments(&field.definition.arguments, &field.arguments);
                    if self.is_mutation {
                        let position = self.positions.of(field.location());
                        self.found.pages.extend(Page::of(field, position));
                    }
                    self.selection_set(&field.selection_set);
                }
                Selection::InlineFragment(fragment) => {
                    self.selection_set(&fragment.selection_set);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.fragment_name)
                        && self.checked.insert(&fragment.name)
                    {
                        self.directives(&fragment.directives);
                        self.selection_set(&fragment.selection_set);
                    }
                }
            }
        }
    }

    fn directives(&mut self, directives: &'a DirectiveList) {
        for directive in &directives.0 {
            let definitions = self.schema.directive_arguments(&directive.name);
            self.arguments(definitions, &directive.arguments);
        }
    }

    fn arguments(
        &mut self,
        definitions: &'a [Node<InputValueDefinition>],
        arguments: &'a [Node<Argument>],
    ) {
        for argument in arguments {
            let location = schema_index::argument(definitions, &argument.name).map(Location::of);
            self.value(location, &argument.value);
        }
    }

    /// Checks a value at a location. A value inside a custom scalar has none.
    fn value(&mut self, location: Option<Location<'a>>, value: &'a Node<Value>) {
        match &**value {
            Value::Variable(name) => self.variable(location, name, value),
            Value::List(elements) => {
                let location =
                    location.filter(|location| location.ty.is_list()).map(Location::element);
                for element in elements {
                    self.value(location, element);
                }
            }
            Value::Object(fields) => self.object(location, fields, value),
            Value::Int(number)
                if number.try_to_f64().is_err()
                    && location.is_none_or(|location| self.is_custom(location.ty)) =>
            {
                self.fault(value, format!("the number {} is too large", number.as_str()));
            }
            Value::Float(number) if number.try_to_f64().is_err() => {
                self.fault(value, format!("the number {} is too large", number.as_str()));
            }
            _ => {}
        }
    }

    fn object(
        &mut self,
        location: Option<Location<'a>>,
        fields: &'a [(Name, Node<Value>)],
        value: &Node<Value>,
    ) {
        let mut names = HashSet::with_capacity(fields.len());
        for (name, _) in fields {
            if !names.insert(name) {
                let message = format!("the field `{name}` is written twice in one input object");
                let position = self.positions.of(name.location());
                self.faults.push(Fault::new(message, Some(position)));
            }
        }
        let ty = location.map(|location| location.ty.inner_named_type());
        let (definitions, is_one_of) = match ty.map(|ty| self.schema.input(ty)) {
            Some(InputKind::Object { fields, is_one_of }) => (Some(fields), is_one_of),
            _ => (None, false),
        };
        if let Some(ty) = ty.filter(|_| is_one_of)
            && (fields.len() != 1 || fields.iter().any(|(_, value)| **value == Value::Null))
        {
            let message = format!("`{ty}` takes exactly one field, with a value that is not null");
            self.fault(value, message);
        }
        for (name, value) in fields {
            let definition = definitions.and_then(|definitions| definitions.get(name));
            let location = definition
                .map(|definition| Location { is_of_one_of: is_one_of, ..Location::of(definition) });
            self.value(location, value);
        }
    }

    fn variable(&mut self, location: Option<Location<'a>>, name: &Name, value: &Node<Value>) {
        let Some(definition) = self.variables.iter().find(|definition| definition.name == *name)
        else {
            self.fault(value, format!("the variable `${name}` is not defined"));
            return;
        };
        let Some(location) = location else { return };
        let ty = &*definition.ty;
        // GraphQL's rule "All Variable Usages Are Allowed".
        let is_allowed = if location.is_of_one_of {
            ty.is_non_null() && ty.is_assignable_to(&location.ty.clone().non_null())
        } else if location.ty.is_non_null() && !ty.is_non_null() {
            let default = definition.default_value.as_ref();
            let has_default = default.is_some_and(|default| **default != Value::Null);
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
            self.fault(value, message);
            return;
        }
        self.found.may_leave_out |= location.has_default && !ty.is_non_null();
        if location.ty.is_non_null() && !ty.is_non_null() {
            self.found.never_null.push(NeverNull {
                name: location.name.as_str().into(),
                variable: async_graphql::Name::new(name.as_str()),
                position: self.position(value),
            });
        }
    }

    fn is_custom(&self, ty: &Type) -> bool {
        matches!(self.schema.input(ty.inner_named_type()), InputKind::Custom)
    }

    fn fault(&mut self, value: &Node<Value>, message: String) {
        let position = self.position(value);
        self.faults.push(Fault::new(message, Some(position)));
    }

    fn position(&self, value: &Node<Value>) -> Pos {
        self.positions.of(value.location())
    }
}
