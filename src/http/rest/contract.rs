//! The types of the GraphQL schema, as far as this door sends and receives them: whether a JSON
//! value fits one, and what JSON Schema says of it.

use std::collections::HashMap;

use async_graphql::{
    Positioned,
    parser::{
        parse_schema,
        types::{
            BaseType, EnumType, FieldDefinition, InputObjectType, InputValueDefinition, Type,
            TypeDefinition, TypeKind, TypeSystemDefinition,
        },
    },
};
use serde_json::{Map, Value as Json, json};

use super::{
    call::Violation,
    view::{Selected, View},
};

/// The types of the schema, by their names.
pub(super) struct Contract(HashMap<String, TypeDefinition>);

impl Contract {
    /// Reads the schema definition language.
    ///
    /// # Panics
    /// When that is not in the language.
    pub(super) fn of(sdl: &str) -> Self {
        let document = parse_schema(sdl).expect("the library reads what it has written");
        let types = document.definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => {
                Some((definition.node.name.node.to_string(), definition.node))
            }
            _ => None,
        });
        Self(types.collect())
    }

    fn kind(&self, name: &str) -> Option<&TypeKind> {
        self.0.get(name).map(|definition| &definition.kind)
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

    fn outputs(&self, output: &str) -> &[Positioned<FieldDefinition>] {
        match self.kind(output) {
            Some(TypeKind::Object(object)) => &object.fields,
            _ => panic!("the schema has no object type {output}"),
        }
    }

    /// Takes out of `body` what is a field of the input type, and notes what does not fit its type.
    /// In a patch any field may be left out.
    pub(super) fn take(
        &self,
        input: &str,
        body: &mut Map<String, Json>,
        violations: &mut Vec<Violation>,
    ) -> Map<String, Json> {
        let mut taken = Map::new();
        for Positioned { node: field, .. } in self.inputs(input) {
            let (name, ty) = (field.name.node.as_str(), &field.ty.node);
            match body.remove(name) {
                None | Some(Json::Null) if !ty.nullable => {
                    violations.push(Violation::required(name));
                }
                None => {}
                Some(value) => {
                    let mut path = vec![name.to_owned()];
                    taken.insert(name.to_owned(), self.fit(ty, value, &mut path, violations));
                }
            }
        }
        taken
    }

    /// A value as GraphQL takes it.
    fn fit(
        &self,
        ty: &Type,
        value: Json,
        path: &mut Vec<String>,
        violations: &mut Vec<Violation>,
    ) -> Json {
        if value.is_null() && ty.nullable {
            return value;
        }
        let fitted = match (&ty.base, value) {
            (BaseType::List(inner), Json::Array(elements)) => {
                let fitted = elements.into_iter().enumerate().map(|(index, element)| {
                    path.push(index.to_string());
                    let fitted = self.fit(inner, element, path, violations);
                    path.pop();
                    fitted
                });
                Ok(fitted.collect())
            }
            (BaseType::List(_), _) => Err("a list".to_owned()),
            (BaseType::Named(name), value) => match self.kind(name) {
                Some(TypeKind::InputObject(input)) => match value {
                    Json::Object(fields) => Ok(self.fit_fields(input, fields, path, violations)),
                    _ => Err("an object".to_owned()),
                },
                // Some clients of that API can send null only as this text.
                Some(TypeKind::Enum(_)) if ty.nullable && value == "null" => Ok(Json::Null),
                Some(TypeKind::Enum(values)) => fit_enum(values, value),
                _ => fit_scalar(name, value),
            },
        };
        fitted.unwrap_or_else(|expected| {
            violations.push(Violation::of_type(path, &expected));
            Json::Null
        })
    }

    fn fit_fields(
        &self,
        input: &InputObjectType,
        mut fields: Map<String, Json>,
        path: &mut Vec<String>,
        violations: &mut Vec<Violation>,
    ) -> Json {
        let mut fitted = Map::new();
        for Positioned { node: field, .. } in &input.fields {
            let name = field.name.node.as_str();
            if let Some(value) = fields.remove(name) {
                path.push(name.to_owned());
                let value = self.fit(&field.ty.node, value, path, violations);
                fitted.insert(name.to_owned(), value);
                path.pop();
            }
        }
        Json::Object(fitted)
    }

    /// What JSON Schema says of the fields of an input type. In a patch none is required.
    pub(super) fn input_schema(&self, input: &str) -> Json {
        let fields = self.inputs(input).iter().map(|field| &field.node);
        let required: Vec<&str> = fields
            .clone()
            .filter(|field| !field.ty.node.nullable)
            .map(|field| field.name.node.as_str())
            .collect();
        let properties: Map<String, Json> = fields
            .map(|field| {
                let description = field.description.as_ref().map(|text| text.node.as_str());
                let schema = described(self.type_schema(&field.ty.node), description);
                (field.name.node.to_string(), schema)
            })
            .collect();
        json!({ "type": "object", "properties": properties, "required": required })
    }

    /// What JSON Schema says of a view of an object type.
    pub(super) fn output_schema(&self, output: &str, view: View) -> Json {
        let mut properties = Map::new();
        for selected in view {
            let (Selected::Leaf(name) | Selected::Inner(name, _)) = *selected;
            let field = self.outputs(output).iter().map(|field| &field.node);
            let field = field.clone().find(|field| field.name.node == name);
            let field = field.unwrap_or_else(|| panic!("{output} has no field {name}"));
            let schema = match (selected, &field.ty.node.base) {
                (Selected::Inner(_, view), BaseType::Named(of)) => {
                    let object = self.output_schema(of, view);
                    if field.ty.node.nullable {
                        json!({ "anyOf": [object, { "type": "null" }] })
                    } else {
                        object
                    }
                }
                _ => self.type_schema(&field.ty.node),
            };
            let description = field.description.as_ref().map(|text| text.node.as_str());
            properties.insert(name.to_owned(), described(schema, description));
        }
        let required: Vec<&String> = properties.keys().collect();
        json!({ "type": "object", "required": required, "properties": properties })
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
                (_, Some(TypeKind::Enum(values))) => {
                    let names = values.values.iter().map(|value| value.node.value.node.as_str());
                    json!({ "type": "string", "enum": names.collect::<Vec<_>>() })
                }
                (name, Some(TypeKind::InputObject(_))) => self.input_schema(name),
                (name, _) => panic!("{name} has no schema"),
            },
        };
        if ty.nullable {
            let ty = schema["type"].take();
            schema["type"] = json!([ty, "null"]);
            if let Some(values) = schema.get_mut("enum").and_then(Json::as_array_mut) {
                values.push(Json::Null);
            }
        }
        schema
    }
}

