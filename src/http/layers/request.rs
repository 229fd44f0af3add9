//! What happens to every request: it gets a number, a time limit and a line in the log, a panic in it
//! stays in it, and its body does not get into the way of the next one.

use std::{
    convert::Infallible,
    fmt,
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    extract::{FromRequestParts, MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Version, header, request::Parts},
    middleware::Next,
    response::Response,
};
use futures_util::FutureExt as _;
use ipnet::IpNet;
use opentelemetry::global;
use opentelemetry_http::HeaderExtractor;
use tokio::sync::Semaphore;
use tracing::{Instrument as _, Span, field};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use uuid::Uuid;

use super::{client_address, unread::Unread};
use crate::{
    domain::id::new_id,
    graphql::error::{ErrorCode, INTERNAL_MESSAGE, OVERLOADED_MESSAGE},
    http::{Draining, error::Problem},
    telemetry::HTTP_SECONDS,
};

/// The header that carries the request's number back.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The number of a request: in the log, in the answer's headers and in every error. It is always
/// our own, so that nobody can write into the log what they like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestId(Uuid);

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

/// How much of a path is logged, in characters: more than any of ours has.
const LOGGED_MAX: usize = 200;

/// The methods that are told apart in numbers. Anybody can make up others.
const METHODS: [&str; 7] = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];

/// What is looked at in every request.
#[derive(Clone)]
pub(crate) struct TraceState {
    /// Proxies whose word on where a request comes from is taken.
    pub(crate) trusted_proxies: Arc<[IpNet]>,
    pub(crate) draining: Draining,
    /// How long a request may take.
    pub(crate) time_limit: Duration,
}

/// Numbers a request and logs it, and leaves its connection in order.
pub(crate) async fn trace_request(
    State(watch): State<TraceState>,
    route: Option<MatchedPath>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = *request.extensions_mut().get_or_insert_with(|| RequestId(new_id()));
    let (method, path) = (request.method().clone(), request.uri().path());
    let path: String = path.chars().take(LOGGED_MAX).collect();
    let is_routine = path.starts_with("/health/") || path == "/metrics";
    let client = client_address::of(&request, &watch.trusted_proxies).map(tracing::field::display);
    let span = tracing::info_span!("request", %id, %method, path, client, status = field::Empty);
    let caller = global::get_text_map_propagator(|propagator| {
        propagator.extract(&HeaderExtractor(request.headers()))
    });
    // Fails where no traces are sent, and then there is nothing to continue.
    let _ = span.set_parent(caller);
    let may_close = request.version() <= Version::HTTP_11;
    let (request, unread) = Unread::of(request);
    async {
        let start = Instant::now();
        let mut response = next.run(request).await;
        // Taken before the rest of the body is awaited: that is the client's time, not the service's.
        let elapsed = start.elapsed();
        let is_in_order = match unread {
            Some(unread) => unread.discard(watch.time_limit.saturating_sub(elapsed)).await,
            None => true,
        };
        let headers = response.headers_mut();
        if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
            headers.insert(REQUEST_ID, value);
        }
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        // What a caller may see is no business of a cache's, unless somebody says otherwise.
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        if may_close && (!is_in_order || watch.draining.is_begun()) {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        let status = response.status().as_u16();
        Span::current().record("status", status);
        // Somebody asks every second or two, and what is well need not be told each time.
        if is_routine && status < 500 {
            tracing::debug!(status, ?elapsed, "answered");
        } else {
            tracing::info!(status, ?elapsed, "answered");
        }
        let route = route.as_ref().map_or("none", MatchedPath::as_str).to_owned();
        let status = status.to_string();
        let method = METHODS.into_iter().find(|known| method == *known).unwrap_or("other");
        metrics::histogram!(HTTP_SECONDS, "method" => method, "route" => route, "status" => status)
            .record(elapsed);
        response
    }
    .instrument(span)
    .await
}

/// Answers for a request that panics, and for one that takes longer than `limit`, which is then
/// gone; a transaction that it had not committed is rolled back.
pub(crate) async fn contain(
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

/// The answer to a fault of ours, which has been logged.
pub(crate) fn internal(id: RequestId) -> Response {
    Problem::new(ErrorCode::Internal, INTERNAL_MESSAGE).into_response(id)
}
