//! The time limit of a request, and the response to one that panics.

use std::{panic::AssertUnwindSafe, time::Duration};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use futures_util::FutureExt as _;

use crate::{
    graphql::error::ErrorCode,
    http::{
        error::{Problem, internal},
        request_id::RequestId,
    },
};

/// Answers for a request that panics, and for one that takes longer than `limit`, which is then
/// gone; a transaction that it had not committed is rolled back.
pub(crate) async fn catch_panic_and_timeout(
    State(limit): State<Duration>,
    id: RequestId,
    request: Request,
    next: Next,
) -> Response {
    // A panic is a bug of ours. The state that it may leave half-done is the request's own.
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(limit, answer).await {
        Ok(Ok(response)) => response,
        Ok(Err(_panic)) => {
            tracing::error!("the request panicked; the panic's own line says where");
            internal(id)
        }
        Err(_elapsed) => {
            let message = "The request took too long and was stopped. Look whether it took effect \
                           before you send it again.";
            Problem::new(ErrorCode::Timeout, message).into_response(id)
        }
    }
}
