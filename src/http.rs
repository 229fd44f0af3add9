//! The doors: which path leads where, and what every request passes on its way.

mod body;
mod error;
mod error_reference;
mod graphiql;
mod graphql;
mod health;
mod json;
mod layers;
mod media_type;
mod metrics;
mod request_id;
mod rest;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware,
    routing::get,
};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::Semaphore;
use tower_http::cors::{AllowHeaders, CorsLayer};

use self::{
    error::{Problem, method_not_allowed},
    graphql::Endpoint,
    layers::{auth::AuthState, callers::Callers, rate_limit::RateLimit},
    request_id::RequestId,
    rest::Rest,
};
pub use self::{
    error_reference::error_reference,
    graphiql::GraphiqlPage,
    graphql::{PersistedQueries, TrustedDocumentsError},
};
use crate::{config::HttpConfig, db::Database, graphql::Environment};

/// Path of the GraphQL endpoint.
pub const GRAPHQL_PATH: &str = "/graphql";

/// The header with a key of the client's choice, under which a call can be sent again.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The GraphQL endpoint, which all requests share.
type SharedEndpoint = Arc<Endpoint>;

/// What the handlers work with.
#[derive(Clone, FromRef)]
struct AppState {
    endpoint: SharedEndpoint,
    database: Database,
    metrics: Option<PrometheusHandle>,
    draining: Draining,
    graphiql: GraphiqlPage,
}

/// Whether the service is about to stop. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Draining(Arc<AtomicBool>);

impl Draining {
    /// From now on the service says that it is not ready, and closes each connection with the
    /// answer on it.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What the doors lead to.
pub struct Application {
    /// What the resolvers work with.
    pub environment: Environment,
    /// Whom and what to let in.
    pub config: HttpConfig,
    /// The documents that can be named by their hash.
    pub documents: PersistedQueries,
    /// What is counted, if anything is.
    pub metrics: Option<PrometheusHandle>,
    /// Whether the service is about to stop.
    pub draining: Draining,
    /// GraphiQL, if the program has it.
    pub graphiql: GraphiqlPage,
}

impl Application {
    /// All doors.
    pub fn router(self) -> Router {
        let Self { environment, config, documents, metrics, draining, graphiql } = self;
        let HttpConfig { limits, cors_origins, trusted_proxies, .. } = config;
        let time_limit = limits.request_timeout();
        let places = limits.max_concurrent_requests.get().try_into();
        let places = Arc::new(Semaphore::new(places.unwrap_or(Semaphore::MAX_PERMITS)));
        let gate = AuthState {
            callers: Callers::new(environment.database.clone(), environment.clock.clone()),
            rate_limit: RateLimit::per_minute(limits.rate_limit_per_minute),
        };
        let state = AppState {
            database: environment.database.clone(),
            metrics,
            draining: draining.clone(),
            graphiql,
            endpoint: Arc::new(Endpoint::new(environment, limits.clone(), documents)),
        };
        let endpoint = Arc::clone(&state.endpoint);
        let contained = || {
            middleware::from_fn_with_state(
                time_limit,
                layers::panic_and_timeout::catch_panic_and_timeout,
            )
        };
        // From the outside in. Together they are one box. Added one after the other, each would be a
        // box around the one before, and copied for each request with all boxes in it.
        let guarded = |router: Router<AppState>| {
            router.layer((
                // Who waits for a body or the database runs out of time.
                contained(),
                // Who has to wait for the database to be let in takes a place, too.
                middleware::from_fn_with_state(Arc::clone(&places), layers::load_limit::limit_load),
                // No body is handed to a handler before its sender is authenticated. That of a request
                // that is refused here is discarded afterwards, in `unread.rs`.
                middleware::from_fn_with_state(gate.clone(), layers::auth::authenticate),
                // Notes the limit for whoever reads the body.
                DefaultBodyLimit::max(limits.max_body_bytes),
            ))
        };
        let graphql = Router::new()
            .route(GRAPHQL_PATH, get(graphql::get).post(graphql::post))
            .method_not_allowed_fallback(method_not_allowed);
        let rest = Rest::new(&endpoint);
        let description = rest.description();
        let open = Router::new()
            .route("/health/live", get(health::live))
            .route("/health/ready", get(health::ready))
            .merge(description)
            .method_not_allowed_fallback(method_not_allowed)
            .layer(contained())
            .merge(guarded(graphql))
            .merge(rest.router(guarded))
            .fallback(async |id: RequestId| {
                let message = "There is nothing at this path; the API is at /graphql, and its REST \
                               part below /crm.";
                Problem::of_http(StatusCode::NOT_FOUND, message).into_response(id)
            });
        // Outermost: a page that may call learns also why it was refused.
        let open = if cors_origins.is_empty() { open } else { open.layer(cors(cors_origins)) };
        let watch = layers::trace::TraceState {
            trusted_proxies: trusted_proxies.into(),
            draining,
            time_limit,
        };
        Router::new()
            .route("/metrics", get(metrics::get))
            .merge(graphiql::router())
            .method_not_allowed_fallback(method_not_allowed)
            .layer(contained())
            .merge(open)
            .layer(middleware::from_fn_with_state(watch, layers::trace::trace_request))
            .with_state(state)
    }
}

/// Lets the pages of these origins call, with any header: whatever a browser asks for a page, any
/// other program can send as well.
fn cors(origins: Vec<HeaderValue>) -> CorsLayer {
    /// How long a browser may remember that it may call: the longest that all browsers take.
    const REMEMBERED: Duration = Duration::from_hours(2);
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([
            request_id::REQUEST_ID,
            layers::rate_limit::RATE_LIMIT,
            layers::rate_limit::RATE_LIMIT_POLICY,
            header::RETRY_AFTER,
            header::ALLOW,
            header::WWW_AUTHENTICATE,
        ])
        .max_age(REMEMBERED)
}
