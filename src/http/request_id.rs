//! The id of a request.

use std::{convert::Infallible, fmt};

use axum::{
    extract::FromRequestParts,
    http::{Extensions, HeaderName, request::Parts},
};
use uuid::Uuid;

use crate::domain::id::new_id;

/// The response header with the id of the request.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request: in the log, in the response's headers and in every error. Ids of clients are
/// ignored, so that they cannot write arbitrary text into the log.
#[derive(Debug, Clone, Copy)]
pub(super) struct RequestId(Uuid);

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&mut parts.extensions))
    }
}

impl RequestId {
    /// The id of the request with these extensions, which gets one if it has none yet.
    pub(super) fn of(extensions: &mut Extensions) -> Self {
        *extensions.get_or_insert_with(|| Self(new_id()))
    }
}
