//! Numbers for Prometheus.

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

use crate::{db::Database, telemetry};

/// The media type of Prometheus' text format.
const TEXT_FORMAT: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4");

/// Most operations that are told apart. Their names are chosen by clients, and each costs memory
/// here and in Prometheus for ever.
const OPERATIONS_MAX: usize = 200;

/// Longest name of an operation that is told apart, in bytes. Each stands in every line of its
/// histogram.
const NAME_MAX: usize = 64;

/// The operations that are told apart.
#[derive(Debug, Default)]
pub(super) struct Operations(Mutex<HashSet<String>>);

impl Operations {
    /// Counts an operation that took this long and came to this: `ok` or the code of an error.
    pub(super) fn count(&self, name: Option<&str>, outcome: &'static str, took: Duration) {
        let operation = self.label(name);
        metrics::histogram!(telemetry::GRAPHQL_SECONDS, "operation" => operation, "outcome" => outcome)
            .record(took);
    }

    fn label(&self, name: Option<&str>) -> String {
        let Some(name) = name else { return "anonymous".to_owned() };
        if name.len() > NAME_MAX {
            return "other".to_owned();
        }
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !names.contains(name) {
            if names.len() == OPERATIONS_MAX {
                return "other".to_owned();
            }
            names.insert(name.to_owned());
        }
        name.to_owned()
    }
}

/// Everything that was counted, and how the pool of connections stands.
pub(super) async fn get(
    State(database): State<Database>,
    State(handle): State<Option<PrometheusHandle>>,
) -> Response {
    let Some(handle) = handle else { return StatusCode::NOT_FOUND.into_response() };
    for (pool, size, idle) in database.pools() {
        let gauge =
            |state| metrics::gauge!(telemetry::CONNECTIONS, "pool" => pool, "state" => state);
        gauge("idle").set(f64::from(idle));
        gauge("busy").set(f64::from(size.saturating_sub(idle)));
    }
    handle.run_upkeep();
    ([(header::CONTENT_TYPE, TEXT_FORMAT)], handle.render()).into_response()
}
