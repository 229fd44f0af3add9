//! The types of the GraphQL schema that the REST API sends and receives, and the conversion of JSON
//! values to them.

use apollo_compiler::{
    Name,
    ast::Type,
    schema::{EnumType, ExtendedType},
};
use serde_json::{Map, Value as Json};

use super::{
    body::{Body, is_id, whole},
    problem::FieldError,
};
use crate::graphql::{engine::InputFields, schema_index};

/// The fields of an input type that the API reference has: all but the key.
///
/// # Panics
/// When the schema has none of this name.
pub(super) fn inputs(input: &str) -> InputFields {
    let input = schema_index().valid().get_input_object(input);
    let mut fields =
        input.unwrap_or_else(|| panic!("the schema has no such input type")).fields.clone();
    fields.shift_remove("key");
    fields
}

/// Takes the fields of the input type out of a body, and adds an error to it for each that is missing
/// or does not fit its type.
pub(super) fn take(input: &str, body: &mut Body) -> Map<String, Json> {
    let mut fit = Fit { path: Vec::new(), errors: &mut body.errors };
    fit.fields(&inputs(input), &mut body.fields)
}

/// The conversion of values to those that GraphQL accepts.
struct Fit<'a> {
    /// The path of the value that is converted.
    path: Vec<String>,
    errors: &'a mut Vec<FieldError>,
}

impl Fit<'_> {
    /// Converts a value to this type.
    fn value(&mut self, ty: &Type, value: Json) -> Json {
        use ExtendedType::{Enum, InputObject};
        let name = ty.inner_named_type();
        let fitted = match (schema_index().valid().types.get(name), value) {
            (_, Json::Null) if !ty.is_non_null() => Ok(Json::Null),
            (_, Json::Array(elements)) if ty.is_list() => {
                let fitted = elements.into_iter().enumerate().map(|(index, element)| {
                    self.path.push(index.to_string());
                    let fitted = self.value(ty.item_type(), element);
                    self.path.pop();
                    fitted
                });
                Ok(fitted.collect())
            }
            _ if ty.is_list() => Err("a list".to_owned()),
            (Some(InputObject(input)), Json::Object(mut values)) => {
                Ok(self.fields(&input.fields, &mut values).into())
            }
            (Some(InputObject(_)), _) => Err("an object".to_owned()),
            // Some clients of the API reference can send null only as this text.
            (Some(Enum(_)), value) if !ty.is_non_null() && value == "null" => Ok(Json::Null),
            (Some(Enum(definition)), value) => fit_enum(definition, value),
            (_, value) => fit_scalar(name, value),
        };
        fitted.unwrap_or_else(|expected| {
            self.errors.push(FieldError::type_mismatch(&self.path, &expected));
            Json::Null
        })
    }

    /// Takes these fields out of `values` and converts them.
    fn fields(
        &mut self,
        fields: &InputFields,
        values: &mut Map<String, Json>,
    ) -> Map<String, Json> {
        let mut fitted = Map::new();
        for (name, field) in fields {
            self.path.push(name.to_string());
            match values.remove(name.as_str()) {
                None | Some(Json::Null) if field.ty.is_non_null() => {
                    self.errors.push(FieldError::required(&self.path));
                }
                None => {}
                Some(value) => {
                    fitted.insert(name.to_string(), self.value(&field.ty, value));
                }
            }
            self.path.pop();
        }
        fitted
    }
}

/// Returns a value of an enum, or describes the expected values.
fn fit_enum(definition: &EnumType, value: Json) -> Result<Json, String> {
    let mut names: Vec<&str> = definition.values.keys().map(Name::as_str).collect();
    if names.iter().any(|name| value == *name) {
        return Ok(value);
    }
    let last = names.pop().unwrap_or_default();
    Err(format!("{} or {last}", names.join(", ")))
}

/// Returns a value of a scalar type, or describes the expected values. GraphQL converts whole numbers
/// to ids, of which one of any size is the id of no object, and to `Int`, also those that are written
/// with a fraction of 0.
fn fit_scalar(name: &str, value: Json) -> Result<Json, String> {
    let ints = f64::from(i32::MIN)..=f64::from(i32::MAX);
    let (fits, expected) = match name {
        "ID" => (is_id(&value), "a text"),
        "String" => (value.is_string(), "a text"),
        "Boolean" => (value.is_boolean(), "true or false"),
        "Int" => {
            let fits = whole(&value).is_some_and(|number| ints.contains(&number));
            (fits, "a whole number below 2147483648")
        }
        // The rules check the values of other scalars.
        _ => (true, ""),
    };
    if fits { Ok(value) } else { Err(expected.to_owned()) }
}
