//! The history of objects.

mod change;
mod filter;

use std::sync::Arc;

use async_graphql::{Context, Object};
use uuid::Uuid;

pub(super) use self::{
    change::{Change, ChangeSubjectType},
    filter::{HistoryFilter, HistoryOrder},
};
use super::loaders::{HistoryLength, HistoryOf};
use crate::{
    domain::{id::OrganizationId, rules::PAGE_MAX},
    entity,
    graphql::parts::{
        arguments::Arguments,
        connection::{List, ListEdge, Total, connection, page_query_by},
        context::{caller, reads},
        error::Failure,
    },
    store::{
        history::{self, HistoryScope, HistorySelection, cursor},
        kit::page::{OrderValue, PageQuery},
    },
};

/// A page of a history.
pub(super) type History = List<Change, String>;

/// An element of a [`History`].
pub(super) type ChangeEdge = ListEdge<Change, String>;

/// A change as an element of all histories that contain it.
pub(super) fn edge(row: Arc<entity::change::Model>) -> ChangeEdge {
    let cursor = cursor::encode(OrganizationId(row.organization_id), row.sequence);
    ChangeEdge::new(cursor, Change(row).into())
}

/// What the arguments of a history select.
pub(super) struct HistoryQuery {
    page: PageQuery,
    selection: HistorySelection,
    order: history::HistoryOrder,
}

impl HistoryQuery {
    /// That of these arguments, of a history of this kind.
    pub(super) fn new(arguments: &impl Arguments, scope: HistoryScope) -> Result<Self, Failure> {
        let organization = arguments.organization();
        let page = page_query_by(arguments, PAGE_MAX, |text| {
            let sequence = cursor::decode_of_any_version(organization, text)?;
            Some(vec![OrderValue::Number(sequence)])
        })?;
        let filter: Option<HistoryFilter> = arguments.value("filter")?;
        let order: Option<HistoryOrder> = arguments.value("orderBy")?;
        let selection = filter.unwrap_or_default().selection(scope)?;
        Ok(Self { page, selection, order: order.unwrap_or_default().into() })
    }
}

/// The page of a history that the arguments of the field select.
pub(super) async fn history(
    context: &Context<'_>,
    scope: HistoryScope,
    id: Uuid,
) -> Result<History, Failure> {
    let HistoryQuery { page, selection, order } = HistoryQuery::new(context, scope)?;
    let reads = reads(context).clone();
    let key = HistoryOf { id, selection: selection.clone(), order, page };
    let found = reads.one(key).await?;
    let found = found.ok_or_else(|| Failure::internal("a page was not read"))?;
    reads.count_elements(found.rows.len())?;
    let total =
        Total::new(
            async move { Ok(reads.one(HistoryLength { id, selection }).await?.unwrap_or(0)) },
        );
    Ok(connection(found, total, edge))
}

/// The end of the history when the execution of a document began.
pub(in crate::graphql) struct HistoryEnd(pub(in crate::graphql) Result<i64, Failure>);

#[derive(Default)]
pub(super) struct ChangesCursorQuery;

#[expect(clippy::unused_async, reason = "the library requires resolvers to be asynchronous")]
#[Object]
impl ChangesCursorQuery {
    /// The cursor of the present end of the history of the organization, also if nothing has changed
    /// yet. It is read before everything else of its document, so the changes after it are all that the
    /// rest of the response does not show, and perhaps some that it shows. It is a cursor of each
    /// history: `viewer { organization { history(after: …) } }` lists what was changed since.
    async fn changes_cursor(&self, context: &Context<'_>) -> Result<String, Failure> {
        let missing = || Failure::internal("the end of the history was not read");
        let HistoryEnd(end) = context.data_opt().ok_or_else(missing)?;
        end.clone().map(|end| cursor::encode(caller(context).organization, end))
    }
}
