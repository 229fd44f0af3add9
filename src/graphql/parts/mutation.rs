//! What all mutations have in common: how they are called, and what comes of them.

use async_graphql::Context;

use super::{
    context::{caller, environment, reads},
    error::Failure,
    fingerprint::fingerprint,
    user_error::{UserError, user_errors},
};
use crate::store::unit_of_work::{MutationRejected, MutationRequest, Outcome};

/// Carries out the call that a mutation makes.
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
    // What was read for an earlier mutation of the request is about to be out of date.
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
    // Kept apart: the library moves a field's future about, and takes for each field of Mutation the
    // room that the largest one needs.
    Box::pin(work(request)).await.map(MutationResult::from).map_err(Into::into)
}

/// What came of a mutation, as its payload tells it.
pub(crate) struct MutationResult<T, C> {
    /// What there is now; none when the call was refused or only validated.
    pub(crate) value: Option<T>,
    /// What there would be, when the call only validated or nothing but its key is wrong.
    pub(crate) validated: Option<T>,
    /// What stands in the way.
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
