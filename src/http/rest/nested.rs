//! Objects of a body whose fields are fields of the resource under shorter names.

use serde_json::Value as Json;

use super::{
    body::Body,
    problem::{FieldError, Rejection},
};

/// Objects of a body: their names, and the names of their fields.
pub(super) type NestedObjects = &'static [(&'static str, &'static [&'static str])];

/// The nested objects of a step.
pub(super) const OF_STEP: NestedObjects = &[
    ("zapi", &["agentId", "phoneNumber", "message"]),
    ("whatsapp", &["templateAgentId", "templateName", "templateLanguageCode", "templateText"]),
];

/// The name in the resource of a field of a nested object: `agentId` of `zapi` is `zapiAgentId`.
pub(super) fn field_of(object: &str, name: &str) -> String {
    let (initial, rest) = name.split_at(1);
    format!("{object}{}{rest}", initial.to_ascii_uppercase())
}

/// The maximum number of unknown keys of a nested object that are reported, so that a response is
/// not many times as large as its request.
const UNKNOWN_KEYS_MAX: usize = 20;

/// The fields that a body has in nested objects and not outside of them: the name of each in the
/// resource, and its path.
pub(super) struct NestedFields(Vec<(String, [&'static str; 2])>);

impl NestedFields {
    /// Moves the fields of the nested objects into the body itself, unless it has a field of the same
    /// name. Adds an error for each unknown key: with a misspelled one, the step would be stored
    /// without its message.
    pub(super) fn flatten(nested: NestedObjects, body: &mut Body) -> Self {
        let Body { fields: body, errors } = body;
        let mut used = Vec::new();
        for &(object, fields) in nested {
            let mut values = match body.remove(object) {
                None => continue,
                Some(Json::Null) => {
                    // Null clears all fields of the object.
                    for name in fields {
                        body.entry(field_of(object, name)).or_insert(Json::Null);
                    }
                    continue;
                }
                Some(Json::Object(values)) => values,
                Some(_) => {
                    errors.push(FieldError::type_mismatch(&[object.to_owned()], "an object"));
                    continue;
                }
            };
            for &name in fields {
                let field = field_of(object, name);
                // Removing it would change the order of the other keys, which errors are in.
                let value = values.get_mut(name).map(Json::take);
                if !body.contains_key(&field) {
                    body.extend(value.map(|value| (field.clone(), value)));
                    used.push((field, [object, name]));
                }
            }
            let unknown = values.into_iter().filter(|(key, _)| !fields.contains(&key.as_str()));
            let unknown = unknown.take(UNKNOWN_KEYS_MAX);
            errors.extend(unknown.map(|(key, _)| FieldError::unknown_key(object, key, fields)));
        }
        Self(used)
    }

    /// Changes the field names in a rejection to those that the client has written.
    pub(super) fn locate(&self, mut rejection: Rejection) -> Rejection {
        let Rejection::Errors(errors) = &mut rejection else { return rejection };
        for error in errors {
            let is_at = |(field, _): &&(String, _)| error.field.first() == Some(field);
            let Some((_, path)) = self.0.iter().find(is_at) else { continue };
            error.field.splice(..1, path.map(str::to_owned));
            // Messages about these fields quote no text of the client, which could contain such a name.
            for (field, path) in &self.0 {
                error.message = error.message.replace(field, &path.join("."));
            }
        }
        rejection
    }
}
