//! The GraphQL API: the engine that prepares documents, what all types share, and the types.

pub mod engine;
pub mod events;
mod parts;
mod types;

use std::sync::LazyLock;

use async_graphql::{
    ObjectType, Request, Response, SDLExportOptions, Schema, SchemaBuilder, SubscriptionType,
    ValidationMode,
};
use futures_util::FutureExt as _;

pub(crate) use self::parts::context::SECRET_CACHE_CONTROL;
use self::{
    engine::{Engine, ListArguments, SchemaIndex},
    parts::{
        connection::PAGE_DEFAULT,
        error::{Failure, translate_errors},
        reads::Reads,
        scalars::SCALARS,
        schema_description,
    },
    types::{HistoryEnd, check_page},
};
pub use self::{
    parts::{
        context::{Environment, RequestLimits},
        error,
        user_error::user_error_codes,
    },
    types::{Mutation, Query, SubscriptionRoot},
};
use crate::{
    domain::{access_token::Caller, crm_scenario::STEPS_MAX, flow::simulation::ENTRIES_MAX},
    store,
};

/// The maximum number of errors of one response.
const ERRORS_MAX: usize = 100;

/// The type of the executable schema.
pub type ApiSchema = Schema<Query, Mutation, SubscriptionRoot>;

/// The schema, which executes requests that the [engine](engine::Engine) has prepared. It does not
/// validate them again, and returns these limits to clients without enforcing them.
#[must_use]
pub fn schema(environment: Environment, limits: RequestLimits) -> ApiSchema {
    executable(types::builder().data(limits), environment)
}

fn executable<Q, M, S>(builder: SchemaBuilder<Q, M, S>, environment: Environment) -> Schema<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    builder
        .validation_mode(ValidationMode::Fast)
        // The engine rejects documents that nest deeper.
        .limit_recursive_depth(engine::LEVELS_MAX)
        .data(environment)
        .finish()
}

/// The arguments whose length is the number of elements that their field returns.
const COUNTED_ARGUMENTS: &[&str] = &["ids", "inputs"];

/// The assumed lengths of lists that no argument limits, by their fields or the type of their elements.
const ASSUMED_LENGTHS: &[(&str, usize)] = &[
    ("CrmDiagnostic", 100),
    ("CrmFlowEdge", STEPS_MAX),
    ("CrmFlowStep", STEPS_MAX),
    ("CrmSimulationEntry", ENTRIES_MAX),
    ("CrmStepPlan", STEPS_MAX),
    ("CrmStepSpec", STEPS_MAX),
    // In the payload of a mutation only the cost limits them.
    ("crmStepsWithTimer", 100),
    ("crmStepsWithoutTimer", 100),
];

/// How many fields the pictures of a scenario count as, each of which has a few hundred bytes for each of
/// its steps: in the payload of a mutation only the cost limits them.
const TEXT_WEIGHTS: &[((&str, &str), usize)] =
    &[(("CrmFlow", "dot"), 100), (("CrmFlow", "mermaid"), 100), (("CrmFlow", "svg"), 100)];

/// The schema as documents and variables are checked against it.
#[must_use]
pub fn schema_index() -> &'static SchemaIndex {
    static SCHEMA: LazyLock<SchemaIndex> = LazyLock::new(|| {
        let lists = ListArguments {
            page_default: PAGE_DEFAULT,
            check_page: |page| {
                let checked = check_page(page.type_name, page.field, page);
                checked.map_err(|failure| failure.into_parts().1)
            },
            counted: COUNTED_ARGUMENTS,
            assumed: ASSUMED_LENGTHS,
            texts: TEXT_WEIGHTS,
        };
        SchemaIndex::new(sdl(), SCALARS, lists)
    });
    &SCHEMA
}

/// An engine that prepares requests for the schema, with these limits.
#[must_use]
pub fn engine(limits: engine::Limits) -> Engine {
    Engine::new(schema_index(), limits)
}

/// The schema in the schema definition language, in one stable order.
#[must_use]
pub fn sdl() -> String {
    let options = SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .include_specified_by()
        .use_space_ident();
    schema_description::describe(&types::builder().finish().sdl_with_options(options))
}

/// Executes a prepared request for a caller within their organization. Each error in the response
/// has its code.
pub async fn execute(
    schema: &ApiSchema,
    mut request: Request,
    caller: Caller,
    environment: &Environment,
) -> Response {
    let is_introspection = request.query.contains("__schema");
    let reads = Reads::new(caller.organization, environment.database.clone());
    if request.query.contains("changesCursor") {
        // Before the execution, in which the fields of a document are read in any order.
        let kept = store::history::kept(caller.organization, &environment.database).await;
        let end = kept.map(|kept| kept.end).map_err(Failure::from);
        request = request.data(HistoryEnd(end));
    }
    let mut response = execute_with(schema, request, caller, reads).await;
    if is_introspection {
        schema_description::replace(&mut response.data);
    }
    response
}

/// Executes a prepared request with these reads.
async fn execute_with<Q, M, S>(
    schema: &Schema<Q, M, S>,
    request: Request,
    caller: Caller,
    reads: Reads,
) -> Response
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    let request = request.data(reads.clone()).data(caller);
    // Boxed: keeps the size of this future out of the enclosing ones.
    let execution = schema.execute(request).boxed();
    let mut response = reads.execute(execution).await;
    response.errors.truncate(ERRORS_MAX);
    translate_errors(&mut response.errors);
    response
}
