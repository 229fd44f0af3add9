//! The REST API, for clients of the API reference's `/crm/step` and `/crm/scenario`.
//!
//! Each request is executed as GraphQL operations, so every rule, name and description is written
//! once, and a mutation that is repeated through GraphQL with the same idempotency key is the same
//! mutation. Only the form is this API's own: ids in the body, flat lists, statuses, and that
//! unknown keys of a body are ignored.

mod contract;
mod handlers;
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

/// Path of the OpenAPI document.
pub(super) const OPENAPI_PATH: &str = "/openapi.json";

/// The REST API.
pub(super) struct Rest {
    step: Resource,
    scenario: Resource,
    openapi: Arc<Json>,
}

impl Rest {
    /// Prepares the documents that requests are executed as.
    ///
    /// # Panics
    /// When the schema lacks something that a document names.
    pub(super) fn new(endpoint: &SharedEndpoint) -> Self {
        let contract = Arc::new(Contract::of(&graphql::type_definitions()));
        Self {
            openapi: Arc::new(openapi::document(&contract)),
            step: Resource::new(&STEP, endpoint, &contract),
            scenario: Resource::new(&SCENARIO, endpoint, &contract),
        }
    }

    /// The routes that need a token. They respond to errors with problems of RFC 9457, also to
    /// those of `layers`.
    pub(super) fn router<S: Clone + Send + Sync + 'static>(
        self,
        layers: impl FnOnce(Router<S>) -> Router<S>,
    ) -> Router<S> {
        use handlers::{create, delete_scenario, delete_scenario_at, delete_step, read, update};
        let steps = get(list::steps).post(create).put(update).delete(delete_step);
        let scenarios = get(list::scenarios).post(create).put(update).delete(delete_scenario);
        // Some clients of the API reference name a scenario by its path.
        let scenario = get(read).put(update).patch(update).delete(delete_scenario_at);
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
