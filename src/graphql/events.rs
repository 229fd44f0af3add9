//! Subscriptions: the changes of an organization as GraphQL responses.
//!
//! For each event the document of a subscription is executed as a query of the type `Subscription`.
//! What is executed is shared by all subscribers that would get the same (a group), and the
//! rows of the changed objects by all groups.

mod execution;
mod group;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_graphql::Request;
use bytes::Bytes;

use self::{
    execution::EventExecutor,
    group::{Group, Groups},
};
use super::{
    engine::Prepared,
    parts::{context::Environment, error::Failure},
    types,
};
use crate::{
    domain::access_token::Caller,
    store::{
        feed::{Ended, Feed, NotStarted, Position},
        history::cursor,
    },
};

/// Starts subscriptions. Clones share what is executed for several subscribers.
#[derive(Debug, Clone)]
pub struct Events {
    feed: Feed,
    groups: Groups,
    executor: EventExecutor,
}

impl Events {
    /// Subscriptions to the changes of the feed in this environment. The execution of an event fails
    /// after `time_limit`.
    #[must_use]
    pub fn new(environment: Environment, time_limit: Duration) -> Self {
        Self {
            feed: environment.feed.clone(),
            groups: Groups::default(),
            executor: EventExecutor::new(environment, time_limit),
        }
    }

    /// Starts a prepared subscription of a caller, who has the scope to read. It begins after
    /// `last_event_id`, if there is one, or after the cursor in its arguments, or now.
    ///
    /// Fails with BAD_USER_INPUT if that is no cursor of the organization's history, and with
    /// CURSOR_EXPIRED if changes after it have been deleted from the history.
    pub async fn subscribe(
        &self,
        prepared: &Prepared,
        request: Request,
        caller: &Caller,
        last_event_id: Option<&str>,
    ) -> Result<EventStream, Failure> {
        let organization = caller.organization;
        let (after, selection) = types::selection(&prepared.event_arguments)?;
        let (name, cursor) = match last_event_id {
            Some(id) => ("Last-Event-ID", Some(id)),
            None => ("after", after.as_deref()),
        };
        let unknown = || {
            Failure::BadInput(format!(
                "{name} is not a cursor of the history of this organization; take one from an \
                 event, an edge, a change or changesCursor."
            ))
        };
        let after = cursor
            .map(|cursor| cursor::decode(organization, cursor).ok_or_else(unknown))
            .transpose()?;
        let position = self.feed.subscribe(organization, after, selection).await;
        let position = position.map_err(|not_started| match not_started {
            NotStarted::Expired => Failure::CursorExpired,
            NotStarted::Unknown => unknown(),
            NotStarted::Failed(error) => error.into(),
        })?;
        let group = self.groups.of(prepared, request, caller)?;
        Ok(EventStream { position, group, executor: self.executor.clone(), has_ended: false })
    }
}

/// The events of a subscription.
#[derive(Debug)]
pub struct EventStream {
    position: Position,
    group: Arc<Group>,
    executor: EventExecutor,
    has_ended: bool,
}

impl EventStream {
    /// The next event, as soon as there is one; `None` after one that ends the stream. It can be
    /// cancelled without loss.
    pub async fn next(&mut self) -> Option<StreamEvent> {
        if self.has_ended {
            return None;
        }
        let failure = match self.position.next().await {
            Ok(event) => {
                let response = self.executor.response(&self.group, &event).await;
                let committed = self.position.committed(&event);
                let ring_misses = self.position.take(&event);
                return Some(StreamEvent {
                    payload: response.payload.clone(),
                    cursor: Arc::clone(&response.cursor),
                    ends: false,
                    committed,
                    ring_misses,
                });
            }
            Err(Ended::Expired) => Failure::CursorExpired,
            Err(Ended::Failed(error)) => error.into(),
        };
        self.has_ended = true;
        let cursor = self.cursor();
        Some(StreamEvent {
            payload: execution::failed(failure, &cursor),
            cursor,
            ends: true,
            committed: None,
            ring_misses: 0,
        })
    }

    /// The cursor of the present position, which is also moved by changes that the arguments leave
    /// out. A subscription after it continues this one.
    #[must_use]
    pub fn cursor(&self) -> Arc<str> {
        cursor::encode(self.position.organization(), self.position.at()).into()
    }

    /// What the subscription holds in memory for as long as it lives, and shares with those that
    /// execute the same.
    #[must_use]
    pub fn held(&self) -> Held {
        self.group.held()
    }
}

/// The document and the variables of a subscription in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Held {
    /// The same for all subscriptions that share them, different for others.
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
    /// When the change was committed, as far as that is known: not for changes from before the
    /// subscription began, which it resumes after.
    pub committed: Option<Instant>,
    /// How often changes had to be read from the database for this subscription since its last
    /// event, because they were no longer in memory.
    pub ring_misses: u32,
}
