//! Reading JSON request bodies.

use axum::{
    body::{Bytes, HttpBody as _},
    extract::{FromRef, FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
};

use super::{SharedEndpoint, error::Problem, media_type::MediaType};
use crate::graphql::error::ErrorCode;

/// The whole body of a request whose Content-Type is JSON. Forms and plain text are rejected: browsers
/// send them for any web page without a preflight request.
pub(super) struct JsonBody(pub(super) Bytes);

impl<S> FromRequest<S> for JsonBody
where
    SharedEndpoint: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        check(request.headers())?;
        let max_bytes = SharedEndpoint::from_ref(state).limits.max_body_bytes;
        let too_large = || Problem {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            code: ErrorCode::QueryTooLarge,
            message: format!("The body is larger than {max_bytes} bytes.").into(),
        };
        // Content-Length is known before the body arrives.
        let bytes = usize::try_from(request.body().size_hint().lower());
        if !bytes.is_ok_and(|bytes| bytes <= max_bytes) {
            return Err(too_large());
        }
        let read = Bytes::from_request(request, state).await;
        read.map(Self).map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => too_large(),
            _ => Problem::new(ErrorCode::BadUserInput, "The body is incomplete."),
        })
    }
}

/// Checks the media type, charset and encoding of a body.
fn check(headers: &HeaderMap) -> Result<(), Problem> {
    let unsupported =
        |message: &'static str| Err(Problem::of_http(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    let content_type = headers.get(header::CONTENT_TYPE);
    let content_type = content_type.map(|value| String::from_utf8_lossy(value.as_bytes()));
    let media_type = content_type.as_deref().and_then(MediaType::parse);
    let Some(media_type) = media_type
        .filter(|media_type| media_type.specificity_for("application", "json") == Some(2))
    else {
        return unsupported("The request needs the header Content-Type: application/json.");
    };
    let is_utf_8 = |charset: &str| ["utf-8", "utf8", ""].contains(&charset);
    if !media_type.values("charset").all(|charset| is_utf_8(&charset.to_ascii_lowercase())) {
        return unsupported("The body must be in UTF-8; the Content-Type names another charset.");
    }
    let encoding = headers.get(header::CONTENT_ENCODING);
    if encoding.is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return unsupported("Send the body without a Content-Encoding.");
    }
    Ok(())
}
