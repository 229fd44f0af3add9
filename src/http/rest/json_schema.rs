//! The JSON Schemas of types of the GraphQL schema, for the OpenAPI document.

use std::collections::BTreeMap;

use apollo_compiler::{
    ExecutableDocument, Name,
    ast::{InputValueDefinition, Type, Value},
    executable::SelectionSet,
    schema::ExtendedType,
};
use serde_json::{Map, Value as Json, json};

use super::{contract::inputs, operation::OPERATIONS};
use crate::graphql::schema_index;

/// The JSON Schema of the fields of an input type.
pub(super) fn input_schema(input: &str) -> Json {
    object(inputs(input).values().map(|field| {
        let schema = described(type_schema(&field.ty), field.description.as_deref());
        (&field.name, limited(schema, field), field.ty.is_non_null())
    }))
}

/// Adds the limits of a field, which its `@constraint` has, to its JSON Schema.
fn limited(mut schema: Json, field: &InputValueDefinition) -> Json {
    let Some(constraint) = field.directives.get("constraint") else { return schema };
    for argument in &constraint.arguments {
        let is_list = schema.get("items").is_some();
        let (keyword, is_of_element) = match argument.name.as_str() {
            keyword @ ("minLength" | "maxLength" | "pattern" | "format") => (keyword, is_list),
            "min" => ("minimum", is_list),
            "max" => ("maximum", is_list),
            "maxItems" if !is_list => ("maxProperties", false),
            keyword @ ("maxItems" | "uniqueItems") => (keyword, false),
            "trimmed" => {
                let description = schema["description"].as_str().unwrap_or_default();
                schema["description"] = format!("{description} {TRIMMED}").into();
                continue;
            }
            // These have no equivalent.
            _ => continue,
        };
        let value = match &*argument.value {
            Value::Int(number) => number.try_to_i32().ok().into(),
            Value::String(text) => text.as_str().into(),
            Value::Boolean(flag) => (*flag).into(),
            _ => continue,
        };
        let limited = if is_of_element { &mut schema["items"] } else { &mut schema };
        limited[keyword] = value;
    }
    schema
}

/// Of a text around which white space is removed.
const TRIMMED: &str = "maxLength counts what is left.";

/// The JSON Schema of the objects that a fragment of the operations selects.
///
/// # Panics
/// When there is no such fragment, or it selects something that the schema lacks.
pub(super) fn output_schema(fragment: &str) -> Json {
    let schema = schema_index().valid();
    let document = ExecutableDocument::parse(schema, OPERATIONS, "operations.graphql");
    let document = document.expect("it is valid");
    object_schema(&document.fragments[fragment].selection_set)
}

fn object_schema(selected: &SelectionSet) -> Json {
    object(selected.selections.iter().map(|selection| {
        let field = selection.as_field().expect("it consists of fields");
        let schema = if field.selection_set.is_empty() {
            type_schema(field.ty())
        } else if field.ty().is_non_null() {
            object_schema(&field.selection_set)
        } else {
            json!({ "anyOf": [object_schema(&field.selection_set), { "type": "null" }] })
        };
        (&field.name, described(schema, field.definition.description.as_deref()), true)
    }))
}

fn type_schema(ty: &Type) -> Json {
    let mut schema = match ty {
        Type::List(inner) | Type::NonNullList(inner) => {
            json!({ "type": "array", "items": type_schema(inner) })
        }
        Type::Named(name) | Type::NonNullNamed(name) => {
            match (name.as_str(), schema_index().valid().types.get(name)) {
                ("String" | "ID", _) => json!({ "type": "string" }),
                ("Boolean", _) => json!({ "type": "boolean" }),
                ("Int", _) => {
                    json!({ "type": "integer", "format": "int32", "minimum": i32::MIN, "maximum": i32::MAX })
                }
                ("DateTime", _) => json!({ "type": "string", "format": "date-time" }),
                ("StringMap", _) => {
                    json!({ "type": "object", "additionalProperties": { "type": "string" } })
                }
                (name, Some(ExtendedType::Enum(_))) => reference(name),
                (name, Some(ExtendedType::InputObject(_))) => input_schema(name),
                (name, _) => panic!("{name} has no schema"),
            }
        }
    };
    if ty.is_non_null() {
        return schema;
    }
    if schema.get("$ref").is_some() {
        return json!({ "anyOf": [schema, { "type": "null" }] });
    }
    let ty = schema["type"].take();
    schema["type"] = json!([ty, "null"]);
    schema
}

/// The JSON Schemas of the enums to which schemas refer, by their names. A schema refers to an enum
/// instead of repeating it, so that generated code has one type for it.
pub(super) fn enum_schemas(schemas: &Json) -> BTreeMap<String, Json> {
    let schemas = schemas.to_string();
    let enums = schema_index().valid().types.values().filter_map(ExtendedType::as_enum);
    let used =
        enums.filter(|definition| schemas.contains(&reference(&definition.name).to_string()));
    let described = used.map(|definition| {
        let names: Vec<&str> = definition.values.keys().map(Name::as_str).collect();
        let schema = json!({ "type": "string", "enum": names });
        (definition.name.to_string(), described(schema, definition.description.as_deref()))
    });
    described.collect()
}

/// The JSON Schema of an object with these fields: names, schemas, and whether they are required.
fn object<'a>(fields: impl Iterator<Item = (&'a Name, Json, bool)>) -> Json {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for (name, schema, is_required) in fields {
        properties.insert(name.to_string(), schema);
        required.extend(is_required.then_some(name.as_str()));
    }
    json!({ "type": "object", "properties": properties, "required": required })
}

/// A reference to one of the schemas in the components of the OpenAPI document.
pub(super) fn reference(schema: &str) -> Json {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

/// Adds the description in the GraphQL schema to a JSON Schema.
fn described(mut schema: Json, description: Option<&str>) -> Json {
    if let Some(description) = description {
        schema["description"] = description.split_whitespace().collect::<Vec<_>>().join(" ").into();
    }
    schema
}
