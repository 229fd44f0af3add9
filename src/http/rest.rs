//! The REST API: `/crm/step` and `/crm/scenario` as in the API reference, for clients that were
//! written for it.
//!
//! Each request is executed as GraphQL operations, so every rule, name and description is written
//! once, and an idempotency key names the same mutation in both APIs. Only the form differs: ids
//! are in the body, lists are flat, statuses tell errors apart, and unknown keys of a body are
//! ignored.

mod body;
mod contract;
mod handlers;
mod json_schema;
mod list;
mod nested;
mod openapi;
mod operation;
pub(super) mod problem;
mod resource;

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::Request,
    http::{HeaderValue, header},
    middleware::{self, Next},
    response::Response,
    routing::get,
};

use self::{
    operation::OPERATIONS,
    resource::{Resource, SCENARIO, STEP},
};
use super::{SharedEndpoint, error::method_not_allowed};
use crate::{
    domain::access_token::{Caller, Scope},
    graphql::SECRET_CACHE_CONTROL,
};

/// The routes that need a token, and that of the OpenAPI document. The errors of the former, also those
/// of `layers`, are written as problem details of RFC 9457.
///
/// # Panics
/// When the schema lacks something that the operations or the OpenAPI document name.
pub(super) fn routes<S: Clone + Send + Sync + 'static>(
    endpoint: &SharedEndpoint,
    layers: impl FnOnce(Router<S>) -> Router<S>,
) -> (Router<S>, Router<S>) {
    use handlers::{create, delete_scenario, delete_step, read_scenario, update};
    let operations = endpoint.read_own(OPERATIONS);
    let operations = operations.unwrap_or_else(|rejected| panic!("not valid: {rejected:?}"));
    let step =
        Resource { endpoint: Arc::clone(endpoint), operations: Arc::new(operations), kind: &STEP };
    let steps = get(list::steps).post(create).put(update).delete(delete_step);
    let scenarios = get(list::scenarios).post(create).put(update).delete(delete_scenario);
    // Some clients of the API reference put the id of a scenario into the path.
    let scenario = get(read_scenario).put(update).patch(update).delete(delete_scenario);
    let router = Router::new()
        .route("/crm/scenario", scenarios)
        .route("/crm/scenario/{id}", scenario)
        .with_state(Resource { kind: &SCENARIO, ..step.clone() })
        .merge(Router::new().route("/crm/step", steps).with_state(step))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn(mark_secrets));
    let router = layers(router).layer(middleware::from_fn(problem::write));
    let document = Arc::new(openapi::document());
    let document = get(async move || axum::Json(document));
    (router, Router::new().route("/openapi.json", document))
}

/// Marks each response to a caller that reads secrets as one that contains them: here most do.
async fn mark_secrets(
    Extension(caller): Extension<Caller>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    if caller.scopes.contains(&Scope::Secrets) {
        let caching = HeaderValue::from_static(SECRET_CACHE_CONTROL);
        response.headers_mut().insert(header::CACHE_CONTROL, caching);
    }
    response
}
