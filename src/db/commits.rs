//! Announcements of commits, by which readers of the history learn at once that it has grown.
//!
//! In the process each commit is announced by itself. To other replicas on PostgreSQL they are
//! announced by `NOTIFY`, several together and after their transactions: a `NOTIFY` within a
//! transaction takes a lock of the whole server until the transaction ends. An announcement can be
//! lost with its connection, so readers look for changes once in a while as well.

use std::{
    collections::BTreeSet,
    fmt,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use sea_orm::sqlx::{
    self, Executor as _,
    postgres::{PgListener, PgPool, PgPoolOptions},
};
use tokio::sync::broadcast;
use uuid::Uuid;

use super::{Database, Engine};
use crate::domain::{
    clock::Clock,
    id::{OrganizationId, new_id},
};

/// The channel of the notifications.
const CHANNEL: &str = "crm_steps_changes";

/// The shortest time between two notifications of one process.
const PAUSE: Duration = Duration::from_millis(25);

/// The maximum number of organizations that a notification names: PostgreSQL allows it 8,000 bytes.
const NAMED_MAX: usize = 200;

/// In a notification, in place of more organizations.
const ALL: &str = "*";

/// The number of announcements that wait for a slow receiver. One that lacks some gets an error.
const WAITING_MAX: usize = 1_024;

/// Changes were committed, or may have been.
#[derive(Debug, Clone, Copy)]
pub struct Commit {
    /// The organization whose changes they are; `None` for any.
    pub organization: Option<OrganizationId>,
    /// When they were committed, if that is known. Of other replicas by their clocks.
    pub at: Option<Instant>,
}

/// The announcements of the commits of this process.
pub(super) struct Commits {
    sender: broadcast::Sender<Commit>,
    /// Names the process in its notifications, which it receives too.
    process: Uuid,
    clock: Clock,
    /// What other replicas have not been notified of. `None` if no task is notifying them.
    unsent: Mutex<Option<Unsent>>,
}

#[derive(Default)]
struct Unsent {
    organizations: BTreeSet<Uuid>,
    /// The time of the first of the commits.
    since: Option<DateTime<Utc>>,
}

impl fmt::Debug for Commits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Commits")
    }
}

impl Commits {
    pub(super) fn new() -> Self {
        let (sender, _) = broadcast::channel(WAITING_MAX);
        Self { sender, process: new_id(), clock: Clock::system(), unsent: Mutex::default() }
    }

    /// Adds what other replicas have to be notified of. Returns whether a task has to be started for
    /// it.
    fn add(&self, organizations: &BTreeSet<Uuid>) -> bool {
        let mut unsent = self.unsent.lock().unwrap_or_else(PoisonError::into_inner);
        let is_idle = unsent.is_none();
        let unsent = unsent.get_or_insert_default();
        unsent.organizations.extend(organizations);
        unsent.since.get_or_insert_with(|| self.clock.now());
        is_idle
    }

    /// Takes the payload of the next notification. If there is none, the task that sends them ends.
    fn take(&self) -> Option<String> {
        let mut unsent = self.unsent.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(Unsent { organizations, since: Some(since) }) = unsent.replace(Unsent::default())
        else {
            *unsent = None;
            return None;
        };
        let mut payload = format!("{} {}", self.process.simple(), since.timestamp_micros());
        if organizations.len() > NAMED_MAX {
            payload.push(' ');
            payload.push_str(ALL);
        } else {
            for organization in organizations {
                payload.push(' ');
                payload.push_str(&organization.simple().to_string());
            }
        }
        Some(payload)
    }

    /// The commits of which a notification tells; none if this process sent it.
    fn read(&self, payload: &str) -> Vec<Commit> {
        let mut words = payload.split(' ');
        let process = words.next().and_then(|word| Uuid::try_parse(word).ok());
        if process == Some(self.process) {
            return Vec::new();
        }
        let sent =
            words.next().and_then(|word| DateTime::from_timestamp_micros(word.parse().ok()?));
        let at = sent.and_then(|sent| {
            let ago = (self.clock.now() - sent).to_std().unwrap_or_default();
            Instant::now().checked_sub(ago)
        });
        let organization = |word| Uuid::try_parse(word).ok().map(OrganizationId);
        words.map(|word| Commit { organization: organization(word), at }).collect()
    }
}

impl Database {
    /// Announces that changes of these organizations were committed, or may have been.
    pub fn announce(&self, organizations: &BTreeSet<Uuid>) {
        if organizations.is_empty() {
            return;
        }
        let at = Some(Instant::now());
        for organization in organizations {
            let organization = Some(OrganizationId(*organization));
            // Fails without receivers.
            let _ = self.0.commits.sender.send(Commit { organization, at });
        }
        if self.engine() == Engine::Postgres && self.0.commits.add(organizations) {
            tokio::spawn(self.clone().notify());
        }
    }

    /// Sends notifications until there is nothing to send: the first one at once.
    async fn notify(self) {
        let pool = self.0.reader.get_postgres_connection_pool();
        while let Some(payload) = self.0.commits.take() {
            let notify = sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(payload);
            if let Err(error) = pool.execute(notify).await {
                tracing::warn!(%error, "other replicas were not notified of changes");
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The commits of this process from now on.
    #[must_use]
    pub fn commits(&self) -> broadcast::Receiver<Commit> {
        self.0.commits.sender.subscribe()
    }

    /// Listens to the commits of other processes from now on. Only those on PostgreSQL announce
    /// them.
    pub async fn listen(&self) -> Result<Listener, sqlx::Error> {
        let pool = self.0.reader.get_postgres_connection_pool();
        // Of its own, because a listener keeps its connection.
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .connect_lazy_with(PgPool::connect_options(pool).as_ref().clone());
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.listen(CHANNEL).await?;
        Ok(Listener { database: self.clone(), listener })
    }
}

/// Listens to the commits of other processes.
pub struct Listener {
    database: Database,
    listener: PgListener,
}

impl Listener {
    /// Waits for the next commits. After an interruption, any organization may have changes that were
    /// not announced.
    pub async fn next(&mut self) -> Result<Vec<Commit>, sqlx::Error> {
        Ok(match self.listener.try_recv().await? {
            Some(notification) => self.database.0.commits.read(notification.payload()),
            None => vec![Commit { organization: None, at: None }],
        })
    }
}
