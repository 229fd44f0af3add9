//! The span, the log line and the metrics of each request, and the headers that each response has.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, StatusCode, Version, header},
    middleware::Next,
    response::Response,
};
use ipnet::IpNet;
use opentelemetry::global;
use opentelemetry_http::HeaderExtractor;
use tracing::{Instrument as _, Span, field};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use super::{
    client_address::client_address,
    compression::{accepts_gzip, compress, is_compressible},
    unread::Unread,
};
use crate::{
    domain::id::new_id,
    http::{
        Draining,
        error::write_problem,
        request_id::{REQUEST_ID, RequestId},
    },
    telemetry::HTTP_SECONDS,
};

/// Longest logged path, in characters: longer than any route.
const LOGGED_MAX: usize = 200;

/// The methods that have metrics of their own. Clients can make up others.
const METHODS: [&str; 7] = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];

/// The state of [`trace_request`].
#[derive(Clone)]
pub(crate) struct TraceState {
    /// The proxies whose X-Forwarded-For is trusted.
    pub(crate) trusted_proxies: Arc<[IpNet]>,
    pub(crate) draining: Draining,
    /// How long a request may take.
    pub(crate) time_limit: Duration,
}

/// Assigns an id to a request, logs and measures it, compresses the response or writes the body of a problem, and
/// reads the unread rest of the request's body.
pub(crate) async fn trace_request(
    State(state): State<TraceState>,
    route: Option<MatchedPath>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = RequestId(new_id());
    request.extensions_mut().insert(id);
    let (method, path) = (request.method().clone(), request.uri().path());
    let path: String = path.chars().take(LOGGED_MAX).collect();
    let is_routine = path.starts_with("/health/") || path == "/metrics";
    let client = client_address(&request, &state.trusted_proxies).map(tracing::field::display);
    let span =
        tracing::info_span!("request", id = %id.0, %method, path, client, status = field::Empty);
    let caller = global::get_text_map_propagator(|propagator| {
        propagator.extract(&HeaderExtractor(request.headers()))
    });
    // Fails without a trace exporter, which leaves nothing to continue.
    let _ = span.set_parent(caller);
    let may_close = request.version() <= Version::HTTP_11;
    let accepts_gzip = accepts_gzip(request.headers());
    let (request, unread) = Unread::of(request);
    async {
        let start = Instant::now();
        let mut response = next.run(request).await;
        if is_compressible(&response) {
            response = compress(response, accepts_gzip).await;
        }
        write_problem(&mut response, id);
        // Excludes the wait for the rest of the body, which depends on the client.
        let elapsed = start.elapsed();
        let is_reusable = match unread {
            Some(unread) => unread.discard(state.time_limit.saturating_sub(elapsed)).await,
            None => true,
        };
        let status = response.status();
        let headers = response.headers_mut();
        if let Ok(value) = HeaderValue::from_str(&id.0.to_string()) {
            headers.insert(REQUEST_ID, value);
        }
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        // Responses depend on the caller, so caches must not store them unless a handler allows it.
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        // The header of a switch to another protocol names that protocol.
        let may_close = may_close && status != StatusCode::SWITCHING_PROTOCOLS;
        if may_close && (!is_reusable || state.draining.has_begun()) {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        let status = status.as_u16();
        Span::current().record("status", status);
        // Probes and scrapers send these every few seconds.
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
