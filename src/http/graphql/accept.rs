//! The media type of a response, which the Accept header selects.

use std::cmp::Reverse;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

use super::Problem;
use crate::http::{
    error::JSON,
    media_type::{self, MediaType},
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
        let ranges: Vec<_> = elements.filter_map(parse_range).collect();
        if ranges.is_empty() {
            return Ok(Self::Anything);
        }
        let json = preference(&ranges, JSON_SUBTYPE);
        let graphql = preference(&ranges, GRAPHQL_SUBTYPE);
        match (json, graphql) {
            (None, None) => {
                let message = "Responses are application/graphql-response+json or application/json; \
                               the Accept header excludes both.";
                Err(Problem::of_http(StatusCode::NOT_ACCEPTABLE, message))
            }
            (None, Some(_)) => Ok(Self::GraphqlResponse),
            (Some(json), Some(graphql)) if graphql > json => Ok(Self::GraphqlResponse),
            (Some((_, 2, _)), _) => Ok(Self::Json),
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

/// Parses an element of the Accept header: a media range and its quality, from 0, which excludes its
/// media types, to 1. `None` if it is faulty. Parameters of the media types of responses are ignored, so
/// they may be faulty.
fn parse_range(element: &str) -> Option<(MediaType<'_>, f32)> {
    let media_type = MediaType::parse(element)?;
    let is_ours = [JSON_SUBTYPE, GRAPHQL_SUBTYPE]
        .iter()
        .any(|subtype| media_type.specificity_for(KIND, subtype) == Some(2));
    if !is_ours && !media_type.has_valid_parameters() {
        return None;
    }
    let quality = match media_type.values("q").next() {
        // Some clients omit the zero before the point.
        Some(quality) => quality.parse().ok().filter(|quality| (0.0..=1.0).contains(quality))?,
        None => 1.0,
    };
    Some((media_type, quality))
}

/// A client's preference for one of the media types of responses: the quality, specificity and index of
/// the range that decides it. The greater one has the higher quality; at the same quality it is more
/// specific, or else before the other in the header.
type Preference = (f32, u8, Reverse<usize>);

/// The preference for the media type of this subtype, which the most specific range decides; `None` if it
/// is excluded.
fn preference(ranges: &[(MediaType, f32)], subtype: &str) -> Option<Preference> {
    let matching = ranges.iter().enumerate().filter_map(|(index, (media_type, quality))| {
        Some((*quality, media_type.specificity_for(KIND, subtype)?, Reverse(index)))
    });
    let closest = matching.max_by(|one, other| one.1.cmp(&other.1).then(one.0.total_cmp(&other.0)));
    closest.filter(|(quality, ..)| *quality > 0.0)
}
