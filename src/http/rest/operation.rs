//! A request to the REST API: its caller and its parameters, and the execution of GraphQL
//! documents for it.

use async_graphql::Variables;
use axum::{
    extract::{FromRequestParts, Path},
    http::{HeaderValue, Uri, request::Parts},
};
use serde_json::{Value as Json, json};
use url::form_urlencoded;

use super::{
    problem::{FieldError, Rejection, check},
    resource::Resource,
};
use crate::{
    domain::access_token::{Caller, Scope},
    graphql::{engine::DocumentRejected, error::ErrorCode},
    http::{IDEMPOTENCY_KEY, error::Problem},
};

/// The GraphQL operations as which requests are executed.
pub(super) const OPERATIONS: &str = include_str!("operations.graphql");

/// A request, but for its body.
pub(super) struct Operation {
    pub(super) caller: Caller,
    idempotency_key: Option<String>,
    uri: Uri,
    /// The id in the path, if the route has one.
    pub(super) path_id: Option<String>,
    pub(super) resource: Resource,
}

impl FromRequestParts<Resource> for Operation {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, resource: &Resource) -> Result<Self, Rejection> {
        let caller = parts.extensions.get::<Caller>().cloned().ok_or_else(|| {
            tracing::error!("invariant violated: a request reached its handler without a caller");
            Problem::internal()
        })?;
        // Proxies may have changed other characters.
        let is_valid = |key: &HeaderValue| key.as_bytes().iter().all(u8::is_ascii_graphic);
        let key = parts.headers.get(IDEMPOTENCY_KEY);
        if !key.is_none_or(is_valid) {
            return Err(FieldError::invalid_idempotency_key().into());
        }
        let idempotency_key = key.and_then(|key| key.to_str().ok()).map(str::to_owned);
        let path = Option::<Path<String>>::from_request_parts(parts, resource).await;
        // An id that is not UTF-8 is unknown.
        let path_id = path.map_err(|_| FieldError::not_found("id"))?.map(|Path(id)| id);
        let (uri, resource) = (parts.uri.clone(), resource.clone());
        Ok(Self { caller, idempotency_key, uri, path_id, resource })
    }
}

impl Operation {
    /// A parameter of the query string. One without a value is absent.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let mut all = form_urlencoded::parse(self.uri.query()?.as_bytes());
        let found = all.find(|(given, value)| given == name && !value.is_empty());
        found.map(|(_, value)| value.into_owned())
    }

    /// Executes a mutation and returns its payload, or its user errors as a rejection.
    pub(super) async fn mutate(&self, name: &str, mut variables: Json) -> Result<Json, Rejection> {
        variables["key"] = json!(self.idempotency_key);
        let mut payload = self.execute(Scope::Write, name, variables).await?["payload"].take();
        let mut errors: Vec<FieldError> =
            serde_json::from_value(payload["userErrors"].take()).unwrap_or_default();
        for error in &mut errors {
            // A body has no argument `input` around its fields.
            if error.field.first().is_some_and(|first| first == "input") {
                error.field.remove(0);
            }
        }
        check(errors)?;
        Ok(payload)
    }

    /// Executes an operation if the caller has this scope, and returns its data.
    pub(super) async fn execute(
        &self,
        scope: Scope,
        name: &str,
        variables: Json,
    ) -> Result<Json, Rejection> {
        Problem::unless_allowed(&self.caller, scope)?;
        let variables = Variables::from_json(variables);
        let Resource { endpoint, operations, .. } = &self.resource;
        let executed = endpoint.execute_own(operations, name, variables, self.caller.clone()).await;
        let response = executed.map_err(|DocumentRejected { reason, mut faults }| {
            Problem::new(reason.into(), faults.swap_remove(0).message)
        })?;
        if let Some(error) = response.errors.into_iter().next() {
            let code = ErrorCode::of(&error).unwrap_or(ErrorCode::Internal);
            return Err(Problem::new(code, error.message).into());
        }
        Ok(response.data.into_json().unwrap_or_default())
    }
}

/// Rejects the request if a read object is null: the id that the client sent as this field or
/// parameter is unknown.
pub(super) fn found(object: Json, field: &str) -> Result<Json, Rejection> {
    if object.is_null() { Err(FieldError::not_found(field).into()) } else { Ok(object) }
}
