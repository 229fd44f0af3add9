//! The GraphQL endpoint.

use async_graphql::{Request, Response as GraphqlResponse, ServerError, Value};
use async_graphql_axum::GraphQLResponse;
use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};

use super::{
    error::{JSON, error_response, label, status},
    request::RequestId,
};
use crate::{
    domain::access_token::{Caller, Scope},
    graphql::{
        self, ApiSchema, Environment,
        document::{self, Refusal},
        error::ErrorCode,
    },
};

/// GraphQL's own media type, which tells a client that the status is the answer's.
const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";

/// How the library begins to say through which of its types it came to a value.
const TYPE_TRACE: &str = " (occurred while parsing";

/// Executes one request. The caller comes first: who has no valid token learns nothing, not even
/// whether the body was sound.
pub(super) async fn execute(
    id: RequestId,
    caller: Caller,
    State(schema): State<ApiSchema>,
    State(environment): State<Environment>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let mut request = match read(&headers, body) {
        Ok(request) => request,
        Err((status, code, message)) => return error_response(status, code, message, id),
    };
    let document = request.query.clone();
    let response = match document::prepare(&mut request) {
        Err(refusal) => refused(refusal),
        Ok(scope) if !caller.scopes.contains(scope) => {
            return error_response(StatusCode::FORBIDDEN, ErrorCode::Forbidden, missing(scope), id);
        }
        Ok(_) => graphql::execute(&schema, request, caller, &environment).await,
    };
    answer(response, &document, &headers, id)
}

/// Reads a request from a JSON body.
fn read(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Request, (StatusCode, ErrorCode, &'static str)> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = content_type.and_then(|value| value.split(';').next()).map(str::trim);
    if !media_type.is_some_and(|media_type| media_type.eq_ignore_ascii_case("application/json")) {
        return Err((
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ErrorCode::BadUserInput,
            "The request needs the header Content-Type: application/json.",
        ));
    }
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => (
            StatusCode::PAYLOAD_TOO_LARGE,
            ErrorCode::QueryTooLarge,
            "The body is larger than 1,000,000 bytes.",
        ),
        _ => (StatusCode::BAD_REQUEST, ErrorCode::BadUserInput, "The body did not arrive whole."),
    })?;
    // The library would take a list for an object whose fields have lost their names.
    let is_object = body.trim_ascii_start().starts_with(b"{");
    let request = serde_json::from_slice::<Request>(&body).ok().filter(|_| is_object);
    request.filter(|request| !request.query.trim().is_empty()).ok_or((
        StatusCode::BAD_REQUEST,
        ErrorCode::BadUserInput,
        "The body is not a GraphQL request; send a JSON object with the text query, and perhaps \
         the object variables and the text operationName.",
    ))
}

const fn missing(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "The token lacks the scope read, which queries need.",
        Scope::Write => "The token lacks the scope write, which mutations need.",
    }
}

fn refused(refusal: Refusal) -> GraphqlResponse {
    let mut error = ServerError::new(refusal.message, None);
    error.locations = refusal.locations;
    let code: &str = refusal.code.into();
    error.extensions.get_or_insert_default().set(ErrorCode::KEY, code);
    GraphqlResponse::from_errors(vec![error])
}

/// An executed request's answer: labelled errors, the status, and the media type the client reads.
fn answer(
    mut response: GraphqlResponse,
    document: &str,
    headers: &HeaderMap,
    id: RequestId,
) -> Response {
    let mut worst = None;
    for error in &mut response.errors {
        let code = document::code(error, document);
        if let Some(end) = error.message.find(TYPE_TRACE) {
            error.message.truncate(end);
        }
        label(error, code, id);
        worst = worst.max(Some(status(code)));
    }
    // An answer with a part of the data is a success, in GraphQL's terms. One in which every root
    // field failed has nothing to succeed with.
    let has_data = match &response.data {
        Value::Object(fields) => fields.values().any(|field| *field != Value::Null),
        _ => false,
    };
    let status = worst.filter(|_| !has_data).unwrap_or(StatusCode::OK);
    let mut response = GraphQLResponse::from(response).into_response();
    *response.status_mut() = status;
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    if !accept.is_some_and(|accept| accept.contains(GRAPHQL_RESPONSE)) {
        response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    }
    response
}
