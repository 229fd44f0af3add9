//! What an update changes, and which rules it is held to because of that.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::{Map, Value};

/// The fields to which a call gives values. A rule is checked where it reads one of them, so that a
/// value that an earlier version accepted does not stand in the way of other changes.
#[derive(Debug)]
pub(super) enum ChangedFields {
    /// All: the thing is new.
    All,
    /// These.
    Some(HashSet<String>),
}

impl ChangedFields {
    /// The fields in which `sent` differs from what is `stored`; all of them without anything stored.
    ///
    /// A field that is sent with the value that is stored, as forms send it, is not changed. The
    /// values are compared as JSON, so no field can be forgotten here.
    pub(super) fn between<T: Serialize>(stored: Option<&T>, sent: &T) -> Self {
        let fields = |value: &T| -> Option<Map<String, Value>> {
            match serde_json::to_value(value) {
                Ok(Value::Object(fields)) => Some(fields),
                _ => None,
            }
        };
        let Some((before, after)) = stored.and_then(fields).zip(fields(sent)) else {
            return Self::All;
        };
        let changed = after.into_iter().filter(|(name, value)| before.get(name) != Some(value));
        Self::Some(changed.map(|(name, _)| name).collect())
    }

    pub(super) fn contains(&self, field: &str) -> bool {
        match self {
            Self::All => true,
            Self::Some(fields) => fields.contains(field),
        }
    }
}
