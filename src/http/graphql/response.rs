//! GraphQL responses: their status and body.

use async_graphql::{Response as GraphqlResponse, ServerError, Value, value};
use async_graphql_axum::GraphQLResponse;
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::json;

use super::{Accepted, Cost, DocumentRejected, ErrorCode, Fault, Problem, status};
use crate::http::{
    error::{RETRY_AFTER_OVERLOAD, label},
    request_id::RequestId,
};

/// A GraphQL response.
pub(super) struct HttpResponse(GraphqlResponse);

impl HttpResponse {
    /// The response of an executed operation with this cost.
    pub(super) fn new(response: GraphqlResponse, cost: Cost) -> Self {
        let Cost { complexity, depth, .. } = cost;
        let cost = value!({ "complexity": complexity, "depth": depth });
        Self(response.extension("cost", cost))
    }

    /// The response with the id of the request in every error.
    pub(super) fn labelled(mut self, id: RequestId) -> GraphqlResponse {
        for error in &mut self.0.errors {
            label(error, id);
        }
        self.0
    }

    pub(super) fn into_response(self, accepted: Accepted, id: RequestId) -> Response {
        let status = self.status(accepted);
        let body = self.labelled(id);
        // The response to an operation that was not executed has no `data`. Errors of fields have a
        // path; an error without one occurred before the execution.
        let was_executed =
            body.data != Value::Null || body.errors.iter().any(|error| !error.path.is_empty());
        let mut response = if was_executed {
            GraphQLResponse::from(body).into_response()
        } else {
            axum::Json(json!({ "errors": body.errors })).into_response()
        };
        *response.status_mut() = status;
        response.headers_mut().insert(header::CONTENT_TYPE, accepted.media_type());
        // Here only overload has this status; a layer handles timeouts.
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER_OVERLOAD);
        }
        response
    }

    /// The HTTP status: the highest of the errors' statuses, or 200 if a root field has data,
    /// because GraphQL regards a response with a part of the data as a success. In
    /// `application/json`, client errors have the status 200 too.
    fn status(&self, accepted: Accepted) -> StatusCode {
        let has_data = match &self.0.data {
            Value::Object(fields) => fields.values().any(|field| *field != Value::Null),
            _ => false,
        };
        let codes = self.0.errors.iter().filter_map(ErrorCode::of);
        let worst = codes.map(status).max().filter(|_| !has_data).unwrap_or(StatusCode::OK);
        if accepted == Accepted::Json && worst.is_client_error() { StatusCode::OK } else { worst }
    }
}

impl From<Problem> for HttpResponse {
    fn from(problem: Problem) -> Self {
        Self(GraphqlResponse::from_errors(vec![problem.into_error()]))
    }
}

impl From<DocumentRejected> for HttpResponse {
    fn from(DocumentRejected { reason, faults }: DocumentRejected) -> Self {
        let errors = faults.into_iter().map(|Fault { message, locations }| ServerError {
            locations,
            ..Problem::new(reason.into(), message).into_error()
        });
        Self(GraphqlResponse::from_errors(errors.collect()))
    }
}
