//! The execution of an event.

use std::{collections::HashMap, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use async_graphql::{EmptyMutation, EmptySubscription, Response, Schema, ServerError, value};
use bytes::Bytes;
use futures_util::FutureExt as _;
use tracing::Instrument as _;
use uuid::Uuid;

use super::group::Group;
use crate::{
    db::Database,
    domain::id::{OrganizationId, new_id},
    graphql::{
        self,
        parts::{
            context::Environment,
            error::{ErrorCode, Failure},
            reads::Reads,
        },
        types::{self, Subscription},
    },
    store::{
        feed::{Batch, Event},
        history::cursor,
        kit::{
            once_cache::{Computed, OnceCache},
            permits::Permits,
        },
        node::{self, Node},
    },
};

/// How long the response to an event is used for further subscribers. What it says of the present is
/// not older than that.
const RESPONSE_AGE_MAX: Duration = Duration::from_secs(1);

/// The maximum number of bytes of responses in memory. One that is larger would be executed for each
/// subscriber; the limits on lists and long texts leave them below that.
const RESPONSES_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// The maximum number of bytes of changed objects in memory.
const ROWS_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// The assumed size of a row beside the text of its change.
const ROW_BYTES: usize = 1_000;

/// The maximum number of events that are executed at the same time: about as many as there are
/// connections to the database, which other requests need too.
const EXECUTIONS_MAX: usize = 8;

/// The schema by which events are executed.
type EventSchema = Schema<Subscription, EmptyMutation, EmptySubscription>;

/// Rows by their ids.
type Rows = Option<Arc<HashMap<Uuid, Node>>>;

/// Executes events, each once for each group of subscribers.
#[derive(Clone)]
pub(super) struct EventExecutor {
    schema: EventSchema,
    database: Database,
    time_limit: Duration,
    permits: Permits,
    /// By group and number of the change.
    responses: OnceCache<(u64, i64), Arc<EncodedResponse>>,
    /// The subjects and scenarios of the changes of a batch, as they are now.
    rows: OnceCache<u64, Rows>,
}

impl std::fmt::Debug for EventExecutor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("EventExecutor")
    }
}

/// The response to an event, encoded.
pub(super) struct EncodedResponse {
    /// As JSON.
    pub(super) payload: Bytes,
    /// The cursor of the change.
    pub(super) cursor: Arc<str>,
}

impl EventExecutor {
    pub(super) fn new(environment: Environment, time_limit: Duration) -> Self {
        let database = environment.database.clone();
        Self {
            schema: graphql::executable(types::event_builder(), environment),
            database,
            time_limit,
            permits: Permits::new(EXECUTIONS_MAX),
            responses: OnceCache::new(RESPONSES_BYTES_MAX, RESPONSE_AGE_MAX),
            rows: OnceCache::new(ROWS_BYTES_MAX, RESPONSE_AGE_MAX),
        }
    }

    /// The response to an event for a group.
    pub(super) async fn response(
        &self,
        group: &Arc<Group>,
        event: &Arc<Event>,
    ) -> Arc<EncodedResponse> {
        let execute = || {
            let (executor, group) = (self.clone(), Arc::clone(group));
            let event = Arc::clone(event);
            async move {
                let response = Arc::new(executor.execute(&group, &event).await);
                Computed { bytes: Some(response.payload.len()), value: response }
            }
        };
        let response = self.responses.get((group.id, event.change.sequence), execute).await;
        response.unwrap_or_else(|| {
            let cursor = cursor_of(event);
            let failure = Failure::internal("the execution of an event panicked");
            Arc::new(EncodedResponse { payload: failed(failure, &cursor), cursor })
        })
    }

    async fn execute(&self, group: &Group, event: &Event) -> EncodedResponse {
        let cursor = cursor_of(event);
        // Each execution has an id, as a request has, by which the log is searched.
        let id = new_id();
        let span = tracing::info_span!("event", %id);
        let response = async {
            let _permit = self.permits.acquire(group.organization()).await;
            let response = AssertUnwindSafe(self.respond(group, event)).catch_unwind();
            match tokio::time::timeout(self.time_limit, response).await {
                Ok(Ok(response)) => response,
                Ok(Err(_panic)) => {
                    of_error(Failure::internal("the execution of an event panicked"))
                }
                Err(_elapsed) => {
                    let message = "The event took too long and was not executed to its end.";
                    of_error(ErrorCode::Timeout.error(message))
                }
            }
        };
        let response = response.instrument(span).await;
        EncodedResponse { payload: encode(response, &cursor, id), cursor }
    }

    async fn respond(&self, group: &Group, event: &Event) -> Response {
        let reads = Reads::new(group.organization(), self.database.clone());
        if let Some(rows) = self.rows(group.organization(), &event.batch).await {
            types::prime(&reads, &event.change, &rows);
        }
        let request = group.request().data(Arc::clone(&event.change));
        graphql::execute_with(&self.schema, request, group.caller(), reads).await
    }

    /// The subjects and scenarios of a batch; none if they could not be read, which the execution
    /// will find out again.
    async fn rows(&self, organization: OrganizationId, batch: &Arc<Batch>) -> Rows {
        let read = || {
            let (database, batch) = (self.database.clone(), Arc::clone(batch));
            async move {
                let rows = node::find(organization, database.read(), &batch.ids).await;
                let rows = rows.ok().map(Arc::new);
                let bytes = rows.is_some().then_some(batch.bytes + batch.ids.len() * ROW_BYTES);
                Computed { value: rows, bytes }
            }
        };
        self.rows.get(batch.id, read).await.flatten()
    }
}

fn cursor_of(event: &Event) -> Arc<str> {
    let change = &event.change;
    cursor::encode(OrganizationId(change.organization_id), change.sequence).into()
}

/// The response of an event that failed as a whole.
pub(super) fn failed(failure: Failure, cursor: &str) -> Bytes {
    encode(of_error(failure), cursor, new_id())
}

fn of_error(error: impl Into<ServerError>) -> Response {
    Response::from_errors(vec![error.into()])
}

/// A response as JSON. One with errors has the cursor in its extensions, and the id of the execution
/// in each error.
fn encode(mut response: Response, cursor: &str, id: Uuid) -> Bytes {
    for error in &mut response.errors {
        error.extensions.get_or_insert_default().set("requestId", id.to_string());
    }
    if response.is_err() {
        response = response.extension("cursor", value!(cursor));
    }
    // Responses consist of JSON values.
    serde_json::to_vec(&response).unwrap_or_default().into()
}
