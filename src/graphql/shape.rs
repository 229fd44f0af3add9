//! The shape of the schema: which fields lead where, which are lists, and what they take.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned,
    parser::{
        parse_schema,
        types::{BaseType, FieldDefinition, Type, TypeKind, TypeSystemDefinition},
    },
};

use super::inputs::{InputTypes, Inputs, inputs};

/// The part of the types about types that leads from one to the next, as the specification has it.
/// The schema definition language does not show them.
const INTROSPECTION: &str = "
    type __Schema { types: [__Type] directives: [__Directive] queryType: __Type mutationType: __Type }
    type __Type {
        fields: [__Field] inputFields: [__InputValue] interfaces: [__Type] possibleTypes: [__Type]
        enumValues: [__EnumValue] ofType: __Type
    }
    type __Field { args: [__InputValue] type: __Type }
    type __InputValue { type: __Type }
    type __EnumValue { name: String }
    type __Directive { args: [__InputValue] }
";

/// How many elements there are of what a field leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Elements {
    /// One.
    One,
    /// As `first` or `last` says.
    Page,
    /// As many as the list in this argument has.
    Argument(&'static str),
    /// Nobody knows.
    Unknown,
}

/// A field of the schema: what it leads to.
#[derive(Debug)]
pub(super) struct FieldShape {
    pub(super) leads_to: String,
    pub(super) elements: Elements,
    /// Whether it leads to a list of them, or to what has the list in it.
    pub(super) is_list: bool,
    pub(super) arguments: Inputs,
}

/// The shape of the schema: which fields lead where, which are lists, and what they take.
#[derive(Debug)]
pub(super) struct Shape {
    fields: HashMap<String, HashMap<String, FieldShape>>,
    pub(super) input_types: InputTypes,
}

impl Shape {
    /// The arguments that say by their length how many elements come back.
    const COUNTED: [&'static str; 2] = ["ids", "inputs"];

    /// Reads it from the schema definition language.
    ///
    /// # Panics
    /// When that is not in the language.
    pub(super) fn of(sdl: &str) -> Self {
        let parse = |sdl: &str| parse_schema(sdl).expect("it is in the language").definitions;
        let definitions = parse(sdl).into_iter().chain(parse(INTROSPECTION));
        let mut input_types = InputTypes::default();
        let fields = definitions.filter_map(|definition| {
            let TypeSystemDefinition::Type(definition) = definition else { return None };
            let definition = definition.node;
            input_types.add(&definition);
            let fields = match definition.kind {
                TypeKind::Object(object) => object.fields,
                TypeKind::Interface(interface) => interface.fields,
                _ => return None,
            };
            let fields = fields.iter().map(|Positioned { node: field, .. }| {
                (field.name.node.to_string(), Self::field_shape(field))
            });
            Some((definition.name.node.to_string(), fields.collect()))
        });
        Self { fields: fields.collect(), input_types }
    }

    /// A field of a type, if it has one of that name.
    pub(super) fn field(&self, on: &str, name: &str) -> Option<&FieldShape> {
        self.fields.get(on)?.get(name)
    }

    fn field_shape(field: &FieldDefinition) -> FieldShape {
        let takes =
            |name: &str| field.arguments.iter().any(|argument| argument.node.name.node == name);
        let counted = Self::COUNTED.into_iter().find(|name| takes(name));
        let elements = match counted {
            Some(argument) => Elements::Argument(argument),
            None if takes("first") => Elements::Page,
            None if is_list(&field.ty.node) => Elements::Unknown,
            None => Elements::One,
        };
        FieldShape {
            leads_to: named(&field.ty.node).to_string(),
            elements,
            is_list: is_list(&field.ty.node),
            arguments: inputs(&field.arguments),
        }
    }
}

fn is_list(ty: &Type) -> bool {
    matches!(ty.base, BaseType::List(_))
}

fn named(ty: &Type) -> &Name {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => named(inner),
    }
}
