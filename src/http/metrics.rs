//! Metrics for Prometheus.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use metrics_exporter_prometheus::PrometheusHandle;

use crate::{db::Database, graphql::events::StreamEvent, store::feed::Feed, telemetry};

/// The media type of Prometheus' text format.
const TEXT_FORMAT: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4");

/// The maximum number of operations that have metrics of their own. Clients choose the names, and
/// each takes memory here and in Prometheus permanently.
const OPERATIONS_MAX: usize = 200;

/// Longest name of an operation that has metrics of its own, in bytes. Each line of its histogram
/// contains it.
const NAME_MAX: usize = 64;

/// The names of operations that have metrics of their own.
#[derive(Debug, Default)]
pub(super) struct Operations(Mutex<HashSet<String>>);

impl Operations {
    /// Records an operation with its duration and outcome: `ok` or the code of an error.
    pub(super) fn count(&self, name: Option<&str>, outcome: &'static str, took: Duration) {
        let operation = self.label(name);
        metrics::histogram!(telemetry::GRAPHQL_SECONDS, "operation" => operation, "outcome" => outcome)
            .record(took);
    }

    fn label(&self, name: Option<&str>) -> String {
        let Some(name) = name else { return "anonymous".to_owned() };
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let has_own = names.contains(name)
            || (name.len() <= NAME_MAX
                && names.len() < OPERATIONS_MAX
                && names.insert(name.to_owned()));
        if has_own { name } else { "other" }.to_owned()
    }
}

/// Counts an event that is sent to a subscriber now.
pub(super) fn count_event(event: &StreamEvent) {
    metrics::counter!(telemetry::STREAM_EVENTS).increment(1);
    metrics::counter!(telemetry::STREAM_RING_MISSES).increment(event.ring_misses.into());
    if let Some(committed) = event.committed {
        metrics::histogram!(telemetry::STREAM_LAG).record(committed.elapsed());
    }
}

/// Exports all metrics, with the present state of the connection pools and of the feed.
pub(super) async fn get(
    State(database): State<Database>,
    State(feed): State<Feed>,
    State(handle): State<Option<PrometheusHandle>>,
) -> Response {
    let Some(handle) = handle else { return StatusCode::NOT_FOUND.into_response() };
    for (pool, size, idle) in database.pools() {
        let gauge =
            |state| metrics::gauge!(telemetry::CONNECTIONS, "pool" => pool, "state" => state);
        gauge("idle").set(f64::from(idle));
        gauge("busy").set(f64::from(size.saturating_sub(idle)));
    }
    if let Some(polled) = feed.polled() {
        telemetry::set_worker_success("changes", polled);
    }
    handle.run_upkeep();
    ([(header::CONTENT_TYPE, TEXT_FORMAT)], handle.render()).into_response()
}
