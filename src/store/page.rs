//! Pages of a list, forwards and backwards.

use sea_orm::{
    Cursor, DatabaseConnection, DbErr, FromQueryResult, SelectModel, sea_query::IntoValueTuple,
};

/// Which page of a list to read: between two rows of which neither is in it, from one end.
#[derive(Debug, Clone, Copy)]
pub struct PageQuery<K> {
    /// Only what comes after this row.
    pub after: Option<K>,
    /// Only what comes before this row.
    pub before: Option<K>,
    /// From which end, and how many rows at most.
    pub limit: PageLimit,
}

/// From which end of the list a page is taken, and how many rows it has at most.
#[derive(Debug, Clone, Copy)]
pub enum PageLimit {
    /// The first rows.
    First(u64),
    /// The last rows, still in the list's order.
    Last(u64),
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// Its rows, in the list's order.
    pub rows: Vec<T>,
    /// Whether rows come before it.
    pub has_previous: bool,
    /// Whether rows come after it.
    pub has_next: bool,
}

impl<T> Page<T> {
    /// The same page of other things.
    #[must_use]
    pub fn map<U>(self, to: impl FnMut(T) -> U) -> Page<U> {
        let Self { rows, has_previous, has_next } = self;
        Page { rows: rows.into_iter().map(to).collect(), has_previous, has_next }
    }
}

/// Reads one page, with one row more than asked for to see whether the list goes on.
pub(super) async fn read_page<M, K>(
    connection: &DatabaseConnection,
    cursor: &mut Cursor<SelectModel<M>>,
    query: PageQuery<K>,
) -> Result<Page<M>, DbErr>
where
    M: FromQueryResult + Sized + Send + Sync,
    K: IntoValueTuple,
{
    // Beyond a row that bounds the page there is at least that row.
    let (is_after, is_before) = (query.after.is_some(), query.before.is_some());
    if let Some(after) = query.after {
        cursor.after(after);
    }
    if let Some(before) = query.before {
        cursor.before(before);
    }
    let (limit, cursor) = match query.limit {
        PageLimit::First(limit) => (limit, cursor.first(limit + 1)),
        PageLimit::Last(limit) => (limit, cursor.last(limit + 1)),
    };
    let mut rows = cursor.all(connection).await?;
    let goes_on = u64::try_from(rows.len()).is_ok_and(|count| count > limit);
    match query.limit {
        PageLimit::First(_) => {
            if goes_on {
                rows.pop();
            }
            Ok(Page { rows, has_previous: is_after, has_next: goes_on || is_before })
        }
        PageLimit::Last(_) => {
            if goes_on {
                rows.remove(0);
            }
            Ok(Page { rows, has_previous: goes_on || is_after, has_next: is_before })
        }
    }
}
