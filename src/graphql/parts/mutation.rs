//! Runs mutations.

use std::borrow::Cow;

use async_graphql::{
    ContainerType, Context, ContextSelectionSet, ObjectType, OutputType, Positioned, ServerResult,
    SimpleObject, Value,
    parser::types::Field,
    registry::{MetaType, Registry},
    resolver_utils::resolve_container,
};

use super::{
    arguments::{VALIDATE_ONLY, argument},
    context::{caller, environment, reads},
    error::Failure,
    fingerprint::fingerprint,
    user_error::UserError,
};
use crate::{
    domain::{
        call::Call,
        idempotency::{self, IdempotencyKey},
        violation::Violations,
    },
    store::mutation::{MutationRequest, Outcome},
};

/// What the field of a mutation returns, whose payload has the fields of `P` and those of a
/// [`CallResult`].
pub(crate) type MutationReturn<P> = Option<Result<Payload<P>, Failure>>;

/// Runs a mutation: `work` gets the request and decides. `payload` gets the stored value and what
/// prevents the change.
pub(crate) async fn run_mutation<'a, T, C, E, F, P>(
    context: &Context<'a>,
    work: impl FnOnce(MutationRequest<'a>) -> F,
    payload: impl FnOnce(Option<T>, Option<C>) -> P,
) -> MutationReturn<P>
where
    F: Future<Output = Result<Outcome<T, C>, E>>,
    E: Into<Failure>,
{
    Some(call(context, work).await.map(|outcome| self::payload(outcome, payload)))
}

/// Runs a mutation whose [`payload`] is made of more than [`run_mutation`] takes.
pub(crate) async fn call<'a, T, C, E, F>(
    context: &Context<'a>,
    work: impl FnOnce(MutationRequest<'a>) -> F,
) -> Result<Outcome<T, C>, Failure>
where
    F: Future<Output = Result<Outcome<T, C>, E>>,
    E: Into<Failure>,
{
    // Rows that were read for an earlier mutation of the request may be outdated after this one.
    reads(context).begin_mutation();
    let environment = environment(context);
    let key = argument::<Option<String>>(context, idempotency::ARGUMENT)?;
    let fingerprint = key.is_some().then(|| fingerprint(context)).transpose()?;
    let key = key.zip(fingerprint).map(|(key, call)| IdempotencyKey::check(key, call));
    let (key, key_violations) = match key.transpose() {
        Ok(key) => (key, Violations::default()),
        Err(violations) => (None, violations),
    };
    let request = MutationRequest {
        db: &environment.database,
        call: Call {
            caller: caller(context).clone(),
            now: environment.clock.now(),
            key,
            validate_only: argument::<Option<bool>>(context, VALIDATE_ONLY)?.unwrap_or_default(),
        },
        key_violations,
    };
    // Boxed: keeps the size of this future out of the enclosing ones. The library moves the future
    // of a field, and makes that of each mutation as large as the largest.
    Box::pin(work(request)).await.map_err(Into::into)
}

/// The payload of an outcome, whose own fields are made of the stored value and what prevents the
/// change.
pub(crate) fn payload<T, C, P>(
    outcome: Outcome<T, C>,
    own: impl FnOnce(Option<T>, Option<C>) -> P,
) -> Payload<P> {
    let (value, rejected, replayed) = match outcome {
        Outcome::Done { value, replayed } => (Some(value), None, replayed),
        Outcome::Valid(_) => (None, None, false),
        Outcome::Rejected { rejected, .. } => (None, Some(rejected), false),
    };
    let (violations, conflict) =
        rejected.map(|rejected| (rejected.violations, rejected.conflict)).unzip();
    let violations = violations.into_iter().flatten();
    let user_errors = violations.map(|violation| violation.report().into()).collect();
    Payload { own: own(value, conflict.flatten()), result: CallResult { user_errors, replayed } }
}

/// The fields that all payloads have.
#[derive(SimpleObject)]
pub(crate) struct CallResult {
    /// All violated rules; empty if there are none.
    pub(crate) user_errors: Vec<UserError>,
    /// Whether this is the stored result of an earlier call with the same idempotencyKey.
    replayed: bool,
}

/// A payload: the type `P` of the schema, with the fields of a [`CallResult`] besides its own.
pub(crate) struct Payload<P> {
    own: P,
    pub(crate) result: CallResult,
}

impl<P: ObjectType> OutputType for Payload<P> {
    fn type_name() -> Cow<'static, str> {
        P::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        let qualified_name = P::create_type_info(registry);
        let result = registry.create_fake_output_type::<CallResult>();
        if let MetaType::Object { fields: result, .. } = result
            && let Some(MetaType::Object { fields, .. }) = registry.types.get_mut(&*P::type_name())
        {
            fields.extend(result);
        }
        qualified_name
    }

    async fn resolve(
        &self,
        context: &ContextSelectionSet<'_>,
        _: &Positioned<Field>,
    ) -> ServerResult<Value> {
        resolve_container(context, self).await
    }
}

impl<P: ObjectType> ContainerType for Payload<P> {
    async fn resolve_field(&self, context: &Context<'_>) -> ServerResult<Option<Value>> {
        match self.own.resolve_field(context).await? {
            None => self.result.resolve_field(context).await,
            value => Ok(value),
        }
    }
}

impl<P: ObjectType> ObjectType for Payload<P> {}
