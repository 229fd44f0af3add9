//! Writes that are collected and then sent to the database together.

use std::iter;

use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait as _, DatabaseTransaction, DbErr, EntityName as _,
    EntityTrait, Iterable as _, ModelTrait, PrimaryKeyToColumn, PrimaryKeyTrait as _, Value,
    sea_query::{
        CommonTableExpression, DeleteStatement, DynIden, Expr, Func, IntoIden as _, OnConflict,
        Query, SelectStatement, SubQueryStatement, UpdateStatement, WithQuery,
    },
};

use crate::db::Engine;

/// The maximum number of parameters of one insert; SQLite allows 32,766 in a statement. PostgreSQL
/// allows 65,535, which is enough for the three largest inserts of one stage.
const PARAMETERS_MAX: usize = 20_000;

type PrimaryKey<M> = <<M as ModelTrait>::Entity as EntityTrait>::PrimaryKey;

/// Writes, in stages that are executed one after the other.
///
/// The writes of one stage do not depend on each other. PostgreSQL executes a stage as one
/// statement, with its writes in any order, as a round trip takes longer than a short statement,
/// and checks references at its end. SQLite runs in the process, and executes first the updates and
/// deletions and then the inserts, in their order.
#[derive(Debug)]
pub struct WriteBatch {
    engine: Engine,
    stages: Vec<Stage>,
}

#[derive(Debug, Default)]
struct Stage {
    updates: Vec<SubQueryStatement>,
    inserts: Vec<Insert>,
}

/// New rows of a table, each with the values of these columns.
#[derive(Debug)]
struct Insert {
    table: &'static str,
    columns: Vec<DynIden>,
    rows: Vec<Vec<Value>>,
    /// Whether PostgreSQL gets each column as one array.
    are_arrays: bool,
    on_conflict: Option<OnConflict>,
}

impl WriteBatch {
    /// An empty batch.
    pub(crate) fn new(engine: Engine) -> Self {
        Self { engine, stages: vec![Stage::default()] }
    }

    /// Begins the next stage.
    pub(crate) fn then(&mut self) {
        self.stages.push(Stage::default());
    }

    fn stage(&mut self) -> &mut Stage {
        self.stages.last_mut().expect("there is always a stage")
    }

    /// Inserts rows. Each number of rows is another statement, so it is for small sets of numbers.
    pub(crate) fn insert<'a, M: ModelTrait + 'a>(&mut self, rows: impl IntoIterator<Item = &'a M>) {
        self.add_rows(rows, false, None);
    }

    /// Inserts any number of rows in which no column is null. On PostgreSQL each column is sent as
    /// one array, so that the statement is the same for all numbers of rows and a connection caches
    /// it once.
    pub(crate) fn insert_any_number<'a, M: ModelTrait + 'a>(
        &mut self,
        rows: impl IntoIterator<Item = &'a M>,
    ) {
        self.add_rows(rows, true, None);
    }

    /// Inserts a row in place of the one with its key, if there is one.
    pub(crate) fn upsert<M: ModelTrait>(&mut self, row: &M) {
        let keys: Vec<_> = PrimaryKey::<M>::iter().map(PrimaryKeyToColumn::into_column).collect();
        let others = <M::Entity as EntityTrait>::Column::iter()
            .filter(|column| PrimaryKey::<M>::from_column(*column).is_none());
        let update = OnConflict::columns(keys).update_columns(others).to_owned();
        self.add_rows([row], false, Some(&update));
    }

    /// Adds rows to those of their table, with all columns except one that the database numbers.
    fn add_rows<'a, M: ModelTrait + 'a>(
        &mut self,
        rows: impl IntoIterator<Item = &'a M>,
        are_arrays: bool,
        on_conflict: Option<&OnConflict>,
    ) {
        let is_numbered = PrimaryKey::<M>::auto_increment();
        let columns: Vec<_> = <M::Entity as EntityTrait>::Column::iter()
            .filter(|column| !(is_numbered && PrimaryKey::<M>::from_column(*column).is_some()))
            .collect();
        let table = M::Entity::default().table_name();
        let inserts = &mut self.stage().inserts;
        for row in rows {
            let row = columns.iter().map(|column| row.get(*column)).collect();
            match inserts.iter_mut().find(|of_table| of_table.table == table) {
                Some(of_table) => of_table.rows.push(row),
                None => inserts.push(Insert {
                    table,
                    columns: columns.iter().map(|column| column.into_iden()).collect(),
                    rows: vec![row],
                    are_arrays,
                    on_conflict: on_conflict.cloned(),
                }),
            }
        }
    }

