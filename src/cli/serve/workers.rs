//! What the service does beside its requests, again and again until it stops.

use std::{convert::Infallible, fmt::Display, time::Duration};

use chrono::{DateTime, TimeDelta};
use crm_steps::{
    config::Retention,
    db::Database,
    domain::clock::Clock,
    store::{kit::idempotency::forget_expired, purge},
    telemetry,
};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// The pause between two deletions of what is old.
const HOUR: Duration = Duration::from_hours(1);

/// The pause between two upkeeps of the metrics.
const UPKEEP: Duration = Duration::from_secs(5);

/// Workers that run until they are stopped.
pub(super) struct Workers {
    pub(super) tasks: TaskTracker,
    pub(super) clock: Clock,
    pub(super) stopped: CancellationToken,
}

impl Workers {
    /// Starts the deletion of expired idempotency keys. Replicas that do so at the same time do not disturb
    /// each other.
    pub(super) fn delete_expired_keys(&self, database: &Database) {
        let (database, clock) = (database.clone(), self.clock.clone());
        self.start("idempotency_keys", HOUR, move || {
            let (database, now) = (database.clone(), clock.now());
            async move { forget_expired(&database, now).await.map(logged("expired idempotency keys")) }
        });
    }

    /// Starts the deletion of what is older than it is kept.
    pub(super) fn purge(&self, database: &Database, retention: &Retention) {
        let kept = TimeDelta::days(retention.restore_days.into());
        let (deleted_in, clock) = (database.clone(), self.clock.clone());
        self.start("deleted", HOUR, move || {
            let (database, until) = (deleted_in.clone(), clock.now() - kept);
            async move { purge::deleted(&database, until).await.map(logged("what was deleted")) }
        });
        if retention.history_days == 0 {
            return;
        }
        let kept = TimeDelta::days(retention.history_days.into());
        let (history_of, clock) = (database.clone(), self.clock.clone());
        self.start("history", HOUR, move || {
            let (database, before) = (history_of.clone(), clock.now() - kept);
            async move { purge::history(&database, before).await.map(logged("old changes")) }
        });
    }

    /// Starts adding new measurements to the histograms: without a scraper each would stay in memory.
    pub(super) fn keep_metrics(&self, metrics: PrometheusHandle) {
        self.start("metrics", UPKEEP, move || {
            metrics.run_upkeep();
            async { Ok::<_, Infallible>(()) }
        });
    }

    /// Starts a worker that executes this now and after each pause, and publishes when it last succeeded.
    fn start<F, E>(
        &self,
        worker: &'static str,
        pause: Duration,
        mut execute: impl FnMut() -> F + Send + 'static,
    ) where
        F: Future<Output = Result<(), E>> + Send,
        E: Display,
    {
        telemetry::set_worker_success(worker, DateTime::UNIX_EPOCH);
        let (clock, stopped) = (self.clock.clone(), self.stopped.clone());
        self.tasks.spawn(async move {
            let mut pauses = tokio::time::interval(pause);
            while stopped.run_until_cancelled(pauses.tick()).await.is_some() {
                match execute().await {
                    Ok(()) => telemetry::set_worker_success(worker, clock.now()),
                    Err(error) => tracing::error!(worker, %error, "a background worker failed"),
                }
            }
        });
    }
}

/// Logs how many were purged, if any were.
fn logged(what: &'static str) -> impl FnOnce(u64) {
    move |count| {
        if count > 0 {
            tracing::info!(count, what, "purged");
        }
    }
}
