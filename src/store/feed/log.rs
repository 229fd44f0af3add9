//! The recent changes of one organization in memory, which one task keeps up to date for all
//! subscribers.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use sea_orm::DbErr;
use serde_json::Value as Json;
use tokio::sync::{Notify, watch};
use tokio_util::task::AbortOnDropHandle;
use uuid::Uuid;

use super::{
    read,
    ring::{After, Ring, RingLimits},
};
use crate::{
    db::Database,
    domain::id::OrganizationId,
    entity::{JsonText, change},
    store::{history, kit::outage::Outage},
};

/// The number of changes that are read when the first subscriber of an organization comes. After a
/// restart many come at once, and continue where they were a moment ago.
const FILLED: u64 = 256;

/// The maximum number of changes of one read.
const READ_MAX: u64 = 500;

/// The maximum number of changes of a batch, and of their bytes.
const BATCH_MAX: (usize, usize) = (64, 512 * 1024);

/// The shortest time between two reads. At high rates it makes reads larger and fewer.
const PAUSE: Duration = Duration::from_millis(20);

/// The pause after a read that failed.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(1);

/// How long a change is kept in memory. Personal data that is erased from the history is out of the
/// memory after that.
pub(super) const KEPT: Duration = Duration::from_mins(1);

/// A change of the history, as subscribers receive it.
#[derive(Debug)]
pub struct Event {
    /// The change.
    pub change: Arc<change::Model>,
    /// When it was committed, if that is known: not for one that was read from a page or when the log
    /// began. At most the time between two reads too early.
    pub(super) committed: Option<Instant>,
    /// The changes that were read together with it.
    pub batch: Arc<Batch>,
}

/// Changes that were read together.
#[derive(Debug)]
pub struct Batch {
    /// Different for each batch.
    pub id: u64,
    /// The ids of their subjects and scenarios, each once.
    pub ids: Vec<Uuid>,
    /// Their size in memory, in bytes.
    pub bytes: usize,
}

/// Changes as events, in batches.
pub(super) fn events(
    changes: Vec<change::Model>,
    committed: Option<Instant>,
) -> Vec<(Arc<Event>, usize)> {
    static BATCHES: AtomicU64 = AtomicU64::new(0);
    let mut events = Vec::with_capacity(changes.len());
    let mut changes = changes.into_iter().map(|change| (bytes(&change), change)).peekable();
    while changes.peek().is_some() {
        let (count_max, bytes_max) = BATCH_MAX;
        let (mut of_batch, mut batch_bytes) = (Vec::new(), 0);
        while let Some((bytes, change)) = changes.next_if(|(bytes, _)| {
            of_batch.is_empty() || (of_batch.len() < count_max && batch_bytes + bytes <= bytes_max)
        }) {
            batch_bytes += bytes;
            of_batch.push((bytes, change));
        }
        let ids = of_batch.iter().flat_map(|(_, change)| {
            [Some(change.subject_id), change.scenario_id].into_iter().flatten()
        });
        let mut ids: Vec<Uuid> = ids.collect();
        ids.sort_unstable();
        ids.dedup();
        let id = BATCHES.fetch_add(1, Ordering::Relaxed);
        let batch = Arc::new(Batch { id, ids, bytes: batch_bytes });
        events.extend(of_batch.into_iter().map(|(bytes, change)| {
            let event = Event { change: change.into(), committed, batch: Arc::clone(&batch) };
            (Arc::new(event), bytes)
        }));
    }
    events
}

/// The size of a change in memory, about.
fn bytes(change: &change::Model) -> usize {
    /// The columns without the snapshots.
    const COLUMNS: usize = 500;
    let snapshots = [&change.before, &change.after].into_iter().flatten();
    COLUMNS + snapshots.map(|JsonText(snapshot)| json_bytes(snapshot)).sum::<usize>()
}

fn json_bytes(value: &Json) -> usize {
    /// A value and its place in an object.
    const VALUE: usize = 120;
    VALUE
        + match value {
            Json::Null | Json::Bool(_) | Json::Number(_) => 0,
            Json::String(text) => text.len(),
            Json::Array(elements) => elements.iter().map(json_bytes).sum(),
            Json::Object(fields) => {
                fields.iter().map(|(name, value)| name.len() + json_bytes(value)).sum()
            }
        }
}

/// The recent changes of an organization. Its task reads new ones for as long as it lives.
#[derive(Debug)]
pub(super) struct Log {
    pub(super) recent: Arc<Recent>,
    _task: AbortOnDropHandle<()>,
}