/// A value of an enum, or what it should have been.
fn fit_enum(values: &EnumType, value: Json) -> Result<Json, String> {
    let mut names = values.values.iter().map(|value| value.node.value.node.as_str());
    if names.clone().any(|name| value == name) {
        return Ok(value);
    }
    let last = names.next_back().unwrap_or_default();
    Err(format!("{} or {last}", names.collect::<Vec<_>>().join(", ")))
}

/// A value of a scalar type, or what it should have been.
fn fit_scalar(name: &str, value: Json) -> Result<Json, String> {
    let is_int = |number: i64| i32::try_from(number).is_ok();
    let (fits, expected) = match name {
        "String" | "ID" => (value.is_string(), "a text"),
        "Boolean" => (value.is_boolean(), "true or false"),
        "Int" => (value.as_i64().is_some_and(is_int), "a whole number below 2147483648"),
        // Rules of its own say what is wrong with any other.
        _ => (true, ""),
    };
    if fits { Ok(value) } else { Err(expected.to_owned()) }
}

/// A schema with the description that GraphQL clients read.
fn described(mut schema: Json, description: Option<&str>) -> Json {
    if let Some(description) = description {
        schema["description"] = description.split_whitespace().collect::<Vec<_>>().join(" ").into();
    }
    schema
}
