//! Which changes of a history to list, and in which order.

use async_graphql::{ID, InputObject};

use super::change::{ChangeAction, ChangeSubjectType};
use crate::{
    domain::id::parse_id,
    graphql::parts::{
        error::Failure,
        filter::{OrderDirection, check_list, check_time},
        scalars::DateTime,
    },
    store::history::{self, HistoryScope, HistorySelection},
};

/// Which changes to list. All tests that are given have to hold; null tests nothing. The cursors of
/// changes do not depend on it.
#[derive(InputObject, Default)]
pub(in crate::graphql::types) struct HistoryFilter {
    /// One of these was done, up to 100. None match an empty list.
    actions: Option<Vec<ChangeAction>>,
    /// The changed object is of one of these types, up to 100. None match an empty list.
    subject_types: Option<Vec<ChangeSubjectType>>,
    /// The changed object has this id, also if it has been deleted since. None match an unknown id.
    subject_id: Option<ID>,
    /// The changed object is the scenario with this id or a step of it, also if they have been deleted
    /// since. None match an unknown id.
    scenario_id: Option<ID>,
    /// It was made with the token that has this id: `viewer { tokenId }` is that of a request.
    /// None match an unknown id.
    token_id: Option<ID>,
    /// It happened at this time or later.
    since: Option<DateTime>,
}

impl HistoryFilter {
    /// The changes that it selects of a kind of history.
    pub(super) fn selection(self, scope: HistoryScope) -> Result<HistorySelection, Failure> {
        let Self { actions, subject_types, subject_id, scenario_id, token_id, since } = self;
        // What is no UUID is the id of nothing.
        let ids = |id: Option<ID>| id.map(|id| parse_id(&id).into_iter().collect());
        check_list(actions.as_deref().unwrap_or_default())?;
        check_list(subject_types.as_deref().unwrap_or_default())?;
        since.map_or(Ok(()), check_time)?;
        Ok(HistorySelection {
            scope,
            actions: actions.map(|actions| actions.into_iter().map(Into::into).collect()),
            subject_types: subject_types.map(|types| types.into_iter().map(Into::into).collect()),
            subject_ids: ids(subject_id),
            scenario_ids: ids(scenario_id),
            token_ids: ids(token_id),
            since: since.map(|since| since.0),
        })
    }
}

/// The order of a history.
#[derive(InputObject, Default)]
pub(in crate::graphql::types) struct HistoryOrder {
    /// Ascending is oldest first, descending newest first. A cursor is the same in both; `after` means
    /// further in the order.
    #[graphql(default)]
    direction: OrderDirection,
}

impl From<HistoryOrder> for history::HistoryOrder {
    fn from(HistoryOrder { direction }: HistoryOrder) -> Self {
        match direction {
            OrderDirection::Asc => Self::OldestFirst,
            OrderDirection::Desc => Self::NewestFirst,
        }
    }
}
