//! Runs mutations.

use async_graphql::Context;

use super::{
    context::{caller, environment, reads},
    error::Failure,
    fingerprint::fingerprint,
    user_error::{UserError, user_errors},
};
use crate::store::mutation::{MutationRejected, MutationRequest, Outcome};

/// Runs a mutation: `work` gets the request and decides.
pub(crate) async fn run_mutation<'a, T, C, E, F>(
    context: &Context<'a>,
    validate_only: bool,
    idempotency_key: Option<String>,
    work: impl FnOnce(MutationRequest<'a>) -> F,
) -> Result<MutationResult<T, C>, Failure>
where
    F: Future<Output = Result<Outcome<T, C>, E>>,
    E: Into<Failure>,
{
    // Rows that were read for an earlier mutation of the request may be outdated after this one.
    reads(context).clear();
    let environment = environment(context);
    let idempotency_key = match idempotency_key {
        None => None,
        Some(key) => Some((key, fingerprint(context)?)),
    };
    let request = MutationRequest {
        db: &environment.database,
        caller: caller(context),
        now: environment.clock.now(),
        idempotency_key,
        validate_only,
    };
    // Boxed: keeps the size of this future out of the enclosing ones. The library moves the future
    // of a field, and makes that of each mutation as large as the largest.
    Box::pin(work(request)).await.map(MutationResult::from).map_err(Into::into)
}

/// The result of a mutation, from which its payload is made.
pub(crate) struct MutationResult<T, C> {
    /// The stored value; none if the call was rejected or only validated.
    pub(crate) value: Option<T>,
    /// The value that would have been stored, if the call only validated or only its idempotency
    /// key is rejected.
    pub(crate) validated: Option<T>,
    /// What prevents the change.
    pub(crate) conflict: Option<C>,
    pub(crate) user_errors: Vec<UserError>,
    pub(crate) replayed: bool,
}

impl<T, C> From<Outcome<T, C>> for MutationResult<T, C> {
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
            Outcome::Rejected {
                rejected: MutationRejected { violations, conflict },
                otherwise,
            } => Self {
                user_errors: user_errors(violations),
                validated: otherwise,
                conflict,
                ..nothing
            },
        }
    }
}
