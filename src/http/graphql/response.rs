//! Answers: their status, their media type, and what is in them.

use async_graphql::{Response as GraphqlResponse, ServerError, Value, value};
use async_graphql_axum::GraphQLResponse;
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::json;

use super::{Cost, DocumentRejected, ErrorCode, Fault, Problem, status};
use crate::http::{
    error::{A_MOMENT, JSON, label},
    media_type::{self, MediaType},
    request_id::RequestId,
};

/// GraphQL's own media type, which tells a client that the status is the answer's.
const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";

/// What our media types are made of.
const KIND: &str = "application";
const GRAPHQL_SUBTYPE: &str = "graphql-response+json";
const JSON_SUBTYPE: &str = "json";

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
    /// What the Accept header asks for; anything if it names no media type.
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
                let message = "Answers are application/graphql-response+json or application/json; \
                               the Accept header takes neither.";
                Err(Problem::of_http(StatusCode::NOT_ACCEPTABLE, message))
            }
            (None, Some(_)) => Ok(Self::GraphqlResponse),
            (Some(json), Some(graphql)) if graphql.is_above(json) => Ok(Self::GraphqlResponse),
            (Some(Preference { specificity: 2, .. }), _) => Ok(Self::Json),
            (Some(_), _) => Ok(Self::Anything),
        }
    }

    /// The media type of the answer.
    pub(super) fn media_type(self) -> HeaderValue {
        match self {
            Self::GraphqlResponse => HeaderValue::from_static(GRAPHQL_RESPONSE),
            Self::Json | Self::Anything => JSON,
        }
    }
}

/// An element of the Accept header: media types, and how much they are wanted.
struct Range<'a> {
    media_type: MediaType<'a>,
    /// From 0, which excludes them, to 1.
    quality: f32,
}

impl<'a> Range<'a> {
    /// Reads an element; `None` if it is faulty. Parameters of our own media types do not count, so
    /// they may be faulty.
    fn parse(element: &'a str) -> Option<Self> {
        let media_type = MediaType::parse(element)?;
        let is_ours = [JSON_SUBTYPE, GRAPHQL_SUBTYPE]
            .iter()
            .any(|subtype| media_type.specificity_for(KIND, subtype) == Some(2));
        if !is_ours && !media_type.has_sound_parameters() {
            return None;
        }
        let quality = match media_type.values("q").next() {
            // Some clients leave the zero before the point out.
            Some(quality) => {
                quality.parse().ok().filter(|quality| (0.0..=1.0).contains(quality))?
            }
            None => 1.0,
        };
        Some(Self { media_type, quality })
    }
}

/// How much a client wants one of our media types.
#[derive(Debug, Clone, Copy)]
struct Preference {
    quality: f32,
    specificity: u8,
    /// Where it is in the header.
    index: usize,
}

impl Preference {
    /// How much the media type of this subtype is wanted by the range that names it most exactly;
    /// `None` if it is excluded.
    fn among(ranges: &[Range], subtype: &str) -> Option<Self> {
        let matching = ranges.iter().enumerate().filter_map(|(index, range)| {
            let specificity = range.media_type.specificity_for(KIND, subtype)?;
            Some(Self { quality: range.quality, specificity, index })
        });
        let closest = matching.max_by(|one, other| {
            let by_specificity = one.specificity.cmp(&other.specificity);
            by_specificity.then(one.quality.total_cmp(&other.quality))
        });
        closest.filter(|closest| closest.quality > 0.0)
    }

    /// Whether this one is to be taken before the other. At the same quality that is the one which
    /// is named more exactly, then the one which is named first.
    fn is_above(self, other: Self) -> bool {
        let by_quality = self.quality.total_cmp(&other.quality);
        by_quality
            .then(self.specificity.cmp(&other.specificity))
            .then(other.index.cmp(&self.index))
            .is_gt()
    }
}

/// An answer.
pub(super) struct HttpResponse {
    response: GraphqlResponse,
    /// Whether there was anything to answer with, be it null. What was refused before has no data.
    was_executed: bool,
}

impl HttpResponse {
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
        response.headers_mut().insert(header::CONTENT_TYPE, accepted.media_type());
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

impl From<Problem> for HttpResponse {
    fn from(problem: Problem) -> Self {
        Self::refused(problem.into_error())
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
