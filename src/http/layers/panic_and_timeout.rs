//! The time limit of a request, and the response to one that panics.

use std::{panic::AssertUnwindSafe, time::Duration};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use futures_util::FutureExt as _;

use crate::{graphql::error::ErrorCode, http::error::Problem};

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
        Err(_elapsed) => {
            let message = "The request took too long and was cancelled. Check whether it took effect \
                           before you send it again.";
            Err(Problem::new(ErrorCode::Timeout, message))
        }
    }
}
