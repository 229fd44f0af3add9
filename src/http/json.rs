//! Parsing of JSON from clients, with errors that say what is wrong and where.

use std::fmt;

use async_graphql::{
    Name, Value,
    indexmap::{IndexMap, map::Entry},
};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Number, error::Category};

use super::error::Problem;
use crate::graphql::error::ErrorCode;

/// The fields of a JSON object.
pub(super) type Object = IndexMap<Name, Value>;

/// Some programs begin UTF-8 texts with it.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Longest key that an error names, in characters.
const NAMED_MAX: usize = 50;

/// Parses JSON. Errors begin with `what`, the name of the parsed text.
pub(super) fn read<T: DeserializeOwned>(what: &str, bytes: &[u8]) -> Result<T, Problem> {
    let unmarked = unmarked(bytes);
    let text = std::str::from_utf8(unmarked).map_err(|error| {
        let sound = unmarked.get(..error.valid_up_to()).unwrap_or_default();
        let (line, column) = end_of(sound);
        let byte = bytes.len() - unmarked.len() + sound.len() + 1;
        let message = format!(
            "{what} is not UTF-8: byte {byte} belongs to no character (line {line}, column {}).",
            column + 1
        );
        Problem::new(ErrorCode::BadUserInput, message)
    })?;
    serde_json::from_str(text)
        .map_err(|error| Problem::new(ErrorCode::BadUserInput, explain(what, text, &error)))
}

/// Parses a JSON object.
pub(super) fn read_object(what: &str, bytes: &[u8]) -> Result<Object, Problem> {
    match read(what, bytes)? {
        Unambiguous(Value::Object(object)) => Ok(object),
        Unambiguous(other) => Err(not(what, "a JSON object", &other)),
    }
}

/// Whether JSON is an object.
pub(super) fn is_object(bytes: &[u8]) -> bool {
    unmarked(bytes).trim_ascii_start().starts_with(b"{")
}

fn unmarked(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes)
}

/// The problem of a value that has another type than the expected one.
pub(super) fn not(what: &str, expected: &str, value: &Value) -> Problem {
    let found = match value {
        Value::Null => "null",
        Value::Number(_) => "a number",
        Value::String(_) | Value::Enum(_) | Value::Binary(_) => "a text",
        Value::Boolean(_) => "true or false",
        Value::List(_) => "a list",
        Value::Object(_) => "an object",
    };
    Problem::new(ErrorCode::BadUserInput, format!("{what} must be {expected}; it is {found}."))
}

/// The number of lines of a text, and the number of characters in the last one.
fn end_of(text: &[u8]) -> (usize, usize) {
    let mut lines = text.split(|byte| *byte == b'\n');
    let last = lines.next_back().unwrap_or_default();
    (lines.count() + 1, String::from_utf8_lossy(last).chars().count())
}

/// Describes why and where a text is not valid JSON.
fn explain(what: &str, text: &str, error: &serde_json::Error) -> String {
    let at = {
        // The parser counts bytes.
        let lines = text.as_bytes().split_inclusive(|byte| *byte == b'\n');
        let before: usize = lines.take(error.line().saturating_sub(1)).map(<[u8]>::len).sum();
        let end = (before + error.column()).min(text.len());
        let (line, column) = end_of(text.as_bytes().get(..end).unwrap_or_default());
        format!("in line {line}, column {}", column.max(1))
    };
    let reason = error.to_string();
    match error.classify() {
        Category::Eof if text.trim_ascii().is_empty() => {
            format!("{what} is empty, where JSON is needed.")
        }
        Category::Eof => format!("{what} is not JSON: it ends too early, {at}."),
        // Duplicate keys are the only data errors; derived structs have their own text for them.
        Category::Data => {
            let key = reason.rsplit_once(" at line ").map_or("", |(key, _)| key);
            let of_struct = key.strip_prefix("duplicate field `");
            let key = of_struct.and_then(|key| key.strip_suffix('`')).unwrap_or(key);
            let named: String = key.chars().take(NAMED_MAX).collect();
            let more = if named.len() < key.len() { "…" } else { "" };
            let named = serde_json::Value::from(named);
            format!("{what} has the key {named}{more} twice in one object, {at}.")
        }
        // Only the text distinguishes these errors.
        _ if reason.starts_with("recursion limit") => format!("{what} nests too deeply, {at}."),
        _ if reason.starts_with("number out of range") => {
            format!("{what} has a number that is too large, {at}.")
        }
        _ if reason.contains("hex escape") => {
            format!("{what} has a text with half of a surrogate pair in it, {at}.")
        }
        _ => format!("{what} is not JSON: its syntax breaks {at}."),
    }
}

/// A value in which no object has a key twice. Parsers differ in which of the two values they use, so
/// a proxy might check another value than the executed one.
pub(super) struct Unambiguous(pub(super) Value);

impl<'de> Deserialize<'de> for Unambiguous {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UnambiguousVisitor).map(Self)
    }
}

struct UnambiguousVisitor;

impl<'de> Visitor<'de> for UnambiguousVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Unambiguous(element)) = elements.next_element()? {
            list.push(element);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = Object::new();
        while let Some(key) = fields.next_key::<Name>()? {
            match object.entry(key) {
                Entry::Occupied(first) => return Err(A::Error::custom(first.key())),
                Entry::Vacant(place) => {
                    let Unambiguous(value) = fields.next_value()?;
                    place.insert(value);
                }
            }
        }
        Ok(Value::Object(object))
    }
}
