//! The fields in which a change of the history consists.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::rules::{across::LOGIC, fields::WEBHOOK_HEADER};

/// The fields of snapshots that tell nothing about what was changed: they differ after each update.
const BOOKKEEPING: [&str; 2] = ["updatedAt", "version"];

/// The field in which false does not mean null: null leaves the AI as it is, false turns it off.
const AI_CONTROL: &str = "defaultAiControl";

/// The value of [`LOGIC`] that means the same as null.
const NO_LOGIC: &str = "none";

/// A change of a field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The name of the field.
    pub name: String,
    /// The value before; null if it is absent.
    pub before: Value,
    /// The value afterwards; null if it is absent.
    pub after: Value,
}

/// The fields in which two snapshots of a row differ, in the order of the snapshots; null stands for
/// no row. Values that mean the same are equal: null, false (but in `defaultAiControl`), `none` in
/// `assigneeLogicType`, and lists and objects without such that mean more.
///
/// Snapshots have no values of headers, so `has_other_secrets` says whether one of them differs.
#[must_use]
pub fn field_changes(
    mut before: Value,
    mut after: Value,
    has_other_secrets: bool,
) -> Vec<FieldChange> {
    let is_changed = |name: &str| has_other_secrets && name == WEBHOOK_HEADER.name();
    let take = |snapshot: &mut Value, name: &str| {
        snapshot.get_mut(name).map(Value::take).unwrap_or_default()
    };
    names(&before, &after)
        .into_iter()
        .filter(|name| !BOOKKEEPING.contains(&name.as_str()))
        .map(|name| {
            let (before, after) = (take(&mut before, &name), take(&mut after, &name));
            FieldChange { name, before, after }
        })
        .filter(|FieldChange { name, before, after }| {
            is_changed(name) || !means_the_same(name, before, after)
        })
        .collect()
}

/// The names of the fields of two snapshots, each once.
fn names(before: &Value, after: &Value) -> Vec<String> {
    let names = |snapshot: &Value| -> Vec<String> {
        snapshot.as_object().into_iter().flat_map(Map::keys).cloned().collect()
    };
    let mut all = names(after);
    all.extend(names(before).into_iter().filter(|name| after.get(name).is_none()));
    all
}

fn means_the_same(name: &str, one: &Value, other: &Value) -> bool {
    let is_equal = match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let mut names = one.keys().chain(other.keys());
            names.all(|name| means_the_same(name, field(one, name), field(other, name)))
        }
        (one, other) => one == other,
    };
    is_equal || (means_nothing(name, one) && means_nothing(name, other))
}

fn field<'a>(of: &'a Map<String, Value>, name: &str) -> &'a Value {
    of.get(name).unwrap_or(&Value::Null)
}

/// Whether a field with this value means the same as one without a value.
fn means_nothing(name: &str, value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(is) => !is && name != AI_CONTROL,
        Value::String(text) => name == LOGIC && text == NO_LOGIC,
        Value::Number(_) => false,
        Value::Array(elements) => elements.is_empty(),
        Value::Object(fields) => fields.iter().all(|(name, value)| means_nothing(name, value)),
    }
}
