//! Errors as HTTP answers. Every error of every door has the same body, that of GraphQL; the REST
//! door writes its own (`rest/problem.rs`).

use std::borrow::Cow;

use async_graphql::ServerError;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::json;

use super::request_id::RequestId;
use crate::{
    domain::access_token::{Caller, Scope},
    graphql::error::{ErrorCode, INTERNAL_MESSAGE},
};

/// The media type of an answer for clients that do not ask for GraphQL's own.
pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Why there is no answer but this error. A response that is made of it carries it along.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    pub(super) status: StatusCode,
    pub(super) code: ErrorCode,
    pub(super) message: Cow<'static, str>,
}

impl Problem {
    /// With the status that goes with its code.
    pub(super) fn new(code: ErrorCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status: status(code), code, message: message.into() }
    }

    /// A fault of the request that has a status of its own.
    pub(super) fn of_http(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, ..Self::new(ErrorCode::BadUserInput, message) }
    }

    /// The problem of a caller who lacks a scope.
    pub(super) fn unless_allowed(caller: &Caller, scope: Scope) -> Result<(), Self> {
        if caller.scopes.contains(scope) {
            return Ok(());
        }
        let name: &str = scope.into();
        let message = format!("The token lacks the scope {name}, which this needs.");
        Err(Self::new(ErrorCode::Forbidden, message))
    }

    /// As an error in GraphQL's sense.
    pub(super) fn into_error(self) -> ServerError {
        let mut error = ServerError::new(self.message, None);
        let code: &str = self.code.into();
        error.extensions.get_or_insert_default().set(ErrorCode::KEY, code);
        error
    }

    pub(super) fn into_response(self, id: RequestId) -> Response {
        let mut error = self.clone().into_error();
        label(&mut error, id);
        let mut response = (self.status, axum::Json(json!({ "errors": [error] }))).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, JSON);
        if self.code == ErrorCode::Overloaded {
            response.headers_mut().insert(header::RETRY_AFTER, A_MOMENT);
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// After how many seconds to send again what came while there was too much to do.
pub(super) const A_MOMENT: HeaderValue = HeaderValue::from_static("1");

/// The answer to a method that a path does not have.
pub(super) async fn method_not_allowed(id: RequestId) -> Response {
    let message = "This path does not take this method; the header Allow says which.";
    Problem::of_http(StatusCode::METHOD_NOT_ALLOWED, message).into_response(id)
}

/// The answer to a fault of ours, which has been logged.
pub(super) fn internal(id: RequestId) -> Response {
    Problem::new(ErrorCode::Internal, INTERNAL_MESSAGE).into_response(id)
}

/// Puts the request's number into an error.
pub(super) fn label(error: &mut ServerError, id: RequestId) {
    error.extensions.get_or_insert_default().set("requestId", id.to_string());
}

/// The status of an answer that is nothing but errors.
pub(super) fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::Unauthenticated => StatusCode::UNAUTHORIZED,
        ErrorCode::Forbidden => StatusCode::FORBIDDEN,
        ErrorCode::GraphqlParseFailed
        | ErrorCode::GraphqlValidationFailed
        | ErrorCode::BadUserInput
        | ErrorCode::QueryTooLarge => StatusCode::BAD_REQUEST,
        // As Apollo's clients expect it: they send the document then, and 200 is no fault.
        ErrorCode::PersistedQueryNotFound | ErrorCode::PersistedQueryNotSupported => StatusCode::OK,
        ErrorCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::Overloaded | ErrorCode::Timeout => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
