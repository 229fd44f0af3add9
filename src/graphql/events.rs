//! Subscriptions: the changes of an organization as GraphQL responses.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_graphql::Request;
use bytes::Bytes;

use super::{
    engine::Prepared,
    parts::{context::Environment, error::Failure},
};
use crate::domain::access_token::Caller;

/// Starts subscriptions. Clones share what is executed for several subscribers.
#[derive(Debug, Clone)]
pub struct Events {
    _environment: Environment,
}

impl Events {
    /// Subscriptions to the changes of this database. The execution of an event fails after
    /// `time_limit`.
    #[must_use]
    pub fn new(environment: Environment, _time_limit: Duration) -> Self {
        Self { _environment: environment }
    }

    /// Starts a prepared subscription of a caller, who has the scope to read. It begins after
    /// `last_event_id`, if there is one, or after the cursor in its arguments, or now.
    ///
    /// Fails with BAD_USER_INPUT if that is no cursor of the organization's history, and with
    /// CURSOR_EXPIRED if changes after it have been deleted from the history.
    pub async fn subscribe(
        &self,
        _prepared: &Prepared,
        _request: Request,
        _caller: &Caller,
        _last_event_id: Option<&str>,
    ) -> Result<EventStream, Failure> {
        std::future::ready(Ok(EventStream {})).await
    }
}

/// The events of a subscription.
#[derive(Debug)]
pub struct EventStream {}

impl EventStream {
    /// The next event, as soon as there is one; `None` after one that ends the stream. It can be
    /// cancelled without loss.
    pub async fn next(&mut self) -> Option<StreamEvent> {
        std::future::pending().await
    }

    /// The cursor of the present position, which is also moved by changes that the arguments leave
    /// out. A subscription after it continues this one.
    #[must_use]
    pub fn cursor(&self) -> Arc<str> {
        "".into()
    }

    /// What the subscription holds in memory for as long as it lives, and shares with those that
    /// execute the same.
    #[must_use]
    pub fn held(&self) -> Held {
        Held { group: 0, bytes: 0 }
    }
}

/// The document and the variables of a subscription in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Held {
    /// The same for all subscriptions that share them, different for others, while they live.
    pub group: u64,
    /// The size of their text.
    pub bytes: usize,
}

/// An event of a subscription.
#[derive(Debug, Clone)]
pub struct StreamEvent {
    /// The response, as JSON: `data`; or `data` and `errors` with the cursor in
    /// `extensions.cursor`. Shared by all subscribers that execute the same.
    pub payload: Bytes,
    /// The cursor of the change; of an event that ends the stream, that of the position.
    pub cursor: Arc<str>,
    /// Whether it is the last one, because the stream cannot go on.
    pub ends: bool,
    /// When the change was committed, as far as that is known: not for changes that were read
    /// because the subscription began before them.
    pub committed: Option<Instant>,
    /// How often changes had to be read from the database for this subscription since its last
    /// event, because they were no longer in memory.
    pub ring_misses: u32,
}
