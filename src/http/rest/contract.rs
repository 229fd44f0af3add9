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
use serde_json::{Map, Number, Value as Json, json};

use super::{
    rejection::FieldError,
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
        violations: &mut Vec<FieldError>,
    ) -> Map<String, Json> {
        let mut taken = Map::new();
        for Positioned { node: field, .. } in self.inputs(input) {
            let (name, ty) = (field.name.node.as_str(), &field.ty.node);
            match body.remove(name) {
                None | Some(Json::Null) if !ty.nullable => {
                    violations.push(FieldError::required(name));
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
        violations: &mut Vec<FieldError>,
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
            violations.push(FieldError::of_type(path, &expected));
            Json::Null
        })
    }

    fn fit_fields(
        &self,
        input: &InputObjectType,
        mut fields: Map<String, Json>,
        path: &mut Vec<String>,
        violations: &mut Vec<FieldError>,
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

    /// What JSON Schema says of the enums to which a schema refers, by their names. Code that is
    /// generated from it has one type of each.
    pub(super) fn enum_schemas(&self, schema: &Json) -> Map<String, Json> {
        let enums = self.0.iter().filter_map(|(name, definition)| match &definition.kind {
            TypeKind::Enum(values) if refers_to(schema, &reference(name)) => {
                let names = values.values.iter().map(|value| value.node.value.node.as_str());
                let schema = json!({ "type": "string", "enum": names.collect::<Vec<_>>() });
                let description = definition.description.as_ref().map(|text| text.node.as_str());
                Some((name.clone(), described(schema, description)))
            }
            _ => None,
        });
        let mut all: Vec<_> = enums.collect();
        all.sort_by(|(one, _), (other, _)| one.cmp(other));
        all.into_iter().collect()
    }
}

/// A reference to a schema of its own.
pub(super) fn reference(schema: &str) -> Json {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

/// Whether a reference is somewhere in a schema.
fn refers_to(schema: &Json, reference: &Json) -> bool {
    schema == reference
        || match schema {
            Json::Array(elements) => elements.iter().any(|inner| refers_to(inner, reference)),
            Json::Object(fields) => fields.values().any(|inner| refers_to(inner, reference)),
            _ => false,
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
    let (fitted, expected) = match name {
        "ID" => (id(value), "a text"),
        "String" => (Some(value).filter(Json::is_string), "a text"),
        "Boolean" => (Some(value).filter(Json::is_boolean), "true or false"),
        "Int" => (int(&value), "a whole number below 2147483648"),
        // Rules of its own say what is wrong with any other.
        _ => (Some(value), ""),
    };
    fitted.ok_or_else(|| expected.to_owned())
}

/// An id as GraphQL takes it. A whole number of any size is one, if an unknown one.
pub(super) fn id(value: Json) -> Option<Json> {
    match value {
        Json::String(_) => Some(value),
        Json::Number(number) if whole(&number) => Some(number.to_string().into()),
        _ => None,
    }
}

/// A whole number of 32 bits, which may be written with a fraction of 0.
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

/// A schema with the description that GraphQL clients read.
fn described(mut schema: Json, description: Option<&str>) -> Json {
    if let Some(description) = description {
        schema["description"] = description.split_whitespace().collect::<Vec<_>>().join(" ").into();
    }
    schema
}
