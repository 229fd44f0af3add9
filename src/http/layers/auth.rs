//! Who is asking: bearer tokens (RFC 6750), and how often each may ask.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use super::{
    callers::Callers,
    rate_limit::{RateLimit, Verdict},
};
use crate::{
    domain::access_token::{AccessTokenHash, Caller},
    graphql::error::ErrorCode,
    http::{
        error::{Problem, internal},
        request_id::RequestId,
    },
};

/// What decides who is let in, and how often. Clones share what they know and count.
#[derive(Clone)]
pub(crate) struct AuthState {
    pub(crate) callers: Callers,
    pub(crate) rate_limit: RateLimit,
}

/// Finds out who is asking, and lets them in as often as they may. What comes behind finds the
/// [`Caller`] among the request's extensions.
pub(crate) async fn authenticate(
    id: RequestId,
    State(AuthState { callers, rate_limit }): State<AuthState>,
    mut request: Request,
    next: Next,
) -> Response {
    let caller = match find_caller(request.headers(), &callers, id).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    match rate_limit.ask(caller.token_id) {
        Verdict::Unlimited => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Verdict::Allowed(headers) => {
            request.extensions_mut().insert(caller);
            let mut response = next.run(request).await;
            response.headers_mut().extend(headers);
            response
        }
        Verdict::Refused(headers) => {
            let message = "The token has sent more requests than it may; the header Retry-After \
                           says after how many seconds to go on.";
            let mut response = Problem::new(ErrorCode::RateLimited, message).into_response(id);
            response.headers_mut().extend(headers);
            response
        }
    }
}

async fn find_caller(
    headers: &HeaderMap,
    callers: &Callers,
    id: RequestId,
) -> Result<Caller, Response> {
    // A missing or malformed token is looked up as well, as the empty text that nobody has: each
    // way of having no valid token takes the same time and gets the same answer.
    let hash = AccessTokenHash::of(bearer(headers).unwrap_or_default());
    match callers.find(hash).await {
        Ok(Some(caller)) => Ok(caller),
        Ok(None) => Err(unauthenticated(id)),
        Err(error) => {
            tracing::error!(%error, "the database failed while a token was looked up");
            Err(internal(id))
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
    let mut response = Problem::new(ErrorCode::Unauthenticated, message).into_response(id);
    let challenge = HeaderValue::from_static("Bearer realm=\"crm-steps\"");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    response
}
