//! Queries that are the same for each table of an organization.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, IntoSimpleExpr, QueryFilter as _, Select, Value,
    sea_query::{ArrayType, Asterisk, Expr, ExprTrait as _, Func, Query, ValueType},
};
use uuid::Uuid;

use super::{
    columns::Readable,
    page::{Order, OrderKey},
};
use crate::{
    db::{Engine, Folded},
    domain::{
        fold::{ordering_key, without_case},
        id::OrganizationId,
    },
    entity::{agent, crm_scenario, crm_step, membership},
};

/// A table whose rows belong to an organization.
pub trait TenantEntity: Readable<Model: Clone + Sync> {
    /// The organization.
    const ORGANIZATION_ID: Self::Column;
    /// The id, unique within the organization.
    const ID: Self::Column;
    /// The sort key of the name.
    const NAME_FOLDED: Self::Column;
    /// The name for comparisons without regard to case and Unicode form; null where it is not
    /// filled in yet.
    const NAME_CASELESS: Self::Column;
    /// The description of that column for filling it in.
    const NAMES: Folded;
    /// The time of creation.
    const CREATED_AT: Self::Column;
    /// The time of the last change.
    const UPDATED_AT: Self::Column;
    /// The time of the last change of the row or of what belongs to it.
    const CHANGED_AT: Self::Column = Self::UPDATED_AT;

    /// The id of a row.
    fn id(row: &Self::Model) -> Uuid;
    /// The version of a row, counted from 1.
    fn version(row: &Self::Model) -> i32;
    /// Sets the name of a row and the columns computed from it.
    fn set_name(row: &mut Self::Model, name: String);
    /// Sets the version and the time of a change that is made now.
    fn touch(row: &mut Self::Model, now: DateTime<Utc>);

    /// Orders by these columns, and then by id.
    fn order(keys: Vec<OrderKey<Self>>) -> Order<Self> {
        Order::new(keys, OrderKey::by(Self::ID))
    }
}

macro_rules! tenant_entity {
    ($($table:ident with $names:ident $(, changed at $changed:ident by $count:ident)?);+) => {$(
        impl TenantEntity for $table::Entity {
            const ORGANIZATION_ID: Self::Column = $table::Column::OrganizationId;
            const ID: Self::Column = $table::Column::Id;
            const NAME_FOLDED: Self::Column = $table::Column::NameFolded;
            const NAME_CASELESS: Self::Column = $table::Column::NameCaseless;
            const NAMES: Folded = Folded::$names;
            const CREATED_AT: Self::Column = $table::Column::CreatedAt;
            const UPDATED_AT: Self::Column = $table::Column::UpdatedAt;
            $(const CHANGED_AT: Self::Column = $table::Column::$changed;)?

            fn id(row: &$table::Model) -> Uuid {
                row.id
            }

            fn version(row: &$table::Model) -> i32 {
                row.version
            }

            fn set_name(row: &mut $table::Model, name: String) {
                if row.name != name {
                    row.name_folded = ordering_key(&name);
                    row.name_caseless = Some(without_case(&name));
                    row.name = name;
                }
            }

            fn touch(row: &mut $table::Model, now: DateTime<Utc>) {
                row.version += 1;
                row.updated_at = now;
                $($count(row);)?
            }
        }
    )+};
}

tenant_entity!(
    agent with AgentNames;
    crm_scenario with CrmScenarioNames, changed at ChangedAt by count_change;
    crm_step with CrmStepNames;
    membership with MembershipNames
);

/// Counts a change of a scenario or of its steps, whose time is set in the row.
pub(in crate::store) fn count_change(row: &mut crm_scenario::Model) {
    row.revision += 1;
    row.changed_at = row.updated_at;
    if let Some(time) = row.steps_updated_at
        && time > row.changed_at
    {
        row.changed_at = time;
    }
}

/// The rows of an organization; every query of a tenant table starts here.
pub(crate) fn of<E: TenantEntity>(organization: OrganizationId) -> Select<E> {
    E::find().filter(E::ORGANIZATION_ID.eq(organization.0))
}

/// The maximum length of a list that is padded; twice as many parameters would exceed the maximum of
/// SQLite for some longer ones.
const PADDED_MAX: usize = 4_096;

/// Pads a list of values for `IN` or `VALUES`: the last one is repeated up to a power of two. Each
/// number of parameters is another statement, which the database plans and a connection caches, so
/// this keeps the number of statements small.
pub(crate) fn padded<T: Clone>(values: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.into_iter().collect();
    if let Some(last) = values.last().cloned()
        && values.len() <= PADDED_MAX
    {
        values.resize(values.len().next_power_of_two(), last);
    }
    values
}

/// The existing rows of these ids, by id.
pub async fn find<E: TenantEntity>(
    organization: OrganizationId,
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, E::Model>, DbErr> {
    let ids = padded(ids.iter().copied());
    let rows = of::<E>(organization).filter(E::ID.is_in(ids)).all(connection).await?;
    Ok(rows.into_iter().map(|row| (E::id(&row), row)).collect())
}

/// Whether the values of two columns are one of these pairs, of which the first is an id.
pub(crate) fn is_among<C: ColumnTrait, V: ValueType + Into<Value>>(
    engine: Engine,
    columns: [C; 2],
    pairs: impl IntoIterator<Item = (Uuid, V)>,
) -> Expr {
    let pairs = pairs.into_iter().map(|(id, value)| (id.into(), value.into()));
    let mut wanted = Query::select();
    wanted.column(Asterisk);
    match engine {
        Engine::Sqlite => {
            let pairs: Vec<(Value, Value)> = pairs.collect();
            wanted.from_values(padded(pairs), "wanted");
        }
        // Any number of pairs is the same statement.
        Engine::Postgres => {
            let (ids, values) = pairs.unzip();
            let array =
                |kind, values: Vec<Value>| Expr::value(Value::Array(kind, Some(Box::new(values))));
            let arrays = [array(ArrayType::Uuid, ids), array(V::array_type(), values)];
            wanted.from_function(Func::cust("unnest").args(arrays), "wanted");
        }
    }
    Expr::tuple(columns.map(IntoSimpleExpr::into_simple_expr)).in_subquery(wanted)
}
