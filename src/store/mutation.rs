//! Calls that change data: each runs in one unit of work, once for its idempotency key, and is
//! committed, validated or rejected.

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use serde::{Serialize, de::DeserializeOwned};

use super::{
    StoreError,
    kit::idempotency::{KeyState, look_up, store_outcome},
    unit_of_work::UnitOfWork,
};
use crate::{
    db::Database,
    domain::{
        access_token::Caller,
        call::Call,
        idempotency::{Fingerprint, IdempotencyKey},
        violation::Violations,
    },
};

/// A call of a mutation, and how to execute it.
#[derive(Debug)]
pub struct MutationRequest<'a> {
    /// The database.
    pub db: &'a Database,
    /// The caller. Only rows of its organization are read and written.
    pub caller: &'a Caller,
    /// The time of the call.
    pub now: DateTime<Utc>,
    /// The idempotency key that the client chose, and the fingerprint of the call.
    pub idempotency_key: Option<(String, Fingerprint)>,
    /// Whether to roll back instead of committing, so that the call only returns its outcome.
    pub validate_only: bool,
}

/// The outcome of a call.
#[derive(Debug)]
pub enum Outcome<T, C = ()> {
    /// The call is committed.
    Done {
        /// The value that the call returns.
        value: T,
        /// Whether this is the stored outcome of an earlier call with the same key.
        replayed: bool,
    },
    /// The call was only validated: the value that it would return.
    Valid(T),
    /// The call is rejected, and nothing has changed.
    Rejected {
        /// The reason.
        rejected: MutationRejected<C>,
        /// The value that the call would return, if nothing but its key is invalid.
        otherwise: Option<T>,
    },
}

impl<T, C> Outcome<T, C> {
    /// The value that the call returns, or would return if it was not only validated and its key
    /// was valid.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Done { value, .. } | Self::Valid(value) => Some(value),
            Self::Rejected { otherwise, .. } => otherwise.as_ref(),
        }
    }
}

/// Why a call is rejected.
#[derive(Debug)]
pub struct MutationRejected<C = ()> {
    /// All rules that it breaks.
    pub violations: Violations,
    /// The state that it conflicts with.
    pub conflict: Option<C>,
}

impl<C> From<Violations> for MutationRejected<C> {
    fn from(violations: Violations) -> Self {
        Self { violations, conflict: None }
    }
}

/// Why a unit of work is rolled back.
#[derive(Debug)]
pub(super) enum Abort<C> {
    /// The call is rejected.
    Rejected(MutationRejected<C>),
    /// Something failed.
    Failed(StoreError),
}

impl<C> Abort<C> {
    /// Converts the state that the call conflicts with; `None` drops it.
    pub(super) fn map_conflict<D>(self, map: impl FnOnce(C) -> Option<D>) -> Abort<D> {
        match self {
            Self::Rejected(MutationRejected { violations, conflict }) => {
                Abort::Rejected(MutationRejected { violations, conflict: conflict.and_then(map) })
            }
            Self::Failed(error) => Abort::Failed(error),
        }
    }

    /// The rejection of a call with its violations and the state that it conflicts with.
    pub(super) fn conflict(violations: Violations, conflict: C) -> Self {
        Self::Rejected(MutationRejected { violations, conflict: Some(conflict) })
    }
}

impl<C> From<Violations> for Abort<C> {
    fn from(violations: Violations) -> Self {
        Self::Rejected(violations.into())
    }
}

impl<C, E: Into<StoreError>> From<E> for Abort<C> {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// The value that a call returns, or the reason to roll its unit of work back.
pub(super) type Attempt<T, C = ()> = Result<T, Abort<C>>;

/// What has been executed of a call. Nothing is committed yet.
#[derive(Debug)]
pub enum Executed<T, C = ()> {
    /// The changes are made, and this is the value that the call returns.
    Done(T),
    /// An earlier call with the same key has returned this value.
    Replayed(T),
    /// The call is rejected.
    Rejected(MutationRejected<C>),
}

impl<T, C> Executed<T, C> {
    /// The outcome, once the changes of a call are committed, unless it only validates or its key is
    /// invalid.
    pub(super) fn into_outcome(
        self,
        validate_only: bool,
        key_violations: Violations,
    ) -> Outcome<T, C> {
        match self {
            Self::Rejected(mut rejected) => {
                rejected.violations.extend(key_violations);
                Outcome::Rejected { rejected, otherwise: None }
            }
            Self::Done(value) if !key_violations.is_empty() => {
                Outcome::Rejected { rejected: key_violations.into(), otherwise: Some(value) }
            }
            Self::Done(value) | Self::Replayed(value) if validate_only => Outcome::Valid(value),
            Self::Done(value) => Outcome::Done { value, replayed: false },
            Self::Replayed(value) => Outcome::Done { value, replayed: true },
        }
    }
}

impl MutationRequest<'_> {
    /// The call, and the violations of its key, which are reported together with those of the rest
    /// of the call.
    pub(super) fn into_call(self) -> (Call, Violations) {
        let key = self.idempotency_key.map(|(key, call)| IdempotencyKey::check(key, call));
        let (key, violations) = match key.transpose() {
            Ok(key) => (key, Violations::default()),
            Err(violations) => (None, violations),
        };
        (Call { caller: self.caller.clone(), now: self.now, key }, violations)
    }

    /// Executes the call. The changes that `work` makes, their history and the outcome under the
    /// key are committed together, or not at all.
    pub(super) async fn run<T, C>(
        self,
        work: impl for<'c> FnOnce(&'c mut UnitOfWork) -> BoxFuture<'c, Attempt<T, C>>,
    ) -> Result<Outcome<T, C>, StoreError>
    where
        T: Serialize + DeserializeOwned,
    {
        let (db, validate_only) = (self.db, self.validate_only);
        let (call, key_violations) = self.into_call();
        let mut unit = UnitOfWork::begin(db, &call).await?;
        let state = look_up(unit.transaction(), db.engine(), &[&call]).await?.pop();
        let executed = match state.unwrap_or(KeyState::Unused(None)) {
            KeyState::Outcome(outcome) => Executed::Replayed(serde_json::from_value(outcome)?),
            KeyState::Rejected(violations) => Executed::Rejected(violations.into()),
            KeyState::Unused(expired) => match work(&mut unit).await {
                Err(Abort::Failed(error)) => return Err(error),
                Err(Abort::Rejected(rejected)) => Executed::Rejected(rejected),
                Ok(value) => {
                    let outcome = || serde_json::to_value(&value);
                    store_outcome(unit.writes(), &call, expired.as_ref(), outcome)?;
                    Executed::Done(value)
                }
            },
        };
        if matches!(executed, Executed::Done(_)) && !validate_only && key_violations.is_empty() {
            unit.commit().await?;
        } else {
            unit.roll_back().await?;
        }
        Ok(executed.into_outcome(validate_only, key_violations))
    }
}
