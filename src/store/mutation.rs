//! Calls that change data: each runs in one unit of work, once for its idempotency key, and is
//! committed, validated or rejected.

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use serde::{Serialize, de::DeserializeOwned};

use super::{
    StoreError,
    kit::idempotency::{self, KeyState, store_outcome},
    unit_of_work::UnitOfWork,
};
use crate::{
    db::Database,
    domain::{
        access_token::Caller,
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

impl MutationRequest<'_> {
    /// Executes the call. The changes that `work` makes, their history and the outcome under the
    /// key are committed together, or not at all.
    pub(super) async fn run<T, C>(
        self,
        work: impl for<'c> FnOnce(&'c mut UnitOfWork) -> BoxFuture<'c, Attempt<T, C>>,
    ) -> Result<Outcome<T, C>, StoreError>
    where
        T: Serialize + DeserializeOwned,
    {
        let key = self.idempotency_key.map(|(key, call)| IdempotencyKey::check(key, call));
        // Violations of the key are reported together with those of the rest of the call.
        let (key, key_violations) = match key.transpose() {
            Ok(key) => (key, Violations::default()),
            Err(violations) => (None, violations),
        };
        let organization = self.caller.organization;
        let transaction = self.db.write().await?;
        let mut expired = None;
        if let Some(key) = &key {
            let engine = self.db.engine();
            match idempotency::find(organization, &transaction, engine, key, self.now).await? {
                KeyState::Unused(outcome) => expired = outcome,
                KeyState::Outcome(outcome) => {
                    transaction.rollback().await?;
                    let value = serde_json::from_value(outcome)?;
                    return Ok(if self.validate_only {
                        Outcome::Valid(value)
                    } else {
                        Outcome::Done { value, replayed: true }
                    });
                }
                KeyState::Rejected(violations) => {
                    transaction.rollback().await?;
                    return Ok(Outcome::Rejected { rejected: violations.into(), otherwise: None });
                }
            }
        }
        let actor = (self.caller.token_id, self.caller.token_name.clone());
        let mut unit = UnitOfWork::new(self.db, organization, transaction, actor, self.now);
        match work(&mut unit).await {
            Err(Abort::Failed(error)) => Err(error),
            Err(Abort::Rejected(mut rejected)) => {
                unit.roll_back().await?;
                rejected.violations.extend(key_violations);
                Ok(Outcome::Rejected { rejected, otherwise: None })
            }
            Ok(value) if !key_violations.is_empty() => {
                unit.roll_back().await?;
                Ok(Outcome::Rejected { rejected: key_violations.into(), otherwise: Some(value) })
            }
            Ok(value) if self.validate_only => {
                unit.roll_back().await?;
                Ok(Outcome::Valid(value))
            }
            Ok(value) => {
                if let Some(key) = &key {
                    let outcome = serde_json::to_value(&value)?;
                    let (batch, expired) = (unit.writes(), expired.as_ref());
                    store_outcome(organization, batch, key, expired, outcome, self.now);
                }
                unit.commit().await?;
                Ok(Outcome::Done { value, replayed: false })
            }
        }
    }
}
