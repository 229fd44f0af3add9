//! A conversation in a flow: what happens to it at an event.
//!
//! [`Conversation::apply`] is a function of the state, the event and its time. It returns the new state
//! and the actions to carry out, so that a simulation can show what live conversations would do.

mod action;
mod transition;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumDiscriminants, EnumString};

pub(super) use self::action::without_secrets;
pub use self::action::{Action, Effect, EffectKind, RefusalReason};
use self::transition::Transition;
use super::{Flow, assignment::Workload};
use crate::domain::crm_step::{DefaultPriority, DefaultStatus};

/// How many moves by timers a conversation makes in 24 hours without a message from the customer.
pub const AUTOMATIC_MOVES_MAX: usize = 60;

/// Where the customer writes.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Display, EnumString, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Channel {
    /// WhatsApp's own interface, which delivers only templates when the customer's last message is 24
    /// hours old.
    #[default]
    Whatsapp,
    /// Z-API, which delivers every message.
    Zapi,
    /// Any other channel, which delivers every message.
    Other,
}

/// Something that happens to a conversation.
#[derive(Debug, Clone, PartialEq, Eq, EnumDiscriminants)]
#[strum_discriminants(
    name(Cause),
    derive(Display, Serialize),
    serde(rename_all = "SCREAMING_SNAKE_CASE"),
    strum(serialize_all = "SCREAMING_SNAKE_CASE"),
    doc = "The kind of an event, which is the cause of the actions that it leads to."
)]
pub enum Event {
    /// The conversation enters the first step.
    Start,
    /// The timer of the present step is due.
    Timer,
    /// The AI decides that the trigger of a step is met.
    Trigger {
        /// The index of the step.
        to_index: usize,
    },
    /// A person or a program moves the conversation to a step.
    Move {
        /// The index of the step.
        to_index: usize,
    },
    /// The customer writes.
    CustomerMessage {
        /// The message.
        text: String,
    },
    /// The conversation is taken out of the scenario.
    Leave,
}

/// What decides, beside the conversation and the event, what happens.
#[derive(Debug, Clone, Copy)]
pub struct Environment<'a> {
    /// The steps. There is at least one.
    pub flow: &'a Flow,
    /// Where the customer writes.
    pub channel: Channel,
    /// What the memberships have to do.
    pub workload: &'a Workload,
    /// The seed of the draws of `random_selected`.
    pub seed: i64,
}

/// The state of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// The index of the present step.
    pub step_index: usize,
    /// The indexes of the steps that it has entered.
    pub visited: BTreeSet<usize>,
    /// How often it has entered a step.
    pub visits: u32,
    /// Its status.
    pub status: DefaultStatus,
    /// Its priority.
    pub priority: DefaultPriority,
    /// Whether the AI responds.
    pub is_ai_on: bool,
    /// Its tags, by their forms without case.
    pub tags: BTreeMap<String, String>,
    /// The agent that a step has set.
    pub agent_id: Option<String>,
    /// The membership to which it is assigned.
    pub assignee_id: Option<String>,
    /// When the customer wrote last.
    pub customer_wrote_at: DateTime<Utc>,
    /// The timer of the present step, until it is due.
    pub timer: Option<PendingTimer>,
    /// The times of the moves by timers in the last 24 hours, since the customer wrote last.
    pub automatic_moves: Vec<DateTime<Utc>>,
    /// Why it is no longer in the flow.
    pub ending: Option<Ending>,
}

/// A timer that is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PendingTimer {
    /// When it is due.
    pub due_at: DateTime<Utc>,
    /// The index of the step that the conversation enters then; none if the timer leads nowhere.
    pub to_index: Option<usize>,
}

/// Why a conversation is no longer in the flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It entered a step that removes it.
    Removed,
    /// It was taken out.
    Left,
    /// It was stopped, because timers moved it too often.
    Held,
}

impl Conversation {
    /// A conversation before it enters the first step: UNRESOLVED, MEDIUM, with the AI on, without
    /// tags and assignee. The customer wrote at this time.
    #[must_use]
    pub fn new(customer_wrote_at: DateTime<Utc>) -> Self {
        Self {
            step_index: 0,
            visited: BTreeSet::new(),
            visits: 0,
            status: DefaultStatus::Unresolved,
            priority: DefaultPriority::Medium,
            is_ai_on: true,
            tags: BTreeMap::new(),
            agent_id: None,
            assignee_id: None,
            customer_wrote_at,
            timer: None,
            automatic_moves: Vec::new(),
            ending: None,
        }
    }

    /// The conversation after an event at this time, and what is to be done, in this order.
    ///
    /// Nothing happens at an event after the ending, and at [`Event::Timer`] if no timer is due. The
    /// indexes in the event are those of steps of the flow. The times of the events do not decrease.
    #[must_use]
    pub fn apply(
        self,
        environment: &Environment,
        event: Event,
        at: DateTime<Utc>,
    ) -> (Self, Vec<Action>) {
        if self.ending.is_some() {
            return (self, Vec::new());
        }
        Transition::new(environment, self, at).handle(event)
    }
}
