//! Reading lists without the long texts of their rows.

use sea_orm::{DbErr, EntityTrait, FromQueryResult as _, QueryResult, Select};

use crate::entity::{agent, change, crm_scenario, membership};

/// The columns of a table that a list reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Columns {
    /// All but long texts, which are null in the rows: reading and decoding them is most of the
    /// cost of a long row.
    WithoutLongTexts,
    /// All columns.
    All,
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
