//! The history as a stream: the changes after a position, and then each new one as it is committed.
//!
//! Each organization with subscribers has a log: its recent changes in memory, which one task
//! reads for all of them. A subscriber with an older position reads pages. No subscriber has a
//! queue: it has a position, and takes the next change when it is ready for it. So a slow one takes no
//! memory, and none misses a change.

mod log;
mod read;
pub mod ring;
mod watcher;

use std::{
    sync::{Arc, Mutex, PoisonError, Weak},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use sea_orm::DbErr;
use tokio::sync::watch;
use uuid::Uuid;

pub use self::log::{Batch, Event};
use self::{
    log::{KEPT, Log},
    ring::{After, RingLimits, SharedBytes},
    watcher::{Logs, Watcher},
};
use super::{
    history::{self, KeptHistory},
    kit::{
        once_cache::{Computed, OnceCache},
        permits::Permits,
    },
};
use crate::{
    db::Database,
    domain::{change::SubjectType, clock::Clock, id::OrganizationId},
    entity::change,
};

/// The maximum number of changes of an organization in memory, and of their bytes: a few seconds at
/// the highest rate.
const RING_MAX: (usize, usize) = (4_096, 4 * 1024 * 1024);

/// The maximum number of bytes of the changes of all organizations in memory.
const RINGS_BYTES_MAX: usize = 128 * 1024 * 1024;

/// The number of changes of a page, which a subscriber reads if its position is older than those in memory.
const PAGE: u64 = 64;

/// The maximum number of pages that are read at the same time.
const PAGE_READS_MAX: usize = 8;

/// The maximum number of bytes of pages in memory, which subscribers at the same position share.
const PAGES_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// How often a page is read before the stream ends, and the pause before the next time.
const PAGE_ATTEMPTS: (u32, Duration) = (3, Duration::from_secs(1));

/// Pages of the history, by their organization and the number before their first change; none if some
/// of the changes after that number are purged.
type Pages = OnceCache<(OrganizationId, i64), Result<Option<Arc<Vec<Arc<Event>>>>, DbErr>>;

/// The changes of all organizations. Clones share what is in memory. Nothing is read before the first
/// subscriber comes.
#[derive(Debug, Clone)]
pub struct Feed(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    database: Database,
    clock: Clock,
    logs: Arc<Logs>,
    watcher: Mutex<Weak<Watcher>>,
    limits: RingLimits,
    pages: Pages,
    page_reads: Permits,
}

/// Which changes a subscriber takes: those for which all given tests hold.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// It is of this scenario or one of its steps; none is of `Some(None)`, a scenario that cannot
    /// exist.
    pub scenario: Option<Option<Uuid>>,
    /// The changed row is of one of these types.
    pub subject_types: Option<Vec<SubjectType>>,
}

impl Selection {
    fn has(&self, change: &change::Model) -> bool {
        let Self { scenario, subject_types } = self;
        scenario.is_none_or(|id| id.is_some() && change.scenario_id == id)
            && subject_types.as_ref().is_none_or(|types| types.contains(&change.subject_type))
    }
}

/// Why a subscription does not begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotStarted {
    /// Some of the changes after the position are purged.
    Expired,
    /// The position is beyond the end of the history.
    Unknown,
    /// The database failed.
    Failed(DbErr),
}

/// Why there is no next change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// Some of the changes after the position are purged.
    Expired,
    /// The history could not be read, repeatedly.
    Failed(DbErr),
}

impl Feed {
    /// The changes in this database.
    #[must_use]
    pub fn new(database: Database, clock: Clock) -> Self {
        let (elements, bytes) = RING_MAX;
        let shared = SharedBytes::at_most(RINGS_BYTES_MAX);
        Self(Arc::new(Shared {
            database,
            clock,
            logs: Arc::default(),
            watcher: Mutex::default(),
            limits: RingLimits { elements, bytes, shared },
            pages: OnceCache::new(PAGES_BYTES_MAX, KEPT),
            page_reads: Permits::new(PAGE_READS_MAX),
        }))
    }

    /// Subscribes to the changes of an organization after this number, or to those that are committed
    /// from now on.
    pub async fn subscribe(
        &self,
        organization: OrganizationId,
        after: Option<i64>,
        selection: Selection,
    ) -> Result<Position, NotStarted> {
        // From the database: the log may be a moment behind it.
        let kept = history::kept(organization, &self.0.database).await;
        let KeptHistory { purged_to, end } = kept.map_err(NotStarted::Failed)?;
        let at = match after {
            Some(after) if after < purged_to => return Err(NotStarted::Expired),
            Some(after) if after > end => return Err(NotStarted::Unknown),
            Some(after) => after,
            None => end,
        };
        // First, so that no commit is missed that follows the first read of the log.
        let watcher = self.watcher();
        let log = self.log(organization);
        Ok(Position {
            feed: self.clone(),
            _watcher: watcher,
            end: log.recent.watch(),
            log,
            selection,
            begun_at: end,
            at,
            page: None,
            pages: 0,
            failures: 0,
        })
    }

    /// When the database was last asked for changes that were not announced; none before the first
    /// subscriber. It is asked each second as long as there are subscribers.
    #[must_use]
    pub fn polled(&self) -> Option<DateTime<Utc>> {
        self.0.logs.polled()
    }

    fn log(&self, organization: OrganizationId) -> Arc<Log> {
        let Shared { database, logs, limits, .. } = &*self.0;
        let start = || Log::start(organization, database.clone(), limits.clone());
        logs.of(organization, start)
    }

