//! The types of the GraphQL schema that the REST API sends and receives, and the conversion of JSON
//! values to them.

use apollo_compiler::{
    Name, Schema,
    ast::{InputValueDefinition, Type},
    collections::IndexMap,
    schema::{Component, ExtendedType},
    validation::Valid,
};
use serde_json::{Map, Value as Json};

use super::problem::FieldError;

/// The fields of an input type.
type InputFields = IndexMap<Name, Component<InputValueDefinition>>;

/// The schema.
#[derive(Clone, Copy)]
pub(super) struct Contract(pub(super) &'static Valid<Schema>);

impl Contract {
    /// The fields of an input type.
    ///
    /// # Panics
    /// When the schema has none of this name.
    pub(super) fn inputs(self, input: &str) -> &'static InputFields {
        let input = self.0.get_input_object(input);
        &input.unwrap_or_else(|| panic!("the schema has no such input type")).fields
    }

    /// Takes the fields of the input type out of `body`, and adds an error for each that is missing or
    /// does not fit its type.
    pub(super) fn take(
        self,
        input: &str,
        body: &mut Map<String, Json>,
        errors: &mut Vec<FieldError>,
    ) -> Map<String, Json> {
        self.fit_fields(self.inputs(input), body, &mut Vec::new(), errors)
    }

    /// Converts a value to one that GraphQL accepts as this type.
    fn fit(
        self,
        ty: &Type,
        value: Json,
        path: &mut Vec<String>,
        errors: &mut Vec<FieldError>,
    ) -> Json {
        if value.is_null() && !ty.is_non_null() {
            return value;
        }
        let fitted = match (ty, value) {
            (Type::List(inner) | Type::NonNullList(inner), Json::Array(elements)) => {
                let fitted = elements.into_iter().enumerate().map(|(index, element)| {
                    path.push(index.to_string());
                    let fitted = self.fit(inner, element, path, errors);
                    path.pop();
                    fitted
                });
                Ok(fitted.collect())
            }
            (Type::List(_) | Type::NonNullList(_), _) => Err("a list".to_owned()),
            (Type::Named(name) | Type::NonNullNamed(name), value) => {
                match (self.0.types.get(name), value) {
                    (Some(ExtendedType::InputObject(input)), Json::Object(mut values)) => {
                        Ok(self.fit_fields(&input.fields, &mut values, path, errors).into())
                    }
                    (Some(ExtendedType::InputObject(_)), _) => Err("an object".to_owned()),
                    // Some clients of the API reference can send null only as this text.
                    (Some(ExtendedType::Enum(_)), value)
                        if !ty.is_non_null() && value == "null" =>
                    {
                        Ok(Json::Null)
                    }
                    (Some(ExtendedType::Enum(definition)), value) => {
                        fit_enum(definition.values.keys(), value)
                    }
                    (_, value) => fit_scalar(name, value),
                }
            }
        };
        fitted.unwrap_or_else(|expected| {
            errors.push(FieldError::type_mismatch(path, &expected));
            Json::Null
        })
    }

    fn fit_fields(
        self,
        fields: &InputFields,
        values: &mut Map<String, Json>,
        path: &mut Vec<String>,
        errors: &mut Vec<FieldError>,
    ) -> Map<String, Json> {
        let mut fitted = Map::new();
        for (name, field) in fields {
            path.push(name.to_string());
            match values.remove(name.as_str()) {
                None | Some(Json::Null) if field.ty.is_non_null() => {
                    errors.push(FieldError::required(path));
                }
                None => {}
                Some(value) => {
                    fitted.insert(name.to_string(), self.fit(&field.ty, value, path, errors));
                }
            }
            path.pop();
        }
        fitted
    }
}

/// Returns a value of an enum, or describes the expected values.
fn fit_enum<'a>(
    names: impl DoubleEndedIterator<Item = &'a Name> + Clone,
    value: Json,
) -> Result<Json, String> {
    let mut names = names.map(Name::as_str);
    if names.clone().any(|name| value == name) {
        return Ok(value);
    }
    let last = names.next_back().unwrap_or_default();
    Err(format!("{} or {last}", names.collect::<Vec<_>>().join(", ")))
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

/// Whether GraphQL accepts a value as an id.
pub(super) fn is_id(value: &Json) -> bool {
    value.is_string() || whole(value).is_some()
}

fn whole(value: &Json) -> Option<f64> {
    value.as_f64().filter(|number| number.fract() == 0.0)
}
