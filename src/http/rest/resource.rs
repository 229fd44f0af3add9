//! The resources of the REST API.

use std::sync::Arc;

use axum::extract::FromRef;
use serde_json::{Value as Json, json};

use super::nested::{self, NestedObjects};
use crate::{graphql::engine::Document, http::SharedEndpoint};

/// What differs between the resources.
pub(super) struct Kind {
    /// The resource's GraphQL type.
    pub(super) type_name: &'static str,
    /// The objects of a body whose fields are fields of the resource.
    pub(super) nested: NestedObjects,
    /// The response to an update.
    pub(super) updated: fn(Json) -> Json,
}

/// `/crm/step`.
pub(super) static STEP: Kind =
    Kind { type_name: "CrmStep", nested: nested::OF_STEP, updated: |step| step };

/// `/crm/scenario`.
pub(super) static SCENARIO: Kind = Kind {
    type_name: "CrmScenario",
    nested: &[],
    updated: |scenario| json!({ "message": "Scenario updated", "scenario": scenario }),
};

/// A resource, with what executes the requests to it.
#[derive(Clone, FromRef)]
pub(super) struct Resource {
    pub(super) endpoint: SharedEndpoint,
    /// The operations of `operations.graphql`.
    #[from_ref(skip)]
    pub(super) operations: Arc<Document>,
    #[from_ref(skip)]
    pub(super) kind: &'static Kind,
}
