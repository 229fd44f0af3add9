//! The types of the GraphQL schema that the REST API sends and receives, and the conversion of JSON
//! values to them.

use std::collections::HashMap;

use async_graphql::{
    Positioned,
    parser::{
        parse_schema,
        types::{
            BaseType, EnumType, InputValueDefinition, Type, TypeDefinition, TypeKind,
            TypeSystemDefinition,
        },
    },
};
use serde_json::{Map, Number, Value as Json};

use super::problem::FieldError;

/// The types of the schema, by their names.
pub(super) struct Contract {
    pub(super) types: HashMap<String, TypeDefinition>,
}

impl Contract {
    /// Parses a schema in the schema definition language.
    ///
    /// # Panics
    /// When `sdl` is not in that language.
    pub(super) fn of(sdl: &str) -> Self {
        let document = parse_schema(sdl).expect("the library reads what it has written");
        let types = document.definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => {
                Some((definition.node.name.node.to_string(), definition.node))
            }
            _ => None,
        });
        Self { types: types.collect() }
    }

    /// The kind of a type; `None` for the scalar types that GraphQL defines.
    pub(super) fn kind(&self, name: &str) -> Option<&TypeKind> {
        self.types.get(name).map(|definition| &definition.kind)
    }

    /// The fields of an input type.
    ///
    /// # Panics
    /// When the schema has none of this name.
    pub(super) fn inputs(&self, input: &str) -> &[Positioned<InputValueDefinition>] {
        match self.kind(input) {
            Some(TypeKind::InputObject(input)) => &input.fields,
            _ => panic!("the schema has no input type {input}"),
        }
    }

    /// Takes the fields of the input type out of `body`, and adds an error for each that is missing or
    /// does not fit its type.
    pub(super) fn take(
        &self,
        input: &str,
        body: &mut Map<String, Json>,
        errors: &mut Vec<FieldError>,
    ) -> Map<String, Json> {
        self.fit_fields(self.inputs(input), body, &mut Vec::new(), errors)
    }

    /// Converts a value to one that GraphQL accepts as this type.
    fn fit(
        &self,
        ty: &Type,
        value: Json,
        path: &mut Vec<String>,
        errors: &mut Vec<FieldError>,
    ) -> Json {
        if value.is_null() && ty.nullable {
            return value;
        }
        let fitted = match (&ty.base, value) {
            (BaseType::List(inner), Json::Array(elements)) => {
                let fitted = elements.into_iter().enumerate().map(|(index, element)| {
                    path.push(index.to_string());
                    let fitted = self.fit(inner, element, path, errors);
                    path.pop();
                    fitted
                });
                Ok(fitted.collect())
            }
            (BaseType::List(_), _) => Err("a list".to_owned()),
            (BaseType::Named(name), value) => match self.kind(name) {
                Some(TypeKind::InputObject(input)) => match value {
                    Json::Object(mut values) => {
                        Ok(self.fit_fields(&input.fields, &mut values, path, errors).into())
                    }
                    _ => Err("an object".to_owned()),
                },
                // Some clients of the API reference can send null only as this text.
                Some(TypeKind::Enum(_)) if ty.nullable && value == "null" => Ok(Json::Null),
                Some(TypeKind::Enum(values)) => fit_enum(values, value),
                _ => fit_scalar(name, value),
            },
        };
        fitted.unwrap_or_else(|expected| {
            errors.push(FieldError::type_mismatch(path, &expected));
            Json::Null
        })
    }

    fn fit_fields(
        &self,
        fields: &[Positioned<InputValueDefinition>],
        values: &mut Map<String, Json>,
        path: &mut Vec<String>,
        errors: &mut Vec<FieldError>,
    ) -> Map<String, Json> {
        let mut fitted = Map::new();
        for Positioned { node: field, .. } in fields {
            let (name, ty) = (field.name.node.as_str(), &field.ty.node);
            path.push(name.to_owned());
            match values.remove(name) {
                None | Some(Json::Null) if !ty.nullable => errors.push(FieldError::required(path)),
                None => {}
                Some(value) => {
                    fitted.insert(name.to_owned(), self.fit(ty, value, path, errors));
                }
            }
            path.pop();
        }
        fitted
    }
}

/// Returns a value of an enum, or describes the expected values.
fn fit_enum(values: &EnumType, value: Json) -> Result<Json, String> {
    let mut names = values.values.iter().map(|value| value.node.value.node.as_str());
    if names.clone().any(|name| value == name) {
        return Ok(value);
    }
    let last = names.next_back().unwrap_or_default();
    Err(format!("{} or {last}", names.collect::<Vec<_>>().join(", ")))
}

/// Converts a value of a scalar type, or describes the expected values.
fn fit_scalar(name: &str, value: Json) -> Result<Json, String> {
    let (fitted, expected) = match name {
        "ID" => (id(value), "a text"),
        "String" => (Some(value).filter(Json::is_string), "a text"),
        "Boolean" => (Some(value).filter(Json::is_boolean), "true or false"),
        "Int" => (int(&value), "a whole number below 2147483648"),
        // The rules check the values of other scalars.
        _ => (Some(value), ""),
    };
    fitted.ok_or_else(|| expected.to_owned())
}

/// Converts an id to one that GraphQL accepts. A whole number of any size becomes the id of no
/// object.
pub(super) fn id(value: Json) -> Option<Json> {
    match value {
        Json::String(_) => Some(value),
        Json::Number(number) if whole(&number) => Some(number.to_string().into()),
        _ => None,
    }
}

/// Converts a whole number of 32 bits, which may be written with a fraction of 0.
fn int(value: &Json) -> Option<Json> {
    let number = value.as_number().filter(|number| whole(number))?;
    let number = number.as_f64()?;
    let fits = (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&number);
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and fits")]
    fits.then(|| (number as i32).into())
}

fn whole(number: &Number) -> bool {
    number.as_f64().is_some_and(|number| number.fract() == 0.0)
}
