//! What is asked of the steps of a list.

use std::collections::HashSet;

use async_graphql::{Context, SelectionField};
use uuid::Uuid;

use super::CrmStep;
use crate::{
    entity::crm_step::{Column, Model},
    graphql::{
        parts::{connection::List, context::reads},
        types::loaders::AgentId,
    },
    store::kit::columns::Columns,
};

/// What is selected of each step of a list.
pub(in crate::graphql) struct Selected {
    /// The columns that answer it.
    pub(in crate::graphql) columns: Columns,
    /// The ids of the agents that are followed.
    agents: Vec<fn(&Model) -> Option<Uuid>>,
}

impl Selected {
    /// Of the list that is being answered.
    pub(in crate::graphql) fn of(context: &Context<'_>) -> Self {
        let mut selected = Self { columns: Columns::none(), agents: Vec::new() };
        for part in context.field().selection_set() {
            match part.name() {
                "nodes" => selected.add(part),
                "edges" => {
                    let nodes = part.selection_set().filter(|field| field.name() == "node");
                    nodes.for_each(|step| selected.add(step));
                }
                _ => {}
            }
        }
        selected
    }

    /// Adds what is selected of a step. Most fields have the names of their columns.
    fn add(&mut self, step: SelectionField<'_>) {
        let columns = &mut self.columns;
        for field in step.selection_set() {
            match field.name() {
                "__typename" | "scenario" | "history" => {}
                "agent" => {
                    columns.extend([Column::AgentId]);
                    self.agents.push(|step| step.agent_id);
                }
                "autoNextDelaySeconds" => {
                    columns.extend([Column::AutoNextTime, Column::AutoNextTimeUnit]);
                }
                "autoNextStep" => columns.extend([Column::AutoNextTime, Column::AutoNextStepId]),
                "selectedMembershipIdsForAssignee" | "selectedMembershipsForAssignee" => {
                    columns.extend([Column::AssigneeCount]);
                }
                "whatsappTemplateAgent" => {
                    columns.extend([Column::WhatsappTemplateAgentId]);
                    self.agents.push(|step| step.whatsapp_template_agent_id);
                }
                "zapiAgent" => {
                    columns.extend([Column::ZapiAgentId]);
                    self.agents.push(|step| step.zapi_agent_id);
                }
                name => match name.parse::<Column>() {
                    Ok(column) => columns.extend([column]),
                    Err(_) => *columns = Columns::All,
                },
            }
        }
    }

    /// Reads the agents of a list's steps. Each step would ask for its own when it is answered, in
    /// one statement as well; but all steps would wait half answered for that, which takes more
    /// memory than caches hold.
    pub(in crate::graphql) async fn load_ahead(&self, context: &Context<'_>, list: &List<CrmStep>) {
        let steps = list.0.edges.iter().map(|edge| &*edge.node.0.row);
        let ids = steps.flat_map(|step| self.agents.iter().filter_map(move |id| id(step)));
        let ids: HashSet<Uuid> = ids.collect();
        reads(context).load(ids.into_iter().map(AgentId)).await;
    }
}
