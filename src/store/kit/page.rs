//! Pages of lists, forwards and backwards, ordered by any columns that are never null.
//!
//! A page starts from the values that the last row of the previous page had in those columns
//! (keyset pagination), so inserted and deleted rows do not shift it.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Datelike as _, Utc};
use sea_orm::{
    ColumnTrait, ColumnType, Condition, ConnectionTrait, DbErr, EntityTrait, Iden as _,
    IntoSimpleExpr as _, ModelTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _, Select, Value,
    sea_query::{
        Asterisk, BinOper, Expr, ExprTrait as _, Order as Direction, OverStatement as _, Query,
        WindowStatement,
    },
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::columns::{Columns, Readable};

/// The value of a row in a column that a list is ordered by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the types")]
pub enum OrderValue {
    Text(String),
    Time(DateTime<Utc>),
    Number(i64),
    Id(Uuid),
}

impl OrderValue {
    fn of(value: Value) -> Self {
        match value {
            Value::String(Some(text)) => Self::Text(text),
            Value::ChronoDateTimeUtc(Some(time)) => Self::Time(time),
            Value::Int(Some(number)) => Self::Number(number.into()),
            Value::BigInt(Some(number)) => Self::Number(number),
            Value::Uuid(Some(id)) => Self::Id(id),
            other => unreachable!("lists are not ordered by values like {other:?}"),
        }
    }

    fn to_value(&self) -> Value {
        match self {
            Self::Text(text) => text.clone().into(),
            Self::Time(time) => (*time).into(),
            Self::Number(number) => (*number).into(),
            Self::Id(id) => (*id).into(),
        }
    }
}

/// Whether both databases store a time and order it correctly: those of the years 1 to 9999, which
/// RFC 3339 writes with four digits.
#[must_use]
pub fn is_storable(time: &DateTime<Utc>) -> bool {
    (1..=9999).contains(&time.year())
}

/// A column to order by.
#[derive(Debug, Clone)]
#[must_use]
pub struct OrderKey<E: EntityTrait> {
    column: E::Column,
    /// The column by whose name cursors know it.
    named: E::Column,
    is_descending: bool,
    /// Whether all rows of a list have the same value, so that a page at a position with another one
    /// is empty.
    is_same: bool,
    /// The value of a position that ends before this column.
    default: Option<OrderValue>,
}

impl<E: EntityTrait> OrderKey<E> {
    /// A column of texts, times, numbers or ids, from the smallest on.
    pub(crate) fn by(column: E::Column) -> Self {
        Self { column, named: column, is_descending: false, is_same: false, default: None }
    }

    /// The same column, in cursors by the name of another one, which lists were ordered by before.
    pub(crate) fn named(self, named: E::Column) -> Self {
        Self { named, ..self }
    }

    /// The same column, which was added to the order later: a position without it has this value.
    pub(crate) fn or(self, default: OrderValue) -> Self {
        Self { default: Some(default), ..self }
    }

    /// The same column, which has one value in all rows of a list. A page that starts or ends at a
    /// position with another value is empty.
    pub(crate) fn same(self) -> Self {
        Self { is_same: true, ..self }
    }

    /// Whether the column can hold this value.
    fn can_hold(&self, value: &OrderValue) -> bool {
        match (value, self.column.def().get_column_type()) {
            (OrderValue::Text(text), ColumnType::String(_) | ColumnType::Text) => {
                !text.contains('\0')
            }
            (OrderValue::Time(time), ColumnType::TimestampWithTimeZone) => is_storable(time),
            (OrderValue::Number(_), ColumnType::Integer | ColumnType::BigInteger)
            | (OrderValue::Id(_), ColumnType::Uuid) => true,
            _ => false,
        }
    }

    /// The same column, from the largest value on.
    pub fn descending(self) -> Self {
        Self { is_descending: true, ..self }
    }
}

/// An order in which no two rows are equal.
#[derive(Debug, Clone)]
#[must_use]
pub struct Order<E: EntityTrait>(Vec<OrderKey<E>>);

impl<E: EntityTrait> Order<E> {
    /// Orders by these columns, and then by `last`. All of them together are unique.
    pub(crate) fn new(keys: Vec<OrderKey<E>>, last: OrderKey<E>) -> Self {
        Self(keys.into_iter().chain([last]).collect())
    }

    /// The name of this order. A cursor contains it, so that it is not used with another order.
    #[must_use]
    pub fn name(&self) -> String {
        let name = |key: &OrderKey<E>| {
            let sign = if key.is_descending { "-" } else { "" };
            format!("{sign}{}", key.named.unquoted())
        };
        let keys = self.0.iter().filter(|key| key.default.is_none());
        keys.map(name).collect::<Vec<_>>().join(",")
    }

    /// The position of a row: its values in the columns of this order, without the last ones that are
    /// defaults.
    #[must_use]
    pub fn position(&self, row: &E::Model) -> Vec<OrderValue> {
        let values = self.0.iter().map(|key| OrderValue::of(row.get(key.column)));
        let mut position: Vec<OrderValue> = values.collect();
        while position.last() == self.0[position.len() - 1].default.as_ref() {
            position.pop();
        }
        position
    }

    /// The position that these values, of a [`position`](Self::position), stand for, if they can be one
    /// in this order.
    #[must_use]
    pub fn to_position(&self, mut values: Vec<OrderValue>) -> Option<Vec<OrderValue>> {
        let missing = self.0.get(values.len()..)?.iter();
        values.extend(missing.map(|key| key.default.clone()).collect::<Option<Vec<_>>>()?);
        self.0.iter().zip(&values).all(|(key, value)| key.can_hold(value)).then_some(values)
    }

    /// The columns, each with its direction when reading from the start or from the end.
    fn directions(&self, limit: PageLimit) -> impl Iterator<Item = (E::Column, Direction)> {
        let is_reversed = matches!(limit, PageLimit::Last(_));
        self.0.iter().filter(|key| !key.is_same).map(move |key| {
            let is_descending = key.is_descending != is_reversed;
            (key.column, if is_descending { Direction::Desc } else { Direction::Asc })
        })
    }

    /// The rows before or after a position.
    fn beyond(&self, position: &[OrderValue], side: Side) -> Condition {
        let mut any = Condition::any();
        let mut equal = Condition::all();
        let mut bound = Condition::all();
        for (key, value) in self.0.iter().zip(position) {
            let value = value.to_value();
            if key.is_same {
                bound = bound.add(key.column.eq(value));
                continue;
            }
            let is_greater = key.is_descending == (side == Side::Before);
            let (further, at_least) = if is_greater {
                (BinOper::GreaterThan, BinOper::GreaterThanOrEqual)
            } else {
                (BinOper::SmallerThan, BinOper::SmallerThanOrEqual)
            };
            let test = |operator| key.column.into_expr().binary(operator, value.clone());
            if equal.is_empty() {
                // Redundant, but it lets an index on the first column start at the position.
                bound = bound.add(test(at_least));
            }
            any = any.add(equal.clone().add(test(further)));
            equal = equal.add(test(BinOper::Equal));
        }
        bound.add(any)
    }
}

/// A side of a position in a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

/// The page of a list to read: rows between two positions, both excluded, from the start or from
/// the end.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PageQuery {
    /// Only rows after this position.
    pub after: Option<Vec<OrderValue>>,
    /// Only rows before this position.
    pub before: Option<Vec<OrderValue>>,
    /// From which end, and how many rows at most.
    pub limit: PageLimit,
}