    /// Stores `after` in place of `before`; none stands for no row.
    pub(crate) fn replace<M: ModelTrait>(&mut self, before: Option<&M>, after: Option<&M>) {
        match (before, after) {
            (None, None) => {}
            (None, Some(after)) => self.insert([after]),
            (Some(before), None) => {
                let mut delete = Query::delete();
                delete.from_table(M::Entity::default()).cond_where(is_row(before));
                self.delete(delete);
            }
            (Some(before), Some(after)) => {
                let values = <M::Entity as EntityTrait>::Column::iter()
                    .filter(|column| PrimaryKey::<M>::from_column(*column).is_none())
                    .map(|column| (column, after.get(column).into()));
                let mut update = Query::update();
                update.table(M::Entity::default()).values(values).cond_where(is_row(before));
                self.update(update);
            }
        }
    }

    /// Adds an update.
    pub(crate) fn update(&mut self, update: UpdateStatement) {
        self.stage().updates.push(update.into());
    }

    /// Adds a deletion.
    pub(crate) fn delete(&mut self, delete: DeleteStatement) {
        self.stage().updates.push(delete.into());
    }

    /// Executes the writes of all stages but the last.
    pub(crate) async fn execute_but_last(&mut self, on: &DatabaseTransaction) -> Result<(), DbErr> {
        let last = self.stages.pop();
        self.execute(on).await?;
        self.stages = last.into_iter().collect();
        Ok(())
    }

    /// Executes the writes, and leaves the batch empty.
    pub(crate) async fn execute(&mut self, transaction: &DatabaseTransaction) -> Result<(), DbErr> {
        for stage in std::mem::replace(&mut self.stages, vec![Stage::default()]) {
            let mut statements = stage.updates;
            let count = statements.len() + stage.inserts.len();
            statements.extend(
                stage.inserts.into_iter().flat_map(|insert| insert.into_statements(self.engine)),
            );
            // The rows of one statement get their sequence numbers from the first row to the last;
            // two inserts into one table in one statement would get theirs in any order. So rows
            // that do not fit into one statement are inserted one statement after the other.
            if self.engine == Engine::Postgres && statements.len() == count {
                statements = as_one(statements).into_iter().collect();
            }
            for statement in &statements {
                match statement {
                    SubQueryStatement::InsertStatement(insert) => transaction.execute(insert).await,
                    SubQueryStatement::UpdateStatement(update) => transaction.execute(update).await,
                    SubQueryStatement::DeleteStatement(delete) => transaction.execute(delete).await,
                    SubQueryStatement::WithStatement(all) => transaction.execute(all).await,
                    SubQueryStatement::SelectStatement(select) => transaction.execute(select).await,
                }?;
            }
        }
        Ok(())
    }
}

impl Insert {
    /// As few statements as the number of parameters allows.
    fn into_statements(self, engine: Engine) -> Vec<SubQueryStatement> {
        let mut insert = Query::insert();
        insert.into_table(self.table).columns(self.columns.iter().cloned());
        if let Some(update) = self.on_conflict {
            insert.on_conflict(update);
        }
        if self.are_arrays && engine == Engine::Postgres {
            insert.select_from(unnest(self.rows)).expect("there are as many values as columns");
            return vec![insert.into()];
        }
        let of_one_statement = PARAMETERS_MAX / self.columns.len();
        let mut rows = self.rows.into_iter().peekable();
        let inserts = iter::from_fn(move || {
            rows.peek()?;
            let mut insert = insert.clone();
            for row in rows.by_ref().take(of_one_statement) {
                insert.values_panic(row.into_iter().map(Expr::from));
            }
            Some(insert.into())
        });
        inserts.collect()
    }
}

/// The rows as the elements of arrays, one for each column.
fn unnest(rows: Vec<Vec<Value>>) -> SelectStatement {
    let mut arrays: Vec<Vec<Value>> = vec![Vec::new(); rows[0].len()];
    for row in rows {
        arrays.iter_mut().zip(row).for_each(|(array, value)| array.push(value));
    }
    let mut select = Query::select();
    for array in arrays {
        let kind = array[0].array_type();
        select.expr(Func::cust("unnest").arg(Value::Array(kind, Some(Box::new(array)))));
    }
    select
}

/// The condition for the row with the key of this one.
fn is_row<M: ModelTrait>(row: &M) -> Condition {
    let is = |key: PrimaryKey<M>| key.into_column().eq(row.get(key.into_column()));
    PrimaryKey::<M>::iter().map(is).fold(Condition::all(), Condition::add)
}

/// The PostgreSQL statement that executes all of these.
fn as_one(mut statements: Vec<SubQueryStatement>) -> Option<SubQueryStatement> {
    let last = statements.pop()?;
    if statements.is_empty() {
        return Some(last);
    }
    let mut all = WithQuery::new();
    for (statement, number) in statements.into_iter().zip(1..) {
        let mut other = CommonTableExpression::new();
        other.table_name(format!("write{number}")).query(statement);
        all.cte(other);
    }
    all.query(last);
    Some(all.into())
}
