//! Subscriptions as server-sent events: GraphQL over SSE in its distinct connections mode.
//!
//! <https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md>

use std::{convert::Infallible, pin::pin, sync::Arc, time::Duration};

use async_graphql::Response as GraphqlResponse;
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use futures_util::{StreamExt as _, stream};
use rand::RngExt as _;
use serde_json::json;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use tokio_util::sync::{CancellationToken, DropGuard, WaitForCancellationFutureOwned};

use super::{
    Problem,
    accept::EVENT_STREAM,
    endpoint::{Endpoint, Ready},
};
use crate::{
    db::Engine,
    domain::access_token::Caller,
    graphql::{
        error::ErrorCode,
        events::{EventStream, StreamEvent},
    },
    http::{
        connection::ConnectionAbort,
        metrics::count_event,
        request_id::RequestId,
        streams::{Permit, Streams, Transport},
    },
};

/// The interval of comments, which keep proxies from closing the connection. Many close after 30 to 60 s.
const PING_INTERVAL: Duration = Duration::from_secs(15);

/// How long a client waits before it asks another replica, in milliseconds.
const RETRY: u32 = 1_000;

/// How long a client has to read the rest of a stream that has to end.
const END_TIME: Duration = Duration::from_secs(2);

/// The header with the id of the last event that a client has.
const LAST_EVENT_ID: &str = "last-event-id";

/// Tells nginx not to hold events back.
const ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// The last event of a stream that ends by itself.
const COMPLETE: &[u8] = b"event: complete\ndata:\n\n";

/// Starts a subscription and responds with its events.
pub(super) async fn subscribe(
    endpoint: &Endpoint,
    streams: &Streams,
    ready: Ready,
    caller: &Caller,
    id: RequestId,
    headers: &HeaderMap,
    connection: Option<ConnectionAbort>,
) -> Result<Response, Problem> {
    let last_event_id = headers.get(LAST_EVENT_ID).map(HeaderValue::to_str).transpose();
    let last_event_id = last_event_id.map_err(|_| {
        Problem::new(ErrorCode::BadUserInput, "The header Last-Event-ID is not a cursor.")
    })?;
    let mut permit = streams.stream(caller.token_id, Transport::Sse)?;
    let last_event_id = last_event_id.filter(|id| !id.is_empty());
    let events = endpoint.subscribe(ready, caller, last_event_id).await?;
    permit.hold(events.held())?;
    let (is_dropped, revoked) = (CancellationToken::new(), permit.revocation());
    let dropped = is_dropped.clone().cancelled_owned();
    tokio::spawn(end_unread(permit, streams.clone(), dropped, connection));
    let mut pings = interval_at(Instant::now(), PING_INTERVAL);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let sender = Sender {
        events,
        revoked,
        streams: streams.clone(),
        retry: retry(endpoint.database_engine()),
        pings,
        last_id: None,
        has_ended: false,
        request: id,
        start: Instant::now(),
        sent: 0,
        _is_dropped: is_dropped.drop_guard(),
    };
    let parts = stream::unfold(sender, Sender::next).flat_map(stream::iter);
    Ok(respond(Body::from_stream(parts.map(Ok::<_, Infallible>))))
}

/// Holds the permit of a stream until the stream is dropped, or for a moment after it has to end. hyper asks a stream for
/// its next part only while the client reads, so one that is not read does not notice that it has to end. Then its
/// connection is aborted, unless other streams share it.
async fn end_unread(
    permit: Permit,
    streams: Streams,
    dropped: WaitForCancellationFutureOwned,
    connection: Option<ConnectionAbort>,
) {
    let mut dropped = pin!(dropped);
    tokio::select! {
        () = &mut dropped => return,
        () = permit.revoked() => {}
        () = streams.end() => {}
    }
    if tokio::time::timeout(END_TIME, dropped).await.is_err()
        && let Some(connection) = connection
    {
        connection.abort();
    }
}

/// Responds to a query or a mutation with its one response.
pub(super) fn respond_once(response: &GraphqlResponse) -> Response {
    let next = format!("event: next\ndata: {}\n\n", json!(response));
    respond(Body::from([next.as_bytes(), COMPLETE].concat()))
}

fn respond(body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, EVENT_STREAM),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-transform")),
        (ACCEL_BUFFERING, HeaderValue::from_static("no")),
    ];
    (headers, body).into_response()
}

/// How long a client waits, in milliseconds: scattered where there may be other replicas, so that not all clients
/// of this one come to them at once.
fn retry(database: Engine) -> u32 {
    match database {
        Engine::Sqlite => RETRY,
        Engine::Postgres => rand::rng().random_range(RETRY / 2..=RETRY / 2 * 3),
    }
}

/// Writes the events of a subscription. It asks for the next one when the connection has room for it.
struct Sender {
    events: EventStream,
    revoked: CancellationToken,
    streams: Streams,
    retry: u32,
    /// The first one is due at once: it has the cursor by which a client resumes that gets no event.
    pings: Interval,
    /// The last id that was sent.
    last_id: Option<Arc<str>>,
    has_ended: bool,
    /// The request that the stream responds to, when it began, and the number of its events, for the log.
    request: RequestId,
    start: Instant,
    sent: u64,
    _is_dropped: DropGuard,
}

impl Drop for Sender {
    fn drop(&mut self) {
        let elapsed = self.start.elapsed();
        tracing::info!(request = %self.request.0, events = self.sent, ?elapsed, "stream ended");
    }
}

impl Sender {
    /// The next parts of the body.
    async fn next(mut self) -> Option<(Vec<Bytes>, Self)> {
        if self.has_ended {
            return None;
        }
        let parts = tokio::select! {
            biased;
            // Without `complete`, which would tell the client not to come back.
            () = self.revoked.cancelled() => return None,
            () = self.streams.end() => {
                self.has_ended = true;
                let (id, retry) = (self.events.cursor(), self.retry);
                vec![format!("id: {id}\nretry: {retry}\n\n").into()]
            }
            event = self.events.next() => match event {
                Some(event) => self.event(event),
                None => self.complete(Vec::new()),
            },
            _ = self.pings.tick() => vec![self.ping()],
        };
        Some((parts, self))
    }

    fn event(&mut self, event: StreamEvent) -> Vec<Bytes> {
        count_event(&event);
        self.sent += 1;
        let StreamEvent { payload, cursor, ends, .. } = event;
        let head = format!("event: next\nid: {cursor}\ndata: ");
        self.last_id = Some(cursor);
        // The payload is shared by subscribers, so it is not copied.
        let parts = vec![head.into(), payload, Bytes::from_static(b"\n\n")];
        if ends { self.complete(parts) } else { parts }
    }

    fn complete(&mut self, mut parts: Vec<Bytes>) -> Vec<Bytes> {
        self.has_ended = true;
        parts.push(Bytes::from_static(COMPLETE));
        parts
    }

    /// A comment, with the present cursor if it is another one than that of the last event: then a client that
    /// resumes does not read again what its arguments leave out.
    fn ping(&mut self) -> Bytes {
        let cursor = self.events.cursor();
        if self.last_id.as_ref() == Some(&cursor) {
            return Bytes::from_static(b": ping\n\n");
        }
        let ping = format!("id: {cursor}\n:\n\n");
        self.last_id = Some(cursor);
        ping.into()
    }
}
