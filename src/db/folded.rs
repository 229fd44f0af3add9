//! Columns of text that compares without regard to case and Unicode form, which the program fills
//! because no database folds text like this.
//!
//! They are null in what a version before them has stored, and in what replicas of it go on storing
//! while they serve beside this one. At the start everything that is null is filled, in portions of
//! one short transaction each. Before such a column is looked at, what has become null since in the
//! organization is filled, so a list misses nothing that another replica has stored.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, Statement, Value, sea_query::ArrayType,
};
use strum::{EnumIter, IntoEnumIterator as _};
use uuid::Uuid;

use super::{Database, Engine};
use crate::domain::{id::OrganizationId, text::without_case};

/// How many rows are filled in one transaction. A million steps take 18 s on SQLite and 48 s on
/// PostgreSQL, measured with a release build on two cores.
const PORTION: usize = 2_000;

/// A column of folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumIter)]
#[expect(missing_docs, reason = "the names say what is in them")]
pub enum Folded {
    AgentNames,
    CrmScenarioNames,
    CrmStepNames,
    CrmStepTags,
    MembershipNames,
}

/// A row without its folded text.
struct Unfilled {
    organization: Uuid,
    id: Uuid,
    text: String,
}

/// Where a portion begins, and in which organization it ends.
#[derive(Clone, Copy)]
struct From {
    organization: Uuid,
    id: Uuid,
    is_only: bool,
}

impl Folded {
    /// The table, the column that is folded, and the column by which, together with that text, the
    /// rows of an organization are told apart.
    fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::AgentNames => ("agent", "name", "id"),
            Self::CrmScenarioNames => ("crm_scenario", "name", "id"),
            Self::CrmStepNames => ("crm_step", "name", "id"),
            Self::CrmStepTags => ("crm_step_tag", "tag", "step_id"),
            Self::MembershipNames => ("membership", "name", "id"),
        }
    }

    /// The next rows that are not filled; `and_lock` those that nobody else has locked.
    async fn unfilled(
        self,
        connection: &impl ConnectionTrait,
        from: From,
        and_lock: bool,
    ) -> Result<Vec<Unfilled>, DbErr> {
        let (table, text, id) = self.names();
        let backend = connection.get_database_backend();
        let only = if from.is_only { "organization_id = $1 AND" } else { "" };
        let lock = match backend {
            // SQLite has one writer at a time, which needs no locks of rows.
            sea_orm::DatabaseBackend::Postgres if and_lock => "FOR NO KEY UPDATE SKIP LOCKED",
            _ => "",
        };
        let sql = format!(
            "SELECT organization_id, {id}, {text} FROM {table}
             WHERE {text}_caseless IS NULL AND {only} (organization_id, {id}) >= ($1, $2)
             ORDER BY organization_id, {id} LIMIT {PORTION} {lock}"
        );
        let from = [from.organization.into(), from.id.into()];
        let rows =
            connection.query_all_raw(Statement::from_sql_and_values(backend, sql, from)).await?;
        let row = |row: &sea_orm::QueryResult| {
            Ok(Unfilled {
                organization: row.try_get_by_index(0)?,
                id: row.try_get_by_index(1)?,
                text: row.try_get_by_index(2)?,
            })
        };
        rows.iter().map(row).collect()
    }

    /// Fills these rows, but for those that have another text by now.
    async fn fill(
        self,
        transaction: &DatabaseTransaction,
        engine: Engine,
        rows: &[Unfilled],
    ) -> Result<(), DbErr> {
        let (table, text, id) = self.names();
        let backend = transaction.get_database_backend();
        let cells = |row: &Unfilled| -> [Value; 4] {
            let folded = without_case(&row.text);
            [row.organization.into(), row.id.into(), row.text.clone().into(), folded.into()]
        };
        // PostgreSQL takes the columns as arrays, and SQLite, which has none, all cells.
        let (values, source) = match engine {
            Engine::Postgres => {
                let mut columns = [const { Vec::new() }; 4];
                for row in rows {
                    for (column, cell) in columns.iter_mut().zip(cells(row)) {
                        column.push(cell);
                    }
                }
                let kinds =
                    [ArrayType::Uuid, ArrayType::Uuid, ArrayType::String, ArrayType::String];
                let array = |(column, kind)| Value::Array(kind, Some(Box::new(column)));
                let values: Vec<Value> = columns.into_iter().zip(kinds).map(array).collect();
                let source = "SELECT * FROM unnest($1, $2, $3, $4)
                              AS filled (column1, column2, column3, column4)";
                (values, source.to_owned())
            }
            Engine::Sqlite => {
                let values = rows.iter().flat_map(cells).collect();
                (values, format!("VALUES {}", vec!["(?, ?, ?, ?)"; rows.len()].join(", ")))
            }
        };
        let sql = format!(
            "UPDATE {table} SET {text}_caseless = filled.column4 FROM ({source}) AS filled
             WHERE {table}.organization_id = filled.column1 AND {table}.{id} = filled.column2
             AND {table}.{text} = filled.column3"
        );
        transaction.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        Ok(())
    }

    /// Fills the next portion, and answers with how many rows that were and the last of them.
    async fn fill_portion(
        self,
        database: &Database,
        from: From,
    ) -> Result<(usize, Option<Unfilled>), DbErr> {
        let transaction = database.write().await?;
        // Rows that another transaction has locked are skipped. So this one waits for none while it
        // holds locks itself, and others wait for its locks no longer than it takes to fill a portion.
        let mut rows = self.unfilled(&transaction, from, true).await?;
        if !rows.is_empty() {
            self.fill(&transaction, database.engine(), &rows).await?;
        }
        transaction.commit().await?;
        Ok((rows.len(), rows.pop()))
    }
}

