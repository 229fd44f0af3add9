//! Authentication with bearer tokens (RFC 6750), and the rate limit of each token.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use super::{callers::Callers, rate_limit::RateLimit};
use crate::{
    domain::access_token::{AccessTokenHash, Caller},
    graphql::error::ErrorCode,
    http::error::Problem,
};

/// The state of [`authenticate`]. Clones share the cache and the counters.
#[derive(Clone)]
pub(crate) struct AuthState {
    pub(crate) callers: Callers,
    pub(crate) rate_limit: RateLimit,
}

/// Authenticates a request and applies the rate limit of its token. Adds the [`Caller`] to the
/// request's extensions.
pub(crate) async fn authenticate(
    State(AuthState { callers, rate_limit }): State<AuthState>,
    mut request: Request,
    next: Next,
) -> Result<Response, Response> {
    let caller = find_caller(request.headers(), &callers).await?;
    let checked = rate_limit.check(caller.token_id);
    let mut response = if checked.is_ok() {
        request.extensions_mut().insert(caller);
        next.run(request).await
    } else {
        let message = "The token has sent more requests than its limit; the header Retry-After has \
                       the seconds to wait.";
        Problem::new(ErrorCode::RateLimited, message).into_response()
    };
    let (Ok(headers) | Err(headers)) = checked;
    response.headers_mut().extend(headers);
    Ok(response)
}

async fn find_caller(headers: &HeaderMap, callers: &Callers) -> Result<Caller, Response> {
    // A missing or malformed token is looked up as the empty text, which is no token: the response
    // and its time are the same as for an unknown token.
    let hash = AccessTokenHash::of(bearer(headers).unwrap_or_default());
    match callers.find(hash).await {
        Ok(Some(caller)) => Ok(caller),
        Ok(None) => {
            let message =
                "The request needs a valid token in the header Authorization: Bearer <token>.";
            let challenge = [(header::WWW_AUTHENTICATE, "Bearer realm=\"crm-steps\"")];
            let problem = Problem::new(ErrorCode::Unauthenticated, message);
            Err((challenge, problem).into_response())
        }
        Err(error) => {
            tracing::error!(%error, "the database failed during authentication");
            Err(Problem::internal().into_response())
        }
    }
}

/// The token in the Authorization header. The case of the scheme `Bearer` does not matter.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
