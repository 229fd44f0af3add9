//! Erasing the person of a membership.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, Condition, DatabaseTransaction, DbErr, EntityTrait as _, IntoActiveModel,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    db::Database,
    domain::{
        access_token::{Caller, Scopes},
        call::Call,
        change::{Action, SubjectType},
        erasure::{ERASED_NAME, ErasedPerson, erased_email},
        id::OrganizationId,
        membership::NewMembership,
    },
    entity::{access_token, change, idempotency_key, membership},
    store::{
        StoreError,
        kit::{
            locks::Lock,
            tenant::{self, TenantEntity as _},
        },
        resource::Resource as _,
        unit_of_work::UnitOfWork,
    },
};

/// The number of rows that are read and written at a time.
const PORTION: u64 = 1_000;

/// The name of the token of the change that an erasure adds to the history. It has no token.
const TOKEN_NAME: &str = "crm-steps membership erase";

/// What an erasure has rewritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erased {
    /// The number of changes in the history.
    pub changes: usize,
    /// The number of outcomes of calls that are stored under idempotency keys.
    pub outcomes: usize,
}

/// The organizations that have, or whose history has, a membership with this id: one at most, unless
/// rows were copied in the database.
pub async fn organizations_of(db: &Database, id: Uuid) -> Result<Vec<OrganizationId>, DbErr> {
    let living = membership::Entity::find()
        .select_only()
        .column(membership::Column::OrganizationId)
        .filter(membership::Column::Id.eq(id))
        .into_tuple::<Uuid>()
        .all(db.read())
        .await?;
    let recorded = change::Entity::find()
        .select_only()
        .distinct()
        .column(change::Column::OrganizationId)
        .filter(change::Column::SubjectId.eq(id))
        .filter(change::Column::SubjectType.eq(SubjectType::Membership))
        .into_tuple::<Uuid>()
        .all(db.read())
        .await?;
    let all: BTreeSet<Uuid> = living.into_iter().chain(recorded).collect();
    Ok(all.into_iter().map(OrganizationId).collect())
}

/// Erases the names of the tokens that act for a membership, and returns how many there are. Replicas add
/// the earlier names to the history for [`REVOKED_AFTER`](crate::domain::access_token::REVOKED_AFTER).
pub async fn rename_tokens(
    organization: OrganizationId,
    db: &Database,
    id: Uuid,
) -> Result<u64, DbErr> {
    let transaction = db.write().await?;
    let renamed = access_token::Entity::update_many()
        .col_expr(access_token::Column::Name, Expr::value(ERASED_NAME))
        .filter(access_token::Column::OrganizationId.eq(organization.0))
        .filter(access_token::Column::MembershipId.eq(id))
        .exec(&transaction)
        .await?;
    transaction.commit().await?;
    Ok(renamed.rows_affected)
}

