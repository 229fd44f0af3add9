//! Deleting what is older than the operator keeps it, of all organizations. It is done in portions, so that
//! other transactions do not wait long, and on PostgreSQL by one replica at a time.

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait as _, DatabaseBackend, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
    sea_query::{Expr, ExprTrait as _},
};
use uuid::Uuid;

use super::kit::locks::{self, Lock};
use crate::{
    db::{Database, Engine},
    domain::id::OrganizationId,
    entity::{change, deleted_crm_scenario, deleted_crm_step, organization},
};

/// The maximum number of rows that one transaction deletes.
const PORTION: u64 = 1_000;

/// The advisory lock of the replica that deletes a portion. All versions use the same number.
const LOCK: i64 = 0x6372_6d5f_7075_7267;

/// Deletes the steps and scenarios for good that were deleted up to a time, and returns how many. They cannot
/// be restored any more.
pub async fn deleted(database: &Database, until: DateTime<Utc>) -> Result<u64, DbErr> {
    use deleted_crm_scenario::Column as Scenario;
    use deleted_crm_step::Column as Step;
    // A scenario is not restored without the steps that were deleted with it, so it comes first.
    let scenarios = older::<deleted_crm_scenario::Entity>(
        database,
        [Scenario::OrganizationId, Scenario::Id],
        Scenario::DeletedAt.lte(until),
    );
    let scenarios = scenarios.await?;
    let steps = older::<deleted_crm_step::Entity>(
        database,
        [Step::OrganizationId, Step::Id],
        Step::DeletedAt.lte(until),
    );
    Ok(scenarios + steps.await?)
}

/// Deletes the rows with this condition; `key` is the primary key.
async fn older<E: EntityTrait>(
    database: &Database,
    key: [E::Column; 2],
    condition: Expr,
) -> Result<u64, DbErr> {
    let mut count = 0;
    loop {
        let Some(transaction) = begin(database).await? else { return Ok(count) };
        let portion = E::find().select_only().columns(key).filter(condition.clone()).limit(PORTION);
        let deleted = E::delete_many()
            .filter(Expr::tuple(key.map(ColumnTrait::into_expr)).in_subquery(portion.into_query()))
            .exec(&transaction)
            .await?;
        transaction.commit().await?;
        count += deleted.rows_affected;
        if deleted.rows_affected < PORTION {
            return Ok(count);
        }
    }
}

/// Deletes the changes from before a time from the beginning of each history, and returns how many. Those
/// behind one that is kept are kept too, whatever their time: clocks of replicas differ.
pub async fn history(database: &Database, before: DateTime<Utc>) -> Result<u64, DbErr> {
    let organizations: Vec<Uuid> = organization::Entity::find()
        .select_only()
        .column(organization::Column::Id)
        .order_by_asc(organization::Column::Id)
        .into_tuple()
        .all(database.read())
        .await?;
    let mut count = 0;
    for id in organizations {
        loop {
            let Some(transaction) = begin(database).await? else { return Ok(count) };
            let deleted = first_changes(&transaction, id, before).await?;
            transaction.commit().await?;
            count += deleted;
            if deleted < PORTION {
                break;
            }
        }
    }
    Ok(count)
}

/// Deletes the first changes of an organization, as far as they are from before a time, and stores how far the
/// history is purged.
async fn first_changes(
    transaction: &DatabaseTransaction,
    organization: Uuid,
    before: DateTime<Utc>,
) -> Result<u64, DbErr> {
    use change::Column;
    if transaction.get_database_backend() == DatabaseBackend::Postgres {
        // An erasure replaces changes: those that are purged meanwhile would be there again.
        let history = Lock::History.number(OrganizationId(organization));
        locks::wait(transaction, vec![history]).await?;
    }
    let first: Vec<(i64, DateTime<Utc>)> = change::Entity::find()
        .select_only()
        .columns([Column::Sequence, Column::HappenedAt])
        .filter(Column::OrganizationId.eq(organization))
        .order_by_asc(Column::Sequence)
        .limit(PORTION)
        .into_tuple()
        .all(transaction)
        .await?;
    let old = first.iter().take_while(|(_, happened_at)| *happened_at < before);
    let Some((last, _)) = old.last() else { return Ok(0) };
    let deleted = change::Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Sequence.lte(*last))
        .exec(transaction)
        .await?;
    organization::Entity::update_many()
        .col_expr(organization::Column::HistoryPurgedTo, Expr::value(*last))
        .filter(organization::Column::Id.eq(organization))
        .filter(organization::Column::HistoryPurgedTo.lt(*last))
        .exec(transaction)
        .await?;
    Ok(deleted.rows_affected)
}

/// Begins a transaction that deletes a portion; none if another replica is doing so.
async fn begin(database: &Database) -> Result<Option<DatabaseTransaction>, DbErr> {
    let transaction = database.write().await?;
    let is_taken = match database.engine() {
        Engine::Sqlite => true,
        Engine::Postgres => locks::try_take(&transaction, vec![LOCK]).await? == [true],
    };
    Ok(is_taken.then_some(transaction))
}
