//! The OpenAPI document: `openapi.json` with the types and descriptions of the GraphQL schema.

use serde_json::{Map, Value as Json, json};

use super::{
    json_schema::{enum_schemas, input_schema, output_schema},
    nested::{NestedObjects, field_of},
    resource::{Kind, SCENARIO, STEP},
};
use crate::domain::rules::{IDEMPOTENCY_KEY_MAX, with_limits};

/// The whole document, of which the responses are fragments of the operations.
///
/// # Panics
/// When the schema lacks a type or field of a resource.
pub(super) fn document() -> Json {
    let document = with_limits(include_str!("openapi.json"));
    let mut document: Json = serde_json::from_str(&document).expect("the file is JSON");
    document["info"]["version"] = env!("CARGO_PKG_VERSION").into();
    document["components"]["parameters"]["IdempotencyKey"]["schema"]["maxLength"] =
        IDEMPOTENCY_KEY_MAX.into();
    // The responses that each operation has besides its own.
    let problems = members(&mut document["components"]).remove("responses");
    let Some(Json::Object(problems)) = problems else { panic!("the file has no problems") };
    for path in members(&mut document["paths"]).values_mut() {
        for operation in members(path).values_mut().filter(|operation| operation.is_object()) {
            members(&mut operation["responses"]).extend(problems.clone());
        }
    }
    let schemas = &mut document["components"]["schemas"];
    for Kind { type_name, nested, .. } in [&STEP, &SCENARIO] {
        schemas[type_name] = output_schema(type_name);
        let [create, update] = ["Create", "Update"].map(|verb| format!("{verb}{type_name}Input"));
        let mut fields = input_schema(&create);
        // The API reference has ids only in responses.
        members(&mut fields["properties"]).remove("id");
        schemas[create] = with_nested(fields, nested);
        let mut fields = with_nested(input_schema(&update), nested);
        if nested.is_empty() {
            schemas[format!("{type_name}Fields")] = fields.clone();
        }
        fields["properties"]["id"] = schemas["ById"]["properties"]["id"].clone();
        fields["required"] = schemas["ById"]["required"].clone();
        schemas[update] = fields;
    }
    let enums = enum_schemas(schemas);
    members(schemas).extend(enums);
    document
}

/// The members of an object.
fn members(value: &mut Json) -> &mut Map<String, Json> {
    value.as_object_mut().expect("it is an object")
}

/// A schema of fields with the objects in which some of them may be sent.
fn with_nested(mut schema: Json, nested: NestedObjects) -> Json {
    for (object, fields) in nested {
        let properties: Map<String, Json> = fields
            .iter()
            .map(|name| ((*name).to_owned(), schema["properties"][field_of(object, name)].clone()))
            .collect();
        schema["properties"][object] = json!({
            "type": ["object", "null"],
            "description": "The fields of the same meaning under shorter names. A field outside of \
                            this object takes precedence. Other keys are rejected.",
            "properties": properties,
            "additionalProperties": false,
        });
    }
    schema
}
