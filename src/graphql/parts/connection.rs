//! Lists as Relay connections.

use std::sync::Arc;

use async_graphql::{
    Context, Object, ObjectType,
    connection::{Connection, CursorType, Edge, EmptyFields, OpaqueCursor},
};
use futures_util::future::BoxFuture;
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};

use super::{context::reads, error::Failure, inline::Inline, reads::Reads};
use crate::store::kit::{
    columns::Columns,
    filter::Filter,
    list,
    page::{Order, OrderValue, Page, PageLimit, PageQuery},
    tenant::TenantEntity,
};

/// Most elements of one page.
const PAGE_MAX: i32 = 100;

/// Elements of a page when the client does not say how many.
pub(crate) const PAGE_DEFAULT: usize = 50;

/// A place in a list, which clients see as opaque text: what the row there is ordered by.
#[derive(Serialize, Deserialize)]
pub(crate) struct CursorPosition {
    /// In which order.
    order: String,
    keys: Vec<OrderValue>,
}

/// A list of things, in pages.
pub(crate) type List<Node> = Inline<Connection<OpaqueCursor<CursorPosition>, Inline<Node>, Total>>;

/// An element of a [`List`].
pub(crate) type ListEdge<Node> = Edge<OpaqueCursor<CursorPosition>, Inline<Node>, EmptyFields>;

/// The arguments of a list, as the client sent them.
#[derive(Debug)]
pub(crate) struct PageArguments {
    pub(crate) first: Option<i32>,
    pub(crate) after: Option<String>,
    pub(crate) last: Option<i32>,
    pub(crate) before: Option<String>,
}

impl PageArguments {
    /// What to read for them of a list in this order.
    pub(crate) fn query<E: EntityTrait>(&self, order: &Order<E>) -> Result<PageQuery, Failure> {
        let limit = page_limit(self.first, self.last).map_err(Failure::BadInput)?;
        Ok(PageQuery {
            after: place("after", self.after.as_deref(), order)?,
            before: place("before", self.before.as_deref(), order)?,
            limit,
        })
    }
}

/// How many elements `first` and `last` ask for, or what is wrong with them.
pub(crate) fn page_limit(first: Option<i32>, last: Option<i32>) -> Result<PageLimit, String> {
    let count = |name: &str, count: i32| match u64::try_from(count) {
        Ok(limit) if (1..=PAGE_MAX).contains(&count) => Ok(limit),
        _ => Err(format!("{name} is {count}; it must be between 1 and {PAGE_MAX}.")),
    };
    match (first, last) {
        (Some(_), Some(_)) => {
            Err("first and last are both given; a page has one of them.".to_owned())
        }
        (Some(first), None) => count("first", first).map(PageLimit::First),
        (None, Some(last)) => count("last", last).map(PageLimit::Last),
        (None, None) => Ok(PageLimit::First(PAGE_DEFAULT as u64)),
    }
}

fn place<E: EntityTrait>(
    name: &str,
    cursor: Option<&str>,
    order: &Order<E>,
) -> Result<Option<Vec<OrderValue>>, Failure> {
    let Some(text) = cursor else { return Ok(None) };
    match OpaqueCursor::<CursorPosition>::decode_cursor(text) {
        Ok(OpaqueCursor(place)) if place.order == order.name() && order.has_place(&place.keys) => {
            Ok(Some(place.keys))
        }
        _ => Err(Failure::BadInput(format!(
            "{name} is not a cursor of this list in this order; take one from its edges or pageInfo."
        ))),
    }
}

/// How many elements a list has, on all pages: counted when asked for.
pub(crate) struct Total(
    Box<dyn Fn(Reads) -> BoxFuture<'static, Result<u64, Failure>> + Send + Sync>,
);

impl Total {
    /// To be counted like this.
    pub(crate) fn new<F>(count: impl Fn(Reads) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<u64, Failure>> + Send + 'static,
    {
        Self(Box::new(move |reads| Box::pin(count(reads))))
    }
}

#[Object]
impl Total {
    /// How many elements the whole list has, not only this page.
    async fn total_count(&self, context: &Context<'_>) -> Result<i32, Failure> {
        let count = (self.0)(reads(context).clone()).await?;
        Ok(to_int(count))
    }
}

/// A number of rows as GraphQL's Int, which ends at 2^31, where no list of one organization gets to.
pub(crate) fn to_int(count: u64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// A page of what an organization has and passes a filter.
pub(crate) async fn list<E: TenantEntity, N>(
    context: &Context<'_>,
    arguments: PageArguments,
    filter: Filter<E>,
    order: Order<E>,
    columns: Columns,
    node: impl Fn(Arc<E::Model>) -> N,
) -> Result<List<N>, Failure>
where
    N: ObjectType,
{
    let query = arguments.query(&order)?;
    let (of_page, in_order) = (filter.clone(), order.clone());
    let page = reads(context)
        .load_uncached(async move |organization, database| {
            list::page(organization, &database, of_page, &in_order, &query, columns).await
        })
        .await?;
    let total = Total::new(move |reads| {
        let filter = filter.clone();
        async move {
            reads
                .load_uncached(async move |organization, database| {
                    list::count::<E>(organization, &database, filter).await
                })
                .await
        }
    });
    connection(context, page, total, &order, node)
}

/// A page as a connection, each element with the cursor of its place in the order.
pub(crate) fn connection<E: EntityTrait, N: ObjectType>(
    context: &Context<'_>,
    page: Page<E::Model>,
    total: Total,
    order: &Order<E>,
    node: impl Fn(Arc<E::Model>) -> N,
) -> Result<List<N>, Failure> {
    reads(context).count_elements(page.rows.len())?;
    let mut connection =
        Connection::with_additional_fields(page.has_previous, page.has_next, total);
    connection.edges = page.rows.into_iter().map(|row| edge(row, order, &node)).collect();
    Ok(Inline(connection))
}

/// A thing as an element of its list.
pub(crate) fn edge<E: EntityTrait, N: ObjectType>(
    row: Arc<E::Model>,
    order: &Order<E>,
    node: impl Fn(Arc<E::Model>) -> N,
) -> ListEdge<N> {
    let place = CursorPosition { order: order.name(), keys: order.place(&row) };
    Edge::new(OpaqueCursor(place), Inline(node(row)))
}
