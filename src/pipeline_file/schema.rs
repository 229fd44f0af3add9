//! The JSON Schema of pipeline files, for editors.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use crate::domain::{
    crm_scenario::STEPS_MAX,
    flow::spec::PipelineSpec,
    rules::{FieldRules, inputs::InputRules},
};

/// The properties of a step in the schema.
const STEP: &str = "/definitions/StepSpec/properties";
/// The properties of the pipeline in the schema.
const PIPELINE: &str = "/properties";

/// A place in the schema with the fields of an input of the API.
struct Fields {
    /// Where the schema has them.
    properties: &'static str,
    /// The input with their rules and descriptions.
    input: &'static str,
}

const FIELDS: [Fields; 2] = [
    Fields { properties: PIPELINE, input: "ApplyCrmScenarioInput" },
    Fields { properties: STEP, input: "CrmStepSpecInput" },
];

/// The JSON Schema (draft 7, which editors know best) of a pipeline file: its fields, their types and
/// limits, and the descriptions that `description` has for the fields of an input.
#[must_use]
pub fn schema(description: impl Fn(&str, &str) -> Option<String>) -> Value {
    let generator = SchemaSettings::draft07().into_generator();
    let mut schema = generator.into_root_schema_for::<PipelineSpec>().to_value();
    for Fields { properties, input } in FIELDS {
        let rules = InputRules::of(input).into_iter().flat_map(InputRules::fields);
        for rules in rules {
            add_rules(&mut schema, &format!("{properties}/{}", rules.name()), rules);
        }
        for field in names(&schema, properties) {
            if let Some(text) = description(input, &field) {
                let pointer = format!("{properties}/{field}");
                add(&mut schema, &pointer, json!({ "description": text }));
            }
        }
    }
    for (pointer, title) in [("", "Pipeline"), ("/definitions/StepSpec", "Step")] {
        let description = format!("A {} of crm-steps.", title.to_lowercase());
        add(&mut schema, pointer, json!({ "title": title, "description": description }));
    }
    add(&mut schema, &format!("{PIPELINE}/steps"), json!({ "maxItems": STEPS_MAX }));
    schema
}

/// The names of the fields at a place.
fn names(schema: &Value, properties: &str) -> Vec<String> {
    let properties = schema.pointer(properties).and_then(Value::as_object);
    properties.into_iter().flat_map(|properties| properties.keys().cloned()).collect()
}

/// Adds the rules of a field to the schema, which has it at this place: those of the field itself, of
/// the elements of a list, or of the names or values of a map.
fn add_rules(schema: &mut Value, field: &str, rules: &FieldRules) {
    let values = format!("{field}/additionalProperties");
    let is_map = schema.pointer(&values).is_some();
    match (rules.path.len(), is_map) {
        (1, _) => add(schema, field, limits(rules)),
        (2, true) => add(schema, field, json!({ "propertyNames": limits(rules) })),
        (_, true) => add(schema, &values, limits(rules)),
        (_, false) => add(schema, &format!("{field}/items"), limits(rules)),
    }
}

/// The limits of a value in the words of JSON Schema.
fn limits(rules: &FieldRules) -> Value {
    let limits = [
        ("maxLength", rules.max_characters().map(Value::from)),
        ("minLength", (!rules.may_be_blank).then(|| 1.into())),
        ("pattern", rules.pattern_or_blank().map(Value::from)),
        ("minimum", rules.min.map(Value::from)),
        ("maximum", rules.max.map(Value::from)),
        ("maxItems", rules.max_items.map(Value::from)),
    ];
    limits.into_iter().filter_map(|(name, limit)| Some((name.to_owned(), limit?))).collect()
}

/// Adds limits to the schema at this place, if it has one there.
fn add(schema: &mut Value, pointer: &str, limits: Value) {
    let at = schema.pointer_mut(pointer).and_then(Value::as_object_mut);
    if let (Some(at), Value::Object(limits)) = (at, limits) {
        let is_map = at.contains_key("additionalProperties");
        at.extend(limits.into_iter().map(|(name, limit)| match name.as_str() {
            "maxItems" if is_map => ("maxProperties".to_owned(), limit),
            _ => (name, limit),
        }));
    }
}
