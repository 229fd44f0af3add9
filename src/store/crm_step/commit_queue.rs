//! New steps of one organization that come at the same time are written in one transaction.
//!
//! What a commit costs is mostly the way to the disk and the way to the database, and both are
//! gone once for all of them. Whoever comes alone waits for nobody; whoever comes while others are
//! written is written next, with all that have come meanwhile. Another organization's steps stand
//! in a line of their own, and several replicas take turns by the locks that each transaction
//! takes. The other side of it: a scenario that somebody keeps locked keeps all new steps of its
//! organization waiting.

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

/// Most steps of one transaction. There are as many as wait, down to a power of two: where none
/// is refused, the largest statement has as many rows, and a connection remembers statements by
/// their text. There are some more texts, as the number of scenarios counts, and whether there are
/// candidates and tags.
const BATCH_MAX: usize = 32;

/// Most steps of one organization that wait. It is a second's work for a slow disk; what comes on
/// top would only wait longer than its client does.
const WAITING_MAX: usize = 512;

/// Why a step that keeps all rules was not created, or may not have been.
#[derive(Debug, Clone)]
pub enum NotCreated {
    /// Something broke.
    Failed(StoreError),
    /// Too many wait. It was not looked at.
    Overloaded,
}

impl From<StoreError> for NotCreated {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

type CreateResult = Result<Result<Created, Violations>, NotCreated>;

/// A step that waits to be written, and who waits for it.
struct Waiting {
    creation: Creation,
    answer: oneshot::Sender<CreateResult>,
}

impl Waiting {
    fn answer(self, answer: CreateResult) {
        // Who has gone away does not hear it.
        let _ = self.answer.send(answer);
    }
}

/// Why a transaction was not committed, or may not have been.
enum Failed {
    /// It could not be begun.
    Beginning(DbErr),
    /// Something failed in it, and nothing is left of it.
    Writing(StoreError),
    /// Nobody knows whether it was committed.
    Committing(DbErr),
}

impl Failed {
    fn into_error(self) -> StoreError {
        match self {
            Self::Beginning(error) | Self::Committing(error) => error.into(),
            Self::Writing(error) => error,
        }
    }
}

/// The steps that wait to be written. Clones share them.
#[derive(Clone)]
pub struct CommitQueue {
    database: Database,
    /// The organizations for which somebody is writing, each with those that come next.
    queues: Arc<Mutex<HashMap<OrganizationId, VecDeque<Waiting>>>>,
}

impl fmt::Debug for CommitQueue {
    /// Without the steps, which have secrets in them.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CommitQueue")
    }
}

impl CommitQueue {
    /// Steps will be written to this database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database, queues: Arc::default() }
    }

    fn queues(&self) -> MutexGuard<'_, HashMap<OrganizationId, VecDeque<Waiting>>> {
        // A line is whole at every moment at which the lock is given back.
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Checks a step, and writes it behind all others of its scenario. A caller who goes away
    /// before that has begun leaves nothing behind; one who goes away later leaves the step.
    pub(super) async fn create(
        &self,
        organization: OrganizationId,
        creation: Creation,
    ) -> CreateResult {
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting { creation, answer };
        match self.queues().entry(organization) {
            Entry::Occupied(mut queue) => {
                let queue = queue.get_mut();
                if queue.len() >= WAITING_MAX {
                    // Who has gone away waits no more.
                    queue.retain(|waiting| !waiting.answer.is_closed());
                }
                if queue.len() >= WAITING_MAX {
                    return Err(NotCreated::Overloaded);
                }
                queue.push_back(waiting);
            }
            Entry::Vacant(queue) => {
                queue.insert(VecDeque::from([waiting]));
                // A task of its own: this caller may go away, and others wait.
                tokio::spawn(self.clone().drain_queue(organization));
            }
        }
        answered.await.unwrap_or_else(|_| {
            Err(StoreError::invariant("the task that writes new steps panicked").into())
        })
    }

    /// Writes what waits until nothing does.
    async fn drain_queue(self, organization: OrganizationId) {
        while let Some(batch) = self.next(organization) {
            // A panic is a bug of ours. It is told to those whom it concerns, as a sender is gone.
            let _ = AssertUnwindSafe(self.write(organization, batch)).catch_unwind().await;
        }
    }

    /// Those that are written next; none if nobody waits any more.
    fn next(&self, organization: OrganizationId) -> Option<Vec<Waiting>> {
        let mut queues = self.queues();
        let queue = queues.get_mut(&organization)?;
        queue.retain(|waiting| !waiting.answer.is_closed());
        if queue.is_empty() {
            // Under the same lock: who comes now begins a new line.
            queues.remove(&organization);
            return None;
        }
        let count = queue.len().min(BATCH_MAX);
        Some(queue.drain(..1 << count.ilog2()).collect())
    }

    /// Writes these together or, if the database does not take one of them, each alone: that one
    /// fails alone.
    async fn write(&self, organization: OrganizationId, batch: Vec<Waiting>) {
        match self.commit(organization, &batch).await {
            Err(Failed::Writing(error)) if batch.len() > 1 => {
                tracing::warn!(%error, "steps that came together are written each alone");
                for waiting in batch.into_iter().filter(|waiting| !waiting.answer.is_closed()) {
                    let outcome = self.commit(organization, std::slice::from_ref(&waiting)).await;
                    let outcome = outcome.map(|mut outcomes| outcomes.remove(0));
                    waiting.answer(outcome.map_err(|failed| failed.into_error().into()));
                }
            }
            Err(failed) => {
                let error = failed.into_error();
                for waiting in batch {
                    waiting.answer(Err(error.clone().into()));
                }
            }
            Ok(outcomes) => {
                for (waiting, outcome) in batch.into_iter().zip(outcomes) {
                    waiting.answer(Ok(outcome));
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
        let transaction = self.database.write().await.map_err(Failed::Beginning)?;
        // Each step is then written in the name of its own caller.
        let Creation { actor, now, .. } = creations[0];
        let mut unit =
            UnitOfWork::new(&self.database, organization, transaction, actor.clone(), *now);
        match create_all(&mut unit, &creations).await {
            Ok(outcomes) => unit.commit().await.map(|()| outcomes).map_err(Failed::Committing),
            Err(error) => {
                // If this fails as well, the connection is not used again, and so the transaction
                // is gone.
                let _ = unit.roll_back().await;
                Err(Failed::Writing(error))
            }
        }
    }
}