/// Erases the name and the email addresses of a membership, in one transaction: in its row, which stays
/// if it exists, in the history and in stored outcomes. In the history it also erases the names of the
/// tokens that act for it: [rename](rename_tokens) them before, and wait until no replica uses the earlier
/// names any more.
///
/// The history is rewritten with the same numbers. Writes of the organization wait meanwhile.
pub async fn erase(
    organization: OrganizationId,
    db: &Database,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<Erased, StoreError> {
    let caller = Caller {
        organization,
        token_id: Uuid::nil(),
        token_name: TOKEN_NAME.to_owned(),
        scopes: Scopes::new(),
        membership_id: None,
    };
    let call = Call { caller, now, key: None, validate_only: false };
    let mut unit = UnitOfWork::begin(db, &call).await?;
    let stored = unit.lock::<membership::Entity>(id).await?;
    unit.wait_for(Lock::histories([organization].into_iter())).await?;
    let emails = emails(&unit, stored.as_ref(), id).await?;
    let person = ErasedPerson::new(id, emails.iter().map(String::as_str));
    let token_ids = token_ids(&unit, id).await?;
    let changes = rewrite_history(&unit, &person, id, &token_ids).await?;
    let outcomes = rewrite_outcomes(&unit, &person).await?;
    if let Some(stored) = stored {
        let mut before = stored.clone();
        let (name, email) = (ERASED_NAME.to_owned(), erased_email(id));
        let input = NewMembership { name, email, role: stored.role };
        membership::Entity::assign(&mut before, input);
        if before != stored {
            let mut after = before.clone();
            membership::Entity::touch(&mut after, now);
            // A change in which nothing differs but the version: caches learn that the row is another
            // one, and the history does not have what was erased.
            unit.change(Action::Updated, &before, &after)?;
        }
    }
    unit.commit().await?;
    Ok(Erased { changes, outcomes })
}

/// All email addresses that the membership has or had.
async fn emails(
    unit: &UnitOfWork,
    stored: Option<&membership::Model>,
    id: Uuid,
) -> Result<BTreeSet<String>, DbErr> {
    let changes = of_organization(unit)
        .filter(change::Column::SubjectId.eq(id))
        .filter(change::Column::SubjectType.eq(SubjectType::Membership))
        .all(unit.transaction())
        .await?;
    let snapshots = changes.iter().flat_map(|change| [&change.before, &change.after]).flatten();
    let recorded = snapshots.filter_map(|snapshot| snapshot.0["email"].as_str());
    Ok(recorded.chain(stored.map(|row| row.email.as_str())).map(str::to_owned).collect())
}

/// The tokens that act for the membership.
async fn token_ids(unit: &UnitOfWork, id: Uuid) -> Result<Vec<Uuid>, DbErr> {
    access_token::Entity::find()
        .select_only()
        .column(access_token::Column::Id)
        .filter(access_token::Column::OrganizationId.eq(unit.organization().0))
        .filter(access_token::Column::MembershipId.eq(id))
        .order_by_asc(access_token::Column::Id)
        .into_tuple()
        .all(unit.transaction())
        .await
}

fn of_organization(unit: &UnitOfWork) -> sea_orm::Select<change::Entity> {
    change::Entity::find().filter(change::Column::OrganizationId.eq(unit.organization().0))
}

/// Rewrites the changes of the membership and those that its tokens made, and returns how many had
/// something to erase.
async fn rewrite_history(
    unit: &UnitOfWork,
    person: &ErasedPerson,
    id: Uuid,
    token_ids: &[Uuid],
) -> Result<usize, DbErr> {
    let is_made_by_person = Condition::any()
        .add(change::Column::MembershipId.eq(id))
        .add(change::Column::TokenId.is_in(token_ids.iter().copied()));
    let of_subject = Condition::all()
        .add(change::Column::SubjectId.eq(id))
        .add(change::Column::SubjectType.eq(SubjectType::Membership));
    let concerned = Condition::any().add(of_subject).add(is_made_by_person);
    let (mut count, mut last) = (0, 0);
    loop {
        let changes = of_organization(unit)
            .filter(concerned.clone())
            .filter(change::Column::Sequence.gt(last))
            .order_by_asc(change::Column::Sequence)
            .limit(PORTION)
            .all(unit.transaction())
            .await?;
        let Some(end) = changes.last() else { return Ok(count) };
        last = end.sequence;
        let mut rewritten = changes;
        rewritten.retain_mut(|change| {
            let mut had = false;
            for snapshot in [&mut change.before, &mut change.after].into_iter().flatten() {
                had |= person.erase_from(&mut snapshot.0);
            }
            let is_by_person =
                change.membership_id == Some(id) || token_ids.contains(&change.token_id);
            if is_by_person && change.token_name != ERASED_NAME {
                ERASED_NAME.clone_into(&mut change.token_name);
                had = true;
            }
            had
        });
        count += rewritten.len();
        replace(unit.transaction(), rewritten).await?;
    }
}

/// Replaces changes. They are deleted and inserted, because the database rejects updates.
async fn replace(
    transaction: &DatabaseTransaction,
    changes: Vec<change::Model>,
) -> Result<(), DbErr> {
    if changes.is_empty() {
        return Ok(());
    }
    let sequences = tenant::padded(changes.iter().map(|change| change.sequence));
    change::Entity::delete_many()
        .filter(change::Column::Sequence.is_in(sequences))
        .exec(transaction)
        .await?;
    let rows = changes.into_iter().map(IntoActiveModel::into_active_model);
    change::Entity::insert_many(rows).exec_without_returning(transaction).await?;
    Ok(())
}

/// Rewrites the stored outcomes that have something of the person, and returns how many had.
async fn rewrite_outcomes(unit: &UnitOfWork, person: &ErasedPerson) -> Result<usize, DbErr> {
    let is_of_organization = idempotency_key::Column::OrganizationId.eq(unit.organization().0);
    let (mut count, mut last) = (0, String::new());
    loop {
        let outcomes = idempotency_key::Entity::find()
            .filter(is_of_organization.clone())
            .filter(idempotency_key::Column::Key.gt(last.as_str()))
            .order_by_asc(idempotency_key::Column::Key)
            .limit(PORTION)
            .all(unit.transaction())
            .await?;
        let Some(end) = outcomes.last() else { return Ok(count) };
        last.clone_from(&end.key);
        for mut row in outcomes {
            if !person.erase_from(&mut row.outcome.0) {
                continue;
            }
            count += 1;
            idempotency_key::Entity::update_many()
                .col_expr(idempotency_key::Column::Outcome, Expr::value(row.outcome))
                .filter(is_of_organization.clone())
                .filter(idempotency_key::Column::Key.eq(row.key))
                .exec(unit.transaction())
                .await?;
        }
    }
}
