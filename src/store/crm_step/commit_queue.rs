//! A queue of new steps: those of one organization that wait at the same time share a transaction.
//!
//! Most of the time of a commit is the round trip and the synchronization with the disk, which a
//! batch needs only once. A step that finds the queue empty is written alone and at once; steps
//! that arrive meanwhile form the next batch. Each organization has a queue of its own, and
//! replicas are serialized by the locks of their transactions. The drawback: a scenario that
//! another transaction keeps locked delays all new steps of its organization.

use std::{
    collections::{HashMap, VecDeque, hash_map::Entry},
    fmt,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::FutureExt as _;
use sea_orm::DbErr;
use tokio::sync::oneshot;

use super::insert::{Created, Creation, create_all};
use crate::{
    db::Database,
    domain::{id::OrganizationId, violation::Violations},
    store::{StoreError, unit_of_work::UnitOfWork},
};

/// The maximum number of steps in one transaction. The size of a batch is the number of waiting
/// steps, rounded down to a power of two: a connection caches statements by their text, and the
/// text depends on the number of rows. It also depends on the number of scenarios, on whether there
/// are candidates and tags, and on the number of rejected steps.
const BATCH_MAX: usize = 32;

/// The maximum number of waiting steps of one organization: about one second of work on a slow
/// disk. Clients would not wait for more.
const WAITING_MAX: usize = 512;

/// Why a step was neither created nor rejected by a rule. After an error it may have been created.
#[derive(Debug, Clone)]
pub enum NotCreated {
    /// An error occurred.
    Failed(StoreError),
    /// Too many steps wait. This one was not checked.
    Overloaded,
}

impl From<StoreError> for NotCreated {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

type CreateResult = Result<Result<Created, Violations>, NotCreated>;

/// A waiting step, and the channel for its result.
struct Waiting {
    creation: Creation,
    result: oneshot::Sender<CreateResult>,
}

impl Waiting {
    fn finish(self, result: CreateResult) {
        // A cancelled call has closed its channel.
        let _ = self.result.send(result);
    }
}

/// Why a transaction failed. It may have been committed, unless `is_rolled_back`.
struct Failed {
    error: StoreError,
    /// Whether it was rolled back because a statement failed. A single step may be the cause.
    is_rolled_back: bool,
}

impl From<DbErr> for Failed {
    /// The transaction could not be started, or its commit failed and may have taken effect.
    fn from(error: DbErr) -> Self {
        Self { error: error.into(), is_rolled_back: false }
    }
}

/// The waiting steps. Clones share them.
#[derive(Clone)]
pub struct CommitQueue {
    database: Database,
    /// The organizations with a running worker, each with its waiting steps.
    queues: Arc<Mutex<HashMap<OrganizationId, VecDeque<Waiting>>>>,
}

impl fmt::Debug for CommitQueue {
    /// Omits the steps, which contain secrets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CommitQueue")
    }
}

impl CommitQueue {
    /// A queue that writes to this database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database, queues: Arc::default() }
    }

    fn queues(&self) -> MutexGuard<'_, HashMap<OrganizationId, VecDeque<Waiting>>> {
        // The state is consistent whenever the lock is released, so a poisoned lock is safe to use.
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Checks a step and appends it to its scenario. A call that is cancelled before its batch
    /// starts creates no step; a later cancellation does not stop it.
    pub(super) async fn create(
        &self,
        organization: OrganizationId,
        creation: Creation,
    ) -> CreateResult {
        let (sender, result) = oneshot::channel();
        let waiting = Waiting { creation, result: sender };
        match self.queues().entry(organization) {
            Entry::Occupied(mut queue) => {
                let queue = queue.get_mut();
                if queue.len() >= WAITING_MAX {
                    // Cancelled calls need no result.
                    queue.retain(|waiting| !waiting.result.is_closed());
                }
                if queue.len() >= WAITING_MAX {
                    return Err(NotCreated::Overloaded);
                }
                queue.push_back(waiting);
            }
            Entry::Vacant(queue) => {
                queue.insert(VecDeque::from([waiting]));
                // In a task of its own, so that cancelling this call does not stop the others.
                tokio::spawn(self.clone().drain_queue(organization));
            }
        }
        result.await.unwrap_or_else(|_| {
            Err(StoreError::invariant("the task that writes new steps panicked").into())
        })
    }

    /// Writes batches until no step waits.
    async fn drain_queue(self, organization: OrganizationId) {
        while let Some(batch) = self.next(organization) {
            // A panic fails its own batch: the calls find their channels closed.
            let _ = AssertUnwindSafe(self.write(organization, batch)).catch_unwind().await;
        }
    }

    /// The next batch; none if no step waits.
    fn next(&self, organization: OrganizationId) -> Option<Vec<Waiting>> {
        let mut queues = self.queues();
        let queue = queues.get_mut(&organization)?;
        queue.retain(|waiting| !waiting.result.is_closed());
        if queue.is_empty() {
            // Under the same lock, so that a step that arrives next starts a new worker.
            queues.remove(&organization);
            return None;
        }
        let count = queue.len().min(BATCH_MAX);
        Some(queue.drain(..1 << count.ilog2()).collect())
    }

    /// Writes a batch in one transaction or, if a statement fails, each step in one of its own, so
    /// that only the step at fault fails.
    async fn write(&self, organization: OrganizationId, batch: Vec<Waiting>) {
        match self.commit(organization, &batch).await {
            Err(Failed { error, is_rolled_back: true }) if batch.len() > 1 => {
                tracing::warn!(%error, "a batch of new steps failed; each is written in its own transaction");
                for waiting in batch.into_iter().filter(|waiting| !waiting.result.is_closed()) {
                    let outcome = self.commit(organization, std::slice::from_ref(&waiting)).await;
                    let outcome = outcome.map(|mut outcomes| outcomes.remove(0));
                    waiting.finish(outcome.map_err(|failed| failed.error.into()));
                }
            }
            Err(Failed { error, .. }) => {
                for waiting in batch {
                    waiting.finish(Err(error.clone().into()));
                }
            }
            Ok(outcomes) => {
                for (waiting, outcome) in batch.into_iter().zip(outcomes) {
                    waiting.finish(Ok(outcome));
                }
            }
        }
    }

    async fn commit(
        &self,
        organization: OrganizationId,
        batch: &[Waiting],
    ) -> Result<Vec<Result<Created, Violations>>, Failed> {
        let creations: Vec<&Creation> = batch.iter().map(|waiting| &waiting.creation).collect();
        let transaction = self.database.write().await?;
        // `create_all` then sets the token and the time of each step.
        let Creation { actor, now, .. } = creations[0];
        let mut unit =
            UnitOfWork::new(&self.database, organization, transaction, actor.clone(), *now);
        match create_all(&mut unit, &creations).await {
            Ok(outcomes) => {
                unit.commit().await?;
                Ok(outcomes)
            }
            Err(error) => {
                // If the rollback fails too, the connection is discarded, and with it the
                // transaction.
                let _ = unit.roll_back().await;
                Err(Failed { error, is_rolled_back: true })
            }
        }
    }
}
