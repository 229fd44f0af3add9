//! The limit on concurrent requests.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use tokio::sync::Semaphore;

use crate::{
    graphql::error::{ErrorCode, OVERLOADED_MESSAGE},
    http::error::Problem,
};

/// Rejects a request at once if there is no permit for it.
pub(crate) async fn limit_load(
    State(permits): State<Arc<Semaphore>>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let Ok(_permit) = permits.try_acquire() else {
        return Err(Problem::new(ErrorCode::Overloaded, OVERLOADED_MESSAGE));
    };
    Ok(next.run(request).await)
}
