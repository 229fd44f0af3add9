//! Reading only some columns of the rows of a list.

use std::ops::BitOr;

use sea_orm::{DbErr, EntityTrait, FromQueryResult as _, QueryResult, Select};

use crate::entity::{agent, change, crm_scenario, membership};

/// The columns of a table that a list reads, as a set of their positions in the table. The others
/// are null in the rows: reading and decoding columns is most of the cost of a long row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Columns(u64);

impl Columns {
    /// All columns.
    pub const ALL: Self = Self(u64::MAX);
    /// No columns.
    pub const NONE: Self = Self(0);

    /// The column at this position, which is below 64.
    pub(in crate::store) const fn at(position: usize) -> Self {
        Self(1 << position)
    }

    /// Whether the column at this position is read.
    pub(in crate::store) const fn contains(self, position: usize) -> bool {
        self.0 & Self::at(position).0 != 0
    }
}

impl BitOr for Columns {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// A table whose rows can be read in pages. All of its columns are read, unless it says otherwise.
pub trait Readable: EntityTrait {
    /// Selects these columns.
    #[must_use]
    fn select(select: Select<Self>, _columns: Columns) -> Select<Self> {
        select
    }

    /// Decodes a row in which these columns are selected.
    fn read(row: &QueryResult, _columns: Columns) -> Result<Self::Model, DbErr> {
        Self::Model::from_query_result(row, "")
    }
}

impl Readable for agent::Entity {}
impl Readable for change::Entity {}
impl Readable for crm_scenario::Entity {}
impl Readable for membership::Entity {}
