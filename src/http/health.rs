//! Liveness and readiness, for orchestrators and load balancers.

use std::time::Duration;

use axum::{extract::State, http::StatusCode};

use super::Draining;
use crate::db::Database;

/// Time limit of the database check; probes time out after a few seconds.
const TIME_LIMIT: Duration = Duration::from_secs(2);

/// Liveness: the process responds.
pub(super) async fn live() -> (StatusCode, &'static str) {
    (StatusCode::OK, "alive\n")
}

/// Readiness: the database responds, its tables are those of this version or a later one, and the
/// service is not about to stop.
pub(super) async fn ready(
    State(database): State<Database>,
    State(draining): State<Draining>,
) -> (StatusCode, &'static str) {
    if draining.has_begun() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match tokio::time::timeout(TIME_LIMIT, database.is_migrated()).await {
        Ok(Ok(true)) => (StatusCode::OK, "ready\n"),
        Ok(Ok(false)) => (StatusCode::SERVICE_UNAVAILABLE, "the database is not migrated\n"),
        Ok(Err(error)) => {
            tracing::error!(%error, "the database failed during the readiness check");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not respond\n")
        }
        Err(_elapsed) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not respond\n"),
    }
}