    fn watcher(&self) -> Arc<Watcher> {
        let Shared { database, clock, logs, watcher, .. } = &*self.0;
        let mut watcher = watcher.lock().unwrap_or_else(PoisonError::into_inner);
        watcher.upgrade().unwrap_or_else(|| {
            let started = Watcher::start(database.clone(), clock.clone(), Arc::clone(logs));
            let started = Arc::new(started);
            *watcher = Arc::downgrade(&started);
            started
        })
    }

    /// The page of changes after a number; none if some of them are purged.
    async fn page(
        &self,
        organization: OrganizationId,
        after: i64,
    ) -> Result<Option<Arc<Vec<Arc<Event>>>>, DbErr> {
        let read = || {
            let (database, reads) = (self.0.database.clone(), self.0.page_reads.clone());
            async move {
                let _permit = reads.acquire(organization).await;
                let changes = match read::after(organization, &database, after, PAGE).await {
                    Ok(Some(changes)) if !changes.is_empty() => changes,
                    other => {
                        let value = other.map(|found| found.map(|_| Arc::default()));
                        return Computed { value, bytes: None };
                    }
                };
                let events = log::events(changes, None);
                let bytes = events.iter().map(|(_, bytes)| bytes).sum();
                let page = events.into_iter().map(|(event, _)| event).collect();
                Computed { value: Ok(Some(Arc::new(page))), bytes: Some(bytes) }
            }
        };
        let page = self.0.pages.get((organization, after), read).await;
        page.unwrap_or_else(|| Err(DbErr::Custom("reading a page panicked".to_owned())))
    }
}

/// A subscriber's position in the history of its organization.
#[derive(Debug)]
pub struct Position {
    feed: Feed,
    _watcher: Arc<Watcher>,
    log: Arc<Log>,
    end: watch::Receiver<Option<i64>>,
    selection: Selection,
    /// The end of the history when the subscription began.
    begun_at: i64,
    /// The number of the last change that was taken or left out.
    at: i64,
    /// The position at which the page began that is being taken.
    page: Option<i64>,
    /// The number of pages that were looked at since a change was taken.
    pages: u32,
    /// How often in a row the page could not be read.
    failures: u32,
}

impl Position {
    /// The organization.
    #[must_use]
    pub fn organization(&self) -> OrganizationId {
        self.log.recent.organization
    }

    /// The number of the last change that was taken or left out.
    #[must_use]
    pub fn at(&self) -> i64 {
        self.at
    }

    /// Waits for the next change and returns it. It is returned again until it is
    /// [taken](Self::take), so this can be cancelled.
    pub async fn next(&mut self) -> Result<Arc<Event>, Ended> {
        loop {
            if let Some(page) = self.page {
                if let Some(event) = self.next_of_page(page).await? {
                    return Ok(event);
                }
                continue;
            }
            let (selection, at) = (&self.selection, &mut self.at);
            let found = self.log.recent.after(*at, |after| match after {
                After::Nothing => Found::Nothing,
                After::Gone => Found::Gone,
                After::Elements(events) => {
                    for (number, event) in events {
                        if selection.has(&event.change) {
                            return Found::Event(Arc::clone(event));
                        }
                        *at = number;
                    }
                    Found::Nothing
                }
            });
            match found {
                Found::Event(event) => return Ok(event),
                Found::Gone => {
                    self.pages += 1;
                    self.page = Some(self.at);
                }
                Found::Nothing => {
                    // The sender is in the log, which this holds.
                    let at = self.at;
                    let _ = self.end.wait_for(|end| end.is_some_and(|end| end > at)).await;
                }
            }
        }
    }

    /// The next change of the page that begins here. At its end there is none, and the page is left.
    async fn next_of_page(&mut self, page: i64) -> Result<Option<Arc<Event>>, Ended> {
        let (attempts, pause) = PAGE_ATTEMPTS;
        let events = match self.feed.page(self.organization(), page).await {
            Ok(Some(events)) => events,
            // Changes before the position may be purged, when the page is read again.
            Ok(None) if page < self.at => {
                self.page = Some(self.at);
                return Ok(None);
            }
            Ok(None) => return Err(Ended::Expired),
            Err(error) => {
                self.failures += 1;
                if self.failures >= attempts {
                    return Err(Ended::Failed(error));
                }
                tokio::time::sleep(pause).await;
                return Ok(None);
            }
        };
        self.failures = 0;
        let first = events.partition_point(|event| event.change.sequence <= self.at);
        for event in &events[first..] {
            if self.selection.has(&event.change) {
                return Ok(Some(Arc::clone(event)));
            }
            self.at = event.change.sequence;
        }
        self.page = None;
        if events.is_empty() {
            // What the log had there was deleted with its organization.
            self.at = self.at.max(self.log.recent.end().unwrap_or(self.at));
        }
        Ok(None)
    }

    /// When a change was committed, if that is known and was after the subscription began.
    #[must_use]
    pub fn committed(&self, event: &Event) -> Option<Instant> {
        event.committed.filter(|_| event.change.sequence > self.begun_at)
    }

    /// Takes a change: the position is behind it. Returns how many pages had to be read since the one
    /// before.
    pub fn take(&mut self, event: &Event) -> u32 {
        self.at = event.change.sequence;
        std::mem::take(&mut self.pages)
    }
}

/// What a search in memory has found.
enum Found {
    Event(Arc<Event>),
    Nothing,
    Gone,
}
