//! Lists as Relay connections.

use async_graphql::{
    Context, EmptySubscription, Object, OutputType, SchemaBuilder,
    connection::{Connection, CursorType, Edge, EmptyFields, OpaqueCursor},
};
use chrono::{DateTime, Utc};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{
    Mutation, Query, agent::Agent, crm_scenario::CrmScenario, crm_step::CrmStep, environment,
    error::Failure, membership::Membership, organization,
};
use crate::{
    entity::{agent, crm_scenario, membership},
    store::{
        page::{Page, PageLimit, PageQuery},
        tenant,
    },
};

/// Most elements of one page.
const PAGE_MAX: i32 = 100;

/// Elements of a page when the client does not say how many.
const PAGE_DEFAULT: u64 = 50;

/// A list of things, in pages. The cursor holds what the list is ordered by, and clients see it as
/// opaque text.
pub(super) type List<Cursor, Node> = Connection<OpaqueCursor<Cursor>, Node, Total>;

/// An element of a [`List`].
pub(super) type ListEdge<Cursor, Node> = Edge<OpaqueCursor<Cursor>, Node, EmptyFields>;

/// The arguments of a list, as the client sent them.
#[derive(Debug)]
pub(super) struct PageArguments {
    pub(super) first: Option<i32>,
    pub(super) after: Option<String>,
    pub(super) last: Option<i32>,
    pub(super) before: Option<String>,
}

impl PageArguments {
    /// What to read for them.
    pub(super) fn query<K>(&self) -> Result<PageQuery<K>, Failure>
    where
        K: Serialize + DeserializeOwned,
    {
        let count = |name: &str, count: i32| match u64::try_from(count) {
            Ok(limit) if (1..=PAGE_MAX).contains(&count) => Ok(limit),
            _ => Err(Failure::BadInput(format!(
                "{name} is {count}; it must be between 1 and {PAGE_MAX}."
            ))),
        };
        let cursor = |name: &str, cursor: Option<&str>| match cursor {
            None => Ok(None),
            Some(text) => match OpaqueCursor::decode_cursor(text) {
                Ok(cursor) => Ok(Some(cursor.0)),
                Err(_) => Err(Failure::BadInput(format!(
                    "{name} is not a cursor of this list; take one from its edges or pageInfo."
                ))),
            },
        };
        let limit = match (self.first, self.last) {
            (Some(_), Some(_)) => {
                let message = "first and last are both given; a page has one of them.";
                return Err(Failure::BadInput(message.to_owned()));
            }
            (Some(first), None) => PageLimit::First(count("first", first)?),
            (None, Some(last)) => PageLimit::Last(count("last", last)?),
            (None, None) => PageLimit::First(PAGE_DEFAULT),
        };
        Ok(PageQuery {
            after: cursor("after", self.after.as_deref())?,
            before: cursor("before", self.before.as_deref())?,
            limit,
        })
    }
}

/// How many elements a list has, on all pages.
pub(super) enum Total {
    /// Counted already.
    Known(i32),
    /// To be counted when asked for.
    Agents,
    /// To be counted when asked for.
    CrmScenarios,
    /// To be counted when asked for.
    Memberships,
}

#[Object]
impl Total {
    /// How many elements the whole list has, not only this page.
    async fn total_count(&self, context: &Context<'_>) -> Result<i32, Failure> {
        let (organization, db) = (organization(context), &environment(context).database);
        let count = match self {
            Self::Known(count) => return Ok(*count),
            Self::Agents => tenant::count::<agent::Entity>(organization, db).await?,
            Self::CrmScenarios => tenant::count::<crm_scenario::Entity>(organization, db).await?,
            Self::Memberships => tenant::count::<membership::Entity>(organization, db).await?,
        };
        // GraphQL's Int ends at 2^31, where no list of one organization gets to.
        Ok(i32::try_from(count).unwrap_or(i32::MAX))
    }
}

/// A page as a connection, each element with the cursor that `cursor` reads from it.
pub(super) fn connection<K, N>(page: Page<N>, total: Total, cursor: impl Fn(&N) -> K) -> List<K, N>
where
    K: Serialize + DeserializeOwned + Send + Sync,
    N: OutputType,
{
    let mut connection =
        Connection::with_additional_fields(page.has_previous, page.has_next, total);
    connection.edges = page.rows.into_iter().map(|node| edge(cursor(&node), node)).collect();
    connection
}

/// A thing as an element of its list.
pub(super) fn edge<K, N>(cursor: K, node: N) -> ListEdge<K, N>
where
    K: Serialize + DeserializeOwned + Send + Sync,
    N: OutputType,
{
    Edge::new(OpaqueCursor(cursor), node)
}

/// Describes the types that the library makes.
pub(super) fn describe(
    builder: SchemaBuilder<Query, Mutation, EmptySubscription>,
) -> SchemaBuilder<Query, Mutation, EmptySubscription> {
    const EDGE: &str = "A thing in a list, with its place there.";
    builder
        .override_output_type_description::<List<Uuid, Agent>>("A page of agents, oldest first.")
        .override_output_type_description::<List<Uuid, Membership>>(
            "A page of memberships, oldest first.",
        )
        .override_output_type_description::<List<Uuid, CrmScenario>>(
            "A page of scenarios, oldest first.",
        )
        .override_output_type_description::<List<i32, CrmStep>>(
            "A page of a scenario's steps, by their index.",
        )
        .override_output_type_description::<ListEdge<Uuid, Agent>>(EDGE)
        .override_output_type_description::<ListEdge<Uuid, Membership>>(EDGE)
        .override_output_type_description::<ListEdge<Uuid, CrmScenario>>(EDGE)
        .override_output_type_description::<ListEdge<i32, CrmStep>>(EDGE)
        .override_output_type_description::<DateTime<Utc>>(
            "A point in time in UTC, as RFC 3339 writes it: `2026-11-22T18:20:00.123456+00:00`.",
        )
}