/// From which end of the list a page is taken, and how many rows it has at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PageLimit {
    /// The first rows.
    First(u64),
    /// The last rows, still in the list's order.
    Last(u64),
}

impl PageLimit {
    /// The maximum number of rows.
    #[must_use]
    pub const fn rows(self) -> u64 {
        match self {
            Self::First(rows) | Self::Last(rows) => rows,
        }
    }
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// Its rows, in the list's order, shared by all readers of the page.
    pub rows: Vec<Arc<T>>,
    /// Whether the list has rows before the page.
    pub has_previous: bool,
    /// Whether the list has rows after the page.
    pub has_next: bool,
}

impl<T> Page<T> {
    /// Makes a page of the rows that were read from its end of the list: one more than its limit
    /// where the list continues.
    fn new(mut rows: Vec<T>, query: &PageQuery) -> Self {
        // At least the row of a bounding position is beyond it.
        let (is_after, is_before) = (query.after.is_some(), query.before.is_some());
        let limit = usize::try_from(query.limit.rows()).unwrap_or(usize::MAX);
        let goes_on = rows.len() > limit;
        rows.truncate(limit);
        let mut rows: Vec<_> = rows.into_iter().map(Arc::new).collect();
        match query.limit {
            PageLimit::First(_) => {
                Self { rows, has_previous: is_after, has_next: goes_on || is_before }
            }
            PageLimit::Last(_) => {
                rows.reverse();
                Self { rows, has_previous: goes_on || is_after, has_next: is_before }
            }
        }
    }
}

