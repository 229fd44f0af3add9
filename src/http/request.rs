//! What happens to every request: it gets a number, a time limit and a line in the log, and a
//! panic in it stays in it.

use std::{
    convert::Infallible,
    fmt,
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, request::Parts},
    middleware::Next,
    response::Response,
};
use futures_util::FutureExt as _;
use tracing::Instrument as _;
use uuid::Uuid;

use super::error::error_response;
use crate::{
    domain::id::new_id,
    graphql::error::{ErrorCode, INTERNAL_MESSAGE},
};

/// The header that carries the request's number back.
const REQUEST_ID_HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The number of a request: in the log, in the answer's headers and in every error. It is always
/// our own, so that nobody can write into the log what they like.
#[derive(Debug, Clone, Copy)]
pub(super) struct RequestId(Uuid);

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(*parts.extensions.get_or_insert_with(|| Self(new_id())))
    }
}

/// Numbers a request, logs it, and answers for it if it panics.
pub(super) async fn number_and_log(mut request: Request, next: Next) -> Response {
    let id = *request.extensions_mut().get_or_insert_with(|| RequestId(new_id()));
    let span = tracing::info_span!("request", %id);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    async {
        let start = Instant::now();
        // A panic is a bug of ours. The state that it may leave half-done is the request's own.
        let answer = AssertUnwindSafe(next.run(request)).catch_unwind().await;
        let mut response = answer.unwrap_or_else(|_panic| {
            tracing::error!("the request panicked; the panic's own line says where");
            internal(id)
        });
        if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
            response.headers_mut().insert(REQUEST_ID_HEADER, value);
        }
        let (status, elapsed) = (response.status().as_u16(), start.elapsed());
        tracing::info!(%method, path, status, ?elapsed, "answered");
        response
    }
    .instrument(span)
    .await
}

/// Answers for a request that takes longer than `limit`, which is then gone; a transaction that it
/// had not committed is rolled back.
pub(super) async fn limit_time(
    State(limit): State<Duration>,
    id: RequestId,
    request: Request,
    next: Next,
) -> Response {
    tokio::time::timeout(limit, next.run(request)).await.unwrap_or_else(|_elapsed| {
        let message = "The request took too long and was stopped. Look whether it took effect \
                       before you send it again.";
        error_response(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Timeout, message, id)
    })
}

/// The answer to a fault of ours, which has been logged.
pub(super) fn internal(id: RequestId) -> Response {
    error_response(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal, INTERNAL_MESSAGE, id)
}
