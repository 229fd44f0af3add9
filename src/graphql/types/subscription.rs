//! Subscriptions: the history as it grows.

use std::{borrow::Cow, collections::HashMap, pin::Pin, sync::Arc};

use async_graphql::{
    Context, ID, InputType, Object, OutputType as _, Response, SubscriptionType, Variables,
    registry::Registry,
};
use futures_util::Stream;
use uuid::Uuid;

use super::{
    history::{ChangeEdge, ChangeSubjectType, edge},
    loaders::{CrmScenarioId, NodeId},
};
use crate::{
    domain::{change::SubjectType, id::parse_id},
    entity::change,
    graphql::parts::{error::Failure, reads::Reads},
    store::{feed::Selection, node},
};

/// The root of subscriptions, by which each of their events is executed.
pub struct Subscription;

/// Subscriptions: each has a response for every event, over a WebSocket or as server-sent events.
#[Object]
impl Subscription {
    /// Changes of the organization's objects, each as it is committed, in the order of the history.
    /// Needs the scope read.
    ///
    /// Without `after`, those that are made from now on. With it, first those that were made after
    /// that cursor, then new ones: none is left out and none comes twice. To go on after an
    /// interruption, subscribe again with the cursor of the last event as `after`. To begin where a
    /// query ended, select `changesCursor` in that query and subscribe after it.
    ///
    /// In an event everything but the change itself is as it is now: `subject` is the object with
    /// later changes, or null if it has been deleted since.
    ///
    /// CURSOR_EXPIRED, at the start or as the last event: the history no longer has what came after
    /// the cursor. Read everything anew, and subscribe after the `changesCursor` of that reading.
    /// BAD_USER_INPUT at the start: `after` is not a cursor of this history. An event with other
    /// `errors` has its cursor in `extensions.cursor`, and the subscription goes on.
    async fn changes(
        &self,
        context: &Context<'_>,
        #[graphql(
            name = "after",
            desc = "Only changes after this cursor: that of an event, of an edge of any history of \
                    the organization, of a change, or `changesCursor`. Over server-sent events the \
                    header Last-Event-ID comes before it."
        )]
        _after: Option<String>,
        #[graphql(
            name = "scenarioId",
            desc = "Only changes of this scenario and of its steps, deleted ones too. None match an \
                    unknown id."
        )]
        _scenario_id: Option<ID>,
        #[graphql(
            name = "subjectTypes",
            desc = "Only changes of objects of these types. None match an empty list."
        )]
        _subject_types: Option<Vec<ChangeSubjectType>>,
    ) -> ChangeEdge {
        let change: &Arc<change::Model> = context.data_unchecked();
        edge(Arc::clone(change))
    }
}

/// Gives the rows of a change's subject and scenario, as they are now, to the reads of an event, so
/// that it does not read them again.
pub(in crate::graphql) fn prime(
    reads: &Reads,
    change: &change::Model,
    rows: &HashMap<Uuid, node::Node>,
) {
    let subject = NodeId(change.subject_id);
    match rows.get(&change.subject_id) {
        Some(row) => reads.prime([(subject, row.clone())]),
        None => reads.prime_absent([subject]),
    }
    let Some(scenario) = change.scenario_id else { return };
    match rows.get(&scenario) {
        Some(node::Node::CrmScenario(row)) => {
            reads.prime([(CrmScenarioId(scenario), row.clone().into())]);
        }
        _ => reads.prime_absent([CrmScenarioId(scenario)]),
    }
}

/// `Subscription` as the type of subscriptions in the schema. The library executes none of them:
/// it would execute each event for each subscriber.
pub struct SubscriptionRoot;

impl SubscriptionType for SubscriptionRoot {
    fn type_name() -> Cow<'static, str> {
        Subscription::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Subscription::create_type_info(registry)
    }

    fn create_field_stream<'a>(
        &'a self,
        _: &'a Context<'_>,
    ) -> Option<Pin<Box<dyn Stream<Item = Response> + Send + 'a>>> {
        None
    }
}

/// What the arguments of a prepared subscription select: after which cursor, and which changes.
pub(in crate::graphql) fn selection(
    arguments: &Variables,
) -> Result<(Option<String>, Selection), Failure> {
    let scenario: Option<ID> = argument(arguments, "scenarioId")?;
    let subject_types: Option<Vec<ChangeSubjectType>> = argument(arguments, "subjectTypes")?;
    let selection = Selection {
        scenario: scenario.map(|id| parse_id(&id)),
        subject_types: subject_types
            .map(|types| types.into_iter().map(SubjectType::from).collect()),
    };
    Ok((argument(arguments, "after")?, selection))
}

fn argument<T: InputType>(arguments: &Variables, name: &str) -> Result<T, Failure> {
    let invalid =
        |_| Failure::internal("an argument of a prepared subscription is not of its type");
    T::parse(arguments.get(name).cloned()).map_err(invalid)
}
