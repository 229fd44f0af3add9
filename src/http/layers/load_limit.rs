//! The limit on requests that are handled at the same time.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use tokio::sync::Semaphore;

use crate::{
    graphql::error::{ErrorCode, OVERLOADED_MESSAGE},
    http::{error::Problem, request_id::RequestId},
};

/// Answers at once for a request that comes while as many are at work as `places` has permits.
pub(crate) async fn limit_load(
    State(places): State<Arc<Semaphore>>,
    id: RequestId,
    request: Request,
    next: Next,
) -> Response {
    let Ok(_place) = places.try_acquire() else {
        return Problem::new(ErrorCode::Overloaded, OVERLOADED_MESSAGE).into_response(id);
    };
    next.run(request).await
}
