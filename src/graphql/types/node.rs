//! Objects of any type, found by their ids.

use async_graphql::{Context, ID, Interface, Object};
use futures_util::future::join_all;

use super::{
    agent::Agent, crm_scenario::CrmScenario, crm_step::CrmStep, history::Change, loaders::NodeId,
    membership::Membership, viewer::Organization,
};
use crate::{
    domain::id::parse_id,
    graphql::parts::{context::reads, error::Failure},
    store::node,
};

/// The maximum number of ids of one call.
const IDS_MAX: usize = 100;

/// An object with an id, by which `node` finds it.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Its id, a UUID."))]
pub(super) enum Node {
    Agent(Agent),
    Change(Change),
    CrmScenario(CrmScenario),
    CrmStep(CrmStep),
    Membership(Membership),
    Organization(Organization),
}

impl From<node::Node> for Node {
    fn from(node: node::Node) -> Self {
        match node {
            node::Node::Agent(row) => Self::Agent(Agent(row.into())),
            node::Node::Change(row) => Self::Change(Change(row.into())),
            node::Node::CrmScenario(row) => Self::CrmScenario(CrmScenario(row.into())),
            node::Node::CrmStep(row) => Self::CrmStep((*row).into()),
            node::Node::Membership(row) => Self::Membership(Membership(row.into())),
            node::Node::Organization(row) => Self::Organization(Organization(row)),
        }
    }
}

/// The object with this id; none if there is none in the organization.
pub(super) async fn find(context: &Context<'_>, id: &str) -> Option<Result<Node, Failure>> {
    let found = reads(context).one(NodeId(parse_id(id)?)).await;
    found.map(|node| node.map(Into::into)).transpose()
}

#[derive(Default)]
pub(super) struct NodeQuery;

#[Object]
impl NodeQuery {
    /// The object with this id, of any type; null if there is none in the organization.
    async fn node(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The id.")] id: ID,
    ) -> Option<Result<Node, Failure>> {
        find(context, &id).await
    }

    /// The objects with these ids, in the same order, with null for an unknown id.
    async fn nodes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The ids, up to 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>, Failure> {
        if ids.len() > IDS_MAX {
            let message = format!("ids has {} elements; at most {IDS_MAX} are allowed.", ids.len());
            return Err(Failure::BadInput(message));
        }
        let found = join_all(ids.iter().map(|id| find(context, id))).await;
        found.into_iter().map(Option::transpose).collect()
    }
}
