//! The GraphQL endpoint, as the GraphQL-over-HTTP specification has it.

mod parameters;
mod persisted_queries;
mod response;

use std::time::Instant;

use async_graphql::{BatchResponse, Request, Response as GraphqlResponse, Variables};
use async_graphql_axum::GraphQLResponse;
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};

pub use self::persisted_queries::{PersistedQueries, TrustedDocumentsError};
use self::{
    parameters::{Parameters, Requests},
    response::{Accepted, HttpResponse},
};
use super::{
    body::JsonBody,
    error::{Problem, status},
    metrics::Operations,
    request_id::RequestId,
};
use crate::{
    config::Limits,
    domain::access_token::{Caller, Scope},
    graphql::{
        self, ApiSchema, Environment,
        engine::{self, Cost, Document, DocumentRejected, Engine, Fault},
        error::ErrorCode,
        schema,
    },
};

/// What executes GraphQL requests, wherever they come from.
pub(super) struct Endpoint {
    schema: ApiSchema,
    environment: Environment,
    limits: Limits,
    engine: Engine,
    /// For documents of the service's own.
    own_engine: Engine,
    documents: PersistedQueries,
    operations: Operations,
}

impl Endpoint {
    pub(super) fn new(
        environment: Environment,
        limits: Limits,
        documents: PersistedQueries,
    ) -> Self {
        Self {
            schema: schema(environment.clone()),
            environment,
            engine: graphql::engine((&limits).into()),
            limits,
            own_engine: graphql::engine(engine::Limits::NONE),
            documents,
            operations: Operations::default(),
        }
    }

    /// Largest body of a request.
    pub(super) fn max_body_bytes(&self) -> usize {
        self.limits.max_body_bytes
    }

    /// Parses and validates a document of the service's own, whatever it costs.
    pub(super) fn read_own(&self, text: &str) -> Result<Document, DocumentRejected> {
        self.own_engine.read(text)
    }

    /// Executes a document of the service's own, whatever it costs.
    pub(super) async fn execute_own(
        &self,
        document: &Document,
        variables: Variables,
        caller: Caller,
    ) -> Result<GraphqlResponse, DocumentRejected> {
        let mut request = Request::new("").variables(variables);
        self.own_engine.prepare_with(document, &mut request)?;
        Ok(graphql::execute(&self.schema, request, caller, &self.environment).await)
    }

    async fn execute(
        &self,
        parameters: Parameters,
        caller: &Caller,
        method: &Method,
    ) -> Result<HttpResponse, Problem> {
        let start = Instant::now();
        let found = self.documents.find(parameters.query, parameters.hash.as_deref())?;
        let mut request = Request::new(&*found.document).variables(parameters.variables);
        request.operation_name = parameters.operation_name;
        let prepared = match self.engine.prepare(&mut request) {
            Ok(prepared) => prepared,
            Err(rejected) => {
                let name = request.operation_name.as_deref();
                let code = ErrorCode::from(rejected.reason);
                self.operations.count(name, code.into(), start.elapsed());
                return Ok(rejected.into());
            }
        };
        let scope = if prepared.is_mutation { Scope::Write } else { Scope::Read };
        if prepared.is_mutation && method != Method::POST {
            let message = "Mutations are sent by POST.";
            return Err(Problem::of_http(StatusCode::METHOD_NOT_ALLOWED, message));
        }
        Problem::unless_allowed(caller, scope)?;
        self.documents.keep(found);
        let response =
            graphql::execute(&self.schema, request, caller.clone(), &self.environment).await;
        let outcome = response.errors.iter().find_map(ErrorCode::of).map_or("ok", Into::into);
        self.operations.count(prepared.operation_name.as_deref(), outcome, start.elapsed());
        Ok(HttpResponse::new(response, prepared.cost))
    }
}

/// Executes what a URL's query string asks for: queries only.
pub(super) async fn get(
    id: RequestId,
    Extension(caller): Extension<Caller>,
    State(endpoint): State<super::SharedEndpoint>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Response> {
    let answered = async {
        let accepted = Accepted::by(&headers)?;
        let parameters = Parameters::from_query(uri.query().unwrap_or_default())?;
        let answer = endpoint.execute(parameters, &caller, &Method::GET).await?;
        Ok(answer.into_response(accepted, id))
    };
    let mut response = answered.await.map_err(|problem: Problem| problem.into_response(id));
    // Whoever may not do this by GET may do it by POST.
    if let Err(response) = &mut response
        && response.status() == StatusCode::METHOD_NOT_ALLOWED
    {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    response
}

/// Executes what a JSON body asks for. The caller has come first: who has no valid token learns
/// nothing, not even whether the body was sound.
pub(super) async fn post(
    id: RequestId,
    Extension(caller): Extension<Caller>,
    State(endpoint): State<super::SharedEndpoint>,
    headers: HeaderMap,
    JsonBody(body): JsonBody,
) -> Result<Response, Response> {
    let answered = async {
        let accepted = Accepted::by(&headers)?;
        let max_batch = endpoint.limits.max_batch;
        match Requests::from_body(&body?, max_batch)? {
            Requests::One(parameters) => {
                let answer = endpoint.execute(*parameters, &caller, &Method::POST).await?;
                Ok(answer.into_response(accepted, id))
            }
            Requests::Batch(batch) => {
                let mut answers = Vec::with_capacity(batch.len());
                // One after the other: a later mutation may stand on an earlier one.
                for parameters in batch {
                    let answer = endpoint.execute(parameters, &caller, &Method::POST).await;
                    answers.push(answer.unwrap_or_else(HttpResponse::from).labelled(id));
                }
                let answers = GraphQLResponse::from(BatchResponse::Batch(answers));
                let mut response = answers.into_response();
                response.headers_mut().insert(header::CONTENT_TYPE, accepted.media_type());
                Ok(response)
            }
        }
    };
    answered.await.map_err(|problem: Problem| problem.into_response(id))
}
