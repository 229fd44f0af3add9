//! The types of the GraphQL schema that the REST API sends and receives: whether a JSON value fits a
//! type, and the JSON Schema of the type.

use std::collections::HashMap;

use async_graphql::{
    Positioned,
    parser::{
        parse_query, parse_schema,
        types::{
            BaseType, EnumType, FieldDefinition, InputValueDefinition, Selection, SelectionSet,
            Type, TypeDefinition, TypeKind, TypeSystemDefinition,
        },
    },
};
use serde_json::{Map, Number, Value as Json, json};

use super::problem::FieldError;

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

    /// The JSON Schema of a fragment of this document.
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

    /// The JSON Schemas of the enums to which a schema refers, by their names. Each is written once, so
    /// that code that is generated from them has one type of each.
    pub(super) fn enum_schemas(&self, schema: &Json) -> Map<String, Json> {
        let enums = self.0.iter().filter_map(|(name, definition)| match &definition.kind {
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

/// A reference to a schema of the document's components.
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
        // The rules check values of other types.
        _ => (Some(value), ""),
    };
    fitted.ok_or_else(|| expected.to_owned())
}

/// Converts an id to one that GraphQL accepts. A whole number of any size is an unknown id.
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

/// A schema with the description of the GraphQL schema.
fn described(mut schema: Json, description: Option<&Positioned<String>>) -> Json {
    if let Some(Positioned { node: description, .. }) = description {
        schema["description"] = description.split_whitespace().collect::<Vec<_>>().join(" ").into();
    }
    schema
}
