//! GraphQL over WebSockets: the handshake, after which each socket is served by a task of its own.
//!
//! Not with the WebSockets of axum, which do not show frames: large events are sent in parts, so that
//! no socket keeps a buffer of the size of its largest event.

mod close;
mod connection;
mod message;
mod non_blocking;
mod operations;
mod protocol;
mod socket;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use hyper::upgrade::OnUpgrade;
use tungstenite::handshake::derive_accept_key;

use self::socket::Socket;
use super::{AppState, Problem, Upgrade};
use crate::http::layers::client_address::client_address_of;

/// The subprotocol of WebSockets that is supported.
const SUBPROTOCOL: &str = "graphql-transport-ws";

/// The version of WebSockets that is supported (RFC 6455).
const VERSION: &str = "13";

/// The size of a client's key, in bytes.
const KEY_SIZE: usize = 16;

/// The values of the headers of a switch to a WebSocket.
const UPGRADE: HeaderValue = HeaderValue::from_static("upgrade");
const WEBSOCKET: HeaderValue = HeaderValue::from_static("websocket");

/// The response to a handshake that is rejected, boxed because it is large.
type Rejection = Box<Response>;

/// Responds to the handshake of a WebSocket and serves the socket.
pub(super) fn open(
    Upgrade(caller): Upgrade,
    mut parts: Parts,
    state: AppState,
) -> Result<Response, Rejection> {
    let accept = accept(&parts.headers)?;
    let Some(on_upgrade) = parts.extensions.remove::<OnUpgrade>() else {
        let message = "This connection cannot become a WebSocket.";
        return Err(Problem::of_http(StatusCode::BAD_REQUEST, message).into_response().into());
    };
    let is_supported = offers_subprotocol(&parts.headers);
    let address = client_address_of(&parts.extensions, &parts.headers, &state.trusted_proxies);
    let permit = match &caller {
        Some(caller) => state.streams.socket(caller.token_id),
        None => state.streams.unauthenticated(address),
    };
    let permit = permit.map_err(|problem| Box::new(problem.into_response()))?;
    tokio::spawn(async move {
        match on_upgrade.await {
            Ok(upgraded) => Socket::new(state, caller, permit).serve(upgraded, is_supported).await,
            Err(error) => tracing::debug!(%error, "a WebSocket was not opened"),
        }
    });
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    // They have the case of the request's headers, which hyper gives to those of the response: gql
    // (Python) finds Sec-WebSocket-Protocol in no other.
    *response.extensions_mut() = parts.extensions;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, UPGRADE);
    headers.insert(header::UPGRADE, WEBSOCKET);
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    if is_supported {
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
    }
    Ok(response)
}

/// Checks the version and the key of a handshake; returns the proof that it was read.
fn accept(headers: &HeaderMap) -> Result<HeaderValue, Rejection> {
    let is_supported = |version: &HeaderValue| version == VERSION;
    if !headers.get(header::SEC_WEBSOCKET_VERSION).is_some_and(is_supported) {
        let versions = [(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static(VERSION))];
        let message = "WebSockets of version 13 are supported; the header Sec-WebSocket-Version has \
                       another one.";
        let problem = Problem::of_http(StatusCode::UPGRADE_REQUIRED, message);
        return Err((versions, problem).into_response().into());
    }
    let is_key = |key: &&HeaderValue| {
        BASE64_STANDARD.decode(key.as_bytes()).is_ok_and(|key| key.len() == KEY_SIZE)
    };
    let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(is_key);
    let accept = key.and_then(|key| derive_accept_key(key.as_bytes()).parse().ok());
    accept.ok_or_else(|| {
        let message = "The header Sec-WebSocket-Key needs 16 bytes in Base64.";
        Problem::of_http(StatusCode::BAD_REQUEST, message).into_response().into()
    })
}

/// Whether a client offers the subprotocol.
fn offers_subprotocol(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .any(|offered| offered.trim() == SUBPROTOCOL)
}
