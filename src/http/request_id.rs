//! The id of a request.

use axum::http::HeaderName;
use uuid::Uuid;

/// The response header with the id of the request.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request, among its extensions: in the log, in the response's headers and in every error.
/// Ids of clients are ignored, so that they cannot write arbitrary text into the log.
#[derive(Debug, Clone, Copy)]
pub(super) struct RequestId(pub(super) Uuid);
