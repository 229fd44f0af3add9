//! The GraphQL endpoint, according to the GraphQL over HTTP specification.

mod accept;
mod own_documents;
mod parameters;
mod persisted_queries;
mod response;

use std::time::Instant;

use async_graphql::{BatchResponse, Request, Response as GraphqlResponse, Variables};
use async_graphql_axum::GraphQLResponse;
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};

pub use self::persisted_queries::PersistedQueries;
use self::{
    accept::Accepted,
    parameters::{Parameters, Requests},
    response::HttpResponse,
};
use super::{
    body::JsonBody,
    error::{Problem, status},
    metrics::Operations,
    request_id::RequestId,
};
use crate::{
    config::{HttpConfig, Limits},
    domain::access_token::{Caller, Scope},
    graphql::{
        self, ApiSchema, Environment, RequestLimits,
        engine::{self, Cost, Document, DocumentRejected, Engine, Fault, OperationKind},
        error::ErrorCode,
        schema,
    },
};

impl From<&Limits> for engine::Limits {
    fn from(limits: &Limits) -> Self {
        Self {
            max_document_bytes: limits.max_document_bytes,
            max_tokens: limits.max_tokens,
            max_selections: limits.max_selections,
            max_depth: limits.max_depth,
            max_complexity: limits.max_complexity,
            max_root_fields: limits.max_root_fields,
            max_aliases: limits.max_aliases,
            max_directives: limits.max_directives,
            max_variables: limits.max_variables,
            // No single value is larger than the body.
            max_variable_bytes: limits.max_body_bytes,
            max_list_elements: limits.max_list_elements,
        }
    }
}

impl From<&Limits> for RequestLimits {
    fn from(limits: &Limits) -> Self {
        Self {
            max_complexity: limits.max_complexity,
            max_depth: limits.max_depth,
            max_body_bytes: limits.max_body_bytes,
            rate_limit_per_minute: limits.rate_limit_per_minute,
        }
    }
}

/// Executes GraphQL requests.
pub(super) struct Endpoint {
    schema: ApiSchema,
    environment: Environment,
    pub(super) limits: Limits,
    engine: Engine,
    /// The engine for documents of the service itself, with variables of any size.
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
        let own_limits = engine::Limits {
            max_variable_bytes: usize::MAX,
            max_list_elements: usize::MAX,
            ..(&HttpConfig::default().limits).into()
        };
        Self {
            schema: schema(environment.clone(), (&limits).into()),
            environment,
            engine: graphql::engine((&limits).into()),
            limits,
            own_engine: graphql::engine(own_limits),
            documents,
            operations: Operations::default(),
        }
    }

    /// Parses and validates a document of the service itself.
    pub(super) fn read_own(&self, text: &str) -> Result<Document, DocumentRejected> {
        self.own_engine.read(text)
    }

    /// Executes an operation of a document of the service itself, with variables of any size.
    pub(super) async fn execute_own(
        &self,
        document: &Document,
        operation_name: &str,
        variables: Variables,
        caller: Caller,
    ) -> Result<GraphqlResponse, DocumentRejected> {
        let mut request = Request::new("").operation_name(operation_name).variables(variables);
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
        let (document, hash) = self.documents.find(parameters.query, parameters.hash.as_deref())?;
        let mut request = Request::new(&*document).variables(parameters.variables);
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
        let scope = match prepared.operation {
            OperationKind::Query => Scope::Read,
            OperationKind::Mutation if method != Method::POST => {
                let message = "Mutations are sent by POST.";
                return Err(Problem::of_http(StatusCode::METHOD_NOT_ALLOWED, message));
            }
            OperationKind::Mutation => Scope::Write,
            OperationKind::Subscription => {
                let message = "A subscription has a stream of responses, not one.";
                return Err(Problem::of_http(StatusCode::NOT_ACCEPTABLE, message));
            }
        };
        Problem::unless_allowed(caller, scope)?;
        self.documents.keep(document, hash);
        let response =
            graphql::execute(&self.schema, request, caller.clone(), &self.environment).await;
        let outcome = response.errors.iter().find_map(ErrorCode::of).map_or("ok", Into::into);
        self.operations.count(prepared.operation_name.as_deref(), outcome, start.elapsed());
        Ok(HttpResponse::new(response, prepared.cost))
    }
}

/// Executes the query in a URL's query string. Mutations are rejected.
pub(super) async fn get(
    Extension(id): Extension<RequestId>,
    Extension(caller): Extension<Caller>,
    State(endpoint): State<super::SharedEndpoint>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let executed = async {
        let accepted = Accepted::by(&headers)?;
        let parameters = Parameters::from_query(uri.query().unwrap_or_default())?;
        let response = endpoint.execute(parameters, &caller, &Method::GET).await?;
        Ok::<_, Problem>(response.into_response(accepted, id))
    };
    match executed.await {
        Ok(response) => response,
        Err(problem) if problem.status == StatusCode::METHOD_NOT_ALLOWED => {
            ([(header::ALLOW, "POST")], problem).into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

/// Executes the request in a JSON body, or several if the limits allow it.
pub(super) async fn post(
    Extension(id): Extension<RequestId>,
    Extension(caller): Extension<Caller>,
    State(endpoint): State<super::SharedEndpoint>,
    headers: HeaderMap,
    body: Result<JsonBody, Problem>,
) -> Result<Response, Problem> {
    let accepted = Accepted::by(&headers)?;
    let max_batch = endpoint.limits.max_batch;
    match Requests::from_body(&body?.0, max_batch)? {
        Requests::One(parameters) => {
            let response = endpoint.execute(*parameters, &caller, &Method::POST).await?;
            Ok(response.into_response(accepted, id))
        }
        Requests::Batch(batch) => {
            let mut responses = Vec::with_capacity(batch.len());
            // In order: a later mutation may depend on an earlier one.
            for parameters in batch {
                let response = endpoint.execute(parameters, &caller, &Method::POST).await;
                responses.push(response.unwrap_or_else(HttpResponse::from).labelled(id));
            }
            let responses = GraphQLResponse::from(BatchResponse::Batch(responses));
            Ok(([(header::CONTENT_TYPE, accepted.media_type())], responses).into_response())
        }
    }
}
