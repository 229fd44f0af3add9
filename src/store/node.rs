//! Rows of any table, found by their ids alone.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IdenStatic as _,
    Iterable as _, QueryResult,
    sea_query::{Expr, ExprTrait as _, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    domain::id::OrganizationId,
    entity::{agent, change, crm_scenario, crm_step, membership, organization},
};

/// A row of one of the tables.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the names are the resources")]
pub enum Node {
    Agent(agent::Model),
    Change(change::Model),
    CrmScenario(crm_scenario::Model),
    CrmStep(Box<crm_step::Model>),
    Membership(membership::Model),
    Organization(organization::Model),
}

const WANTED: &str = "wanted";

/// The existing rows of these ids, by id, in one statement.
pub async fn find(
    organization: OrganizationId,
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Node>, DbErr> {
    let mut nodes = HashMap::new();
    let mut select = Query::select().from_values(ids.iter().copied(), WANTED).to_owned();
    macro_rules! read_all {
        ($($kind:ident: $table:ident by $organization_id:ident $(in $boxed:ident)?),+) => {
            $(
                let key = ($table::Column::$organization_id, $table::Column::Id);
                join::<$table::Entity>(&mut select, organization, key, stringify!($table));
            )+
            for row in connection.query_all(&select).await? {
                $(if let Some(found) = read::<$table::Model>(&row, stringify!($table))? {
                    nodes.insert(found.id, Node::$kind($($boxed::new)?(found)));
                })+
            }
        };
    }
    read_all!(
        Agent: agent by OrganizationId,
        Change: change by OrganizationId,
        CrmScenario: crm_scenario by OrganizationId,
        CrmStep: crm_step by OrganizationId in Box,
        Membership: membership by OrganizationId,
        Organization: organization by Id
    );
    Ok(nodes)
}

/// Joins a table; the names of its columns get a prefix.
fn join<E: EntityTrait>(
    select: &mut SelectStatement,
    organization: OrganizationId,
    (organization_id, id): (E::Column, E::Column),
    prefix: &str,
) {
    let entity = E::default();
    let at = |column: E::Column| Expr::col((entity, column));
    for column in E::Column::iter() {
        select.expr_as(column.select_as(at(column)), format!("{prefix}{}", column.as_str()));
    }
    let is_wanted = at(id).eq(Expr::col((WANTED, "column1")));
    select.left_join(entity, is_wanted.and(at(organization_id).eq(organization.0)));
}

fn read<M: FromQueryResult>(row: &QueryResult, prefix: &str) -> Result<Option<M>, DbErr> {
    match row.try_get::<Option<Uuid>>(prefix, "id")? {
        None => Ok(None),
        Some(_) => M::from_query_result(row, prefix).map(Some),
    }
}
