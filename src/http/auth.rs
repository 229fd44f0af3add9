//! Who is asking: bearer tokens (RFC 6750).

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};

use super::{
    error::error_response,
    request::{RequestId, internal},
};
use crate::{
    db::Database,
    domain::access_token::{AccessTokenHash, Caller},
    graphql::error::ErrorCode,
    store,
};

impl<S> FromRequestParts<S> for Caller
where
    S: Sync,
    Database: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let Ok(id) = RequestId::from_request_parts(parts, state).await;
        // A missing or malformed token is looked up as well, as the empty text that nobody has:
        // each way of having no valid token takes the same time and gets the same answer.
        let hash = AccessTokenHash::of(bearer(&parts.headers).unwrap_or_default());
        match store::access_token::find_caller(&Database::from_ref(state), &hash).await {
            Ok(Some(caller)) => Ok(caller),
            Ok(None) => Err(unauthenticated(id)),
            Err(error) => {
                tracing::error!(%error, "the database failed while a token was looked up");
                Err(internal(id))
            }
        }
    }
}

/// The token in the Authorization header; the scheme's name is `Bearer` in any case.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn unauthenticated(id: RequestId) -> Response {
    let message = "The request needs a valid token in the header Authorization: Bearer <token>.";
    let mut response =
        error_response(StatusCode::UNAUTHORIZED, ErrorCode::Unauthenticated, message, id);
    let challenge = HeaderValue::from_static("Bearer realm=\"crm-steps\"");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    response
}
