//! Errors as HTTP responses. All errors have the body of a GraphQL error, except those of the REST API
//! (`rest/problem.rs`).

use std::borrow::Cow;

use async_graphql::ServerError;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::request_id::RequestId;
use crate::{
    domain::access_token::{Caller, Scope},
    graphql::error::{ErrorCode, Failure, INTERNAL_MESSAGE, OVERLOADED_MESSAGE},
};

/// The media type of responses to clients that do not accept GraphQL's own.
pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// An error that is the whole response. Layers find it among the extensions of the response.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    pub(super) status: StatusCode,
    pub(super) code: ErrorCode,
    pub(super) message: Cow<'static, str>,
}

impl Problem {
    /// A problem with the status of its code.
    pub(super) fn new(code: ErrorCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status: status(code), code, message: message.into() }
    }

    /// A fault of the request with a status of its own.
    pub(super) fn of_http(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, ..Self::new(ErrorCode::BadUserInput, message) }
    }

    /// Rejects a caller whose token lacks a scope.
    pub(super) fn unless_allowed(caller: &Caller, scope: Scope) -> Result<(), Self> {
        if caller.scopes.contains(&scope) {
            return Ok(());
        }
        let name: &str = scope.into();
        let message = format!("The token lacks the scope {name}, which this request needs.");
        Err(Self::new(ErrorCode::Forbidden, message))
    }

    /// The problem as a GraphQL error.
    pub(super) fn into_error(self) -> ServerError {
        self.code.error(self.message)
    }

    /// The response to a fault of the service, which has been logged.
    pub(super) fn internal() -> Self {
        Self::new(ErrorCode::Internal, INTERNAL_MESSAGE)
    }

    /// The response to a request that took longer than the service allows, and was dropped.
    pub(super) fn timeout() -> Self {
        let message = "The request took too long and was cancelled. Check whether it took effect \
                       before you send it again.";
        Self::new(ErrorCode::Timeout, message)
    }

    /// The response to a request that is not executed because too many others are.
    pub(super) fn overloaded() -> Self {
        Self::new(ErrorCode::Overloaded, OVERLOADED_MESSAGE)
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let (code, message) = failure.into_parts();
        Self::new(code, message)
    }
}

impl IntoResponse for Problem {
    /// A response without a body, which [`write_problem`] adds.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if self.code == ErrorCode::Overloaded {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER_OVERLOAD);
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes the body of a response to a problem, if there is one.
pub(super) fn write_problem(response: &mut Response, id: RequestId) {
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return };
    let mut error = problem.into_error();
    label(&mut error, id);
    write_body(response, &json!({ "errors": [error] }), JSON);
}

/// Replaces the body of a response.
pub(super) fn write_body(
    response: &mut Response,
    body: &serde_json::Value,
    media_type: HeaderValue,
) {
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response.headers_mut().insert(header::CONTENT_TYPE, media_type);
    *response.body_mut() = body.to_string().into();
}

/// The header Retry-After of a request that was rejected because of the load, in seconds.
pub(super) const RETRY_AFTER_OVERLOAD: HeaderValue = HeaderValue::from_static("1");

/// The response to a method that a path does not support.
pub(super) async fn method_not_allowed() -> Problem {
    let message =
        "This path does not support this method; the header Allow lists those that it supports.";
    Problem::of_http(StatusCode::METHOD_NOT_ALLOWED, message)
}

/// Adds the id of the request to an error.
pub(super) fn label(error: &mut ServerError, id: RequestId) {
    error.extensions.get_or_insert_default().set("requestId", id.0.to_string());
}

/// The status of a response that has only errors.
pub(super) fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::Unauthenticated => StatusCode::UNAUTHORIZED,
        ErrorCode::Forbidden => StatusCode::FORBIDDEN,
        ErrorCode::GraphqlParseFailed
        | ErrorCode::GraphqlValidationFailed
        | ErrorCode::BadUserInput
        | ErrorCode::CursorExpired
        | ErrorCode::QueryTooLarge => StatusCode::BAD_REQUEST,
        // Apollo's clients expect 200, and then send the document.
        ErrorCode::PersistedQueryNotFound | ErrorCode::PersistedQueryNotSupported => StatusCode::OK,
        ErrorCode::RateLimited | ErrorCode::TooManyOperations => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::Overloaded | ErrorCode::Timeout => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
