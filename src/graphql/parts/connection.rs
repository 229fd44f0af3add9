//! Lists as Relay connections.

use std::sync::Arc;

use async_graphql::{
    Context, Object, ObjectType,
    connection::{Connection, CursorType, Edge, EmptyFields, OpaqueCursor},
};
use futures_util::future::{BoxFuture, FutureExt as _, Shared};
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};

use super::{
    arguments::Arguments,
    context::reads,
    error::Failure,
    filter::{FilterInput, filter, oldest_first, order},
    inline::{Inline, Template},
};
use crate::{
    domain::rules::PAGE_MAX,
    store::kit::{
        columns::Columns,
        list,
        page::{Order, OrderKey, OrderValue, Page, PageLimit, PageQuery},
        tenant::TenantEntity,
    },
};

/// The number of elements of a page when the client sends neither `first` nor `last`.
pub(crate) const PAGE_DEFAULT: usize = 50;

/// A position in a list, which clients see as opaque text: the values that its row is ordered by.
#[derive(Serialize, Deserialize)]
pub(crate) struct CursorPosition {
    /// The name of the order.
    order: String,
    keys: Vec<OrderValue>,
}

/// A page of a list as a connection.
pub(crate) type List<Node, Cursor = OpaqueCursor<CursorPosition>> =
    Inline<Connection<Cursor, Inline<Node>, Total>>;

/// An element of a [`List`].
pub(crate) type ListEdge<Node, Cursor = OpaqueCursor<CursorPosition>> =
    Edge<Cursor, Inline<Node>, EmptyFields>;

/// The query for the page of at most `max` elements that the arguments of a list select in this order.
pub(crate) fn page_query<E: EntityTrait>(
    arguments: &impl Arguments,
    order: &Order<E>,
    max: i32,
) -> Result<PageQuery, Failure> {
    page_query_by(arguments, max, |cursor| {
        match OpaqueCursor::<CursorPosition>::decode_cursor(cursor) {
            Ok(OpaqueCursor(position)) if position.order == order.name() => {
                order.to_position(position.keys)
            }
            _ => None,
        }
    })
}

/// The same with a function that reads the position of a cursor, if it is one of the list.
pub(crate) fn page_query_by(
    arguments: &impl Arguments,
    max: i32,
    position: impl Fn(&str) -> Option<Vec<OrderValue>>,
) -> Result<PageQuery, Failure> {
    let bound = |name: &str| {
        let Some(cursor) = arguments.value::<Option<String>>(name)? else { return Ok(None) };
        let message =
            "is not a cursor of this list in this order; take one from its edges or pageInfo.";
        let position = position(&cursor);
        position.map(Some).ok_or_else(|| Failure::BadInput(format!("{name} {message}")))
    };
    Ok(PageQuery {
        limit: page_limit(arguments, max)?,
        after: bound("after")?,
        before: bound("before")?,
    })
}

/// The number of elements, at most `max`, that the arguments `first` and `last` select.
pub(crate) fn page_limit(arguments: &impl Arguments, max: i32) -> Result<PageLimit, Failure> {
    let count = |name: &str, count: i32| match u64::try_from(count) {
        Ok(limit) if (1..=max).contains(&count) => Ok(limit),
        _ => {
            let message = format!("{name} is {count}; it must be between 1 and {max}.");
            Err(Failure::BadInput(message))
        }
    };
    match (arguments.value("first")?, arguments.value("last")?) {
        (Some(_), Some(_)) => {
            let message = "first and last are both given; a page has one of them.";
            Err(Failure::BadInput(message.to_owned()))
        }
        (Some(first), None) => count("first", first).map(PageLimit::First),
        (None, Some(last)) => count("last", last).map(PageLimit::Last),
        (None, None) => Ok(PageLimit::First(PAGE_DEFAULT as u64)),
    }
}

/// The number of elements of a list on all pages, counted when it is selected.
pub(crate) struct Total(Shared<BoxFuture<'static, Result<u64, Failure>>>);

impl Total {
    /// The number that this future counts.
    pub(crate) fn new(count: impl Future<Output = Result<u64, Failure>> + Send + 'static) -> Self {
        Self(count.boxed().shared())
    }
}

#[Object]
impl Total {
    /// The number of elements of the whole list, not only of this page.
    async fn total_count(&self) -> Result<i32, Failure> {
        self.0.clone().await.map(to_int)
    }
}

/// Converts a number of rows to GraphQL's Int, which has 32 bits. No list of an organization is
/// longer than its maximum.
pub(crate) fn to_int(count: impl TryInto<i32>) -> i32 {
    count.try_into().unwrap_or(i32::MAX)
}

/// A page of the rows of an organization that match a filter.
pub(crate) async fn list<E: TenantEntity, N: ObjectType>(
    context: &Context<'_>,
    filter: Option<impl FilterInput<E>>,
    order_by: Option<Vec<impl Into<OrderKey<E>>>>,
    columns: Columns,
    node: impl Fn(Arc<E::Model>) -> N,
) -> Result<List<N>, Failure> {
    let (filter, order) = (self::filter(filter)?, order(order_by)?);
    let query = page_query(context, &order, PAGE_MAX)?;
    let (of_page, in_order) = (filter.clone(), order.clone());
    let reads = reads(context).clone();
    let page = reads
        .load_uncached(async move |organization, database| {
            list::page(organization, &database, of_page, &in_order, &query, columns).await
        })
        .await?;
    reads.count_elements(page.rows.len())?;
    let total = Total::new(async move {
        reads
            .load_uncached(async move |organization, database| {
                list::count::<E>(organization, &database, filter).await
            })
            .await
    });
    Ok(connection(page, total, |row| edge(row, &order, &node)))
}

/// A page as a connection. The caller counts the elements.
pub(crate) fn connection<R, N: ObjectType, C: CursorType + Send + Sync>(
    page: Page<R>,
    total: Total,
    edge: impl Fn(Arc<R>) -> ListEdge<N, C>,
) -> List<N, C> {
    let mut connection =
        Connection::with_additional_fields(page.has_previous, page.has_next, total);
    let template = Template::default();
    let edges = page.rows.into_iter().map(|row| {
        let mut edge = edge(row);
        edge.node.template = Some(template.clone());
        edge
    });
    connection.edges = edges.collect();
    connection.into()
}

/// A new row, if there is one, as an object and as an element of its list, whose order is oldest
/// first.
pub(crate) fn created<E: TenantEntity, N: ObjectType>(
    row: Option<E::Model>,
    node: fn(Arc<E::Model>) -> N,
) -> (Option<N>, Option<ListEdge<N>>) {
    let row = row.map(Arc::new);
    let edge = row.clone().map(|row| edge::<E, N>(row, &oldest_first(), node));
    (row.map(node), edge)
}

/// A row as an element of its list, with the cursor of its position in the order.
pub(crate) fn edge<E: EntityTrait, N: ObjectType>(
    row: Arc<E::Model>,
    order: &Order<E>,
    node: impl Fn(Arc<E::Model>) -> N,
) -> ListEdge<N> {
    let position = CursorPosition { order: order.name(), keys: order.position(&row) };
    Edge::new(OpaqueCursor(position), node(row).into())
}
