//! Which columns answer what is asked of steps.

use async_graphql::{Context, SelectionField};

use crate::{entity::crm_step::Column, store::columns::Columns};

/// The columns for what is selected of each step of the list that is being answered.
pub(in crate::graphql) fn columns(context: &Context<'_>) -> Columns {
    let mut columns = Columns::none();
    for part in context.field().selection_set() {
        match part.name() {
            "nodes" => add(part, &mut columns),
            "edges" => {
                let nodes = part.selection_set().filter(|field| field.name() == "node");
                nodes.for_each(|step| add(step, &mut columns));
            }
            _ => {}
        }
    }
    columns
}

/// Adds what is selected of a step. Most fields have the names of their columns.
fn add(step: SelectionField<'_>, columns: &mut Columns) {
    for field in step.selection_set() {
        match field.name() {
            "__typename" | "scenario" | "history" => {}
            "agent" => columns.extend([Column::AgentId]),
            "autoNextDelaySeconds" => {
                columns.extend([Column::AutoNextTime, Column::AutoNextTimeUnit]);
            }
            "autoNextStep" => columns.extend([Column::AutoNextTime, Column::AutoNextStepId]),
            "selectedMembershipIdsForAssignee" | "selectedMembershipsForAssignee" => {
                columns.extend([Column::AssigneeCount]);
            }
            "whatsappTemplateAgent" => columns.extend([Column::WhatsappTemplateAgentId]),
            "zapiAgent" => columns.extend([Column::ZapiAgentId]),
            name => match name.parse::<Column>() {
                Ok(column) => columns.extend([column]),
                Err(_) => *columns = Columns::All,
            },
        }
    }
}
