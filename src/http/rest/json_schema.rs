//! The JSON Schemas of types of the GraphQL schema, for the OpenAPI document.

use async_graphql::{
    Positioned,
    parser::{
        parse_query,
        types::{BaseType, FieldDefinition, Selection, SelectionSet, Type, TypeKind},
    },
};
use serde_json::{Map, Value as Json, json};

use super::contract::Contract;

impl Contract {
    /// The JSON Schema of the fields of an input type.
    pub(super) fn input_schema(&self, input: &str) -> Json {
        let fields = self.inputs(input).iter().map(|field| &field.node);
        let required: Vec<&str> = fields
            .clone()
            .filter(|field| !field.ty.node.nullable)
            .map(|field| field.name.node.as_str())
            .collect();
        let properties: Map<String, Json> = fields
            .map(|field| {
                let schema =
                    described(self.type_schema(&field.ty.node), field.description.as_ref());
                (field.name.node.to_string(), schema)
            })
            .collect();
        json!({ "type": "object", "properties": properties, "required": required })
    }

    /// The JSON Schema of the objects that a fragment of this document selects.
    ///
    /// # Panics
    /// When there is no such fragment, or it selects something that the schema lacks.
    pub(super) fn output_schema(&self, document: &str, fragment: &str) -> Json {
        let document = parse_query(document).expect("it is valid");
        let Positioned { node: fragment, .. } = &document.fragments[fragment];
        self.object_schema(&fragment.type_condition.node.on.node, &fragment.selection_set.node)
    }

    fn object_schema(&self, output: &str, selection: &SelectionSet) -> Json {
        let mut properties = Map::new();
        for selected in &selection.items {
            let Selection::Field(Positioned { node: selected, .. }) = &selected.node else {
                panic!("{selected:?} is not a field");
            };
            let name = selected.name.node.as_str();
            let mut fields = self.outputs(output).iter().map(|field| &field.node);
            let field = fields.find(|field| field.name.node == name);
            let field = field.unwrap_or_else(|| panic!("{output} has no field {name}"));
            let inner = &selected.selection_set.node;
            let schema = match &field.ty.node.base {
                BaseType::Named(of) if !inner.items.is_empty() => {
                    let object = self.object_schema(of, inner);
                    if field.ty.node.nullable {
                        json!({ "anyOf": [object, { "type": "null" }] })
                    } else {
                        object
                    }
                }
                _ => self.type_schema(&field.ty.node),
            };
            properties.insert(name.to_owned(), described(schema, field.description.as_ref()));
        }
        let required: Vec<&String> = properties.keys().collect();
        json!({ "type": "object", "required": required, "properties": properties })
    }

    /// The fields of an object type.
    fn outputs(&self, output: &str) -> &[Positioned<FieldDefinition>] {
        match self.kind(output) {
            Some(TypeKind::Object(object)) => &object.fields,
            _ => panic!("the schema has no object type {output}"),
        }
    }

    fn type_schema(&self, ty: &Type) -> Json {
        let mut schema = match &ty.base {
            BaseType::List(inner) => json!({ "type": "array", "items": self.type_schema(inner) }),
            BaseType::Named(name) => match (name.as_str(), self.kind(name)) {
                ("String" | "ID", _) => json!({ "type": "string" }),
                ("Boolean", _) => json!({ "type": "boolean" }),
                ("Int", _) => {
                    json!({ "type": "integer", "format": "int32", "minimum": i32::MIN, "maximum": i32::MAX })
                }
                ("DateTime", _) => json!({ "type": "string", "format": "date-time" }),
                ("StringMap", _) => {
                    json!({ "type": "object", "additionalProperties": { "type": "string" } })
                }
                (name, Some(TypeKind::Enum(_))) => reference(name),
                (name, Some(TypeKind::InputObject(_))) => self.input_schema(name),
                (name, _) => panic!("{name} has no schema"),
            },
        };
        if !ty.nullable {
            return schema;
        }
        if schema.get("$ref").is_some() {
            return json!({ "anyOf": [schema, { "type": "null" }] });
        }
        let ty = schema["type"].take();
        schema["type"] = json!([ty, "null"]);
        schema
    }

    /// The JSON Schemas of the enums to which a schema refers, by their names. A schema refers to
    /// an enum instead of repeating it, so that generated code has one type for it.
    pub(super) fn enum_schemas(&self, schema: &Json) -> Map<String, Json> {
        let enums = self.types.iter().filter_map(|(name, definition)| match &definition.kind {
            TypeKind::Enum(values) if refers_to(schema, &reference(name)) => {
                let names = values.values.iter().map(|value| value.node.value.node.as_str());
                let schema = json!({ "type": "string", "enum": names.collect::<Vec<_>>() });
                Some((name.clone(), described(schema, definition.description.as_ref())))
            }
            _ => None,
        });
        let mut all: Vec<_> = enums.collect();
        all.sort_by(|(one, _), (other, _)| one.cmp(other));
        all.into_iter().collect()
    }
}

/// A reference to one of the schemas in the components of the OpenAPI document.
pub(super) fn reference(schema: &str) -> Json {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

/// Whether a schema contains a reference.
fn refers_to(schema: &Json, reference: &Json) -> bool {
    schema == reference
        || match schema {
            Json::Array(elements) => elements.iter().any(|inner| refers_to(inner, reference)),
            Json::Object(fields) => fields.values().any(|inner| refers_to(inner, reference)),
            _ => false,
        }
}

/// Adds the description in the GraphQL schema to a JSON Schema.
fn described(mut schema: Json, description: Option<&Positioned<String>>) -> Json {
    if let Some(Positioned { node: description, .. }) = description {
        schema["description"] = description.split_whitespace().collect::<Vec<_>>().join(" ").into();
    }
    schema
}
