//! Columns of folded text, for comparisons without regard to case and Unicode form. The program
//! fills them, as no database folds text like this.
//!
//! They are null in rows that earlier versions have written, and in rows that replicas of an
//! earlier version write while they serve beside this one. When the program starts, all null values
//! are filled, in portions of one short transaction each. Before a query uses such a column, null
//! values of the organization are filled, so that it finds the rows of other replicas too.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, ExprTrait as _, FromQueryResult, Statement,
    sea_query::{Expr, IntoIden as _, IntoValueTuple as _, Query, TableRef},
};
use strum::{EnumIter, IntoEnumIterator as _};
use uuid::Uuid;

use super::{Database, Engine};
use crate::domain::{fold::without_case, id::OrganizationId};

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
    CrmStepTexts,
    MembershipEmails,
    MembershipNames,
}

/// The texts of a step in which a filter searches.
const STEP_TEXTS: [&str; 7] = [
    "name",
    "trigger",
    "prompt",
    "initial_message",
    "zapi_message",
    "whatsapp_template_text",
    "webhook_url",
];

/// What stands before each text of a column of several texts, and after the last one. It is a
/// noncharacter, which no text for people has, and not one of the two that SQLite reads as another
/// character.
pub(crate) const TEXT_BOUND: char = '\u{FDD0}';

/// A row whose folded text is null.
#[derive(FromQueryResult)]
struct Unfilled {
    organization: Uuid,
    id: Uuid,
    text: String,
}

/// The row at which a portion starts, and whether the portion is limited to the row's organization.
#[derive(Clone, Copy)]
struct Start {
    organization: Uuid,
    id: Uuid,
    is_only: bool,
}

