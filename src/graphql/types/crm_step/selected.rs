//! The selection of the steps of a list.

use std::collections::HashSet;

use async_graphql::{Context, Lookahead, SelectionField};

use super::CrmStep;
use crate::{
    graphql::{
        parts::{connection::List, context::reads},
        types::loaders::AgentId,
    },
    store::kit::columns::Columns,
};

/// The fields that are selected of each step of a list.
pub(in crate::graphql) struct Selected<'a>(HashSet<&'a str>);

impl<'a> Selected<'a> {
    /// The selection of the list that is being resolved.
    pub(in crate::graphql) fn of(context: &'a Context<'_>) -> Self {
        let list = context.look_ahead();
        let nodes = [list.field("nodes"), list.field("edges").field("node")];
        let nodes: Vec<_> = nodes.iter().flat_map(Lookahead::selection_fields).collect();
        let fields = nodes.iter().flat_map(SelectionField::selection_set);
        Self(fields.map(|field| field.name()).collect())
    }

    /// The columns from which these fields are resolved.
    pub(in crate::graphql) fn columns(&self) -> Columns {
        Columns::of_steps(self.0.iter().flat_map(|field| match *field {
            "__typename" | "scenario" | "history" | "incomingTimers" | "incomingTimerCount" => {
                Vec::new()
            }
            "agent" => vec!["agentId"],
            "autoNextDelaySeconds" => vec!["autoNextTime", "autoNextTimeUnit"],
            "hasInitialMessage" => vec!["initialMessage"],
            "autoNextStep" => vec!["autoNextTime", "autoNextStepId"],
            "selectedMembershipIdsForAssignee" | "selectedMembershipsForAssignee" => {
                vec!["assigneeCount"]
            }
            "webhookHeaders" => vec!["webhookHeader"],
            "whatsappTemplateAgent" => vec!["whatsappTemplateAgentId"],
            "zapiAgent" => vec!["zapiAgentId"],
            // Other fields are named like their columns.
            field => vec![field],
        }))
    }

    /// Reads the agents of a list's steps ahead. Each step would read its own when it is resolved,
    /// in one statement as well, but all steps would wait for it half resolved, which takes more
    /// memory than caches hold.
    pub(in crate::graphql) async fn load_ahead(&self, context: &Context<'_>, list: &List<CrmStep>) {
        let steps = list.object.edges.iter().map(|edge| &*edge.node.object.row);
        let ids = steps.flat_map(|step| {
            [
                ("agent", step.agent_id),
                ("zapiAgent", step.zapi_agent_id),
                ("whatsappTemplateAgent", step.whatsapp_template_agent_id),
            ]
        });
        let ids = ids.filter(|(field, _)| self.0.contains(field)).filter_map(|(_, id)| id);
        let ids: HashSet<AgentId> = ids.map(AgentId).collect();
        reads(context).load(ids).await;
    }
}
