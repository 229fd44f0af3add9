//! The protocol `graphql-transport-ws` as a state machine: what follows from each message of a client
//! and from the passing of time. It has no socket and no clock.
//!
//! <https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>

use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant},
};

use async_graphql::Value;

use super::{
    close::Close,
    message::{ClientMessage, Payload, pong},
};
use crate::http::graphql::parameters::Parameters;

/// How long a client has for `connection_init`.
const INIT_TIME: Duration = Duration::from_secs(10);

/// The interval of the protocol's own pings. Those of WebSockets are invisible to web pages, and proxies
/// do not count them all.
const PING_INTERVAL: Duration = Duration::from_secs(20);

/// How long a client may leave pings unanswered.
const PONG_TIME: Duration = Duration::from_secs(40);

/// The maximum number of operations that run at the same time on one socket.
pub(super) const OPERATIONS_MAX: usize = 100;

/// The id that a client gave to an operation.
pub(super) type OperationId = Arc<str>;

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
