//! The kinds, causes and ends of simulations.

use async_graphql::Enum;

use crate::domain::flow::{
    conversation::{Cause, Channel, EffectKind},
    simulation::EndReason,
};

/// What happens to a conversation. A step that is entered acts in this order: `TAGS_REMOVED` to
/// `WEBHOOK_CALLED`, then REMOVED or `TIMER_SET`.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "EffectKind")]
pub(super) enum CrmSimulationEntryKind {
    /// It enters the first step.
    Entered,
    /// Tags are removed. Details: tags.
    TagsRemoved,
    /// Tags are added. Details: tags.
    TagsAdded,
    /// The status is set. Details: status.
    StatusSet,
    /// The priority is set. Details: priority.
    PrioritySet,
    /// The AI is switched on or off. Details: aiControl.
    AiControlSet,
    /// An agent takes over. Details: agentId.
    AgentSet,
    /// It is assigned to a membership. Details: membershipId; rule, which is what decided:
    /// `ONLY_ONE`, `FEWEST_OPEN`, `LONGEST_AGO`, `FIRST_LISTED` or DRAW; and candidates, each with
    /// membershipId and openConversations.
    Assigned,
    /// It is assigned to nobody. Details: membershipId, to which it was assigned.
    Unassigned,
    /// The customer is asked for contact data. Details: fields, of name, email and phone.
    ContactRequested,
    /// A WhatsApp template is sent, which does not start the 24 hours anew. Details: agentId, name,
    /// languageCode, text.
    TemplateSent,
    /// The initialMessage is sent. Details: text.
    MessageSent,
    /// The initialMessage is not sent, because on WhatsApp the customer's last message is 24 hours old
    /// or older. Details: text, lastCustomerMessageAt.
    MessageBlocked,
    /// A message is sent through Z-API. Details: agentId, phoneNumber, text.
    ZapiSent,
    /// A webhook is called. Details: url, without credentials, query and fragment.
    WebhookCalled,
    /// The step takes it out of the scenario.
    Removed,
    /// The timer of the step is set. Details: delaySeconds, dueAt, toIndex, which is null if the timer
    /// leads nowhere.
    TimerSet,
    /// The timer is due. Details: toIndex, null if the conversation stays where it is.
    TimerFired,
    /// The customer writes, which starts the 24 hours anew. Details: text.
    CustomerMessage,
    /// The trigger of a step is met. Details: toIndex.
    TriggerMet,
    /// It is moved to a step. Details: toIndex.
    Moved,
    /// It is taken out of the scenario.
    Left,
    /// A trigger or a move is refused. Details: toIndex; and reason, which is the first that applies
    /// of `FIRST_STEP`, whose trigger is never evaluated, `NO_TRIGGER`, `PRESENT_STEP`, and
    /// `REQUIRED_STEP`: a trigger may not skip a required step that was never visited.
    EventRefused,
    /// It is not moved by its timer, because timers have moved it 60 times in 24 hours without a
    /// message from the customer. Details: toIndex.
    Held,
}

/// What leads to an entry.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Cause")]
pub(super) enum CrmSimulationCause {
    /// The conversation enters the first step.
    Start,
    /// A timer.
    Timer,
    /// An event with triggerMet.
    Trigger,
    /// An event with moveTo.
    Move,
    /// An event with customerMessage.
    CustomerMessage,
    /// An event with leave.
    Leave,
}

/// Why a simulation ends.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "EndReason")]
pub(super) enum CrmSimulationEndReason {
    /// A step takes the conversation out of the scenario.
    Removed,
    /// An event takes it out.
    Left,
    /// No timer is set, and there are no more events.
    Waiting,
    /// The next event or timer is after untilSeconds.
    TimeLimit,
    /// The timeline would have more than 1,000 entries.
    EventLimit,
    /// Timers have moved the conversation 60 times in 24 hours without a message from the customer.
    Held,
}

/// Where a customer writes.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Default)]
#[graphql(remote = "Channel")]
pub(super) enum CrmSimulationChannel {
    /// WhatsApp's own interface, which delivers only templates when the customer's last message is 24
    /// hours old.
    #[default]
    Whatsapp,
    /// Z-API, which delivers every message.
    Zapi,
    /// Any other channel, which delivers every message.
    Other,
}
