//! Units of work: all changes of a transaction, with their history.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel,
};
use serde::Serialize;
use serde_json::Value as Json;
use uuid::Uuid;

use super::{
    StoreError,
    kit::{
        locks::Lock,
        tenant::{self, TenantEntity, into_full_active_model},
        write_batch::WriteBatch,
    },
};
use crate::{
    db::{Database, Engine},
    domain::{
        change::{Action, SubjectType},
        id::{OrganizationId, new_id},
        secret::Keyring,
    },
    entity::{JsonText, change},
};

/// A row whose changes are recorded in the history.
pub trait Subject: Serialize + Sized {
    /// The fields that snapshots leave out, because clients never see them.
    const HIDDEN: &'static [&'static str];

    /// Its type, its id, and the id of its scenario; for a scenario that is its own id.
    fn subject(&self) -> (SubjectType, Uuid, Option<Uuid>);

    /// The JSON that the history stores: its fields by the names of the API, without the hidden
    /// ones.
    fn snapshot(&self) -> Result<Json, serde_json::Error> {
        snapshot_without(self, Self::HIDDEN)
    }
}

/// The JSON of a row without these fields.
pub(super) fn snapshot_without(
    row: &impl Serialize,
    hidden: &[&str],
) -> Result<Json, serde_json::Error> {
    let mut snapshot = serde_json::to_value(row)?;
    if let Some(fields) = snapshot.as_object_mut() {
        fields.retain(|name, _| !hidden.contains(&name.as_str()));
    }
    Ok(snapshot)
}

/// A transaction, with the history of the changes made in it.
#[derive(Debug)]
pub struct UnitOfWork {
    engine: Engine,
    keys: Keyring,
    organization: OrganizationId,
    transaction: DatabaseTransaction,
    actor: (Uuid, String),
    now: DateTime<Utc>,
    log: Vec<change::ActiveModel>,
}

impl UnitOfWork {
    /// Starts a unit of work in a transaction; `actor` is the id and the name of a token.
    #[must_use]
    pub fn new(
        database: &Database,
        organization: OrganizationId,
        transaction: DatabaseTransaction,
        actor: (Uuid, String),
        now: DateTime<Utc>,
    ) -> Self {
        let (engine, keys) = (database.engine(), database.keys().clone());
        Self { engine, keys, organization, transaction, actor, now, log: Vec::new() }
    }

    /// Sets the token and the time that the history records for the changes from here on.
    pub(super) fn act_for(&mut self, actor: (Uuid, String), now: DateTime<Utc>) {
        (self.actor, self.now) = (actor, now);
    }

    pub(super) fn organization(&self) -> OrganizationId {
        self.organization
    }

    pub(super) fn keys(&self) -> &Keyring {
        &self.keys
    }

    pub(super) fn transaction(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// An empty batch of writes.
    pub(super) fn batch(&self) -> WriteBatch {
        WriteBatch::new(self.engine)
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Adds to the history that a row was created.
    pub(super) fn created(&mut self, after: &impl Subject) -> Result<(), StoreError> {
        let snapshot = after.snapshot()?;
        self.note(Action::Created, after, None, Some(snapshot));
        Ok(())
    }

    /// Adds to the history that a row was changed.
    pub(super) fn changed<S: Subject>(
        &mut self,
        action: Action,
        before: &S,
        after: &S,
    ) -> Result<(), StoreError> {
        let snapshots = (before.snapshot()?, after.snapshot()?);
        self.note(action, after, Some(snapshots.0), Some(snapshots.1));
        Ok(())
    }

    /// Adds to the history that a row was deleted.
    pub(super) fn deleted(&mut self, before: &impl Subject) -> Result<(), StoreError> {
        let snapshot = before.snapshot()?;
        self.note(Action::Deleted, before, Some(snapshot), None);
        Ok(())
    }

    fn note(
        &mut self,
        action: Action,
        subject: &impl Subject,
        before: Option<Json>,
        after: Option<Json>,
    ) {
        let (subject_type, subject_id, scenario_id) = subject.subject();
        self.log.push(change::ActiveModel {
            sequence: NotSet,
            organization_id: Set(self.organization.0),
            id: Set(new_id()),
            happened_at: Set(self.now),
            token_id: Set(self.actor.0),
            token_name: Set(self.actor.1.clone()),
            action: Set(action),
            subject_type: Set(subject_type),
            subject_id: Set(subject_id),
            scenario_id: Set(scenario_id),
            before: Set(before.map(JsonText)),
            after: Set(after.map(JsonText)),
        });
    }

    /// Serializes calls that chose one of these ids until the transaction ends, so that an id is
    /// not used twice. SQLite has one writer anyway.
    pub(super) async fn lock_ids(&self, ids: &BTreeSet<Uuid>) -> Result<(), DbErr> {
        if self.engine == Engine::Postgres {
            for id in ids {
                Lock::Id(*id).wait(self.organization, &self.transaction).await?;
            }
        }
        Ok(())
    }

    /// Locks the row with this id until the transaction ends, and returns it.
    pub(super) async fn lock<E: TenantEntity>(&self, id: Uuid) -> Result<Option<E::Model>, DbErr> {
        tenant::lock::<E>(self.organization, &self.transaction, id).await
    }

    /// Updates all columns of a row.
    pub(super) async fn update<E>(&self, row: E::Model) -> Result<(), DbErr>
    where
        E: EntityTrait<Model: IntoActiveModel<E::ActiveModel>, ActiveModel: Send>,
    {
        let row = into_full_active_model(row);
        E::update(row).validate()?.exec(&self.transaction).await?;
        Ok(())
    }

    /// Writes the history. After that only the commit may follow.
    pub async fn write_history(&mut self) -> Result<(), DbErr> {
        self.write_with_history(self.batch()).await
    }

    /// Writes a batch and the history. After that only the commit may follow.
    pub(super) async fn write_with_history(&mut self, mut batch: WriteBatch) -> Result<(), DbErr> {
        // Sequence numbers of the history are assigned now and become visible with the commit. A
        // reader that continues after a number would miss a lower one that becomes visible later,
        // so only one transaction of the organization writes at a time. SQLite has one writer
        // anyway.
        if self.engine == Engine::Postgres && !self.log.is_empty() {
            Lock::History.wait(self.organization, &self.transaction).await?;
        }
        batch.insert(std::mem::take(&mut self.log));
        batch.execute(&self.transaction).await
    }

    /// Commits the changes.
    pub async fn commit(self) -> Result<(), DbErr> {
        self.transaction.commit().await
    }

    /// Rolls the changes back, and waits for it, so that the next call finds all locks released.
    pub(super) async fn roll_back(self) -> Result<(), DbErr> {
        self.transaction.rollback().await
    }
}
