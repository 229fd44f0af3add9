//! The REST door, for clients of the API reference's `/crm/step` and `/crm/scenario`.
//!
//! Each request is carried out as the GraphQL operation that it stands for, so every rule, every
//! name and every description is written once, and a call sent again through the other door with
//! the same idempotency key is the same call. What is its own is the form: ids in the body, flat
//! lists, statuses, and that unknown keys of a body are ignored.

mod contract;
mod openapi;
mod operation;
pub(super) mod rejection;
mod scenario;
mod step;
mod view;

use std::sync::Arc;

use axum::{
    Router,
    extract::{FromRef, State},
    middleware,
    routing::get,
};
use serde_json::Value as Json;

use self::contract::Contract;
use super::{SharedEndpoint, error::method_not_allowed};
use crate::graphql;

/// Path of the OpenAPI document.
pub(super) const OPENAPI_PATH: &str = "/openapi.json";

/// What this door works with.
#[derive(Clone, FromRef)]
pub(super) struct Rest {
    endpoint: SharedEndpoint,
    contract: Arc<Contract>,
    openapi: Arc<Json>,
}

impl Rest {
    pub(super) fn new(endpoint: SharedEndpoint) -> Self {
        let contract = Contract::of(&graphql::type_definitions());
        let openapi = Arc::new(openapi::document(&contract));
        Self { endpoint, contract: Arc::new(contract), openapi }
    }

    /// The routes that need a token.
    pub(super) fn router<S>(self) -> Router<S> {
        Router::new()
            .route(
                "/crm/step",
                get(step::list).post(step::create).put(step::update).delete(step::delete),
            )
            .route(
                "/crm/scenario",
                get(scenario::list)
                    .post(scenario::create)
                    .put(scenario::update)
                    .delete(scenario::delete),
            )
            // Some clients of that API name a scenario by its path.
            .route(
                "/crm/scenario/{id}",
                get(scenario::get)
                    .put(scenario::update_at)
                    .patch(scenario::update_at)
                    .delete(scenario::delete_at),
            )
            .method_not_allowed_fallback(method_not_allowed)
            .with_state(self)
    }

    /// The description of this door.
    pub(super) fn description<S>(&self) -> Router<S> {
        Router::new()
            .route(
                OPENAPI_PATH,
                get(async |State(document): State<Arc<Json>>| axum::Json(document)),
            )
            .with_state(Arc::clone(&self.openapi))
    }
}

/// Writes every error that comes out of a router in the form of this door.
pub(super) fn with_problems<S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    router.layer(middleware::from_fn(rejection::write))
}
