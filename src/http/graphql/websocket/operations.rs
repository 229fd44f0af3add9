//! The operations of one socket: queries and mutations that run, subscriptions, and those that wait.

use std::{
    collections::{HashMap, VecDeque},
    future::pending,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::{Duration, Instant},
};

use axum::body::Bytes;
use futures_util::{
    FutureExt as _, StreamExt as _,
    stream::{self, BoxStream},
};
use serde_json::{Value as Json, json};
use tokio::{
    sync::Semaphore,
    task::{AbortHandle, Id, JoinError, JoinSet},
};
use tokio_stream::StreamMap;
use tracing::Instrument as _;
use tungstenite::Utf8Bytes;

use super::{message::ClientMessage, protocol::OperationId};
use crate::{
    domain::{access_token::Caller, id::new_id},
    graphql::{
        engine::OperationKind,
        error::{ErrorCode, Failure},
        events::{EventStream, StreamEvent},
    },
    http::{
        SharedEndpoint,
        error::Problem,
        graphql::{
            endpoint::{Ready, RequestRejected},
            parameters::Parameters,
            response::HttpResponse,
        },
        layers::{callers::Callers, rate_limit::RateLimit},
        metrics::count_event,
        request_id::RequestId,
        streams::{Permit, Streams, Transport},
    },
};

/// The maximum number of operations of a socket that are executed at the same time, or whose response has not
/// been sent. Further ones wait.
const CONCURRENT_MAX: usize = 8;

/// What operations are executed with.
#[derive(Clone)]
pub(super) struct Executor {
    pub(super) endpoint: SharedEndpoint,
    pub(super) streams: Streams,
    pub(super) rate_limit: RateLimit,
    pub(super) callers: Callers,
    /// The permits of requests that are executed at the same time.
    pub(super) permits: Arc<Semaphore>,
    /// How long an operation may take.
    pub(super) time_limit: Duration,
}

/// What an operation sends.
pub(super) enum Output {
    /// A result, after which others come.
    Next(Bytes),
    /// The only result.
    Result(Bytes),
    /// The list of errors with which it ends.
    Errors(Json),
    /// Nothing: it has ended.
    Complete,
}

/// An operation that has been started.
enum Started {
    /// A query or a mutation, with its response.
    Executed(Bytes),
    /// A subscription.
    Subscribed(SubscriptionEvents),
    /// One that was rejected.
    Rejected(Json),
}

/// A subscription: its events, and after the last one `None`.
type SubscriptionEvents = BoxStream<'static, Option<StreamEvent>>;

/// An operation that waits until others have ended.
struct Waiting {
    id: OperationId,
    /// Its message. What is made of it takes many times the memory, so that is made again.
    message: Utf8Bytes,
    caller: Caller,
    /// Its id in the log.
    request: RequestId,
}

/// What an operation is executed by.
enum Source {
    Prepared(Box<Ready>),
    /// Its message, which has been found to be valid.
    Message(Utf8Bytes),
}

/// The operations of a socket.
pub(super) struct Operations {
    executor: Executor,
    waiting: VecDeque<Waiting>,
    tasks: JoinSet<(OperationId, Started)>,
    aborts: HashMap<OperationId, AbortHandle>,
    subscriptions: StreamMap<OperationId, SubscriptionEvents>,
}

impl Operations {
    pub(super) fn new(executor: Executor) -> Self {
        Self {
            executor,
            waiting: VecDeque::new(),
            tasks: JoinSet::new(),
            aborts: HashMap::new(),
            subscriptions: StreamMap::new(),
        }
    }

    /// Starts an operation, or lets it wait. Fails with the list of errors of one that is rejected: because it is not
    /// valid, or because the messages of those that wait would have more bytes together than one may have.
    pub(super) fn start(
        &mut self,
        id: OperationId,
        parameters: Parameters,
        message: Utf8Bytes,
        caller: Caller,
    ) -> Result<(), Json> {
        let request = RequestId(new_id());
        let has_room = self.tasks.len() < CONCURRENT_MAX;
        let checked = if has_room { Ok(()) } else { self.check_waiting(message.len()) };
        let ready = checked
            .map_err(RequestRejected::from)
            .and_then(|()| self.executor.prepare(parameters, &caller))
            .map_err(|rejected| {
                tracing::info!(operation = %request.0, "rejected");
                errors(rejected, request)
            })?;
        if has_room {
            self.spawn(id, Source::Prepared(Box::new(ready)), caller, request);
        } else {
            self.waiting.push_back(Waiting { id, message, caller, request });
        }
        Ok(())
    }

    /// Rejects an operation whose message would make those that wait too large together.
    fn check_waiting(&self, bytes: usize) -> Result<(), Problem> {
        let max = self.executor.endpoint.limits.max_body_bytes;
        let waiting: usize = self.waiting.iter().map(|waiting| waiting.message.len()).sum();
        if waiting + bytes <= max {
            return Ok(());
        }
        let message = format!(
            "The operations of the socket that wait for others to end have more than {max} bytes together."
        );
        Err(Problem::new(ErrorCode::TooManyOperations, message))
    }

    fn start_waiting(&mut self) {
        while self.tasks.len() < CONCURRENT_MAX
            && let Some(waiting) = self.waiting.pop_front()
        {
            let Waiting { id, message, caller, request } = waiting;
            self.spawn(id, Source::Message(message), caller, request);
        }
    }

    fn spawn(&mut self, id: OperationId, source: Source, caller: Caller, request: RequestId) {
        let executor = self.executor.clone();
        let task = self.tasks.spawn({
            let id = Arc::clone(&id);
            async move { (id, executor.run(source, caller, request).await) }
        });
        self.aborts.insert(id, task);
    }

