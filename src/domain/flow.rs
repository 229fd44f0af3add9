//! Flows: what the steps of a pipeline do together.
//!
//! Everything here is pure: the same flow gives the same result, byte for byte, on every machine.

pub mod assignment;
pub mod conversation;
pub mod delay;
pub mod diagnostics;
pub mod directory;
pub mod dot;
pub mod export;
pub mod layout;
pub mod mermaid;
mod name;
pub mod plan;
mod prose;
pub mod resolve;
pub mod simulation;
pub mod spec;
pub mod svg;

use super::{
    checks::is_given,
    crm_step::{CrmStepInput, DefaultStatus, delay_seconds},
};

/// The steps of a pipeline, in the order of their indexes.
#[derive(Debug, Clone, Default)]
pub struct Flow {
    /// The steps; the index of a step is its place here.
    pub steps: Vec<FlowStep>,
}

/// A step of a flow.
#[derive(Debug, Clone, Default)]
pub struct FlowStep {
    /// Its key: the stored one, or the one that an export gives it.
    pub key: String,
    /// Its fields. Ids of agents and memberships may be any text that stands for them; the id of the
    /// step, its scenario and the target of its timer are not read.
    pub input: CrmStepInput,
    /// The index of the step to which its timer leads; none for the following step. Without a time
    /// there is no timer.
    pub target: Option<usize>,
}

/// The timer of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timer {
    /// How long a conversation waits.
    pub delay_seconds: i32,
    /// The index of the step that it enters then; none if the timer of the last step has no target.
    pub leads_to: Option<usize>,
}

impl Flow {
    /// The timer of the step at this index, if it has one. A removal step has none, even if an older
    /// row has a time: conversations leave there.
    #[must_use]
    pub fn timer(&self, index: usize) -> Option<Timer> {
        let step = &self.steps[index];
        if step.is_removal() {
            return None;
        }
        let following = Some(index + 1).filter(|next| *next < self.steps.len());
        Some(Timer {
            delay_seconds: delay_seconds(
                step.input.auto_next_time?,
                step.input.auto_next_time_unit,
            ),
            leads_to: step.target.or(following),
        })
    }

    /// Whether conversations enter the step at this index by its trigger. The trigger of the first
    /// step is never evaluated.
    #[must_use]
    pub fn has_trigger(&self, index: usize) -> bool {
        index > 0 && is_given(self.steps[index].input.trigger.as_deref())
    }
}

impl FlowStep {
    /// Whether an initial message is sent on entering.
    #[must_use]
    pub fn has_initial_message(&self) -> bool {
        is_given(self.input.initial_message.as_deref())
    }

    /// Whether a WhatsApp template is sent on entering.
    #[must_use]
    pub fn has_template(&self) -> bool {
        is_given(self.input.whatsapp_template_name.as_deref())
    }

    /// Whether a message is sent through Z-API on entering.
    #[must_use]
    pub fn has_zapi_message(&self) -> bool {
        is_given(self.input.zapi_message.as_deref())
    }

    /// Whether anything is sent to the customer on entering.
    #[must_use]
    pub fn sends(&self) -> bool {
        self.has_initial_message() || self.has_template() || self.has_zapi_message()
    }

    /// Whether a conversation leaves the scenario here.
    #[must_use]
    pub fn is_removal(&self) -> bool {
        self.input.is_conversation_removal_step == Some(true)
    }

    /// Whether a conversation is resolved on entering.
    #[must_use]
    pub fn is_resolved(&self) -> bool {
        self.input.default_status == Some(DefaultStatus::Resolved)
    }
}
