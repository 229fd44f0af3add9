//! The input of a simulation.

use async_graphql::{ID, InputObject};

use super::values::CrmSimulationChannel;
use crate::{
    domain::{
        flow::{
            simulation::{OpenConversations, SimulationEvent, SimulationRequest},
            spec::PipelineSpec,
        },
        violation::{ViolationKind, Violations},
    },
    graphql::{parts::scalars::DateTime, types::pipeline::ApplyCrmScenarioInput},
};

/// What to simulate.
#[derive(InputObject)]
pub(in crate::graphql::types) struct SimulateCrmScenarioInput {
    /// The scenario. Exactly one of scenarioId and spec is given.
    scenario_id: Option<ID>,
    /// A specification, which need not be stored; its id is not read. Masks of header values are
    /// valid in it.
    spec: Option<ApplyCrmScenarioInput>,
    /// When the conversation starts and the customer has just written, in a year from 1 to 9998;
    /// default 2026-01-05T12:00:00Z.
    start_at: Option<DateTime>,
    /// Where the customer writes.
    #[graphql(default)]
    channel: CrmSimulationChannel,
    /// The open conversations of memberships, up to 1,000, each membership once; those that are not
    /// listed have none. The numbers do not change during a simulation.
    #[graphql(default)]
    open_conversations: Vec<CrmSimulationOpenConversationsInput>,
    /// The seed of the draws of `random_selected`: another one gives other assignees.
    #[graphql(default)]
    seed: i32,
    /// The seconds after which the simulation ends, from 0 to those of `SIMULATION_DAYS_MAX` days;
    /// default 2,592,000, thirty days. What is due at that time still happens.
    until_seconds: Option<i32>,
    /// The events, in their order; up to 1,000. A timer that is due at the time of an event fires
    /// first.
    #[graphql(default)]
    events: Vec<CrmSimulationEventInput>,
}

/// The number of open conversations of a membership.
#[derive(InputObject)]
struct CrmSimulationOpenConversationsInput {
    /// The membership's id.
    membership_id: ID,
    /// The number, at least 0. The simulated conversation does not count.
    count: i32,
}

/// An event of a simulation: exactly one of customerMessage, triggerMet, moveTo and leave. A step is
/// named by its key, without case, which is the stored one or the one that an export gives it, or else by
/// the digits of its index.
#[derive(InputObject)]
struct CrmSimulationEventInput {
    /// The seconds since the previous event, or for the first one since the start; from 0 to those of
    /// `SIMULATION_DAYS_MAX` days.
    after_seconds: i32,
    /// The customer writes this, up to `MESSAGE_MAX` characters.
    customer_message: Option<String>,
    /// The AI decides that the trigger of this step is met.
    trigger_met: Option<String>,
    /// The conversation is moved to this step.
    move_to: Option<String>,
    /// The conversation is taken out of the scenario. False counts as not given.
    leave: Option<bool>,
}

/// What is simulated.
pub(super) enum SimulationSource {
    /// The scenario with this id.
    Scenario(ID),
    /// A specification.
    Spec(PipelineSpec),
}

impl SimulateCrmScenarioInput {
    /// What is simulated, and how.
    pub(super) fn read(self) -> (Result<SimulationSource, Violations>, SimulationRequest) {
        let default = SimulationRequest::default();
        let open_conversations = self.open_conversations.into_iter().map(|open| {
            OpenConversations { membership_id: open.membership_id.into(), count: open.count }
        });
        let request = SimulationRequest {
            start_at: self.start_at.map_or(default.start_at, |DateTime(time)| time),
            channel: self.channel.into(),
            open_conversations: open_conversations.collect(),
            seed: self.seed.into(),
            until_seconds: self.until_seconds.unwrap_or(default.until_seconds),
            events: self.events.into_iter().map(SimulationEvent::from).collect(),
        };
        let source = match (self.scenario_id, self.spec) {
            (Some(id), None) => Ok(SimulationSource::Scenario(id)),
            (None, Some(spec)) => Ok(SimulationSource::Spec(spec.into())),
            (None, None) => Err(Violations::one("scenarioId", ViolationKind::Blank)),
            (Some(_), Some(_)) => Err(Violations::one("spec", ViolationKind::ConflictingFields)),
        };
        (source, request)
    }
}

impl From<CrmSimulationEventInput> for SimulationEvent {
    fn from(event: CrmSimulationEventInput) -> Self {
        Self {
            after_seconds: event.after_seconds,
            customer_message: event.customer_message,
            trigger_met: event.trigger_met,
            move_to: event.move_to,
            leave: event.leave,
        }
    }
}