    /// Stops an operation. A transaction that is open is rolled back.
    pub(super) fn stop(&mut self, id: &OperationId) {
        self.waiting.retain(|waiting| waiting.id != *id);
        if let Some(task) = self.aborts.remove(id) {
            task.abort();
        }
        self.subscriptions.remove(id);
    }

    /// Whether queries or mutations are executed or wait for it.
    pub(super) fn are_running(&self) -> bool {
        !self.tasks.is_empty()
    }

    /// The next thing that an operation sends. It can be cancelled without loss.
    pub(super) async fn next(&mut self) -> (OperationId, Output) {
        loop {
            tokio::select! {
                Some(ended) = self.tasks.join_next_with_id() => {
                    self.start_waiting();
                    if let Some(output) = self.joined(ended) {
                        return output;
                    }
                }
                Some((id, event)) = self.subscriptions.next() => return (id, output(event)),
                else => pending().await,
            }
        }
    }

    fn joined(
        &mut self,
        ended: Result<(Id, (OperationId, Started)), JoinError>,
    ) -> Option<(OperationId, Output)> {
        // Only stopped tasks fail: the others catch panics.
        let (task, (id, started)) = ended.ok()?;
        // One that was stopped may have ended before. Its id may be in use again.
        self.aborts.get(&id).filter(|abort| abort.id() == task)?;
        self.aborts.remove(&id);
        match started {
            Started::Executed(response) => Some((id, Output::Result(response))),
            Started::Rejected(errors) => Some((id, Output::Errors(errors))),
            Started::Subscribed(subscription) => {
                self.subscriptions.insert(id, subscription);
                None
            }
        }
    }
}

fn subscription(events: EventStream, permit: Permit) -> SubscriptionEvents {
    let next = async |state: Option<(EventStream, Permit)>| {
        let (mut events, permit) = state?;
        Some(match events.next().await {
            Some(event) if event.ends => (Some(event), None),
            None => (None, None),
            event => (event, Some((events, permit))),
        })
    };
    stream::unfold(Some((events, permit)), next).boxed()
}

/// What a subscription sends for an event.
fn output(event: Option<StreamEvent>) -> Output {
    let Some(event) = event else { return Output::Complete };
    count_event(&event);
    if !event.ends {
        return Output::Next(event.payload);
    }
    let mut response: Json = serde_json::from_slice(&event.payload).unwrap_or_default();
    Output::Errors(response["errors"].take())
}

impl Executor {
    /// Counts an operation as a request of its token, and validates it.
    fn prepare(&self, parameters: Parameters, caller: &Caller) -> Result<Ready, RequestRejected> {
        self.rate_limit.check(caller.token_id).map_err(|limited| Problem::from(&limited))?;
        let prepared = catch_unwind(AssertUnwindSafe(|| self.endpoint.prepare(parameters, caller)));
        prepared.unwrap_or_else(|_panic| Err(panicked().into()))
    }

    /// Runs an operation until it has a response or is a stream. Logs it like a request.
    async fn run(self, source: Source, caller: Caller, id: RequestId) -> Started {
        let span = tracing::info_span!("operation", id = %id.0);
        async {
            let start = Instant::now();
            // Operations share no state that a panic could leave inconsistent.
            let started = AssertUnwindSafe(self.start(source, &caller, id)).catch_unwind();
            let started = match tokio::time::timeout(self.time_limit, started).await {
                Ok(Ok(started)) => started,
                Ok(Err(_panic)) => Err(panicked().into()),
                Err(_elapsed) => Err(Problem::timeout().into()),
            };
            tracing::info!(elapsed = ?start.elapsed(), is_rejected = started.is_err(), "answered");
            started.unwrap_or_else(|rejected| Started::Rejected(errors(rejected, id)))
        }
        .instrument(span)
        .await
    }

    async fn start(
        &self,
        source: Source,
        caller: &Caller,
        id: RequestId,
    ) -> Result<Started, HttpResponse> {
        let Ok(_permit) = self.permits.try_acquire() else {
            return Err(Problem::overloaded().into());
        };
        let ready = match source {
            Source::Prepared(ready) => *ready,
            Source::Message(message) => {
                let Ok(ClientMessage::Subscribe(_, parameters)) = ClientMessage::parse(&message)
                else {
                    let failure = Failure::internal("a message that waited is no operation");
                    return Err(Problem::from(failure).into());
                };
                self.endpoint.prepare(*parameters, caller)?
            }
        };
        match ready.operation() {
            OperationKind::Query | OperationKind::Mutation => {
                // Its name may be another one than when the socket was opened.
                let caller = &self.callers.find_again(caller.token_id).await?;
                let response = self.endpoint.execute(ready, caller).await?;
                let response = serde_json::to_string(&response.labelled(id));
                Ok(Started::Executed(response.expect("a response is JSON").into()))
            }
            OperationKind::Subscription => {
                let mut permit = self.streams.stream(caller.token_id, Transport::WebSocket)?;
                let events = self.endpoint.subscribe(ready, caller, None).await?;
                permit.hold(events.held())?;
                Ok(Started::Subscribed(subscription(events, permit)))
            }
        }
    }
}

/// The list of errors for which an operation was rejected, with its id in the log.
pub(super) fn errors(rejected: impl Into<HttpResponse>, id: RequestId) -> Json {
    json!(rejected.into().labelled(id).errors)
}

fn panicked() -> Problem {
    tracing::error!("invariant violated: an operation panicked");
    Problem::internal()
}
