//! The HTTP API: its routes and the layers around them.

mod body;
mod connection;
mod draining;
mod encoding;
mod entity_tag;
mod error;
mod error_reference;
mod graphql;
mod health;
mod json;
mod layers;
mod media_type;
mod metrics;
mod pages;
mod request_id;
mod rest;
mod schema_document;
mod streams;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware,
    routing::get,
};
use ipnet::IpNet;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::Semaphore;
use tower_http::cors::{AllowHeaders, CorsLayer};

pub use self::{
    connection::{Abortable, ConnectionAbort},
    draining::Draining,
    error_reference::error_reference,
    graphql::PersistedQueries,
    layers::client_address::client_address,
    pages::Pages,
};
use self::{
    error::{Problem, method_not_allowed},
    graphql::Endpoint,
    layers::{
        auth::{AuthState, authenticate},
        callers::Callers,
        limits::{catch_panic_and_timeout, limit_load},
        rate_limit::{self, RateLimit},
        trace::{TraceState, trace_request},
    },
    streams::Streams,
};
use crate::{
    config::{HttpConfig, seconds},
    db::Database,
    graphql::Environment,
    store::feed::Feed,
};

/// Path of the GraphQL endpoint.
pub const GRAPHQL_PATH: &str = "/graphql";

/// The header with an idempotency key: a mutation that is sent again with the same key is executed
/// once.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The GraphQL endpoint, shared by all requests.
type SharedEndpoint = Arc<Endpoint>;

/// The state of the handlers.
#[derive(Clone, FromRef)]
struct AppState {
    endpoint: SharedEndpoint,
    database: Database,
    feed: Feed,
    metrics: Option<PrometheusHandle>,
    draining: Draining,
    streams: Streams,
    auth: AuthState,
    /// The permits of requests that are executed at the same time.
    permits: Arc<Semaphore>,
    trusted_proxies: Arc<[IpNet]>,
}

/// What the routes and layers of the HTTP API are built from.
pub struct Application {
    /// The database and the settings that the resolvers use.
    pub environment: Environment,
    /// Limits, CORS origins and trusted proxies.
    pub config: HttpConfig,
    /// The GraphQL documents that a request can name by their hash.
    pub documents: PersistedQueries,
    /// The metrics that `/metrics` exports; `None` exports none.
    pub metrics: Option<PrometheusHandle>,
    /// How far the service is in stopping.
    pub draining: Draining,
    /// The files of the pages; `None` serves no pages.
    pub pages: Option<Pages>,
}

impl Application {
    /// All routes with their layers.
    pub fn router(self) -> Router {
        let Self { environment, config, documents, metrics, draining, pages } = self;
        let HttpConfig { limits, streams, cors_origins, trusted_proxies, .. } = config;
        let trusted_proxies: Arc<[IpNet]> = trusted_proxies.into();
        let time_limit = seconds(limits.request_timeout_seconds);
        let permits = limits.max_concurrent_requests.get().try_into();
        let permits = Arc::new(Semaphore::new(permits.unwrap_or(Semaphore::MAX_PERMITS)));
        let auth = AuthState {
            callers: Callers::new(environment.database.clone(), environment.clock.clone()),
            rate_limit: RateLimit::per_minute(limits.rate_limit_per_minute),
            can_upgrade: false,
        };
        let trace = TraceState {
            trusted_proxies: Arc::clone(&trusted_proxies),
            draining: draining.clone(),
            time_limit,
        };
        let state = AppState {
            database: environment.database.clone(),
            feed: environment.feed.clone(),
            metrics,
            streams: Streams::new(streams, auth.callers.clone(), draining.clone()),
            draining,
            auth: auth.clone(),
            permits: Arc::clone(&permits),
            trusted_proxies,
            endpoint: Arc::new(Endpoint::new(environment, limits.clone(), documents)),
        };
        let isolation = || middleware::from_fn_with_state(time_limit, catch_panic_and_timeout);
        // A tuple of layers is one service. Layers that are added one after the other are boxed one
        // by one, and each request clones all boxes.
        let authenticated = |router: Router<AppState>, auth: AuthState| {
            router.layer((
                // Outermost: the time limit includes waiting for the body and the database.
                isolation(),
                // Before authentication, which may wait for the database.
                middleware::from_fn_with_state(permits.clone(), limit_load),
                // Before the handler, which reads the body.
                middleware::from_fn_with_state(auth, authenticate),
                DefaultBodyLimit::max(limits.max_body_bytes),
            ))
        };
        let graphql = Router::new()
            .route(GRAPHQL_PATH, get(graphql::get).post(graphql::post))
            .method_not_allowed_fallback(method_not_allowed);
        let schema = Router::new()
            .route("/schema.graphql", get(schema_document::get))
            .method_not_allowed_fallback(method_not_allowed);
        let rest_layers = |router| authenticated(router, auth.clone());
        let (rest, openapi) = rest::routes(&state.endpoint, rest_layers);
        let api = Router::new()
            .route("/health/live", get(health::live))
            .route("/health/ready", get(health::ready))
            .merge(openapi)
            .method_not_allowed_fallback(method_not_allowed)
            .layer(isolation())
            .merge(authenticated(graphql, AuthState { can_upgrade: true, ..auth.clone() }))
            .merge(authenticated(schema, auth.clone()))
            .merge(rest)
            .fallback(not_found);
        // Outside of the other layers, so that web pages can also read their errors.
        let api = if cors_origins.is_empty() { api } else { api.layer(cors(cors_origins)) };
        Router::new()
            .route("/metrics", get(metrics::get))
            .merge(pages.map(pages::router).unwrap_or_default())
            .method_not_allowed_fallback(method_not_allowed)
            .layer(isolation())
            .merge(api)
            .layer(middleware::from_fn_with_state(trace, trace_request))
            .with_state(state)
    }
}

async fn not_found() -> Problem {
    let message = "This path does not exist; the GraphQL API is at /graphql, and the REST API below \
                   /crm.";
    Problem::of_http(StatusCode::NOT_FOUND, message)
}

/// Lets web pages of these origins send requests with any header. Other programs can send any header
/// as well, so a list would protect nothing.
fn cors(origins: Vec<HeaderValue>) -> CorsLayer {
    /// How long a browser may cache a preflight response: the longest that all browsers support.
    const MAX_AGE: Duration = Duration::from_hours(2);
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([
            request_id::REQUEST_ID,
            rate_limit::RATE_LIMIT,
            rate_limit::RATE_LIMIT_POLICY,
            header::RETRY_AFTER,
            header::ALLOW,
            header::WWW_AUTHENTICATE,
        ])
        .max_age(MAX_AGE)
}
