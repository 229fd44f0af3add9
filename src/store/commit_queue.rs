//! A queue of calls that change data: those that wait at the same time share a transaction.
//!
//! Most of the time of a commit is the round trip and the synchronization with the disk, which a
//! batch needs only once. A call that does not have to wait is executed alone and at once; calls
//! that arrive meanwhile form the next batch, in which organizations take turns. No organization
//! is in two batches at a time: the second would wait for the locks of the first. Replicas are
//! serialized by these locks.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::{FutureExt as _, future::BoxFuture};
use tokio::sync::oneshot;

use super::{StoreError, unit_of_work::UnitOfWork};
use crate::{
    db::{Database, Engine},
    domain::{call::Call, id::OrganizationId, idempotency::IdempotencyKey},
};

/// The maximum size of the calls in one transaction, unless a single call is larger. The number of
/// calls is rounded down to a power of two: a connection caches statements by their text, and the
/// text depends on the number of rows.
const SIZE_MAX: usize = 32;

/// The maximum number of waiting calls of one organization: about one second of work on a slow
/// disk. Clients would not wait for more.
const WAITING_MAX: usize = 512;

/// The maximum number of batches that are executed at the same time on PostgreSQL. SQLite has one
/// writer.
const WORKERS_MAX: usize = 4;

/// A call that can share a transaction with others of its kind.
pub trait SharedCall: Send + Sync + Sized + 'static {
    /// What the client gets.
    type Outcome: Send;

    /// The caller, the time and the key of the call.
    fn call(&self) -> &Call;

    /// How many rows the call creates, about.
    fn size(&self) -> usize;

    /// Executes calls, and returns the outcome of each. After an error the unit of work is rolled
    /// back; calls that shared it are executed again, each alone.
    fn execute_all<'a>(
        unit: &'a mut UnitOfWork,
        calls: &'a [&'a Self],
    ) -> BoxFuture<'a, Result<Vec<Self::Outcome>, StoreError>>;
}

/// Why a call has no outcome.
#[derive(Debug, Clone)]
pub enum NoOutcome {
    /// An error occurred. The call may have been executed.
    Failed(StoreError),
    /// Too many calls of the organization wait. This one was not executed.
    Overloaded,
}

impl<E: Into<StoreError>> From<E> for NoOutcome {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// A waiting call, and the channel for its outcome.
struct Waiting<C: SharedCall> {
    call: C,
    outcome: oneshot::Sender<Result<C::Outcome, StoreError>>,
}

impl<C: SharedCall> Waiting<C> {
    fn organization(&self) -> OrganizationId {
        self.call.call().caller.organization
    }

    /// Whether the call has the key of another one, and so depends on that one's outcome.
    fn depends_on<'a>(&'a self, other: &'a Self) -> bool {
        let key = |waiting: &'a Self| waiting.call.call().key.as_ref().map(IdempotencyKey::key);
        key(self).is_some()
            && key(self) == key(other)
            && self.organization() == other.organization()
    }
}

/// What the tasks share.
struct State<C: SharedCall> {
    /// The waiting calls, as they arrived.
    waiting: Vec<Waiting<C>>,
    /// The organizations with calls in a batch.
    executing: HashSet<OrganizationId>,
    /// How many tasks execute batches.
    workers: usize,
}

impl<C: SharedCall> State<C> {
    /// Takes the calls of the next batch: first the first of each organization, then the second of
    /// each, and so on. There is none if no call can be executed now.
    fn next_batch(&mut self) -> Vec<Waiting<C>> {
        self.waiting.retain(|waiting| !waiting.outcome.is_closed());
        let mut turns: HashMap<OrganizationId, usize> = HashMap::new();
        let mut calls: Vec<(usize, usize)> = Vec::new();
        for (index, waiting) in self.waiting.iter().enumerate() {
            if !self.executing.contains(&waiting.organization()) {
                let turn = turns.entry(waiting.organization()).or_default();
                calls.push((*turn, index));
                *turn += 1;
            }
        }
        calls.sort_unstable();
        let (mut chosen, mut passed): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
        let mut size = 0;
        for (_, index) in calls {
            let waiting = &self.waiting[index];
            let depends_on = |other: &usize| waiting.depends_on(&self.waiting[*other]);
            let larger = size + waiting.call.size();
            let is_free = !chosen.iter().chain(&passed).any(depends_on);
            if is_free && (larger <= SIZE_MAX || chosen.is_empty()) {
                size = larger;
                chosen.push(index);
            } else {
                passed.push(index);
            }
        }
        chosen.truncate(chosen.len().checked_ilog2().map_or(0, |log| 1 << log));
        let mut indexes = 0..;
        let is_chosen = |_: &mut _| indexes.next().is_some_and(|index| chosen.contains(&index));
        let batch: Vec<Waiting<C>> = self.waiting.extract_if(.., is_chosen).collect();
        self.executing.extend(batch.iter().map(Waiting::organization));
        batch
    }
}

