//! The contract as types: what clients can ask for, and what they get.
//!
//! Objects are newtypes over rows, so a column is published only by a resolver that names it.

mod agent;
mod call;
mod connection;
mod crm_scenario;
mod crm_step;
mod date_time;
mod deletion_impact;
pub mod engine;
pub mod error;
mod filter;
mod fingerprint;
mod history;
mod in_place;
mod library_error;
mod loaders;
mod membership;
mod node;
mod patch;
mod reads;
mod schema_description;
mod string_map;
mod user_error;
mod viewer;

use std::sync::LazyLock;

use async_graphql::{
    Context, EmptySubscription, MergedObject, Request, Response, SDLExportOptions, Schema,
    ValidationMode,
};
use futures_util::FutureExt as _;

use self::{engine::Types, error::Failure, in_place::Blanks, reads::Reads};
use crate::{
    db::Database,
    domain::{access_token::Caller, clock::Clock, url::WebhookHosts},
    store::crm_step::GroupCommit,
};

/// Most errors of one answer.
const ERRORS_MAX: usize = 100;

/// What the resolvers work with.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Where everything is stored.
    pub database: Database,
    /// What time it is.
    pub clock: Clock,
    /// Which hosts webhooks may call.
    pub webhook_hosts: WebhookHosts,
    /// Where new steps wait to be written together.
    pub together: GroupCommit,
}

impl Environment {
    /// All that works with this database.
    #[must_use]
    pub fn new(database: Database, clock: Clock, webhook_hosts: WebhookHosts) -> Self {
        let together = GroupCommit::new(database.clone());
        Self { database, clock, webhook_hosts, together }
    }
}

/// The schema, without anything to work with: enough to print it.
pub type ApiSchema = Schema<Query, Mutation, EmptySubscription>;

/// What can be read.
#[derive(MergedObject, Default)]
pub struct Query(
    node::NodeQuery,
    viewer::ViewerQuery,
    agent::AgentQuery,
    crm_scenario::CrmScenarioQuery,
    crm_step::CrmStepQuery,
    membership::MembershipQuery,
    deletion_impact::DeletionImpactQuery,
);

/// What can be changed. Expected refusals are in each payload's userErrors; a refused call changes
/// nothing.
#[derive(MergedObject, Default)]
pub struct Mutation(
    agent::AgentMutation,
    crm_scenario::CrmScenarioMutation,
    crm_step::CrmStepMutation,
    membership::MembershipMutation,
);

/// The schema, ready to execute what the [engine](engine::Engine) has prepared. It validates nothing
/// again.
#[must_use]
pub fn schema(environment: Environment) -> ApiSchema {
    builder()
        .validation_mode(ValidationMode::Fast)
        // The engine has refused what nests deeper.
        .limit_recursive_depth(engine::LEVELS_MAX)
        .data(environment)
        .finish()
}

/// The schema as documents are checked against it. It is the same for the whole program.
fn types() -> &'static Types {
    static TYPES: LazyLock<Types> = LazyLock::new(|| Types::of(sdl()));
    &TYPES
}

/// The schema in the schema definition language, in one stable order.
#[must_use]
pub fn sdl() -> String {
    schema_description::describe(&sdl_of_library())
}

/// The types and directives alone, which the library can read again.
#[must_use]
pub fn type_definitions() -> String {
    schema_description::split(&sdl_of_library()).0.to_owned()
}

fn sdl_of_library() -> String {
    let options = SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .include_specified_by()
        .use_space_ident();
    builder().finish().sdl_with_options(options)
}

fn builder() -> async_graphql::SchemaBuilder<Query, Mutation, EmptySubscription> {
    connection::describe(Schema::build(Query::default(), Mutation::default(), EmptySubscription))
}

/// Executes a prepared request for a caller, who sees nothing but what is in their organization.
/// Each error in the response has its code.
pub async fn execute(
    schema: &ApiSchema,
    mut request: Request,
    caller: Caller,
    environment: &Environment,
) -> Response {
    let description_places = schema_description::places(&mut request);
    let reads = Reads::new(caller.organization, environment.database.clone());
    let request = request.data(reads.clone()).data(caller).data(Blanks::default());
    // In a box: its room would otherwise be part of every future around it, and those are moved.
    let execution = schema.execute(request).boxed();
    let mut response = reads.drive(execution).await;
    schema_description::put(&mut response.data, &description_places);
    response.errors.truncate(ERRORS_MAX);
    library_error::translate(&mut response.errors);
    response
}

/// A text that may be long, if there is one, counted.
fn long_text<'a>(context: &Context<'_>, text: Option<&'a str>) -> Option<Result<&'a str, Failure>> {
    let text = text?;
    Some(reads(context).count_text(text.len()).map(|()| text))
}

fn environment<'ctx>(context: &Context<'ctx>) -> &'ctx Environment {
    context.data_unchecked()
}

fn caller<'ctx>(context: &Context<'ctx>) -> &'ctx Caller {
    context.data_unchecked()
}

fn reads<'ctx>(context: &Context<'ctx>) -> &'ctx Reads {
    context.data_unchecked()
}
