//! The doors: which path leads where, and what every request passes on its way.

mod auth;
mod error;
mod graphql;
mod health;
mod request;

use std::time::Duration;

use async_graphql::http::GraphiQLSource;
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    http::StatusCode,
    middleware,
    response::Html,
    routing::{get, post},
};

use self::{error::error_response, request::RequestId};
use crate::{
    db::Database,
    graphql::{ApiSchema, Environment, error::ErrorCode, schema},
};

/// Path of the GraphQL endpoint.
pub const GRAPHQL_PATH: &str = "/graphql";

/// Largest body of a request, in bytes.
const BODY_MAX: usize = 1_000_000;

/// What the doors work with.
#[derive(Clone, FromRef)]
struct AppState {
    schema: ApiSchema,
    environment: Environment,
    database: Database,
}

/// All doors. A request gets at most `time_limit` from its headers to its answer.
pub fn router(environment: Environment, time_limit: Duration) -> Router {
    let state = AppState {
        schema: schema(environment.clone()),
        database: environment.database.clone(),
        environment,
    };
    Router::new()
        .route("/", get(graphiql))
        .route(GRAPHQL_PATH, post(graphql::execute))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .fallback(async |id: RequestId| {
            let message = "There is nothing at this path; the API is at POST /graphql.";
            error_response(StatusCode::NOT_FOUND, ErrorCode::BadUserInput, message, id)
        })
        .method_not_allowed_fallback(async |id: RequestId| {
            let message = "This path does not take this method; the API is at POST /graphql.";
            error_response(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::BadUserInput, message, id)
        })
        .layer(DefaultBodyLimit::max(BODY_MAX))
        // The time limit is inside of what numbers and logs the request, so that a request that
        // ran out of it is logged under its number like any other.
        .layer(middleware::from_fn_with_state(time_limit, request::limit_time))
        .layer(middleware::from_fn(request::number_and_log))
        .with_state(state)
}

/// The library's page, which loads GraphiQL from the web.
async fn graphiql() -> Html<String> {
    Html(GraphiQLSource::build().endpoint(GRAPHQL_PATH).title("crm-steps").finish())
}
