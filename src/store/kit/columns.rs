//! Reading only some columns of a table.

use std::collections::BTreeSet;

use sea_orm::{
    ColumnTrait as _, DbErr, EntityTrait, FromQueryResult as _, IdenStatic, Iterable as _,
    QueryResult, Select,
};

use crate::entity::{agent, change, crm_scenario, membership};

/// The columns to read, besides those that are never null. What is not read comes as null:
/// fetching and decoding are most of what it takes to read a long row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Columns {
    /// All that there are.
    All,
    /// Those with these names.
    Only(BTreeSet<&'static str>),
}

impl Columns {
    /// Only those that are never null.
    #[must_use]
    pub const fn none() -> Self {
        Self::Only(BTreeSet::new())
    }

    /// Reads these ones too.
    pub fn extend(&mut self, columns: impl IntoIterator<Item = impl IdenStatic>) {
        if let Self::Only(names) = self {
            names.extend(columns.into_iter().map(|column| column.as_str()));
        }
    }

    /// Reads these ones too.
    pub fn join(&mut self, other: &Self) {
        match (&mut *self, other) {
            (Self::Only(names), Self::Only(others)) => names.extend(others),
            _ => *self = Self::All,
        }
    }

    /// Of each column of a table, in their order, whether it is read.
    #[must_use]
    pub(crate) fn wanted<E: EntityTrait>(&self) -> Vec<bool> {
        let is_wanted = |column: E::Column| match self {
            Self::All => true,
            Self::Only(names) => !column.def().is_null() || names.contains(column.as_str()),
        };
        E::Column::iter().map(is_wanted).collect()
    }
}

/// A table whose rows can be read in pages. All of its columns are, unless it says otherwise.
pub trait Readable: EntityTrait {
    /// Selects the wanted ones of its columns, in their order.
    #[must_use]
    fn select(select: Select<Self>, _wanted: &[bool]) -> Select<Self> {
        select
    }

    /// A row that has been selected so.
    fn read(row: &QueryResult, _wanted: &[bool]) -> Result<Self::Model, DbErr> {
        Self::Model::from_query_result(row, "")
    }
}

// Their rows are short, so all of their columns are read.
impl Readable for agent::Entity {}
impl Readable for change::Entity {}
impl Readable for crm_scenario::Entity {}
impl Readable for membership::Entity {}
