//! Executes GraphQL requests, over whatever they come.

use std::{sync::Arc, time::Instant};

use async_graphql::{Request, Response as GraphqlResponse, Variables};

use super::{
    document_list::Hash, parameters::Parameters, persisted_queries::PersistedQueries,
    response::HttpResponse,
};
use crate::{
    config::{HttpConfig, Limits, seconds},
    db,
    domain::access_token::{Caller, Scope},
    graphql::{
        self, ApiSchema, Environment, RequestLimits,
        engine::{self, Document, DocumentRejected, Engine, OperationKind, Prepared},
        error::ErrorCode,
        events::{EventStream, Events},
        schema,
    },
    http::{error::Problem, metrics::Operations},
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
pub(in crate::http) struct Endpoint {
    schema: ApiSchema,
    environment: Environment,
    pub(in crate::http) limits: Limits,
    engine: Engine,
    /// The engine for documents of the service itself, with variables of any size.
    own_engine: Engine,
    documents: PersistedQueries,
    operations: Operations,
    events: Events,
}

impl Endpoint {
    pub(in crate::http) fn new(
        environment: Environment,
        limits: Limits,
        documents: PersistedQueries,
    ) -> Self {
        let own_limits = engine::Limits {
            max_variable_bytes: usize::MAX,
            max_list_elements: usize::MAX,
            ..(&HttpConfig::default().limits).into()
        };
        let time_limit = seconds(limits.request_timeout_seconds);
        Self {
            schema: schema(environment.clone(), (&limits).into()),
            events: Events::new(environment.clone(), time_limit),
            environment,
            engine: graphql::engine((&limits).into()),
            limits,
            own_engine: graphql::engine(own_limits),
            documents,
            operations: Operations::default(),
        }
    }

    /// Parses and validates a document of the service itself.
    pub(in crate::http) fn read_own(&self, text: &str) -> Result<Document, DocumentRejected> {
        self.own_engine.read(text)
    }

    /// Executes an operation of a document of the service itself, with variables of any size.
    pub(in crate::http) async fn execute_own(
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

    /// The engine of the database: SQLite has one replica.
    pub(super) fn database_engine(&self) -> db::Engine {
        self.environment.database.engine()
    }

    /// Finds the document of a request and validates the request.
    pub(super) fn prepare(
        &self,
        parameters: Parameters,
        caller: &Caller,
    ) -> Result<Ready, RequestRejected> {
        let start = Instant::now();
        let (document, hash) = self.documents.find(parameters.query, parameters.hash.as_deref())?;
        let mut request = Request::new(&*document).variables(parameters.variables);
        request.data.insert(caller.organization);
        request.operation_name = parameters.operation_name;
        match self.engine.prepare(&mut request) {
            Ok(prepared) => Ok(Ready { document, hash, request, prepared, start }),
            Err(rejected) => {
                let name = request.operation_name.as_deref();
                let code = ErrorCode::from(rejected.reason);
                self.operations.count(name, code.into(), start.elapsed());
                Err(RequestRejected::Document(rejected))
            }
        }
    }

    /// Executes a query or a mutation. The caller needs its scope.
    pub(super) async fn execute(
        &self,
        ready: Ready,
        caller: &Caller,
    ) -> Result<HttpResponse, Problem> {
        self.authorize(&ready, caller)?;
        let Ready { request, prepared, start, .. } = ready;
        let response =
            graphql::execute(&self.schema, request, caller.clone(), &self.environment).await;
        let outcome = response.errors.iter().find_map(ErrorCode::of).map_or("ok", Into::into);
        self.operations.count(prepared.operation_name.as_deref(), outcome, start.elapsed());
        Ok(HttpResponse::new(response, prepared.cost))
    }

    /// Executes one request of several, which may not be a subscription.
    pub(super) async fn execute_one(
        &self,
        parameters: Parameters,
        caller: &Caller,
    ) -> HttpResponse {
        match self.prepare(parameters, caller) {
            Ok(ready) if ready.operation() == OperationKind::Subscription => {
                let message = "A subscription is sent alone, not in a list of requests.";
                Problem::new(ErrorCode::BadUserInput, message).into()
            }
            Ok(ready) => self.execute(ready, caller).await.unwrap_or_else(HttpResponse::from),
            Err(rejected) => rejected.into(),
        }
    }

    /// Starts a subscription, after `last_event_id` if there is one. The caller needs the scope to read.
    pub(super) async fn subscribe(
        &self,
        ready: Ready,
        caller: &Caller,
        last_event_id: Option<&str>,
    ) -> Result<EventStream, Problem> {
        self.authorize(&ready, caller)?;
        let Ready { request, prepared, start, .. } = ready;
        let started = self.events.subscribe(&prepared, request, caller, last_event_id).await;
        let started = started.map_err(Problem::from);
        let outcome = started.as_ref().map_or_else(|problem| problem.code.into(), |_| "ok");
        self.operations.count(prepared.operation_name.as_deref(), outcome, start.elapsed());
        started
    }

    /// Checks the scope of a caller, and keeps the document if it came with its hash.
    fn authorize(&self, ready: &Ready, caller: &Caller) -> Result<(), Problem> {
        let scope = match ready.prepared.operation {
            OperationKind::Query | OperationKind::Subscription => Scope::Read,
            OperationKind::Mutation => Scope::Write,
        };
        Problem::unless_allowed(caller, scope)?;
        self.documents.keep(&ready.document, ready.hash);
        Ok(())
    }
}

/// A valid request that has not been executed.
pub(super) struct Ready {
    document: Arc<str>,
    /// The hash that was sent with the document.
    hash: Option<Hash>,
    request: Request,
    prepared: Prepared,
    start: Instant,
}

impl Ready {
    /// The kind of its operation.
    pub(super) fn operation(&self) -> OperationKind {
        self.prepared.operation
    }
}

/// Why a request cannot be executed.
#[derive(Debug)]
pub(super) enum RequestRejected {
    Problem(Problem),
    Document(DocumentRejected),
}

impl From<Problem> for RequestRejected {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<RequestRejected> for HttpResponse {
    fn from(rejected: RequestRejected) -> Self {
        match rejected {
            RequestRejected::Problem(problem) => problem.into(),
            RequestRejected::Document(rejected) => rejected.into(),
        }
    }
}
