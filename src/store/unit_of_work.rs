//! Units of work: all changes of a transaction, with their history.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DatabaseTransaction, DbErr, QueryFilter as _,
    QuerySelect as _,
};
use serde::Serialize;
use serde_json::Value as Json;
use uuid::Uuid;

use super::{
    StoreError,
    kit::{
        locks::{self, Lock},
        tenant::{self, TenantEntity},
        write_batch::WriteBatch,
    },
};
use crate::{
    db::{Database, Engine},
    domain::{
        call::Call,
        change::{Action, SubjectType},
        id::{OrganizationId, new_id},
        idempotency::IdempotencyKey,
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

    /// Adds to a batch the writes that store `after` in place of `before`; none stands for no row.
    fn write(before: Option<&Self>, after: Option<&Self>, batch: &mut WriteBatch);

    /// Whether it has other secrets than the row in this place before; snapshots have none.
    fn has_other_secrets(&self, _before: &Self) -> bool {
        false
    }

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

/// A transaction, with the changes that calls make in it and their history.
#[derive(Debug)]
pub struct UnitOfWork {
    database: Database,
    transaction: DatabaseTransaction,
    call: Call,
    /// The numbers of the advisory locks that the transaction holds.
    held: HashSet<i64>,
    writes: WriteBatch,
    history: Vec<change::Model>,
    /// The organizations of the changes whose history is stored.
    changed: BTreeSet<Uuid>,
}

impl UnitOfWork {
    /// Begins a transaction for the changes of a call.
    pub async fn begin(database: &Database, call: &Call) -> Result<Self, DbErr> {
        Ok(Self::new(database, database.write().await?, call))
    }

    /// Makes the changes of a call in a transaction.
    #[must_use]
    pub fn new(database: &Database, transaction: DatabaseTransaction, call: &Call) -> Self {
        let (database, call) = (database.clone(), call.clone());
        let writes = WriteBatch::new(database.engine());
        Self {
            database,
            transaction,
            call,
            held: HashSet::new(),
            writes,
            history: Vec::new(),
            changed: BTreeSet::new(),
        }
    }

    pub(super) fn engine(&self) -> Engine {
        self.database.engine()
    }

    /// Makes the changes of this call from here on.
    pub(super) fn act_for(&mut self, call: &Call) {
        self.call = call.clone();
    }

    pub(super) fn organization(&self) -> OrganizationId {
        self.call.caller.organization
    }

    pub(super) fn keys(&self) -> &Keyring {
        self.database.keys()
    }

    pub(super) fn transaction(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    pub(super) fn key(&self) -> Option<&IdempotencyKey> {
        self.call.key.as_ref()
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.call.now
    }

    /// The writes to execute before the commit.
    pub(super) fn writes(&mut self) -> &mut WriteBatch {
        &mut self.writes
    }

    /// Creates a row, and adds that to the history.
    pub(super) fn create<S: Subject>(&mut self, row: &S) -> Result<(), StoreError> {
        S::write(None, Some(row), &mut self.writes);
        self.record(Action::Created, None, Some(row))
    }

    /// Stores a row that was deleted, and adds that to the history.
    pub(super) fn restore<S: Subject>(&mut self, row: &S) -> Result<(), StoreError> {
        S::write(None, Some(row), &mut self.writes);
        self.record(Action::Restored, None, Some(row))
    }

    /// Changes a row, and adds that to the history.
    pub(super) fn change<S: Subject>(
        &mut self,
        action: Action,
        before: &S,
        after: &S,
    ) -> Result<(), StoreError> {
        S::write(Some(before), Some(after), &mut self.writes);
        self.record(action, Some(before), Some(after))
    }

    /// Deletes a row, and adds that to the history.
    pub(super) fn delete<S: Subject>(&mut self, row: &S) -> Result<(), StoreError> {
        S::write(Some(row), None, &mut self.writes);
        self.record(Action::Deleted, Some(row), None)
    }

    /// Adds to the history a change that other writes make; a row that is none does not exist.
    pub(super) fn record<S: Subject>(
        &mut self,
        action: Action,
        before: Option<&S>,
        after: Option<&S>,
    ) -> Result<(), StoreError> {
        let Some(subject) = after.or(before) else { return Ok(()) };
        let (subject_type, subject_id, scenario_id) = subject.subject();
        self.history.push(change::Model {
            sequence: 0,
            organization_id: self.organization().0,
            id: new_id(),
            happened_at: self.call.now,
            token_id: self.call.caller.token_id,
            token_name: self.call.caller.token_name.clone(),
            action,
            subject_type,
            subject_id,
            scenario_id,
            membership_id: self.call.caller.membership_id,
            secrets_changed: before
                .zip(after)
                .is_some_and(|(before, after)| after.has_other_secrets(before)),
            before: before.map(Subject::snapshot).transpose()?.map(JsonText),
            after: after.map(Subject::snapshot).transpose()?.map(JsonText),
        });
        Ok(())
    }

    /// Waits for locks on PostgreSQL, and takes them until the transaction ends. SQLite has one
    /// writer anyway.
    pub(super) async fn wait_for(
        &mut self,
        locks: impl IntoIterator<Item = i64>,
    ) -> Result<(), DbErr> {
        let numbers = self.not_held(locks);
        if !numbers.is_empty() {
            locks::wait(&self.transaction, numbers).await?;
        }
        Ok(())
    }

    /// Those of these locks that the transaction does not hold yet; the caller takes them.
    pub(super) fn not_held(&mut self, locks: impl IntoIterator<Item = i64>) -> Vec<i64> {
        match self.engine() {
            Engine::Sqlite => Vec::new(),
            Engine::Postgres => locks.into_iter().filter(|lock| self.held.insert(*lock)).collect(),
        }
    }

    /// Lets timers refer to steps that are inserted later in the transaction.
    pub(super) async fn defer_timers(&self) -> Result<(), DbErr> {
        let statement = match self.database.engine() {
            Engine::Sqlite => "PRAGMA defer_foreign_keys = ON",
            Engine::Postgres => "SET CONSTRAINTS fk_crm_step_auto_next_step_id DEFERRED",
        };
        self.transaction.execute_unprepared(statement).await?;
        Ok(())
    }

    /// Locks the row with this id until the transaction ends, and returns it.
    pub(super) async fn lock<E: TenantEntity>(&self, id: Uuid) -> Result<Option<E::Model>, DbErr> {
        let row = tenant::of::<E>(self.organization()).filter(E::ID.eq(id));
        row.lock_exclusive().one(&self.transaction).await
    }

    /// Executes the writes that are collected, and stores their history with the last stage.
    pub(crate) async fn execute(&mut self) -> Result<(), DbErr> {
        self.writes.execute_but_last(&self.transaction).await?;
        // Sequence numbers of the history are assigned now and become visible with the commit. A
        // reader that continues after a number would miss a lower one that becomes visible later,
        // so only one transaction of the organization writes at a time. SQLite has one writer
        // anyway.
        let organizations =
            self.history.iter().map(|change| OrganizationId(change.organization_id));
        self.wait_for(Lock::histories(organizations)).await?;
        self.changed.extend(self.history.iter().map(|change| change.organization_id));
        self.writes.insert(&std::mem::take(&mut self.history));
        self.writes.execute(&self.transaction).await
    }

    /// Executes the writes, commits them with their history, and announces the commit.
    pub async fn commit(mut self) -> Result<(), DbErr> {
        self.execute().await?;
        let committed = self.transaction.commit().await;
        // Also after an error: the commit may have taken effect.
        self.database.announce(&self.changed);
        committed
    }

    /// Rolls the changes back, and waits for it, so that the next call finds all locks released.
    pub(super) async fn roll_back(self) -> Result<(), DbErr> {
        self.transaction.rollback().await
    }
}
