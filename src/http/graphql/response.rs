//! GraphQL responses: their status, media type and body.

use std::cmp::Reverse;

use async_graphql::{Response as GraphqlResponse, ServerError, Value, value};
use async_graphql_axum::GraphQLResponse;
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::json;

use super::{Cost, DocumentRejected, ErrorCode, Fault, Problem, status};
use crate::http::{
    error::{JSON, RETRY_AFTER_OVERLOAD, label},
    media_type::{self, MediaType},
    request_id::RequestId,
};

/// GraphQL's own media type: the status of a response of this type is that of its errors.
const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";

/// The parts of the media types of responses.
const KIND: &str = "application";
const GRAPHQL_SUBTYPE: &str = "graphql-response+json";
const JSON_SUBTYPE: &str = "json";

/// The media type that a client accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Accepted {
    /// GraphQL's own.
    GraphqlResponse,
    /// JSON, by name. According to the specification, such a client takes other statuses than 200 for
    /// network errors, so errors of the document have 200.
    Json,
    /// Any: the response is JSON with the status of its errors.
    Anything,
}

impl Accepted {
    /// The accepted type of the Accept header; any if it has no media type.
    pub(super) fn by(headers: &HeaderMap) -> Result<Self, Problem> {
        let lines = headers.get_all(header::ACCEPT).iter();
        let lines: Vec<_> = lines.map(|line| String::from_utf8_lossy(line.as_bytes())).collect();
        let elements = lines.iter().flat_map(|line| media_type::split(line, ','));
        let ranges: Vec<Range> = elements.filter_map(Range::parse).collect();
        if ranges.is_empty() {
            return Ok(Self::Anything);
        }
        let json = Preference::among(&ranges, JSON_SUBTYPE);
        let graphql = Preference::among(&ranges, GRAPHQL_SUBTYPE);
        match (json, graphql) {
            (None, None) => {
                let message = "Responses are application/graphql-response+json or application/json; \
                               the Accept header excludes both.";
                Err(Problem::of_http(StatusCode::NOT_ACCEPTABLE, message))
            }
            (None, Some(_)) => Ok(Self::GraphqlResponse),
            (Some(json), Some(graphql)) if graphql > json => Ok(Self::GraphqlResponse),
            (Some(Preference { specificity: 2, .. }), _) => Ok(Self::Json),
            (Some(_), _) => Ok(Self::Anything),
        }
    }

    /// The media type of the response.
    pub(super) fn media_type(self) -> HeaderValue {
        match self {
            Self::GraphqlResponse => HeaderValue::from_static(GRAPHQL_RESPONSE),
            Self::Json | Self::Anything => JSON,
        }
    }
}

/// An element of the Accept header: a media range and its quality.
struct Range<'a> {
    media_type: MediaType<'a>,
    /// From 0, which excludes its media types, to 1.
    quality: f32,
}

impl<'a> Range<'a> {
    /// Parses an element; `None` if it is faulty. Parameters of the media types of responses are ignored,
    /// so they may be faulty.
    fn parse(element: &'a str) -> Option<Self> {
        let media_type = MediaType::parse(element)?;
        let is_ours = [JSON_SUBTYPE, GRAPHQL_SUBTYPE]
            .iter()
            .any(|subtype| media_type.specificity_for(KIND, subtype) == Some(2));
        if !is_ours && !media_type.has_valid_parameters() {
            return None;
        }
        let quality = match media_type.values("q").next() {
            // Some clients omit the zero before the point.
            Some(quality) => {
                quality.parse().ok().filter(|quality| (0.0..=1.0).contains(quality))?
            }
            None => 1.0,
        };
        Some(Self { media_type, quality })
    }
}

/// A client's preference for one of the media types of responses. The greater one has the higher
/// quality; at the same quality it is more specific, or else before the other in the header.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
struct Preference {
    quality: f32,
    specificity: u8,
    index: Reverse<usize>,
}

impl Preference {
    /// The preference for the media type of this subtype, which the most specific range decides; `None`
    /// if it is excluded.
    fn among(ranges: &[Range], subtype: &str) -> Option<Self> {
        let matching = ranges.iter().enumerate().filter_map(|(index, range)| {
            let specificity = range.media_type.specificity_for(KIND, subtype)?;
            Some(Self { quality: range.quality, specificity, index: Reverse(index) })
        });
        let closest = matching.max_by(|one, other| {
            let by_specificity = one.specificity.cmp(&other.specificity);
            by_specificity.then(one.quality.total_cmp(&other.quality))
        });
        closest.filter(|closest| closest.quality > 0.0)
    }
}

/// A GraphQL response.
pub(super) struct HttpResponse {
    response: GraphqlResponse,
    /// Whether the operation was executed. The response to a rejected one has no `data`.
    was_executed: bool,
}

impl HttpResponse {
    /// The response of an executed operation with this cost.
    pub(super) fn new(response: GraphqlResponse, cost: Cost) -> Self {
        // Errors of fields have a path; an error without one occurred before the execution.
        let was_executed = response.data != Value::Null
            || response.errors.iter().any(|error| !error.path.is_empty());
        let Cost { complexity, depth, .. } = cost;
        let cost = value!({ "complexity": complexity, "depth": depth });
        Self { response: response.extension("cost", cost), was_executed }
    }

    /// The response to a request that was rejected before its execution.
    pub(super) fn rejected(error: ServerError) -> Self {
        Self { response: GraphqlResponse::from_errors(vec![error]), was_executed: false }
    }

    /// The response with the id of the request in every error.
    pub(super) fn labelled(mut self, id: RequestId) -> GraphqlResponse {
        for error in &mut self.response.errors {
            label(error, id);
        }
        self.response
    }

    pub(super) fn into_response(self, accepted: Accepted, id: RequestId) -> Response {
        let (status, was_executed) = (self.status(accepted), self.was_executed);
        let body = self.labelled(id);
        let mut response = if was_executed {
            GraphQLResponse::from(body).into_response()
        } else {
            axum::Json(json!({ "errors": body.errors })).into_response()
        };
        *response.status_mut() = status;
        response.headers_mut().insert(header::CONTENT_TYPE, accepted.media_type());
        // Only overload has this status here; a layer responds to a timeout.
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER_OVERLOAD);
        }
        response
    }

    /// The highest status of the errors if no root field has data. According to GraphQL, a response with
    /// a part of the data is a success.
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

impl From<Problem> for HttpResponse {
    fn from(problem: Problem) -> Self {
        Self::rejected(problem.into_error())
    }
}

impl From<DocumentRejected> for HttpResponse {
    fn from(DocumentRejected { reason, faults }: DocumentRejected) -> Self {
        let errors = faults.into_iter().map(|Fault { message, locations }| ServerError {
            locations,
            ..Problem::new(reason.into(), message).into_error()
        });
        Self { response: GraphqlResponse::from_errors(errors.collect()), was_executed: false }
    }
}
