//! Changes of objects.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object};
use serde_json::Value as Json;

use crate::{
    domain::{
        self,
        change::{Action, field_changes},
        id::OrganizationId,
    },
    entity::{JsonText, change},
    graphql::{
        parts::{
            context::reads,
            error::Failure,
            inline::Inline,
            scalars::{DateTime, Snapshot},
        },
        types::{
            crm_scenario::CrmScenario,
            field_change::FieldChange,
            loaders::{CrmScenarioId, MembershipId},
            membership::Membership,
            node::{self, Node},
        },
    },
    store::history::cursor,
};

pub(in crate::graphql::types) struct Change(pub(crate) Arc<change::Model>);

/// A change of one object. Changes are kept for ever, as they are, unless the operator limits that time
/// or erases personal data: then names and emails of a person are replaced in them.
///
/// A step that is created, moved or deleted changes the index of the steps after it; that is not
/// recorded as a change of theirs.
#[expect(clippy::unused_async, reason = "the library requires resolvers to be asynchronous")]
#[Object]
impl Change {
    /// Its id, a UUID.
    pub(in crate::graphql::types) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Its cursor, the same in each history, in either order and with any filter: `after` and `before`
    /// of every history of the organization take it, and `after` of `changes`.
    async fn cursor(&self) -> String {
        cursor::encode(OrganizationId(self.0.organization_id), self.0.sequence)
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

    /// The member on whose behalf it was made, as the operator has set for the token; null if there is
    /// none, or if the membership has been deleted.
    async fn membership(
        &self,
        context: &Context<'_>,
    ) -> Option<Result<Inline<Membership>, Failure>> {
        let found = reads(context).one(MembershipId(self.0.membership_id?)).await;
        Some(found.transpose()?.map(Membership).map(Inline::from))
    }

    /// The type of the changed object.
    async fn subject_type(&self) -> ChangeSubjectType {
        self.0.subject_type.into()
    }

    /// The id of the changed object.
    async fn subject_id(&self) -> ID {
        self.0.subject_id.into()
    }

    /// The id of the changed object if it was deleted, else null: for clients that remove objects from
    /// their caches by id.
    async fn deleted_id(&self) -> Option<ID> {
        match self.0.action {
            Action::Deleted => Some(self.0.subject_id.into()),
            Action::Created | Action::Updated | Action::Moved | Action::Restored => None,
        }
    }

    /// The id of the scenario that it belongs or belonged to, if it is a step or a scenario itself.
    async fn scenario_id(&self) -> Option<ID> {
        self.0.scenario_id.map(Into::into)
    }

    /// The scenario with the id scenarioId as it is now; null if there is none, or if it has been
    /// deleted. A cache learns from its `revision` and `stepCount` that what it has is out of date.
    async fn crm_scenario(
        &self,
        context: &Context<'_>,
    ) -> Option<Result<Inline<CrmScenario>, Failure>> {
        let found = reads(context).one(CrmScenarioId(self.0.scenario_id?)).await;
        Some(found.transpose()?.map(CrmScenario).map(Inline::from))
    }

    /// The changed object as it is now; null if it has been deleted.
    async fn subject(&self, context: &Context<'_>) -> Option<Result<Node, Failure>> {
        node::find(context, &self.0.subject_id.to_string()).await
    }

    /// The version of the changed object after the change; of a deletion the one that it had. A move
    /// does not change it.
    async fn version(&self) -> Result<i32, Failure> {
        let snapshots = [&self.0.after, &self.0.before];
        let mut versions =
            snapshots.into_iter().flatten().filter_map(|snapshot| snapshot.0["version"].as_i64());
        let version = versions.next().and_then(|version| i32::try_from(version).ok());
        version.ok_or_else(|| Failure::internal("a snapshot has no version"))
    }

    /// The fields that differ between before and after, in the order that they have there, except
    /// updatedAt and version. Values that mean the same are equal: null, false, an empty list, an object
    /// of such, and in assigneeLogicType none; but in defaultAiControl false differs from null. Of a
    /// created or restored object all fields that are given, of a deleted one all that were. Of
    /// webhookHeader both values are masked; it is listed also where only the value of a header was
    /// changed, or was sent by a token that may not read it. Empty if nothing differs.
    async fn fields(&self, context: &Context<'_>) -> Result<Vec<FieldChange>, Failure> {
        let snapshot = |stored: &Option<JsonText<Json>>| {
            stored.as_ref().map(|stored| with_times(stored.0.clone())).unwrap_or_default()
        };
        let (before, after) = (snapshot(&self.0.before), snapshot(&self.0.after));
        let changes = field_changes(before, after, self.0.secrets_changed);
        let values = changes.iter().flat_map(|change| [&change.before, &change.after]);
        reads(context).count_required_text(values.map(|value| value.to_string().len()).sum())?;
        Ok(changes.into_iter().map(FieldChange::from).collect())
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

/// A snapshot with its times as the API writes them. Version 0.1 stored them with another offset, and
/// an upgrade does not rewrite the history.
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
pub(super) enum ChangeAction {
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
pub(in crate::graphql::types) enum ChangeSubjectType {
    /// An agent.
    Agent,
    /// A scenario.
    CrmScenario,
    /// A step.
    CrmStep,
    /// A membership.
    Membership,
}
