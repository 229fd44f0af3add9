//! Calls that change data: each is executed in a unit of work, once for its idempotency key, and is
//! committed, validated or rejected.

use futures_util::future::BoxFuture;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value as Json;

use super::{
    StoreError,
    kit::idempotency::{Earlier, look_up},
    unit_of_work::UnitOfWork,
};
use crate::{
    db::Database,
    domain::{call::Call, id::OrganizationId, violation::Violations},
    entity::{JsonText, idempotency_key},
};

/// A call of a mutation, and how to execute it.
#[derive(Debug)]
pub struct MutationRequest<'a> {
    /// The database.
    pub db: &'a Database,
    /// The call; without its key if that is invalid.
    pub call: Call,
    /// The violations of the key, which are reported together with those of the rest of the call.
    pub key_violations: Violations,
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

    /// The value that the call would return, if it was only validated and breaks no rule.
    pub fn if_valid(&self) -> Option<&T> {
        match self {
            Self::Valid(value) => Some(value),
            Self::Done { .. } | Self::Rejected { .. } => None,
        }
    }

    /// The outcome of an executed call that only validates or whose key has violations.
    pub(super) fn of_request(self, validate_only: bool, key_violations: Violations) -> Self {
        match self {
            Self::Rejected { mut rejected, otherwise } => {
                rejected.violations.extend(key_violations);
                Self::Rejected { rejected, otherwise }
            }
            Self::Done { value, .. } if !key_violations.is_empty() => {
                Self::Rejected { rejected: key_violations.into(), otherwise: Some(value) }
            }
            Self::Done { value, .. } if validate_only => Self::Valid(value),
            outcome => outcome,
        }
    }
}

impl<T, C> From<MutationRejected<C>> for Outcome<T, C> {
    fn from(rejected: MutationRejected<C>) -> Self {
        Self::Rejected { rejected, otherwise: None }
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
        let Self { db, call, key_violations } = self;
        let is_committed = !call.validate_only && key_violations.is_empty();
        let mut unit = UnitOfWork::begin(db, &call).await?;
        let executed = execute(&mut unit, &call, work).await;
        let executed = end(unit, executed, is_committed).await?;
        Ok(executed.of_request(call.validate_only, key_violations))
    }
}

/// Executes a call in a unit of work, unless an outcome is stored under its key.
async fn execute<T, C>(
    unit: &mut UnitOfWork,
    call: &Call,
    work: impl for<'c> FnOnce(&'c mut UnitOfWork) -> BoxFuture<'c, Attempt<T, C>>,
) -> Result<Outcome<T, C>, StoreError>
where
    T: Serialize + DeserializeOwned,
{
    if let Some(Some(found)) = look_up(unit.transaction(), unit.engine(), &[call]).await?.pop() {
        return Ok(earlier(found, serde_json::from_value)?);
    }
    let attempt = work(unit).await;
    outcome(unit, attempt, |value| serde_json::to_value(value))
}

/// The outcome of an attempt to execute a call. `json` makes what is stored under the key of the
/// call.
pub(super) fn outcome<T, C>(
    unit: &mut UnitOfWork,
    attempt: Attempt<T, C>,
    json: impl FnOnce(&T) -> Result<Json, serde_json::Error>,
) -> Result<Outcome<T, C>, StoreError> {
    match attempt {
        Err(Abort::Failed(error)) => Err(error),
        Err(Abort::Rejected(rejected)) => Ok(rejected.into()),
        Ok(value) => {
            // In place of an expired one.
            if let Some(key) = unit.key().cloned() {
                let (OrganizationId(organization_id), created_at) =
                    (unit.organization(), unit.now());
                unit.writes().upsert(&idempotency_key::Model {
                    organization_id,
                    key: key.key().to_owned(),
                    fingerprint: key.fingerprint().current.to_vec(),
                    outcome: JsonText(json(&value)?),
                    created_at,
                });
            }
            Ok(Outcome::Done { value, replayed: false })
        }
    }
}

/// The outcome that a call has because of its key alone.
pub(super) fn earlier<T, C>(
    earlier: Earlier,
    read: impl FnOnce(Json) -> Result<T, serde_json::Error>,
) -> Result<Outcome<T, C>, serde_json::Error> {
    Ok(match earlier {
        Ok(stored) => Outcome::Done { value: read(stored)?, replayed: true },
        Err(violations) => MutationRejected::from(violations).into(),
    })
}

/// Commits the changes of a call, or rolls them back if it has none or is not to be committed.
pub(super) async fn end<T, C>(
    unit: UnitOfWork,
    executed: Result<Outcome<T, C>, StoreError>,
    is_committed: bool,
) -> Result<Outcome<T, C>, StoreError> {
    let is_change = matches!(executed, Ok(Outcome::Done { replayed: false, .. }));
    let ended =
        if is_committed && is_change { unit.commit().await } else { unit.roll_back().await };
    let executed = executed?;
    ended?;
    Ok(executed)
}
