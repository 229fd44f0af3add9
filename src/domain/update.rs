//! The fields that an update changes, which decide which rules apply.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::Value;

/// The fields that a call changes. Only rules that read one of them apply, so a value that an
/// earlier version accepted does not block changes of other fields.
///
/// `None` stands for all fields: the row is new.
#[derive(Debug)]
pub(super) struct ChangedFields(Option<HashSet<String>>);

impl ChangedFields {
    /// The fields in which `sent` differs from what is `stored`; all fields if nothing is stored.
    ///
    /// A field that is sent with the stored value, as forms send it, is not changed. Values are
    /// compared as JSON, so that no field can be forgotten here.
    pub(super) fn between<T: Serialize>(stored: Option<&T>, sent: &T) -> Self {
        let Some(stored) = stored else { return Self(None) };
        let fields = |value: &T| serde_json::to_value(value);
        let (Ok(before), Ok(Value::Object(after))) = (fields(stored), fields(sent)) else {
            return Self(None);
        };
        let changed = after.into_iter().filter(|(name, value)| before.get(name) != Some(value));
        Self(Some(changed.map(|(name, _)| name).collect()))
    }

    /// Counts this field as changed as well.
    pub(super) fn insert(&mut self, field: &str) {
        if let Some(fields) = &mut self.0 {
            fields.insert(field.to_owned());
        }
    }

    pub(super) fn contains(&self, field: &str) -> bool {
        self.0.as_ref().is_none_or(|fields| fields.contains(field))
    }
}