fn within<E: EntityTrait>(select: Select<E>, order: &Order<E>, query: &PageQuery) -> Select<E> {
    let after = query.after.iter().map(|position| order.beyond(position, Side::After));
    let before = query.before.iter().map(|position| order.beyond(position, Side::Before));
    after.chain(before).fold(select, sea_orm::QueryFilter::filter)
}

/// Reads one page, with one extra row that shows whether the list continues.
pub(crate) async fn read_page<E: Readable>(
    connection: &impl ConnectionTrait,
    select: Select<E>,
    columns: Columns,
    order: &Order<E>,
    query: &PageQuery,
) -> Result<Page<E::Model>, DbErr> {
    let select = E::select(select, columns);
    let mut select = within(select, order, query).limit(query.limit.rows() + 1);
    for (column, direction) in order.directions(query.limit) {
        select = select.order_by(column, direction);
    }
    let rows = connection.query_all(select.as_query()).await?;
    let rows = rows.iter().map(|row| E::read(row, columns)).collect::<Result<_, _>>()?;
    Ok(Page::new(rows, query))
}

/// Reads the same page of several lists, by their ids: the rows of one list have its id in `column`.
pub(crate) async fn read_pages<E: Readable>(
    connection: &impl ConnectionTrait,
    select: Select<E>,
    columns: Columns,
    column: E::Column,
    ids: &[Uuid],
    order: &Order<E>,
    query: &PageQuery,
) -> Result<HashMap<Uuid, Page<E::Model>>, DbErr> {
    const NUMBER: &str = "row_number";
    // A single list is read from an index up to the limit; no database does that for several lists.
    if let [only] = ids {
        let select = select.filter(column.eq(*only));
        let page = read_page(connection, select, columns, order, query).await?;
        return Ok(HashMap::from([(*only, page)]));
    }
    let mut window = WindowStatement::new();
    window.add_partition_by(column.into_simple_expr());
    for (column, direction) in order.directions(query.limit) {
        window.order_by_expr(column.into_simple_expr(), direction);
    }
    let select =
        within(E::select(select, columns), order, query).filter(column.is_in(ids.iter().copied()));
    let mut numbered = select.into_query();
    numbered.expr_window_as(Expr::cust("ROW_NUMBER()"), window, NUMBER);
    let rows = Query::select()
        .column(Asterisk)
        .from_subquery(numbered, "numbered")
        .and_where(Expr::col(NUMBER).lte(query.limit.rows() + 1))
        .order_by(NUMBER, Direction::Asc)
        .to_owned();
    let mut lists: HashMap<Uuid, Vec<E::Model>> = ids.iter().map(|id| (*id, Vec::new())).collect();
    for row in connection.query_all(&rows).await? {
        let row = E::read(&row, columns)?;
        if let Value::Uuid(Some(id)) = row.get(column)
            && let Some(list) = lists.get_mut(&id)
        {
            list.push(row);
        }
    }
    Ok(lists.into_iter().map(|(id, rows)| (id, Page::new(rows, query))).collect())
}
