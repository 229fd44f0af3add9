//! The span, the log line and the metrics of each request, and the headers that each response has.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Version, header},
    middleware::Next,
    response::Response,
};
use ipnet::IpNet;
use opentelemetry::global;
use opentelemetry_http::HeaderExtractor;
use tracing::{Instrument as _, Span, field};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use super::{client_address, unread::Unread};
use crate::{
    http::{
        Draining,
        request_id::{REQUEST_ID, RequestId},
    },
    telemetry::HTTP_SECONDS,
};

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
    let id = RequestId::of(request.extensions_mut());
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
