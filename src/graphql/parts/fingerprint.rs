//! The fingerprint of a call: an idempotency key that is used again is accepted only with the same
//! one.
//!
//! It depends on the meaning of the arguments, not on how they are written: as literals or
//! variables, in any order, one value for a list of one, an id in capitals, a default that is
//! written or left out, and null for an absent value, except in a patch, where null clears a field
//! and an absent value keeps it. The REST handlers call the same mutations, so both APIs share the
//! keys.

use async_graphql::{
    Context, Name, Value,
    indexmap::IndexMap,
    registry::{MetaInputValue, MetaType, MetaTypeName, Registry},
};
use sha2::{Digest as _, Sha256};

use super::{arguments::VALIDATE_ONLY, error::Failure};
use crate::domain::{
    id::parse_id,
    idempotency::{self, Fingerprint},
};

/// The arguments that do not change what a call does.
const NOT_COUNTED: [&str; 2] = [idempotency::ARGUMENT, VALIDATE_ONLY];

/// The fingerprint of the mutation that is being executed.
pub(crate) fn fingerprint(context: &Context<'_>) -> Result<Fingerprint, Failure> {
    let field = context.field();
    let arguments = field
        .arguments()
        .map_err(|_| Failure::internal("arguments that were read once cannot be read again"))?;
    let types = &context.schema_env.registry;
    let mutations = types.mutation_type.as_ref().and_then(|name| types.types.get(name));
    let declared = mutations
        .and_then(|mutations| mutations.field_by_name(field.name()))
        .ok_or_else(|| Failure::internal("a mutation is executed that the schema does not have"))?;
    let counted = arguments.into_iter().filter(|(name, _)| !NOT_COUNTED.contains(&name.as_str()));
    let arguments: IndexMap<Name, Value> = counted.collect();
    let former =
        as_kept_by_0_1(&declared.args, &arguments).map(|as_was| hash(field.name(), &as_was));
    let current = hash(field.name(), &fields(types, &declared.args, arguments, false));
    Ok(Fingerprint { current, former })
}

/// Arguments, or the fields of an input object, without those that change nothing: a default, and
/// null where there is no default. In a patch null clears.
fn fields(
    types: &Registry,
    declared: &IndexMap<String, MetaInputValue>,
    given: IndexMap<Name, Value>,
    is_patch: bool,
) -> IndexMap<Name, Value> {
    let meant = given.into_iter().filter_map(|(name, value)| {
        let Some(declared) = declared.get(name.as_str()) else { return Some((name, value)) };
        let value = meaning(types, &declared.ty, value);
        let is_default = match &declared.default_value {
            Some(default) => *default == value.to_string(),
            None => value == Value::Null && !is_patch,
        };
        (!is_default).then_some((name, value))
    });
    meant.collect()
}

/// A value of a type in the one form that all values of the same meaning have. The engine has
/// coerced numbers already.
fn meaning(types: &Registry, ty: &str, value: Value) -> Value {
    match (MetaTypeName::create(ty), value) {
        (_, Value::Null) => Value::Null,
        (MetaTypeName::NonNull(inner), value) => meaning(types, inner, value),
        (MetaTypeName::List(inner), Value::List(elements)) => {
            elements.into_iter().map(|element| meaning(types, inner, element)).collect()
        }
        (MetaTypeName::List(inner), value) => Value::List(vec![meaning(types, inner, value)]),
        (MetaTypeName::Named("ID"), Value::String(id)) => {
            Value::String(parse_id(&id).map_or(id, |id| id.to_string()))
        }
        (MetaTypeName::Named(name), value) => match (types.types.get(name), value) {
            (Some(MetaType::InputObject { input_fields, .. }), Value::Object(given)) => {
                Value::Object(fields(types, input_fields, given, is_patch(name)))
            }
            (Some(MetaType::Enum { .. }), Value::String(name)) => Value::Enum(Name::new(name)),
            (_, value) => value,
        },
    }
}

/// Whether the fields of an input type are a patch: absent keeps and null clears.
fn is_patch(input_type: &str) -> bool {
    input_type.starts_with("Update")
}

/// Arguments as version 0.1 took them for its fingerprint: as they were written, without those that
/// are null or a default; and the same with one value for each list of one, as a client may have
/// written it.
///
/// Remove this with [`Fingerprint::former`].
fn as_kept_by_0_1(
    declared: &IndexMap<String, MetaInputValue>,
    arguments: &IndexMap<Name, Value>,
) -> [IndexMap<Name, Value>; 2] {
    let says_default = |name: &str, value: &Value| {
        let default = declared.get(name).and_then(|argument| argument.default_value.as_deref());
        // An enum's value comes as a string when it comes by a variable.
        *value == Value::Null || default == Some(value.to_string().trim_matches('"'))
    };
    let counted = arguments.iter().filter(|(name, value)| !says_default(name, value));
    let written: IndexMap<Name, Value> =
        counted.map(|(name, value)| (name.clone(), value.clone())).collect();
    let inside = |value: &Value| match value {
        Value::List(elements) => Value::List(elements.iter().map(without_lists_of_one).collect()),
        value => without_lists_of_one(value),
    };
    let single = written.iter().map(|(name, value)| (name.clone(), inside(value))).collect();
    [written, single]
}

fn without_lists_of_one(value: &Value) -> Value {
    match value {
        Value::List(elements) => match &elements[..] {
            [element] => without_lists_of_one(element),
            elements => elements.iter().map(without_lists_of_one).collect(),
        },
        Value::Object(fields) => {
            let fields =
                fields.iter().map(|(name, value)| (name.clone(), without_lists_of_one(value)));
            Value::Object(fields.collect())
        }
        value => value.clone(),
    }
}

/// The hash of a mutation and its arguments, in any order.
fn hash(mutation: &str, arguments: &IndexMap<Name, Value>) -> [u8; 32] {
    let mut hash = Sha256::new();
    feed_text(&mut hash, mutation);
    feed_fields(&mut hash, arguments);
    hash.finalize().into()
}

/// Feeds a value into a hash, so that no two different ones feed the same. The order of an
/// object's fields does not count, nor whether an enum's value was written as a string.
fn feed(hash: &mut Sha256, value: &Value) {
    match value {
        Value::Null => hash.update([0]),
        Value::Number(number) => {
            hash.update([1]);
            feed_text(hash, &number.to_string());
        }
        Value::String(text) => {
            hash.update([2]);
            feed_text(hash, text);
        }
        Value::Enum(name) => {
            hash.update([2]);
            feed_text(hash, name);
        }
        Value::Boolean(value) => hash.update([3, u8::from(*value)]),
        Value::Binary(bytes) => {
            hash.update([4]);
            hash.update(bytes.len().to_be_bytes());
            hash.update(bytes);
        }
        Value::List(items) => {
            hash.update([5]);
            hash.update(items.len().to_be_bytes());
            for item in items {
                feed(hash, item);
            }
        }
        Value::Object(fields) => {
            hash.update([6]);
            hash.update(fields.len().to_be_bytes());
            feed_fields(hash, fields);
        }
    }
}

fn feed_fields(hash: &mut Sha256, fields: &IndexMap<Name, Value>) {
    let mut fields: Vec<_> = fields.iter().collect();
    fields.sort_by_key(|(name, _)| *name);
    for (name, value) in fields {
        feed_text(hash, name);
        feed(hash, value);
    }
}

fn feed_text(hash: &mut Sha256, text: &str) {
    hash.update(text.len().to_be_bytes());
    hash.update(text);
}
