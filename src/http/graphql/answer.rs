//! Answers: their status, their media type, and what is in them.

use async_graphql::{Response as GraphqlResponse, ServerError, Value, value};
use async_graphql_axum::GraphQLResponse;
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use headers_accept::Accept;
use mediatype::{
    MediaType,
    names::{APPLICATION, JSON as JSON_NAME},
};
use serde_json::json;

use super::{Cost, ErrorCode, Fault, Problem, Refusal, status};
use crate::http::{
    error::{A_MOMENT, JSON, label},
    request::RequestId,
};

/// GraphQL's own media type, which tells a client that the status is the answer's.
const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";

/// How a client wants to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Accepted {
    /// In GraphQL's own media type.
    GraphqlResponse,
    /// As plain JSON, by its name. Such a client takes any status but 200 for a fault of the
    /// network, as the specification says, so errors of the document come with 200.
    Json,
    /// In any way: plain JSON with the status that the errors have.
    Anything,
}

impl Accepted {
    /// What the Accept header asks for; without one, anything.
    pub(super) fn by(headers: &HeaderMap) -> Result<Self, Problem> {
        let Some(header) = headers.get(header::ACCEPT) else { return Ok(Self::Anything) };
        let none = || {
            let message = "Answers are application/graphql-response+json or application/json; the \
                           Accept header takes neither.";
            Problem::of_http(StatusCode::NOT_ACCEPTABLE, message)
        };
        let accept: Accept =
            header.to_str().ok().and_then(|text| text.parse().ok()).ok_or_else(none)?;
        let graphql = MediaType::parse(GRAPHQL_RESPONSE).expect("it is a media type");
        let json = MediaType::new(APPLICATION, JSON_NAME);
        let available = [json.clone(), graphql.clone()];
        let chosen = accept.negotiate(&available).ok_or_else(none)?;
        Ok(if *chosen == graphql {
            Self::GraphqlResponse
        } else if accept.media_types().any(|range| range.essence() == json) {
            Self::Json
        } else {
            Self::Anything
        })
    }
}

/// An answer.
pub(super) struct Answer {
    response: GraphqlResponse,
    /// Whether there was anything to answer with, be it null. What was refused before has no data.
    was_executed: bool,
}

impl Answer {
    /// What came of an execution that was to cost this much.
    pub(super) fn new(response: GraphqlResponse, cost: Cost) -> Self {
        // Execution answers under each field; an error without a path was found before it.
        let was_executed = response.data != Value::Null
            || response.errors.iter().any(|error| !error.path.is_empty());
        let Cost { complexity, depth, .. } = cost;
        let cost = value!({ "complexity": complexity, "depth": depth });
        Self { response: response.extension("cost", cost), was_executed }
    }

    /// What was refused before it was executed.
    pub(super) fn refused(error: ServerError) -> Self {
        Self { response: GraphqlResponse::from_errors(vec![error]), was_executed: false }
    }

    /// With the request's number in every error.
    pub(super) fn labelled(mut self, id: RequestId) -> GraphqlResponse {
        for error in &mut self.response.errors {
            label(error, id);
        }
        self.response
    }

    pub(super) fn into_response(self, accepted: Accepted, id: RequestId) -> Response {
        let (status, was_executed) = (self.status(accepted), self.was_executed);
        let answer = self.labelled(id);
        let mut response = if was_executed {
            GraphQLResponse::from(answer).into_response()
        } else {
            axum::Json(json!({ "errors": answer.errors })).into_response()
        };
        *response.status_mut() = status;
        let media_type = match accepted {
            Accepted::GraphqlResponse => HeaderValue::from_static(GRAPHQL_RESPONSE),
            Accepted::Json | Accepted::Anything => JSON,
        };
        response.headers_mut().insert(header::CONTENT_TYPE, media_type);
        // Only what was too much to do has this status here: what takes too long is answered
        // elsewhere.
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, A_MOMENT);
        }
        response
    }

    /// That of the worst error, if there is nothing but errors. An answer with a part of the data
    /// is a success, in GraphQL's terms; one in which every root field failed has nothing to
    /// succeed with.
    fn status(&self, accepted: Accepted) -> StatusCode {
        let has_data = match &self.response.data {
            Value::Object(fields) => fields.values().any(|field| *field != Value::Null),
            _ => false,
        };
        let codes = self.response.errors.iter().filter_map(ErrorCode::of);
        let worst = codes.map(status).max().filter(|_| !has_data).unwrap_or(StatusCode::OK);
        if accepted == Accepted::Json && worst.is_client_error() { StatusCode::OK } else { worst }
    }
}

impl From<Problem> for Answer {
    fn from(problem: Problem) -> Self {
        Self::refused(problem.into_error())
    }
}

impl From<Refusal> for Answer {
    fn from(Refusal { code, faults }: Refusal) -> Self {
        let errors = faults.into_iter().map(|Fault { message, locations }| ServerError {
            locations,
            ..Problem::new(code, message).into_error()
        });
        Self { response: GraphqlResponse::from_errors(errors.collect()), was_executed: false }
    }
}
