//! What the feed reads from the database.

use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select,
    sea_query::{Expr, ExprTrait as _, Query},
};
use uuid::Uuid;

use crate::{
    db::Database,
    domain::id::OrganizationId,
    entity::{change, organization},
};

fn of(organization: OrganizationId) -> Select<change::Entity> {
    change::Entity::find().filter(change::Column::OrganizationId.eq(organization.0))
}

/// The first changes after a number; none if some of those after it are purged.
pub(super) async fn after(
    organization: OrganizationId,
    db: &Database,
    number: i64,
    limit: u64,
) -> Result<Option<Vec<change::Model>>, DbErr> {
    let changes = of(organization)
        .filter(change::Column::Sequence.gt(number))
        .order_by_asc(change::Column::Sequence)
        .limit(limit)
        .all(db.read())
        .await?;
    // Afterwards: what a purge removed before the changes were read, it has recorded before as well.
    let purged_to = organization::Entity::find_by_id(organization.0)
        .select_only()
        .column(organization::Column::HistoryPurgedTo)
        .into_tuple::<i64>()
        .one(db.read())
        .await?;
    Ok((purged_to.unwrap_or(0) <= number).then_some(changes))
}

/// The last changes, in their order.
pub(super) async fn last(
    organization: OrganizationId,
    db: &Database,
    limit: u64,
) -> Result<Vec<change::Model>, DbErr> {
    let select = of(organization).order_by_desc(change::Column::Sequence).limit(limit);
    let mut changes = select.all(db.read()).await?;
    changes.reverse();
    Ok(changes)
}

/// Those of these organizations that have changes after the number beside them. For the feed, which
/// serves all organizations.
pub(super) async fn grown(
    db: &Database,
    ends: &[(OrganizationId, i64)],
) -> Result<Vec<OrganizationId>, DbErr> {
    /// SQLite takes no more parameters than a few of these.
    const LOOKED_UP_MAX: usize = 4_096;
    const KNOWN: &str = "known";
    let known = |column: &'static str| Expr::col((KNOWN, column));
    let mut grown = Vec::new();
    for ends in ends.chunks(LOOKED_UP_MAX) {
        let later = Query::select()
            .expr(Expr::val(1))
            .from(change::Entity)
            .and_where(
                Expr::col((change::Entity, change::Column::OrganizationId)).eq(known("column1")),
            )
            .and_where(Expr::col((change::Entity, change::Column::Sequence)).gt(known("column2")))
            .to_owned();
        let select = Query::select()
            .expr_as(known("column1"), "id")
            .from_values(ends.iter().map(|(organization, end)| (organization.0, *end)), KNOWN)
            .and_where(Expr::exists(later))
            .to_owned();
        for row in db.read().query_all(&select).await? {
            grown.push(OrganizationId(row.try_get::<Uuid>("", "id")?));
        }
    }
    Ok(grown)
}
