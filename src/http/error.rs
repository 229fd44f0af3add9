//! Errors as HTTP answers. Every error of every door has the same body, that of GraphQL.

use async_graphql::{Response as GraphqlResponse, ServerError};
use async_graphql_axum::GraphQLResponse;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};

use super::request::RequestId;
use crate::graphql::error::ErrorCode;

/// The media type of an answer for clients that do not ask for GraphQL's own.
pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// An answer that is one error and nothing else.
pub(super) fn error_response(
    status: StatusCode,
    code: ErrorCode,
    message: &str,
    id: RequestId,
) -> Response {
    let mut error = ServerError::new(message, None);
    label(&mut error, code, id);
    let mut response =
        GraphQLResponse::from(GraphqlResponse::from_errors(vec![error])).into_response();
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}

/// Puts the code and the request's number into an error.
pub(super) fn label(error: &mut ServerError, code: ErrorCode, id: RequestId) {
    let code: &str = code.into();
    let extensions = error.extensions.get_or_insert_default();
    extensions.set(ErrorCode::KEY, code);
    extensions.set("requestId", id.to_string());
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
        ErrorCode::Timeout => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