impl Folded {
    /// The table, the name of the text, and the column that, together with the text, identifies a row
    /// of an organization.
    fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::AgentNames => ("agent", "name", "id"),
            Self::CrmScenarioNames => ("crm_scenario", "name", "id"),
            Self::CrmStepNames => ("crm_step", "name", "id"),
            Self::CrmStepTags => ("crm_step_tag", "tag", "step_id"),
            Self::CrmStepTexts => ("crm_step", "texts", "id"),
            Self::MembershipEmails => ("membership", "email", "id"),
            Self::MembershipNames => ("membership", "name", "id"),
        }
    }

    /// Whether it is filled only where a filter needs it, so that changes of texts cost nothing
    /// without searches.
    fn is_on_demand(self) -> bool {
        match self {
            Self::CrmStepTexts | Self::MembershipEmails => true,
            Self::AgentNames
            | Self::CrmScenarioNames
            | Self::CrmStepNames
            | Self::CrmStepTags
            | Self::MembershipNames => false,
        }
    }

    /// The text as an expression in SQL.
    fn text(self) -> String {
        let (table, text, _) = self.names();
        match self {
            Self::CrmStepTexts => {
                let texts = STEP_TEXTS
                    .map(|text| format!("coalesce({table}.\"{text}\" || '{TEXT_BOUND}', '')"));
                format!("('{TEXT_BOUND}' || {})", texts.join(" || "))
            }
            Self::AgentNames
            | Self::CrmScenarioNames
            | Self::CrmStepNames
            | Self::CrmStepTags
            | Self::MembershipEmails
            | Self::MembershipNames => format!("{table}.{text}"),
        }
    }

    /// The next rows to fill; with `and_lock`, only those that no other transaction has locked, and
    /// it locks them.
    async fn unfilled(
        self,
        connection: &impl ConnectionTrait,
        start: Start,
        and_lock: bool,
    ) -> Result<Vec<Unfilled>, DbErr> {
        let (table, text, id) = self.names();
        let expression = self.text();
        let backend = connection.get_database_backend();
        let only = if start.is_only { "organization_id = $1 AND" } else { "" };
        let lock = match backend {
            // SQLite has one writer at a time, which needs no locks of rows.
            sea_orm::DatabaseBackend::Postgres if and_lock => "FOR NO KEY UPDATE SKIP LOCKED",
            _ => "",
        };
        let sql = format!(
            "SELECT organization_id AS organization, {id} AS id, {expression} AS text FROM {table}
             WHERE {text}_caseless IS NULL AND {only} (organization_id, {id}) >= ($1, $2)
             ORDER BY organization_id, {id} LIMIT {PORTION} {lock}"
        );
        let start = [start.organization.into(), start.id.into()];
        let statement = Statement::from_sql_and_values(backend, sql, start);
        Unfilled::find_by_statement(statement).all(connection).await
    }

    /// Fills these rows, except those whose text has changed since.
    async fn fill(self, transaction: &DatabaseTransaction, rows: &[Unfilled]) -> Result<(), DbErr> {
        /// The new values: organization, id, text and folded text.
        const FILLED: &str = "filled";
        let (table, text, id) = self.names();
        let of_row = |row: &Unfilled| {
            let folded = without_case(&row.text);
            (row.organization, row.id, row.text.clone(), folded).into_value_tuple()
        };
        let filled = TableRef::ValuesList(rows.iter().map(of_row).collect(), FILLED.into_iden());
        let equals = |own, new| Expr::col((table, own)).equals((FILLED, new));
        let update = Query::update()
            .table(table)
            .value(format!("{text}_caseless"), Expr::col((FILLED, "column4")))
            .from(filled)
            .and_where(equals("organization_id", "column1"))
            .and_where(equals(id, "column2"))
            .and_where(Expr::cust(self.text()).eq(Expr::col((FILLED, "column3"))))
            .take();
        transaction.execute(&update).await.map(drop)
    }

    /// Fills the next portion, and returns its rows.
    async fn fill_portion(self, database: &Database, start: Start) -> Result<Vec<Unfilled>, DbErr> {
        let transaction = database.write().await?;
        // Rows that another transaction has locked are skipped: this one holds locks, so it must
        // not wait for others, and others wait for its locks no longer than a portion takes.
        let rows = self.unfilled(&transaction, start, true).await?;
        if !rows.is_empty() {
            self.fill(&transaction, &rows).await?;
        }
        transaction.commit().await?;
        Ok(rows)
    }
}

impl Database {
    /// Fills all columns of folded text but those that are filled on demand.
    pub(super) async fn fold_all(&self) -> Result<(), DbErr> {
        for column in Folded::iter().filter(|column| !column.is_on_demand()) {
            let mut start = Start { organization: Uuid::nil(), id: Uuid::nil(), is_only: false };
            // Most starts find nothing to fill, and begin no transaction.
            if column.unfilled(self.read(), start, false).await?.is_empty() {
                continue;
            }
            let mut total = 0;
            loop {
                let rows = column.fill_portion(self, start).await?;
                total += rows.len();
                // The rows before the last one are filled; on PostgreSQL a scan from the start would
                // still read their index entries.
                let Some(&Unfilled { organization, id, .. }) = rows.get(PORTION - 1) else { break };
                start = Start { organization, id, ..start };
            }
            if total > 0 {
                let (table, text, _) = column.names();
                tracing::info!(table, text, rows = total, "folded the texts of an earlier version");
            }
            // Each update has left a dead version of its row.
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
        let start = Start { organization: organization.0, id: Uuid::nil(), is_only: true };
        loop {
            let rows = column.unfilled(self.read(), start, false).await?;
            if rows.is_empty() {
                return Ok(());
            }
            if !column.fill_portion(self, start).await?.is_empty() {
                continue;
            }
            // The remaining rows are locked by other transactions. Each is filled in a transaction
            // of its own, which waits for that lock and holds no other meanwhile.
            for row in rows {
                let transaction = self.write().await?;
                column.fill(&transaction, &[row]).await?;
                transaction.commit().await?;
            }
        }
    }
}
