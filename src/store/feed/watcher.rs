//! One task that finds out which organizations have new changes, as long as there are subscribers.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use chrono::{DateTime, Utc};
use sea_orm::{DbErr, sqlx};
use tokio::{sync::broadcast::error::RecvError, time::MissedTickBehavior};
use tokio_util::task::AbortOnDropHandle;

use super::{log::Log, read};
use crate::{
    db::{Commit, Database, Engine},
    domain::{clock::Clock, id::OrganizationId},
    store::kit::outage::Outage,
};

/// How often the database is asked for changes that were not announced.
const POLL: Duration = Duration::from_secs(1);

/// The pause before listening again after a failure.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(1);

/// The logs of the organizations that have subscribers.
#[derive(Debug, Default)]
pub(super) struct Logs {
    logs: Mutex<HashMap<OrganizationId, Weak<Log>>>,
    /// When the database was last asked for changes that were not announced.
    polled: Mutex<Option<DateTime<Utc>>>,
}

impl Logs {
    /// The log of an organization, which `start` starts if there is none.
    pub(super) fn of(&self, organization: OrganizationId, start: impl FnOnce() -> Log) -> Arc<Log> {
        let mut logs = self.lock();
        if let Some(log) = logs.get(&organization).and_then(Weak::upgrade) {
            return log;
        }
        let log = Arc::new(start());
        logs.insert(organization, Arc::downgrade(&log));
        log
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<OrganizationId, Weak<Log>>> {
        // The map is consistent whenever the lock is released, so a poisoned lock is safe to use.
        self.logs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn all(&self) -> Vec<Arc<Log>> {
        let mut logs = self.lock();
        logs.retain(|_, log| log.strong_count() > 0);
        logs.values().filter_map(Weak::upgrade).collect()
    }

    fn wake(&self, Commit { organization, at }: Commit) {
        let Some(organization) = organization else {
            return self.all().iter().for_each(|log| log.recent.wake(at));
        };
        let log = self.lock().get(&organization).and_then(Weak::upgrade);
        if let Some(log) = log {
            log.recent.wake(at);
        }
    }

    /// When the database was last asked for changes that were not announced.
    pub(super) fn polled(&self) -> Option<DateTime<Utc>> {
        *self.polled.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The task; it ends with the last subscriber.
#[derive(Debug)]
pub(super) struct Watcher(#[expect(dead_code, reason = "aborts the task")] AbortOnDropHandle<()>);

impl Watcher {
    pub(super) fn start(database: Database, clock: Clock, logs: Arc<Logs>) -> Self {
        // From now on, also if the task starts later.
        let mut commits = database.commits();
        let own = {
            let logs = Arc::clone(&logs);
            async move {
                loop {
                    match commits.recv().await {
                        Ok(commit) => logs.wake(commit),
                        Err(RecvError::Lagged(_)) => {
                            logs.wake(Commit { organization: None, at: None });
                        }
                        Err(RecvError::Closed) => return,
                    }
                }
            }
        };
        let task = async move {
            tokio::join!(own, listen(&database, &logs), poll(&database, &clock, &logs));
        };
        Self(AbortOnDropHandle::new(tokio::spawn(task)))
    }
}

/// Wakes the logs of which other replicas announce changes.
async fn listen(database: &Database, logs: &Logs) {
    if database.engine() == Engine::Sqlite {
        return;
    }
    let mut outage = Outage::default();
    loop {
        let Err(error) = listen_once(database, logs, &mut outage).await;
        if outage.begins() {
            tracing::warn!(%error, "announcements of other replicas are late by up to a second");
        }
        tokio::time::sleep(PAUSE_AFTER_FAILURE).await;
    }
}

async fn listen_once(
    database: &Database,
    logs: &Logs,
    outage: &mut Outage,
) -> Result<Infallible, sqlx::Error> {
    let mut listener = database.listen().await?;
    outage.ends();
    loop {
        listener.next().await?.into_iter().for_each(|commit| logs.wake(commit));
    }
}

/// Wakes the logs whose changes were not announced, and removes old changes from memory.
async fn poll(database: &Database, clock: &Clock, logs: &Logs) {
    let mut ticks = tokio::time::interval(POLL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut outage = Outage::default();
    loop {
        ticks.tick().await;
        match poll_once(database, logs).await {
            Ok(()) => {
                outage.ends();
                *logs.polled.lock().unwrap_or_else(PoisonError::into_inner) = Some(clock.now());
            }
            Err(error) => {
                if outage.begins() {
                    tracing::error!(%error, "the history cannot be polled");
                }
            }
        }
    }
}

async fn poll_once(database: &Database, logs: &Logs) -> Result<(), DbErr> {
    let all = logs.all();
    for log in &all {
        log.recent.remove_old();
    }
    let ends = all.iter().filter_map(|log| Some((log.recent.organization, log.recent.end()?)));
    let ends: Vec<_> = ends.collect();
    drop(all);
    for organization in read::grown(database, &ends).await? {
        logs.wake(Commit { organization: Some(organization), at: None });
    }
    Ok(())
}
