//! Scalars that the schema defines.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{SecondsFormat, Utc};
use serde_json::Value as Json;

use crate::graphql::engine::Scalar;

/// The scalars of which a client can send values that they do not have.
pub(in crate::graphql) const SCALARS: &[Scalar] = &[DATE_TIME];

const DATE_TIME: Scalar = Scalar {
    name: "DateTime",
    has: |value| matches!(value, Value::String(text) if DateTime::read(text).is_some()),
    form: "is written like 2026-11-22T18:20:00Z or 2026-11-22T15:20:00.123456-03:00",
};

/// A point in time.
///
/// The library's own scalar writes the offset as `+00:00`, and reads more than RFC 3339 has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DateTime(pub(crate) chrono::DateTime<Utc>);

/// A point in time, as RFC 3339 writes it: in UTC with `Z` and up to microseconds in responses,
/// like `2026-11-22T18:20:00.123456Z`; with any offset in arguments, like
/// `2026-11-22T15:20:00-03:00`.
#[Scalar(specified_by_url = "https://datatracker.ietf.org/doc/html/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        Self::read(text).ok_or_else(|| InputValueError::custom(DATE_TIME.form))
    }

    fn to_value(&self) -> Value {
        Value::String(self.write())
    }
}

impl DateTime {
    /// Reads a `date-time` of RFC 3339, section 5.6.
    pub(crate) fn read(text: &str) -> Option<Self> {
        /// Where the time begins. Some write a space there, which is not of the grammar.
        const SEPARATOR: usize = "2026-11-22".len();
        let is_separated = matches!(text.as_bytes().get(SEPARATOR), Some(b'T' | b't'));
        let time = chrono::DateTime::parse_from_rfc3339(text).ok().filter(|_| is_separated)?;
        Some(Self(time.to_utc()))
    }

    /// Writes it with `Z`, to the precision that it has.
    pub(crate) fn write(self) -> String {
        self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }
}

impl From<chrono::DateTime<Utc>> for DateTime {
    fn from(time: chrono::DateTime<Utc>) -> Self {
        Self(time)
    }
}

/// A JSON object of strings.
#[derive(Clone)]
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

/// A value of any type.
pub(crate) struct AnyJson(pub(crate) Json);

/// Any JSON value.
#[Scalar(name = "JSON", specified_by_url = "https://www.rfc-editor.org/rfc/rfc8259")]
impl ScalarType for AnyJson {
    fn parse(value: Value) -> InputValueResult<Self> {
        value.into_json().map(Self).map_err(InputValueError::custom)
    }

    fn to_value(&self) -> Value {
        Value::from_json(self.0.clone()).unwrap_or_default()
    }
}

/// The fields of an object at a point in time.
pub(crate) struct Snapshot(pub(crate) Json);

/// A JSON object: the fields of an object by their names in this API. The values of webhook
/// headers, which are often secrets, are replaced by `***`.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc8259#section-4")]
impl ScalarType for Snapshot {
    fn parse(value: Value) -> InputValueResult<Self> {
        value.into_json().map(Self).map_err(InputValueError::custom)
    }

    fn to_value(&self) -> Value {
        Value::from_json(self.0.clone()).unwrap_or_default()
    }
}