impl Database {
    /// Fills all columns of folded text.
    pub(super) async fn fold_all(&self) -> Result<(), DbErr> {
        for column in Folded::iter() {
            let mut from = From { organization: Uuid::nil(), id: Uuid::nil(), is_only: false };
            // Most starts find nothing to do, and begin no transaction that might write.
            if column.unfilled(self.read(), from, false).await?.is_empty() {
                continue;
            }
            let mut total = 0;
            loop {
                let (count, last) = column.fill_portion(self, from).await?;
                total += count;
                match last {
                    // What is before it is filled. On PostgreSQL its index would still be walked.
                    Some(Unfilled { organization, id, .. }) if count == PORTION => {
                        from = From { organization, id, ..from };
                    }
                    _ => break,
                }
            }
            if total > 0 {
                let (table, text, _) = column.names();
                tracing::info!(table, text, rows = total, "folded what an earlier version stored");
            }
            // Each row has been written anew, and what it was before is still there.
            if total >= PORTION && self.engine() == Engine::Postgres {
                let (table, ..) = column.names();
                self.0.writer.execute_unprepared(&format!("VACUUM ANALYZE {table}")).await?;
            }
        }
        Ok(())
    }

    /// Fills a column of folded text in an organization, where another replica has left it null.
    pub(crate) async fn fold(
        &self,
        organization: OrganizationId,
        column: Folded,
    ) -> Result<(), DbErr> {
        let from = From { organization: organization.0, id: Uuid::nil(), is_only: true };
        loop {
            let rows = column.unfilled(self.read(), from, false).await?;
            if rows.is_empty() {
                return Ok(());
            }
            if column.fill_portion(self, from).await?.0 > 0 {
                continue;
            }
            // All that is left is locked by other transactions. Each of these rows is filled in a
            // transaction of its own, which waits for that lock and holds no other meanwhile.
            for row in rows {
                let transaction = self.write().await?;
                column.fill(&transaction, self.engine(), &[row]).await?;
                transaction.commit().await?;
            }
        }
    }
}
