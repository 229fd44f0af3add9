//! Filters and orders: the parts that all lists share.

use async_graphql::{Enum, ID, InputObject};

use super::{error::Failure, scalars::DateTime};
use crate::{
    domain::{id::parse_id, rules::NAME_MAX},
    store::kit::{
        filter::{Filter, TextTest, TimeTest},
        page::{Order, OrderKey, is_storable},
        tenant::TenantEntity,
    },
};

/// The maximum number of tests and parts of one filter.
const TESTS_MAX: usize = 100;

/// The maximum number of elements of a list in a test.
const LIST_MAX: usize = 100;

/// The maximum number of columns to order by.
const ORDERS_MAX: usize = 5;

/// A filter as a client sends it.
pub(crate) trait FilterInput<E>: Sized {
    /// The tests that it makes itself.
    fn tests(self, tests: &mut Tests<E>) -> Result<(), Failure>;
}

/// Declares the filter of a list, with the fields that all filters have and those of its own, whose
/// tests `$add` adds.
macro_rules! filter_input {
    (
        $(#[$description:meta])*
        $filter:ident of $entity:ty { $($own:tt)* } $(with $add:ident)?
    ) => {
        $(#[$description])*
        #[derive(async_graphql::InputObject)]
        struct $filter {
            /// All of these hold.
            and: Option<Vec<$filter>>,
            /// At least one of these holds; nothing matches an empty list.
            or: Option<Vec<$filter>>,
            /// This does not hold.
            not: Option<Box<$filter>>,
            /// Its id.
            id: Option<$crate::graphql::parts::filter::IdFilter>,
            /// Its name.
            name: Option<$crate::graphql::parts::filter::StringFilter>,
            $($own)*
            /// When it was created.
            created_at: Option<$crate::graphql::parts::filter::DateTimeFilter>,
            /// When it was last changed.
            updated_at: Option<$crate::graphql::parts::filter::DateTimeFilter>,
        }

        impl $crate::graphql::parts::filter::FilterInput<$entity> for $filter {
            fn tests(mut self, tests: &mut Tests<$entity>) -> Result<(), Failure> {
                let (and, or, not) = (self.and.take(), self.or.take(), self.not.take());
                tests.common(self.id.take(), self.name.take(), self.created_at, self.updated_at)?;
                $(self.$add(tests)?;)?
                tests.combine(and, or, not)
            }
        }
    };
}
pub(crate) use filter_input;

/// The tests of a filter, which all have to hold.
pub(crate) struct Tests<E> {
    filters: Vec<Filter<E>>,
    left: usize,
}

impl<E> Tests<E> {
    fn new(left: usize) -> Self {
        Self { filters: Vec::new(), left }
    }

    /// Adds a test.
    pub(crate) fn add(&mut self, filter: Filter<E>) -> Result<(), Failure> {
        self.spend()?;
        self.filters.push(filter);
        Ok(())
    }

    fn spend(&mut self) -> Result<(), Failure> {
        self.left = self.left.checked_sub(1).ok_or_else(|| {
            Failure::BadInput(format!("filter has more than {TESTS_MAX} tests and parts."))
        })?;
        Ok(())
    }

    fn part(&mut self, input: impl FilterInput<E>) -> Result<Filter<E>, Failure> {
        self.spend()?;
        let mut inner = Self::new(self.left);
        input.tests(&mut inner)?;
        self.left = inner.left;
        Ok(Filter::all(inner.filters))
    }

    /// Adds the parts that a filter is made up of.
    pub(crate) fn combine<I: FilterInput<E>>(
        &mut self,
        and: Option<Vec<I>>,
        or: Option<Vec<I>>,
        not: Option<Box<I>>,
    ) -> Result<(), Failure> {
        for part in and.into_iter().flatten() {
            let filter = self.part(part)?;
            self.filters.push(filter);
        }
        if let Some(or) = or {
            let parts =
                or.into_iter().map(|part| self.part(part)).collect::<Result<Vec<_>, _>>()?;
            self.filters.push(Filter::any(parts));
        }
        if let Some(not) = not {
            let filter = self.part(*not)?;
            self.filters.push(Filter::none(filter));
        }
        Ok(())
    }
}

impl<E: TenantEntity> Tests<E> {
    /// Adds the tests of the fields that all resources have.
    pub(crate) fn common(
        &mut self,
        id: Option<IdFilter>,
        name: Option<StringFilter>,
        created_at: Option<DateTimeFilter>,
        updated_at: Option<DateTimeFilter>,
    ) -> Result<(), Failure> {
        self.id(E::ID, id)?;
        self.text(name, Filter::name)?;
        self.time(E::CREATED_AT, created_at)?;
        self.time(E::UPDATED_AT, updated_at)
    }

    /// Adds the tests of a column of ids. A text that is not a UUID matches nothing.
    pub(crate) fn id(
        &mut self,
        column: E::Column,
        filter: Option<impl Into<OptionalIdFilter>>,
    ) -> Result<(), Failure> {
        let Some(filter) = filter else { return Ok(()) };
        let OptionalIdFilter { eq, r#in: any, is_null } = filter.into();
        check_list(any.as_deref().unwrap_or_default())?;
        for ids in eq.map(|id| vec![id]).into_iter().chain(any) {
            self.add(Filter::is_one_of(column, ids.iter().filter_map(|id| parse_id(id))))?;
        }
        is_null.map_or(Ok(()), |is_null| self.add(Filter::is_null(column, is_null)))
    }

    /// Adds the tests of a text.
    pub(crate) fn text(
        &mut self,
        filter: Option<StringFilter>,
        to_filter: impl Fn(&TextTest) -> Filter<E>,
    ) -> Result<(), Failure> {
        let Some(StringFilter { eq, contains, starts_with }) = filter else { return Ok(()) };
        for text in [&eq, &contains, &starts_with].into_iter().flatten() {
            check_text(text)?;
        }
        let (equals, contains) = (eq.map(TextTest::Equals), contains.map(TextTest::Contains));
        let tests = [equals, contains, starts_with.map(TextTest::StartsWith)];
        tests.into_iter().flatten().try_for_each(|test| self.add(to_filter(&test)))
    }

    fn time(&mut self, column: E::Column, filter: Option<DateTimeFilter>) -> Result<(), Failure> {
        let Some(DateTimeFilter { lt, lte, gt, gte }) = filter else { return Ok(()) };
        let mut times = [lt, lte, gt, gte].into_iter().flatten();
        times.try_for_each(check_time)?;
        let tests = [
            lt.map(|time| TimeTest::Before(time.0)),
            lte.map(|time| TimeTest::UpTo(time.0)),
            gt.map(|time| TimeTest::After(time.0)),
            gte.map(|time| TimeTest::From(time.0)),
        ];
        tests.into_iter().flatten().try_for_each(|test| self.add(Filter::time(column, test)))
    }
}

/// The filter of a list; without input it holds for every row.
pub(crate) fn filter<E>(input: Option<impl FilterInput<E>>) -> Result<Filter<E>, Failure> {
    let mut tests = Tests::new(TESTS_MAX);
    if let Some(input) = input {
        input.tests(&mut tests)?;
    }
    Ok(Filter::all(tests.filters))
}

/// Tests of a text. Case and Unicode form do not count: `STRASSE` is `straße`. All that are given
/// have to hold; null tests nothing.
#[derive(InputObject)]
pub(crate) struct StringFilter {
    /// It is equal to this.
    eq: Option<String>,
    /// It contains this.
    contains: Option<String>,
    /// It begins with this.
    starts_with: Option<String>,
}

/// Rejects a text that is longer than any name, or has a character that the database cannot store.
pub(crate) fn check_text(text: &str) -> Result<(), Failure> {
    let message = if text.contains('\0') {
        "A text in filter has a NUL.".to_owned()
    } else if text.chars().count() > NAME_MAX {
        format!("A text in filter has more than {NAME_MAX} characters.")
    } else {
        return Ok(());
    };
    Err(Failure::BadInput(message))
}

/// Rejects a list that is longer than [`LIST_MAX`].
pub(crate) fn check_list<T>(list: &[T]) -> Result<(), Failure> {
    if list.len() > LIST_MAX {
        let message = format!("A list in filter has more than {LIST_MAX} elements.");
        return Err(Failure::BadInput(message));
    }
    Ok(())
}

/// Rejects a time that the database cannot store.
pub(crate) fn check_time(time: DateTime) -> Result<(), Failure> {
    if !is_storable(&time.0) {
        let message = format!("{} in filter is not of the years 1 to 9999.", time.write());
        return Err(Failure::BadInput(message));
    }
    Ok(())
}

/// Tests of an id. All that are given have to hold; null tests nothing.
#[derive(InputObject)]
pub(crate) struct IdFilter {
    /// It is equal to this.
    eq: Option<ID>,
    /// It is one of these, up to 100.
    r#in: Option<Vec<ID>>,
}

/// Tests of an id that may be missing. All that are given have to hold; null tests nothing; isNull
/// tests for null.
#[derive(InputObject)]
pub(crate) struct OptionalIdFilter {
    /// It is equal to this.
    eq: Option<ID>,
    /// It is one of these, up to 100.
    r#in: Option<Vec<ID>>,
    /// Whether it is missing.
    is_null: Option<bool>,
}

impl From<IdFilter> for OptionalIdFilter {
    fn from(IdFilter { eq, r#in }: IdFilter) -> Self {
        Self { eq, r#in, is_null: None }
    }
}

/// Tests of a point in time, of the years 1 to 9999. All that are given have to hold; null tests
/// nothing.
#[derive(InputObject, Clone, Copy)]
pub(crate) struct DateTimeFilter {
    /// It is before this.
    lt: Option<DateTime>,
    /// It is this or before.
    lte: Option<DateTime>,
    /// It is after this.
    gt: Option<DateTime>,
    /// It is this or after.
    gte: Option<DateTime>,
}

/// The direction of an order.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum OrderDirection {
    /// Ascending: the smallest or earliest value first.
    #[default]
    Asc,
    /// Descending: the largest or latest value first.
    Desc,
}

impl OrderDirection {
    pub(crate) fn apply<E: TenantEntity>(self, key: OrderKey<E>) -> OrderKey<E> {
        match self {
            Self::Asc => key,
            Self::Desc => key.descending(),
        }
    }
}

/// What lists of agents, memberships and scenarios can be ordered by.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
enum OrderField {
    /// The name; its case does not count.
    Name,
    /// When it was created.
    CreatedAt,
    /// When it was last changed; a scenario also changes with its steps, although its updatedAt does
    /// not.
    UpdatedAt,
}

/// What to order a list by.
#[derive(InputObject)]
pub(crate) struct ListOrder {
    /// The field.
    field: OrderField,
    /// The direction.
    #[graphql(default)]
    direction: OrderDirection,
}

impl<E: TenantEntity> From<ListOrder> for OrderKey<E> {
    fn from(order: ListOrder) -> Self {
        order.direction.apply(match order.field {
            OrderField::Name => OrderKey::by(E::NAME_FOLDED),
            OrderField::CreatedAt => OrderKey::by(E::CREATED_AT),
            OrderField::UpdatedAt => OrderKey::by(E::CHANGED_AT).named(E::UPDATED_AT),
        })
    }
}

/// The order of a list; oldest first without input.
pub(crate) fn order<E: TenantEntity>(
    orders: Option<Vec<impl Into<OrderKey<E>>>>,
) -> Result<Order<E>, Failure> {
    let orders = orders.unwrap_or_default();
    if orders.len() > ORDERS_MAX {
        let message = format!("orderBy has more than {ORDERS_MAX} elements.");
        return Err(Failure::BadInput(message));
    }
    if orders.is_empty() {
        return Ok(oldest_first());
    }
    Ok(E::order(orders.into_iter().map(Into::into).collect()))
}

/// The default order.
pub(crate) fn oldest_first<E: TenantEntity>() -> Order<E> {
    E::order(vec![OrderKey::by(E::CREATED_AT)])
}
