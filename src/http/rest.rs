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

use axum::{Router, extract::State, middleware, routing::get};
use serde_json::Value as Json;

use self::{
    contract::Contract,
    resource::{Resource, SCENARIO, STEP},
};
use super::{SharedEndpoint, error::method_not_allowed};
use crate::graphql;

/// The GraphQL operations as which requests are executed.
const OPERATIONS: &str = include_str!("rest/operations.graphql");

/// Path of the OpenAPI document.
pub(super) const OPENAPI_PATH: &str = "/openapi.json";

/// The REST API.
pub(super) struct Rest {
    step: Resource,
    scenario: Resource,
    openapi: Arc<Json>,
}

impl Rest {
    /// Parses and validates the operations as which requests are executed.
    ///
    /// # Panics
    /// When the schema lacks something that they or the OpenAPI document name.
    pub(super) fn new(endpoint: &SharedEndpoint) -> Self {
        let contract = Contract(graphql::schema_index().valid());
        let operations = endpoint.read_own(OPERATIONS);
        let operations = operations.unwrap_or_else(|rejected| panic!("not valid: {rejected:?}"));
        let step = Resource {
            endpoint: Arc::clone(endpoint),
            operations: Arc::new(operations),
            contract,
            kind: &STEP,
        };
        let scenario = Resource { kind: &SCENARIO, ..step.clone() };
        Self { step, scenario, openapi: Arc::new(openapi::document(contract, OPERATIONS)) }
    }

    /// The routes that need a token. Their errors, also those of `layers`, are written as problem
    /// details of RFC 9457.
    pub(super) fn router<S: Clone + Send + Sync + 'static>(
        self,
        layers: impl FnOnce(Router<S>) -> Router<S>,
    ) -> Router<S> {
        use handlers::{create, delete_scenario, delete_step, read_scenario, update};
        let steps = get(list::steps).post(create).put(update).delete(delete_step);
        let scenarios = get(list::scenarios).post(create).put(update).delete(delete_scenario);
        // Some clients of the API reference put the id of a scenario into the path.
        let scenario = get(read_scenario).put(update).patch(update).delete(delete_scenario);
        let router = Router::new()
            .route("/crm/step", steps)
            .with_state(self.step)
            .merge(
                Router::new()
                    .route("/crm/scenario", scenarios)
                    .route("/crm/scenario/{id}", scenario)
                    .with_state(self.scenario),
            )
            .method_not_allowed_fallback(method_not_allowed);
        layers(router).layer(middleware::from_fn(problem::write))
    }

    /// The route of the OpenAPI document.
    pub(super) fn description<S>(&self) -> Router<S> {
        let document = get(async |State(document): State<Arc<Json>>| axum::Json(document));
        Router::new().route(OPENAPI_PATH, document).with_state(Arc::clone(&self.openapi))
    }
}
