//! The limits on the time of a request and on the number of concurrent ones, and the response to one
//! that panics.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use futures_util::FutureExt as _;
use tokio::sync::Semaphore;

use crate::http::error::Problem;

/// Responds to a request whose handler panics or takes longer than `limit`. The handler is dropped,
/// which rolls an open transaction back.
pub(crate) async fn catch_panic_and_timeout(
    State(limit): State<Duration>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    // Requests share no state that a panic could leave inconsistent.
    let response = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(limit, response).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(_panic)) => {
            tracing::error!(
                "invariant violated: the handler panicked; the log of the panic has the location"
            );
            Err(Problem::internal())
        }
        Err(_elapsed) => Err(Problem::timeout()),
    }
}

/// Rejects a request at once if there is no permit for it.
pub(crate) async fn limit_load(
    State(permits): State<Arc<Semaphore>>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let Ok(_permit) = permits.try_acquire() else {
        return Err(Problem::overloaded());
    };
    Ok(next.run(request).await)
}