/// What the task of a [`Log`] and its subscribers share.
#[derive(Debug)]
pub(super) struct Recent {
    pub(super) organization: OrganizationId,
    ring: Mutex<Option<Ring<Arc<Event>>>>,
    /// The number of the last change; `None` until it is known.
    end: watch::Sender<Option<i64>>,
    woken: Notify,
    /// The time of the first commit that was announced since the last read.
    announced: Mutex<Option<Instant>>,
}

impl Log {
    /// Starts to read the changes of an organization.
    pub(super) fn start(
        organization: OrganizationId,
        database: Database,
        limits: RingLimits,
    ) -> Self {
        let recent = Arc::new(Recent {
            organization,
            ring: Mutex::new(None),
            end: watch::Sender::new(None),
            woken: Notify::new(),
            announced: Mutex::new(None),
        });
        let task = tokio::spawn(Arc::clone(&recent).read(database, limits));
        Self { recent, _task: AbortOnDropHandle::new(task) }
    }
}

impl Recent {
    fn ring(&self) -> MutexGuard<'_, Option<Ring<Arc<Event>>>> {
        // The ring is consistent whenever the lock is released, so a poisoned lock is safe to use.
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads new changes soon, of which the first was committed at this time.
    pub(super) fn wake(&self, committed: Option<Instant>) {
        if let Some(at) = committed {
            let mut announced = self.announced.lock().unwrap_or_else(PoisonError::into_inner);
            let first = announced.map_or(at, |first| first.min(at));
            *announced = Some(first);
        }
        self.woken.notify_one();
    }

    /// The number of the last change in memory, if the changes have been read.
    pub(super) fn end(&self) -> Option<i64> {
        *self.end.borrow()
    }

    /// The number of the last change from now on.
    pub(super) fn watch(&self) -> watch::Receiver<Option<i64>> {
        self.end.subscribe()
    }

    /// Applies a function to the changes after a position, of which there may be none.
    pub(super) fn after<T>(
        &self,
        position: i64,
        search: impl FnOnce(After<&mut dyn Iterator<Item = (i64, &Arc<Event>)>>) -> T,
    ) -> T {
        match self.ring().as_ref().map(|ring| ring.after(position)) {
            None | Some(After::Nothing) => search(After::Nothing),
            Some(After::Gone) => search(After::Gone),
            Some(After::Elements(mut events)) => search(After::Elements(&mut events)),
        }
    }

    /// Removes from memory what is there for too long.
    pub(super) fn remove_old(&self) {
        if let Some(before) = Instant::now().checked_sub(KEPT)
            && let Some(ring) = self.ring().as_mut()
        {
            ring.remove_before(before);
        }
    }

    async fn read(self: Arc<Self>, database: Database, limits: RingLimits) {
        let mut outage = Outage::default();
        loop {
            match self.read_once(&database, &limits).await {
                Ok(Progress::More) => outage.ends(),
                Ok(Progress::AtEnd) => {
                    outage.ends();
                    tokio::time::sleep(PAUSE).await;
                    self.woken.notified().await;
                }
                Err(error) => {
                    if outage.begins() {
                        let organization = self.organization.0;
                        tracing::error!(%organization, %error, "new changes cannot be read");
                    }
                    tokio::time::sleep(PAUSE_AFTER_FAILURE).await;
                }
            }
        }
    }

    /// Reads the changes after those in memory; at first, and when some were purged meanwhile, the
    /// last ones.
    async fn read_once(&self, database: &Database, limits: &RingLimits) -> Result<Progress, DbErr> {
        let committed = self.announced.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut found = None;
        if let Some(end) = self.end() {
            found = read::after(self.organization, database, end, READ_MAX).await?;
        }
        let Some(changes) = found else {
            let changes = read::last(self.organization, database, FILLED).await?;
            // Changes before the first of these are read from the database.
            let from = match changes.first() {
                Some(first) => first.sequence - 1,
                None => history::kept(self.organization, database).await?.end,
            };
            *self.ring() = Some(Ring::new(limits.clone(), from));
            self.add(events(changes, None));
            return Ok(Progress::More);
        };
        let is_full = u64::try_from(changes.len()).is_ok_and(|count| count >= READ_MAX);
        self.add(events(changes, committed));
        Ok(if is_full { Progress::More } else { Progress::AtEnd })
    }

    fn add(&self, events: Vec<(Arc<Event>, usize)>) {
        let now = Instant::now();
        let mut ring = self.ring();
        let Some(ring) = ring.as_mut() else { return };
        for (event, bytes) in events {
            ring.push(event.change.sequence, event, bytes, now);
        }
        self.end.send_if_modified(|end| end.replace(ring.end()) != Some(ring.end()));
    }
}

/// What is left to read.
enum Progress {
    /// There may be more now.
    More,
    /// Nothing until new changes are announced.
    AtEnd,
}
