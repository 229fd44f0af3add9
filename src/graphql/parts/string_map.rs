//! A JSON object of strings, as a scalar.

use async_graphql::{InputValueResult, Scalar, ScalarType, Value};
use serde_json::Value as Json;

/// A JSON object of strings.
pub(crate) struct StringMap(pub(crate) Json);

// As input it accepts any value: a rule checks it, so that its violation is reported with the
// others.
/// A JSON object whose values are strings, like `{"X-Api-Key": "abc"}`. The order of the entries is
/// kept.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc8259#section-4")]
impl ScalarType for StringMap {
    fn parse(value: Value) -> InputValueResult<Self> {
        let json = match value {
            Value::Object(entries) => {
                entries.into_iter().map(|(name, value)| (name.to_string(), json(value))).collect()
            }
            // An enum value is no null: that would clear the headers.
            Value::Enum(name) => name.as_str().into(),
            other => json(other),
        };
        Ok(Self(json))
    }

    fn to_value(&self) -> Value {
        Value::from_json(self.0.clone()).unwrap_or_default()
    }
}

/// The JSON of a value. A literal's enum value is no string, though JSON could only show it as one.
fn json(value: Value) -> Json {
    match value {
        Value::Enum(_) => Json::Null,
        other => other.into_json().unwrap_or_default(),
    }
}
