//! Why sockets are closed.
//!
//! Clients of `graphql-transport-ws` come back after 1001, 1012, 1013, 4403 and 4408, and not after the others.

use std::borrow::Cow;

use crate::http::error::Problem;

/// Longest reason of a close, in bytes: a control frame has 125, of which the code takes two (RFC 6455).
const REASON_MAX: usize = 123;

/// Why the service closes a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Close {
    pub(super) code: u16,
    /// What clients show: at most 123 bytes.
    pub(super) reason: Cow<'static, str>,
}

impl Close {
    const fn new(code: u16, reason: &'static str) -> Self {
        Self { code, reason: Cow::Borrowed(reason) }
    }

    /// What the client sends is not framed as RFC 6455 says.
    pub(super) const PROTOCOL_ERROR: Self = Self::new(1002, "WebSocket protocol error");
    /// The client has not answered pings.
    pub(super) const NO_PONG: Self = Self::new(1001, "No pong");
    /// A message is larger than allowed.
    pub(super) const TOO_BIG: Self = Self::new(1009, "Message too big");
    /// The service stops; another replica takes the client.
    pub(super) const RESTART: Self = Self::new(1012, "Service restart");
    /// The token has as many sockets as it may.
    pub(super) const TOO_MANY_SOCKETS: Self =
        Self::new(1013, "Too many sockets of this token; try again later");
    /// The token cannot be looked up now. Clients try again, as they do not after [`INTERNAL`](Self::INTERNAL).
    pub(super) const UNAVAILABLE: Self = Self::new(1013, "Try again later");
    /// `subscribe` before the acknowledgement.
    pub(super) const UNAUTHORIZED: Self = Self::new(4401, "Unauthorized");
    /// There is no valid token, or it has been revoked.
    pub(super) const FORBIDDEN: Self = Self::new(4403, "Forbidden");
    /// The client does not offer the subprotocol.
    pub(super) const SUBPROTOCOL: Self = Self::new(4406, "Subprotocol not acceptable");
    /// There was no `connection_init` in time.
    pub(super) const INIT_TIMEOUT: Self = Self::new(4408, "Connection initialisation timeout");
    /// There was a second `connection_init`.
    pub(super) const SECOND_INIT: Self = Self::new(4429, "Too many initialisation requests");
    /// The service failed.
    pub(super) const INTERNAL: Self = Self::new(4500, "Internal server error");

    /// A message is none of the protocol; the reason says why.
    pub(super) fn bad_request(why: impl Into<String>) -> Self {
        Self { code: 4400, reason: shortened(why.into()).into() }
    }

    /// An operation with this id runs.
    pub(super) fn already_exists(id: &str) -> Self {
        let reason = shortened(format!("Subscriber for {id} already exists"));
        Self { code: 4409, reason: reason.into() }
    }
}

impl From<Problem> for Close {
    fn from(problem: Problem) -> Self {
        Self::bad_request(problem.message)
    }
}

/// Shortens a text to the longest reason.
fn shortened(mut reason: String) -> String {
    reason.truncate(reason.floor_char_boundary(REASON_MAX));
    reason
}
