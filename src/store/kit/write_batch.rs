//! Writes that are sent to the database together.

use sea_orm::{
    ActiveModelTrait, ConnectionTrait as _, DatabaseTransaction, DbErr, EntityTrait,
    IntoActiveModel, Iterable as _, ModelTrait,
    sea_query::{
        CommonTableExpression, Func, InsertStatement, Query, SubQueryStatement, UpdateStatement,
        Value, WithQuery,
    },
};

use super::tenant::{PARAMETERS_MAX, inserts, into_full_active_model};
use crate::db::Engine;

/// Writes that do not depend on each other, in an order in which references hold.
///
/// PostgreSQL executes them as one statement, in any order, and checks references after the last: a
/// round trip takes longer than a short statement, and the next batch waits for this one. SQLite
/// runs in the process, and executes them one after the other.
#[derive(Debug)]
pub(crate) struct WriteBatch {
    engine: Engine,
    writes: Vec<Write>,
    /// How many parameters the inserts take.
    parameters: usize,
}

#[derive(Debug)]
enum Write {
    Insert(InsertStatement),
    Update(UpdateStatement),
}

impl From<Write> for SubQueryStatement {
    fn from(write: Write) -> Self {
        match write {
            Write::Insert(insert) => insert.into(),
            Write::Update(update) => update.into(),
        }
    }
}

impl WriteBatch {
    /// An empty batch.
    pub(crate) fn new(engine: Engine) -> Self {
        Self { engine, writes: Vec::new(), parameters: 0 }
    }

    /// Inserts rows. Each number of rows is another statement, so it is for small sets of numbers.
    pub(crate) fn insert<A: ActiveModelTrait>(&mut self, rows: impl IntoIterator<Item = A>) {
        let columns = <A::Entity as EntityTrait>::Column::iter().count();
        let rows = rows.into_iter().inspect(|_| self.parameters += columns);
        self.writes.extend(inserts(rows).map(Write::Insert));
    }

    /// Inserts any number of rows in which no column is null. On PostgreSQL each column is sent as
    /// one array, so that the statement is the same for all numbers of rows and a connection caches
    /// it once.
    pub(crate) fn insert_any_number<M>(&mut self, rows: impl IntoIterator<Item = M>)
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    {
        if self.engine == Engine::Sqlite {
            self.insert(rows.into_iter().map(into_full_active_model));
            return;
        }
        let rows: Vec<M> = rows.into_iter().collect();
        let Some(first) = rows.first() else { return };
        let columns: Vec<_> = <M::Entity as EntityTrait>::Column::iter().collect();
        self.parameters += columns.len();
        let mut values = Query::select();
        for column in &columns {
            let kind = first.get(*column).array_type();
            let column = rows.iter().map(|row| row.get(*column)).collect();
            values.expr(Func::cust("unnest").arg(Value::Array(kind, Some(Box::new(column)))));
        }
        let mut insert = Query::insert();
        insert.into_table(M::Entity::default()).columns(columns);
        insert.select_from(values).expect("there are as many values as columns");
        self.writes.push(Write::Insert(insert));
    }

    /// Adds an update.
    pub(crate) fn update(&mut self, update: UpdateStatement) {
        self.writes.push(Write::Update(update));
    }

    /// Executes the writes.
    pub(crate) async fn execute(mut self, transaction: &DatabaseTransaction) -> Result<(), DbErr> {
        // The rows of one statement get their sequence numbers from the first row to the last; two
        // inserts into one table in one statement would get theirs in any order. So rows that do
        // not fit into one statement are inserted one statement after the other. PostgreSQL allows
        // twice as many parameters, which leaves enough for those of updates.
        let is_one = self.engine == Engine::Postgres && self.parameters <= PARAMETERS_MAX;
        if is_one
            && self.writes.len() > 1
            && let Some(last) = self.writes.pop()
        {
            let mut all = WithQuery::new();
            for (write, number) in self.writes.into_iter().zip(1..) {
                let mut other = CommonTableExpression::new();
                other.table_name(format!("write{number}")).query(write);
                all.cte(other);
            }
            all.query(last);
            transaction.execute(&all).await?;
            return Ok(());
        }
        for write in &self.writes {
            match write {
                Write::Insert(insert) => transaction.execute(insert).await?,
                Write::Update(update) => transaction.execute(update).await?,
            };
        }
        Ok(())
    }
}
