//! Bodies, before anybody reads what is in them.

use axum::{
    body::Bytes,
    extract::rejection::BytesRejection,
    http::{HeaderMap, StatusCode, header},
};

use super::error::Problem;
use crate::graphql::error::ErrorCode;

/// A whole body that says it is JSON. Forms and plain text, which a browser sends for any page
/// without asking, are refused.
pub(super) fn json(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
    max_bytes: usize,
) -> Result<Bytes, Problem> {
    let unsupported =
        |message: &'static str| Problem::of_http(StatusCode::UNSUPPORTED_MEDIA_TYPE, message);
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let mut parts = content_type.unwrap_or_default().split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    let is_utf_8 = parts.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.eq_ignore_ascii_case("charset") => {
            value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    if !is_json || !is_utf_8 {
        return Err(unsupported(
            "The request needs the header Content-Type: application/json, and a body in UTF-8.",
        ));
    }
    let encoding = headers.get(header::CONTENT_ENCODING);
    if encoding.is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(unsupported("Send the body without a Content-Encoding."));
    }
    body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            code: ErrorCode::QueryTooLarge,
            message: format!("The body is larger than {max_bytes} bytes.").into(),
        },
        _ => Problem::new(ErrorCode::BadUserInput, "The body did not arrive whole."),
    })
}
