//! The schema as documents and variables are checked against it.

use std::collections::HashMap;

use apollo_compiler::{
    Name, Node, Schema,
    ast::{EnumValueDefinition, InputValueDefinition},
    collections::IndexMap,
    parser::Parser,
    schema::{Component, ExtendedType},
    validation::Valid,
};
use async_graphql::{Data, Value};

/// A field that the parser's definition of `__Type` lacks: it is in the September 2025 edition of
/// GraphQL, the library resolves it, and GraphiQL selects it.
const INTROSPECTION: &str = "extend type __Type { isOneOf: Boolean }";

/// The schema that documents and variables are checked against.
#[derive(Debug)]
pub struct SchemaIndex {
    schema: Valid<Schema>,
    scalars: &'static [Scalar],
    pub(super) lists: ListArguments,
}

/// A custom scalar of which a client can send values that it does not have.
#[derive(Debug, Clone, Copy)]
pub struct Scalar {
    /// Its name.
    pub name: &'static str,
    /// Whether it has this value, which is not null.
    pub has: fn(&Value) -> bool,
    /// How its values are written: the rest of a sentence that begins with its name.
    pub form: &'static str,
}

/// How many elements the lists of the schema's fields will have, by their arguments or their types.
#[derive(Debug, Clone, Copy)]
pub struct ListArguments {
    /// Elements of a page when neither `first` nor `last` is given.
    pub page_default: usize,
    /// Checks the arguments of a page; the error is a message for clients.
    pub check_page: fn(&PageArguments<'_>) -> Result<(), String>,
    /// The arguments whose length is the number of elements that the field returns.
    pub counted: &'static [&'static str],
    /// The assumed number of elements of a list that no argument limits, by the name of its field or of
    /// their type.
    pub assumed: &'static [(&'static str, usize)],
    /// How many fields a field with a large text counts as, by the names of its type and its own.
    pub texts: &'static [((&'static str, &'static str), usize)],
}

/// The arguments of a field that returns a page of a list.
#[derive(Debug)]
pub struct PageArguments<'a> {
    /// The type that has the field.
    pub type_name: &'a str,
    /// The name of the field.
    pub field: &'a str,
    /// The values of the arguments that are given, by their names.
    pub values: &'a HashMap<&'a str, Value>,
    /// The data of the request.
    pub data: &'a Data,
}

impl ListArguments {
    /// The assumed number of elements of the list of this field, whose elements have this type, if there
    /// is one.
    pub(super) fn assumed(&self, field: &str, element: &str) -> Option<usize> {
        let of = |wanted: &str| self.assumed.iter().find(|(name, _)| *name == wanted);
        of(field).or_else(|| of(element)).map(|(_, elements)| *elements)
    }

    /// How many fields a field counts as, without those that are selected in it.
    pub(super) fn weight(&self, type_name: &str, field: &str) -> usize {
        let text = self.texts.iter().find(|(name, _)| *name == (type_name, field));
        text.map_or(1, |(_, fields)| *fields)
    }
}

/// The values that a named type accepts as input.
pub(super) enum InputKind<'a> {
    Int,
    Float,
    String,
    Boolean,
    Id,
    Enum(&'a IndexMap<Name, Component<EnumValueDefinition>>),
    Object {
        fields: &'a InputFields,
        /// Whether exactly one of them has to be given.
        is_one_of: bool,
    },
    /// A custom scalar.
    Custom(&'static Scalar),
    /// A custom scalar that accepts any value.
    Any,
}

/// The fields of an input type.
pub type InputFields = IndexMap<Name, Component<InputValueDefinition>>;

impl SchemaIndex {
    /// Reads a schema in the schema definition language, whose other custom scalars accept any value.
    ///
    /// # Panics
    /// When it is not valid.
    #[must_use]
    pub fn new(sdl: String, scalars: &'static [Scalar], lists: ListArguments) -> Self {
        let mut builder = Schema::builder();
        let mut parser = Parser::new();
        parser.parse_into_schema_builder(sdl, "schema.graphql", &mut builder);
        parser.parse_into_schema_builder(INTROSPECTION, "introspection.graphql", &mut builder);
        let schema = builder.build().expect("the schema is in the language");
        Self { schema: schema.validate().expect("the schema is valid"), scalars, lists }
    }

    /// The schema.
    #[must_use]
    pub fn valid(&self) -> &Valid<Schema> {
        &self.schema
    }

    /// The values that a type accepts as input. A type that does not exist accepts any value:
    /// validation has reported it.
    pub(super) fn input(&self, name: &str) -> InputKind<'_> {
        // Built-in scalars that the schema does not use are not among its types.
        match (self.schema.types.get(name), name) {
            (Some(ExtendedType::Enum(definition)), _) => InputKind::Enum(&definition.values),
            (Some(ExtendedType::InputObject(definition)), _) => InputKind::Object {
                fields: &definition.fields,
                is_one_of: definition.directives.has("oneOf"),
            },
            (_, "Int") => InputKind::Int,
            (_, "Float") => InputKind::Float,
            (_, "String") => InputKind::String,
            (_, "Boolean") => InputKind::Boolean,
            (_, "ID") => InputKind::Id,
            (_, name) => {
                let scalar = self.scalars.iter().find(|scalar| scalar.name == name);
                scalar.map_or(InputKind::Any, InputKind::Custom)
            }
        }
    }

    /// The arguments of a directive.
    pub(super) fn directive_arguments(&self, name: &str) -> &[Node<InputValueDefinition>] {
        self.schema.directive_definitions.get(name).map_or(&[], |definition| &definition.arguments)
    }
}