/// A queue of calls. Clones share it.
#[derive(Clone)]
pub struct CommitQueue<C: SharedCall> {
    database: Database,
    state: Arc<Mutex<State<C>>>,
}

impl<C: SharedCall> fmt::Debug for CommitQueue<C> {
    /// Omits the calls, which may contain secrets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CommitQueue")
    }
}

impl<C: SharedCall + Clone> CommitQueue<C> {
    /// A queue that writes to this database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        let state = State { waiting: Vec::new(), executing: HashSet::new(), workers: 0 };
        Self { database, state: Arc::new(Mutex::new(state)) }
    }

    fn state(&self) -> MutexGuard<'_, State<C>> {
        // The state is consistent whenever the lock is released, so a poisoned lock is safe to use.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Executes a call in a transaction that others may share, and returns its outcome. A call that
    /// is cancelled before its batch starts is not executed; a later cancellation does not stop it.
    pub async fn execute(&self, call: C) -> Result<C::Outcome, NoOutcome> {
        let (outcome, receiver) = oneshot::channel();
        let organization = call.call().caller.organization;
        let workers_max = if self.database.engine() == Engine::Sqlite { 1 } else { WORKERS_MAX };
        {
            let mut state = self.state();
            if state.waiting.len() >= WAITING_MAX {
                // Cancelled calls need no outcome.
                state.waiting.retain(|waiting| !waiting.outcome.is_closed());
            }
            let is_same = |waiting: &&Waiting<C>| waiting.organization() == organization;
            if state.waiting.iter().filter(is_same).count() >= WAITING_MAX {
                return Err(NoOutcome::Overloaded);
            }
            state.waiting.push(Waiting { call, outcome });
            if state.workers < workers_max && !state.executing.contains(&organization) {
                state.workers += 1;
                // In a task of its own, so that cancelling this call does not stop the others.
                tokio::spawn(self.clone().execute_batches());
            }
        }
        let outcome = receiver.await;
        Ok(outcome
            .map_err(|_| StoreError::invariant("the task that executes calls panicked"))??)
    }

    /// Executes batches until no call waits.
    async fn execute_batches(self) {
        loop {
            let batch = {
                let mut state = self.state();
                let batch = state.next_batch();
                if batch.is_empty() {
                    // Under the same lock, so that a call that arrives next starts a new task.
                    state.workers -= 1;
                    return;
                }
                batch
            };
            let organizations: HashSet<_> = batch.iter().map(Waiting::organization).collect();
            // A panic fails its own batch: the calls find their channels closed.
            let _ = AssertUnwindSafe(self.execute_batch(batch)).catch_unwind().await;
            self.state().executing.retain(|organization| !organizations.contains(organization));
        }
    }

    /// Executes a batch in one transaction or, if that is rolled back, each call in one of its own,
    /// so that only the call at fault fails. The channel of a cancelled call is closed.
    async fn execute_batch(&self, batch: Vec<Waiting<C>>) {
        let calls: Vec<&C> = batch.iter().map(|waiting| &waiting.call).collect();
        match self.commit(&calls).await {
            Ok(Err(error)) if batch.len() > 1 => {
                tracing::warn!(%error, "a batch failed; each call gets its own transaction");
                for waiting in batch.into_iter().filter(|waiting| !waiting.outcome.is_closed()) {
                    let outcome = self.commit(&[&waiting.call]).await.flatten();
                    let _ = waiting.outcome.send(outcome.map(|mut outcomes| outcomes.remove(0)));
                }
            }
            Ok(Ok(outcomes)) => {
                for (waiting, outcome) in batch.into_iter().zip(outcomes) {
                    let _ = waiting.outcome.send(Ok(outcome));
                }
            }
            Ok(Err(error)) | Err(error) => {
                for waiting in batch {
                    let _ = waiting.outcome.send(Err(error.clone()));
                }
            }
        }
    }

    /// Executes calls in one transaction. The inner error means that it was rolled back, so that
    /// calls can be executed again; after the outer one it did not begin, or its commit failed and
    /// may have taken effect.
    async fn commit(
        &self,
        calls: &[&C],
    ) -> Result<Result<Vec<C::Outcome>, StoreError>, StoreError> {
        let mut unit = UnitOfWork::begin(&self.database, calls[0].call()).await?;
        let executed = AssertUnwindSafe(async {
            let outcomes = C::execute_all(&mut unit, calls).await?;
            unit.execute().await?;
            Ok(outcomes)
        });
        let panicked = |_| Err(StoreError::invariant("a call in a shared transaction panicked"));
        let executed = executed.catch_unwind().await.unwrap_or_else(panicked);
        if executed.is_ok() {
            unit.commit().await?;
        } else {
            // If the rollback fails too, the connection is discarded, and with it the transaction.
            let _ = unit.roll_back().await;
        }
        Ok(executed)
    }
}
