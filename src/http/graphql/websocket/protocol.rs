//! The protocol `graphql-transport-ws` as a state machine: what follows from each message of a client
//! and from the passing of time. It has no socket and no clock.
//!
//! <https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>

use std::{
    borrow::Cow,
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant},
};

use async_graphql::Value;

use super::message::{ClientMessage, Payload, pong};
use crate::http::{error::Problem, graphql::parameters::Parameters};

/// How long a client has for `connection_init`.
const INIT_TIME: Duration = Duration::from_secs(10);

/// The interval of the protocol's own pings. Those of WebSockets are invisible to web pages, and proxies
/// do not count them all.
const PING_INTERVAL: Duration = Duration::from_secs(20);

/// How long a client may leave pings unanswered.
const PONG_TIME: Duration = Duration::from_secs(40);

/// The maximum number of operations that run at the same time on one socket.
pub(super) const OPERATIONS_MAX: usize = 100;

/// Longest reason of a close, in bytes: a control frame has 125, of which the code takes two (RFC 6455).
const REASON_MAX: usize = 123;

/// The id that a client gave to an operation.
pub(super) type OperationId = Arc<str>;

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

    fn already_exists(id: &str) -> Self {
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

/// What the socket does next.
#[derive(Debug)]
pub(super) enum Action {
    /// Nothing.
    None,
    /// Authenticate the client by this value of `Authorization`; without one, by that of the upgrade.
    /// Then call [`Protocol::acknowledge`].
    Authenticate(Option<String>),
    /// Send this message.
    Send(String),
    /// Start an operation. When it ends, call [`Protocol::end`].
    Start(OperationId, Box<Parameters>),
    /// Reject an operation: there are too many.
    Reject(OperationId),
    /// Stop an operation without a message.
    Stop(OperationId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// No `connection_init` has arrived.
    Connecting,
    /// The token of `connection_init` is being looked up.
    Authenticating,
    /// `connection_ack` has been sent.
    Ready,
}

/// The state of one socket.
#[derive(Debug)]
pub(super) struct Protocol {
    state: State,
    /// When [`tick`](Self::tick) acts next.
    next_tick: Instant,
    /// When the first ping was sent that the client has not answered.
    unanswered_since: Option<Instant>,
    running: HashSet<OperationId>,
}

impl Protocol {
    /// The state of a socket that was opened now.
    pub(super) fn new(now: Instant) -> Self {
        Self {
            state: State::Connecting,
            next_tick: now + INIT_TIME,
            unanswered_since: None,
            running: HashSet::new(),
        }
    }

    /// When [`tick`](Self::tick) has to be called next.
    pub(super) fn next_tick(&self) -> Instant {
        self.next_tick
    }

    /// Whether the client is authenticated.
    pub(super) fn is_ready(&self) -> bool {
        self.state == State::Ready
    }

    /// Receives a text message.
    pub(super) fn receive(&mut self, text: &str, now: Instant) -> Result<Action, Close> {
        match ClientMessage::parse(text)? {
            ClientMessage::Init(payload) => self.init(payload, now),
            ClientMessage::Ping(payload) => Ok(Action::Send(pong(payload))),
            ClientMessage::Pong => {
                self.unanswered_since = None;
                Ok(Action::None)
            }
            ClientMessage::Subscribe(id, parameters) => self.start(id, parameters),
            ClientMessage::Complete(id) => match self.running.take(&*id) {
                Some(id) => Ok(Action::Stop(id)),
                // It has ended meanwhile.
                None => Ok(Action::None),
            },
        }
    }

    fn init(&mut self, payload: Payload, now: Instant) -> Result<Action, Close> {
        if self.state != State::Connecting {
            return Err(Close::SECOND_INIT);
        }
        self.state = State::Authenticating;
        self.next_tick = now + PING_INTERVAL;
        let mut entries = payload.into_iter().flatten();
        let value = entries.find(|(key, _)| key.eq_ignore_ascii_case("authorization"));
        Ok(Action::Authenticate(match value {
            None | Some((_, Value::Null)) => None,
            Some((_, Value::String(value))) => Some(value),
            // No token has this form.
            Some(_) => Some(String::new()),
        }))
    }

    fn start(&mut self, id: String, parameters: Box<Parameters>) -> Result<Action, Close> {
        if !self.is_ready() {
            return Err(Close::UNAUTHORIZED);
        }
        if self.running.contains(&*id) {
            return Err(Close::already_exists(&id));
        }
        let id = OperationId::from(id);
        if self.running.len() == OPERATIONS_MAX {
            return Ok(Action::Reject(id));
        }
        self.running.insert(Arc::clone(&id));
        Ok(Action::Start(id, parameters))
    }

    /// The client is authenticated. The socket sends `connection_ack`.
    pub(super) fn acknowledge(&mut self) {
        self.state = State::Ready;
    }

    /// An operation has ended; its id can be used again.
    pub(super) fn end(&mut self, id: &str) {
        self.running.remove(id);
    }

    /// Acts on the passing of time; returns whether a ping has to be sent.
    pub(super) fn tick(&mut self, now: Instant) -> Result<bool, Close> {
        if now < self.next_tick {
            return Ok(false);
        }
        if self.state == State::Connecting {
            return Err(Close::INIT_TIMEOUT);
        }
        let unanswered_since = *self.unanswered_since.get_or_insert(now);
        if now - unanswered_since >= PONG_TIME {
            return Err(Close::NO_PONG);
        }
        self.next_tick = now + PING_INTERVAL;
        Ok(true)
    }
}

#[cfg(test)]
mod tests;
