//! What all mutations have in common: how they are called, and what comes of them.

use async_graphql::{Context, OutputType as _, Value};
use sha2::{Digest as _, Sha256};

use super::{
    Mutation, caller,
    defaulted::Defaulted,
    environment,
    error::Failure,
    reads,
    user_error::{UserError, user_errors},
};
use crate::{
    domain::idempotency::{self, Fingerprint},
    store::change::{Call, Outcome, Refusal},
};

/// Carries out the call that a mutation makes.
pub(super) async fn carry_out<'a, T, C, E, F>(
    context: &Context<'a>,
    validate_only: Defaulted<bool>,
    idempotency_key: Option<String>,
    work: impl FnOnce(Call<'a>) -> F,
) -> Result<Answer<T, C>, Failure>
where
    F: Future<Output = Result<Outcome<T, C>, E>>,
    E: Into<Failure>,
{
    // What was read for an earlier mutation of the request is about to be out of date.
    reads(context).forget();
    let environment = environment(context);
    let idempotency_key = match idempotency_key {
        None => None,
        Some(key) => Some((key, fingerprint(context)?)),
    };
    let call = Call {
        db: &environment.database,
        caller: caller(context),
        now: environment.clock.now(),
        idempotency_key,
        validate_only: validate_only.0,
    };
    // Kept apart: the library moves a field's future about, and takes for each field of Mutation the
    // room that the largest one needs.
    Box::pin(work(call)).await.map(Answer::from).map_err(Into::into)
}

/// What makes this call another one than others: the mutation and its arguments, wherever their
/// values came from, but for those that say how to carry it out.
fn fingerprint(context: &Context<'_>) -> Result<Fingerprint, Failure> {
    const NOT_COUNTED: [&str; 2] = [idempotency::ARGUMENT, "validateOnly"];
    let field = context.field();
    let mut arguments = field
        .arguments()
        .map_err(|_| Failure::internal("arguments that were read once cannot be read again"))?;
    let mutations = context.schema_env.registry.types.get(&*Mutation::type_name());
    let declared = mutations.and_then(|mutations| mutations.field_by_name(field.name()));
    // An argument that is null, or that says its default, is as one that is left out.
    let says_default = |name: &str, value: &Value| {
        let declared = declared.and_then(|field| field.args.get(name));
        let default = declared.and_then(|argument| argument.default_value.as_deref());
        // An enum's value comes as a string when it comes by a variable.
        *value == Value::Null || default == Some(value.to_string().trim_matches('"'))
    };
    arguments.retain(|(name, value)| {
        !NOT_COUNTED.contains(&name.as_str()) && !says_default(name, value)
    });
    arguments.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut hash = Sha256::new();
    feed_text(&mut hash, field.name());
    for (name, value) in &arguments {
        feed_text(&mut hash, name);
        feed(&mut hash, value);
    }
    Ok(Fingerprint(hash.finalize().into()))
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
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            for (name, value) in fields {
                feed_text(hash, name);
                feed(hash, value);
            }
        }
    }
}

fn feed_text(hash: &mut Sha256, text: &str) {
    hash.update(text.len().to_be_bytes());
    hash.update(text);
}

/// What came of a mutation, as its payload tells it.
pub(super) struct Answer<T, C> {
    /// What there is now; none when the call was refused or only validated.
    pub(super) value: Option<T>,
    /// What there would be, when the call only validated or nothing but its key is wrong.
    pub(super) validated: Option<T>,
    /// What stands in the way.
    pub(super) conflict: Option<C>,
    pub(super) user_errors: Vec<UserError>,
    pub(super) replayed: bool,
}

impl<T, C> From<Outcome<T, C>> for Answer<T, C> {
    fn from(outcome: Outcome<T, C>) -> Self {
        let nothing = Self {
            value: None,
            validated: None,
            conflict: None,
            user_errors: Vec::new(),
            replayed: false,
        };
        match outcome {
            Outcome::Done { value, replayed } => Self { value: Some(value), replayed, ..nothing },
            Outcome::Valid(value) => Self { validated: Some(value), ..nothing },
            Outcome::Refused { refusal: Refusal { violations, conflict }, otherwise } => Self {
                user_errors: user_errors(violations),
                validated: otherwise,
                conflict,
                ..nothing
            },
        }
    }
}
