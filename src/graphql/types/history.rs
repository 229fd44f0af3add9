//! The history of objects.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{
    loaders::{HistoryLength, HistoryOf},
    node::{self, Node},
};
use crate::{
    domain,
    domain::rules::PAGE_MAX,
    entity::{JsonText, change},
    graphql::parts::{
        connection::{List, Total, connection, page_query},
        context::reads,
        error::Failure,
        scalars::{DateTime, Snapshot},
    },
    store::history::{self, HistoryScope},
};

pub(super) struct Change(pub(crate) Arc<change::Model>);

/// A change of one object. Changes are never modified. They are kept for ever, unless the operator limits
/// that time or deletes personal data.
///
/// A step that is created, moved or deleted changes the index of the steps after it; that is not
/// recorded as a change of theirs.
#[Object]
impl Change {
    /// Its id, a UUID.
    pub(super) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// When it happened.
    async fn happened_at(&self) -> DateTime {
        self.0.happened_at.into()
    }

    /// What was done.
    async fn action(&self) -> ChangeAction {
        self.0.action.into()
    }

    /// The id of the token with which the change was made.
    async fn token_id(&self) -> ID {
        self.0.token_id.into()
    }

    /// The name of that token.
    async fn token_name(&self) -> &str {
        &self.0.token_name
    }

    /// The type of the changed object.
    async fn subject_type(&self) -> ChangeSubjectType {
        self.0.subject_type.into()
    }

    /// The id of the changed object.
    async fn subject_id(&self) -> ID {
        self.0.subject_id.into()
    }

    /// The scenario that it belongs or belonged to, if it is a step or a scenario itself.
    async fn scenario_id(&self) -> Option<ID> {
        self.0.scenario_id.map(Into::into)
    }

    /// The changed object as it is now; null if it has been deleted.
    async fn subject(&self, context: &Context<'_>) -> Option<Result<Node, Failure>> {
        node::find(context, &self.0.subject_id.to_string()).await
    }

    /// The object before the change; null if it was created.
    async fn before(&self, context: &Context<'_>) -> Option<Result<Snapshot, Failure>> {
        snapshot(context, self.0.before.as_ref())
    }

    /// The object after the change; null if it was deleted.
    async fn after(&self, context: &Context<'_>) -> Option<Result<Snapshot, Failure>> {
        snapshot(context, self.0.after.as_ref())
    }
}

fn snapshot(
    context: &Context<'_>,
    stored: Option<&JsonText<Json>>,
) -> Option<Result<Snapshot, Failure>> {
    let stored = stored?;
    let counted = reads(context).count_text(stored.0.to_string().len());
    Some(counted.map(|()| Snapshot(with_times(stored.0.clone()))))
}

/// A snapshot with its times as the API writes them. Version 0.1 stored them with another offset,
/// and a history is never rewritten.
fn with_times(mut snapshot: Json) -> Json {
    for name in ["createdAt", "updatedAt"] {
        if let Some(Json::String(text)) = snapshot.get_mut(name)
            && let Some(time) = DateTime::read(text)
        {
            *text = time.write();
        }
    }
    snapshot
}

/// A kind of change.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "domain::change::Action")]
enum ChangeAction {
    /// It was created.
    Created,
    /// Some of its fields were changed.
    Updated,
    /// It was moved to another position in its scenario.
    Moved,
    /// It was deleted.
    Deleted,
    /// It was restored after a deletion, with the id that it had.
    Restored,
}

/// A type of object that has a history.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "domain::change::SubjectType")]
pub(super) enum ChangeSubjectType {
    /// An agent.
    Agent,
    /// A scenario.
    CrmScenario,
    /// A step.
    CrmStep,
    /// A membership.
    Membership,
}

/// A page of a history.
pub(super) async fn history(
    context: &Context<'_>,
    scope: HistoryScope,
    id: Uuid,
) -> Result<List<Change>, Failure> {
    let order = history::order();
    let page = page_query(context, &order, PAGE_MAX)?;
    let reads = reads(context).clone();
    let found = reads.one(HistoryOf { scope, id, page }).await?;
    let found = found.ok_or_else(|| Failure::internal("a page was not read"))?;
    reads.count_elements(found.rows.len())?;
    let total =
        Total::new(async move { Ok(reads.one(HistoryLength { scope, id }).await?.unwrap_or(0)) });
    Ok(connection(found, total, &order, Change))
}
