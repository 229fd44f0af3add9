//! Authentication with bearer tokens (RFC 6750), and the rate limit of each token.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{callers::Callers, rate_limit::RateLimit};
use crate::{domain::access_token::Caller, graphql::error::ErrorCode, http::error::Problem};

/// The state of [`authenticate`]. Clones share the cache and the counters.
#[derive(Clone)]
pub(crate) struct AuthState {
    pub(crate) callers: Callers,
    pub(crate) rate_limit: RateLimit,
    /// Whether the routes can switch to a WebSocket.
    pub(crate) can_upgrade: bool,
}

/// A request to switch to a WebSocket, with its caller if it has a valid token.
#[derive(Clone)]
pub(crate) struct Upgrade(pub(crate) Option<Caller>);

/// Authenticates a request and applies the rate limit of its token. Adds the [`Caller`] to the
/// request's extensions. To those of a request to switch to a WebSocket it adds an [`Upgrade`] instead: the
/// token may come in the first message, and the operations are counted, not the switch.
pub(crate) async fn authenticate(
    State(AuthState { callers, rate_limit, can_upgrade }): State<AuthState>,
    mut request: Request,
    next: Next,
) -> Result<Response, Response> {
    if can_upgrade && is_upgrade(&request) {
        let mut response = match find(request.headers(), &callers).await {
            Ok(caller) => {
                request.extensions_mut().insert(Upgrade(caller));
                next.run(request).await
            }
            Err(rejection) => rejection,
        };
        // A client that wants a WebSocket has no use for a connection that does not become one.
        if response.status() != StatusCode::SWITCHING_PROTOCOLS {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        return Ok(response);
    }
    let caller = find_caller(request.headers(), &callers).await?;
    let headers = rate_limit.check(caller.token_id).map_err(IntoResponse::into_response)?;
    request.extensions_mut().insert(caller);
    let mut response = next.run(request).await;
    response.headers_mut().extend(headers);
    Ok(response)
}

async fn find_caller(headers: &HeaderMap, callers: &Callers) -> Result<Caller, Response> {
    find(headers, callers).await?.ok_or_else(|| {
        let message =
            "The request needs a valid token in the header Authorization: Bearer <token>.";
        let challenge = [(header::WWW_AUTHENTICATE, "Bearer realm=\"crm-steps\"")];
        (challenge, Problem::new(ErrorCode::Unauthenticated, message)).into_response()
    })
}

/// The caller of the token in the Authorization header, if there is a valid one.
async fn find(headers: &HeaderMap, callers: &Callers) -> Result<Option<Caller>, Response> {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    callers.find_by_authorization(authorization).await.map_err(|error| {
        tracing::error!(%error, "the database failed during authentication");
        Problem::internal().into_response()
    })
}

/// Whether a request asks to switch to a WebSocket.
fn is_upgrade(request: &Request) -> bool {
    let names = |header, name: &str| {
        let values = request.headers().get_all(header).iter();
        let values = values.filter_map(|value: &HeaderValue| value.to_str().ok());
        values
            .flat_map(|value| value.split(','))
            .any(|value| value.trim().eq_ignore_ascii_case(name))
    };
    request.method() == Method::GET
        && names(header::UPGRADE, "websocket")
        && names(header::CONNECTION, "upgrade")
}
