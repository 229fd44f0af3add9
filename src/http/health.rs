//! Health, for whoever restarts processes and sends traffic to them.

use std::time::Duration;

use axum::{extract::State, http::StatusCode};

use super::Draining;
use crate::db::Database;

/// How long the database may take to say how it is. Whoever asks gives up before long.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process is alive.
pub(super) async fn live() -> (StatusCode, &'static str) {
    (StatusCode::OK, "alive\n")
}

/// The database answers, its tables are those of this version or a later one, and the service is
/// not about to stop.
pub(super) async fn ready(
    State(database): State<Database>,
    State(draining): State<Draining>,
) -> (StatusCode, &'static str) {
    if draining.is_begun() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match tokio::time::timeout(PATIENCE, database.is_migrated()).await {
        Ok(Ok(true)) => (StatusCode::OK, "ready\n"),
        Ok(Ok(false)) => (StatusCode::SERVICE_UNAVAILABLE, "the database is not migrated\n"),
        Ok(Err(error)) => {
            tracing::error!(%error, "the database failed while readiness was checked");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
        Err(_elapsed) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}
