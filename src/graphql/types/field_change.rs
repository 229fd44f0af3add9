//! Changes of fields.

use async_graphql::SimpleObject;
use serde_json::Value as Json;

use crate::{domain::change, graphql::parts::scalars::AnyJson};

/// A field that changes.
#[derive(SimpleObject)]
pub(super) struct FieldChange {
    /// Its name: of a change in a history that of the field of the object, of a plan that in a
    /// specification.
    name: String,
    /// Its value before; null if it is absent. The values of webhook headers are `***`.
    before: Option<AnyJson>,
    /// Its value afterwards; null if it is absent. The values of webhook headers are `***`.
    after: Option<AnyJson>,
}

impl From<change::FieldChange> for FieldChange {
    fn from(change::FieldChange { name, before, after }: change::FieldChange) -> Self {
        let value = |value: Json| (!value.is_null()).then_some(AnyJson(value));
        Self { name, before: value(before), after: value(after) }
    }
}
