//! The GraphQL endpoint, according to the GraphQL over HTTP specification; subscriptions as server-sent
//! events and over WebSockets.

mod accept;
mod console_documents;
mod document_list;
mod endpoint;
mod own_documents;
mod parameters;
mod persisted_queries;
mod response;
mod sse;
mod websocket;

use async_graphql::BatchResponse;
use async_graphql_axum::GraphQLResponse;
use axum::{
    Extension,
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, Method, StatusCode, Version, header},
    response::{IntoResponse as _, Response},
};

pub(super) use self::endpoint::Endpoint;
pub use self::persisted_queries::PersistedQueries;
use self::{
    accept::{Accepted, Accepts},
    endpoint::RequestRejected,
    parameters::{Parameters, Requests},
    response::HttpResponse,
};
use super::{
    AppState, SharedEndpoint,
    body::JsonBody,
    connection::ConnectionAbort,
    error::{Problem, status},
    layers::auth::Upgrade,
    request_id::RequestId,
    streams::Streams,
};
use crate::{
    domain::access_token::Caller,
    graphql::{
        engine::{Cost, DocumentRejected, Fault, OperationKind},
        error::ErrorCode,
    },
};

/// What the handlers need of a request, besides the GraphQL request itself.
#[derive(FromRequestParts)]
#[from_request(state(AppState))]
pub(super) struct Exchange {
    #[from_request(via(State))]
    endpoint: SharedEndpoint,
    #[from_request(via(State))]
    streams: Streams,
    #[from_request(via(Extension))]
    caller: Caller,
    #[from_request(via(Extension))]
    id: RequestId,
    connection: Option<Extension<ConnectionAbort>>,
    version: Version,
    headers: HeaderMap,
}

impl Exchange {
    /// Responds to one GraphQL request: with one response, or with the events of a subscription.
    async fn respond(
        self,
        parameters: Parameters,
        accepts: Accepts,
        method: &Method,
    ) -> Result<Response, Problem> {
        let Self { endpoint, streams, caller, id, connection, version, headers } = self;
        let ready = match endpoint.prepare(parameters, &caller) {
            Ok(ready) => ready,
            // Where only a stream is accepted, 200 would announce one.
            Err(RequestRejected::Problem(problem))
                if accepts.json.is_none() && problem.status.is_success() =>
            {
                return Err(Problem { status: StatusCode::BAD_REQUEST, ..problem });
            }
            Err(RequestRejected::Problem(problem)) => return Err(problem),
            Err(RequestRejected::Document(rejected)) => {
                return Ok(HttpResponse::from(rejected).into_response(accepts.for_rejection(), id));
            }
        };
        match ready.operation() {
            OperationKind::Mutation if method != Method::POST => {
                let message = "Mutations are sent by POST.";
                Err(Problem::of_http(StatusCode::METHOD_NOT_ALLOWED, message))
            }
            OperationKind::Query | OperationKind::Mutation => {
                let response = endpoint.execute(ready, &caller).await?;
                Ok(match accepts.json {
                    Some(accepted) => response.into_response(accepted, id),
                    None => sse::respond_once(&response.labelled(id)),
                })
            }
            OperationKind::Subscription if accepts.stream => {
                // A connection of HTTP/2 has other streams.
                let connection = connection.filter(|_| version <= Version::HTTP_11);
                let connection = connection.map(|Extension(connection)| connection);
                sse::subscribe(&endpoint, &streams, ready, &caller, id, &headers, connection).await
            }
            OperationKind::Subscription => {
                let message = "A subscription has a stream of responses, which the Accept header excludes; \
                               send `Accept: text/event-stream`, or use a WebSocket.";
                Err(Problem::of_http(StatusCode::NOT_ACCEPTABLE, message))
            }
        }
    }

    /// Responds to several GraphQL requests with a list of responses.
    async fn respond_to_batch(self, batch: Vec<Parameters>, accepted: Accepted) -> Response {
        let mut responses = Vec::with_capacity(batch.len());
        // In order: a later mutation may depend on an earlier one.
        for parameters in batch {
            let response = self.endpoint.execute_one(parameters, &self.caller).await;
            responses.push(response.labelled(self.id));
        }
        let responses = GraphQLResponse::from(BatchResponse::Batch(responses));
        ([(header::CONTENT_TYPE, accepted.media_type())], responses).into_response()
    }
}

/// Executes the query in a URL's query string, starts its subscription, or opens a WebSocket.
/// Mutations are rejected.
pub(super) async fn get(State(state): State<AppState>, request: Request) -> Response {
    let (mut parts, _body) = request.into_parts();
    if let Some(upgrade) = parts.extensions.remove::<Upgrade>() {
        return websocket::open(upgrade, parts, state).unwrap_or_else(|rejection| *rejection);
    }
    let exchange = match Exchange::from_request_parts(&mut parts, &state).await {
        Ok(exchange) => exchange,
        Err(rejection) => return rejection,
    };
    let executed = async {
        let accepts = Accepts::by(&exchange.headers)?;
        let parameters = Parameters::from_query(parts.uri.query().unwrap_or_default())?;
        exchange.respond(parameters, accepts, &Method::GET).await
    };
    match executed.await {
        Ok(response) => response,
        Err(problem) if problem.status == StatusCode::METHOD_NOT_ALLOWED => {
            ([(header::ALLOW, "POST")], problem).into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

/// Executes the request in a JSON body, or several if the limits allow it, or starts a subscription.
pub(super) async fn post(
    exchange: Exchange,
    body: Result<JsonBody, Problem>,
) -> Result<Response, Problem> {
    let accepts = Accepts::by(&exchange.headers)?;
    let max_batch = exchange.endpoint.limits.max_batch;
    match Requests::from_body(&body?.0, max_batch)? {
        Requests::One(parameters) => exchange.respond(*parameters, accepts, &Method::POST).await,
        Requests::Batch(batch) => {
            let accepted = accepts.json.ok_or_else(accept::neither)?;
            Ok(exchange.respond_to_batch(batch, accepted).await)
        }
    }
}
