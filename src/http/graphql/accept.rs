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

/// The media type of server-sent events.
pub(super) const EVENT_STREAM: HeaderValue = HeaderValue::from_static("text/event-stream");

/// The media types of responses, as type and subtype.
const GRAPHQL: (&str, &str) = ("application", "graphql-response+json");
const JSON_TYPE: (&str, &str) = ("application", "json");
const STREAM: (&str, &str) = ("text", "event-stream");

/// What a client accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Accepts {
    /// The media type of one response, if the client accepts any.
    pub(super) json: Option<Accepted>,
    /// Whether it accepts server-sent events.
    pub(super) stream: bool,
    /// Whether it does so by name, and not by a range of media types.
    names_stream: bool,
}

/// The media type of one response that a client accepts.
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

impl Accepts {
    /// What the Accept header accepts; anything if it has no media type.
    pub(super) fn by(headers: &HeaderMap) -> Result<Self, Problem> {
        let lines = headers.get_all(header::ACCEPT).iter();
        let lines: Vec<_> = lines.map(|line| String::from_utf8_lossy(line.as_bytes())).collect();
        let elements = lines.iter().flat_map(|line| media_type::split(line, ','));
        let ranges: Vec<_> = elements.filter_map(parse_range).collect();
        if ranges.is_empty() {
            return Ok(Self { json: Some(Accepted::Anything), stream: true, names_stream: false });
        }
        let json = match (preference(&ranges, JSON_TYPE), preference(&ranges, GRAPHQL)) {
            (None, None) => None,
            (None, Some(_)) => Some(Accepted::GraphqlResponse),
            (Some(json), Some(graphql)) if graphql > json => Some(Accepted::GraphqlResponse),
            (Some((_, 2, _)), _) => Some(Accepted::Json),
            (Some(_), _) => Some(Accepted::Anything),
        };
        let preference = preference(&ranges, STREAM);
        let (stream, names_stream) =
            (preference.is_some(), preference.is_some_and(|(_, specificity, _)| specificity == 2));
        if json.is_none() && !stream {
            return Err(neither());
        }
        Ok(Self { json, stream, names_stream })
    }

    /// The type of the response to a request that is rejected before it is known what it is. One of a
    /// client that names server-sent events may be a subscription, and gets the status of its errors.
    pub(super) fn for_rejection(self) -> Accepted {
        match self.json {
            Some(Accepted::Json) if self.names_stream => Accepted::Anything,
            accepted => accepted.unwrap_or(Accepted::Anything),
        }
    }
}

/// The problem of a response whose media type the client does not accept.
pub(super) fn neither() -> Problem {
    let message = "Responses are application/graphql-response+json or application/json, and those of \
                   subscriptions text/event-stream; the Accept header excludes them.";
    Problem::of_http(StatusCode::NOT_ACCEPTABLE, message)
}

impl Accepted {
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
    let is_ours = [JSON_TYPE, GRAPHQL, STREAM]
        .into_iter()
        .any(|(kind, subtype)| media_type.specificity_for(kind, subtype) == Some(2));
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

/// The preference for a media type of responses, which the most specific range decides; `None` if it
/// is excluded.
fn preference(ranges: &[(MediaType, f32)], (kind, subtype): (&str, &str)) -> Option<Preference> {
    let matching = ranges.iter().enumerate().filter_map(|(index, (media_type, quality))| {
        Some((*quality, media_type.specificity_for(kind, subtype)?, Reverse(index)))
    });
    let closest = matching.max_by(|one, other| one.1.cmp(&other.1).then(one.0.total_cmp(&other.0)));
    closest.filter(|(quality, ..)| *quality > 0.0)
}
