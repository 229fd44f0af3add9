//! What a conversation does at an event.

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};
use strum::{Display, EnumDiscriminants};
use url::Url;

use crate::domain::{
    crm_step::{DefaultPriority, DefaultStatus},
    flow::assignment::Assignment,
};

/// What a conversation does, and in which step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// The index of the step in which the conversation is: for a move, the one that it leaves.
    pub step_index: usize,
    /// What it does.
    pub effect: Effect,
}

/// What a conversation does. As JSON it is an object of the fields of the variant, in their order, or
/// null if there are none; [`EffectKind`] is the same list without the fields.
///
/// Ids are those of the step. A text that the step lacks is null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, EnumDiscriminants)]
#[serde(untagged, rename_all_fields = "camelCase")]
#[strum_discriminants(
    name(EffectKind),
    derive(Display, Serialize),
    serde(rename_all = "SCREAMING_SNAKE_CASE"),
    strum(serialize_all = "SCREAMING_SNAKE_CASE"),
    doc = "The kind of an effect."
)]
pub enum Effect {
    /// It enters the first step.
    Entered,
    /// Tags are removed.
    TagsRemoved {
        /// The tags that the step removes, whether or not the conversation has them.
        tags: Vec<String>,
    },
    /// Tags are added.
    TagsAdded {
        /// The tags that the step adds, whether or not the conversation has them.
        tags: Vec<String>,
    },
    /// The status is set.
    StatusSet {
        /// The status.
        status: DefaultStatus,
    },
    /// The priority is set.
    PrioritySet {
        /// The priority.
        priority: DefaultPriority,
    },
    /// The AI is switched on or off.
    AiControlSet {
        /// Whether it is on.
        ai_control: bool,
    },
    /// An agent takes over.
    AgentSet {
        /// The agent.
        agent_id: String,
    },
    /// It is assigned to a membership.
    Assigned(Assignment),
    /// It is assigned to nobody.
    Unassigned {
        /// The membership to which it was assigned.
        membership_id: Option<String>,
    },
    /// The customer is asked for contact data.
    ContactRequested {
        /// What is asked for: `name`, `email`, `phone`.
        fields: Vec<&'static str>,
    },
    /// A WhatsApp template is sent.
    TemplateSent {
        /// The agent that sends it.
        agent_id: Option<String>,
        /// Its name.
        name: String,
        /// The code of its language.
        language_code: Option<String>,
        /// Its text.
        text: Option<String>,
    },
    /// The initial message is sent.
    MessageSent {
        /// The message.
        text: String,
    },
    /// The initial message is not sent, because the customer's last message is 24 hours old or older.
    MessageBlocked {
        /// The message.
        text: String,
        /// When the customer wrote last.
        last_customer_message_at: DateTime<Utc>,
    },
    /// A message is sent through Z-API.
    ZapiSent {
        /// The agent that sends it.
        agent_id: Option<String>,
        /// The number to which it is sent.
        phone_number: Option<String>,
        /// The message.
        text: String,
    },
    /// A webhook is called.
    WebhookCalled {
        /// Its URL; in JSON without credentials, query and fragment, which may contain secrets.
        #[serde(serialize_with = "serialize_without_secrets")]
        url: String,
    },
    /// The step takes it out of the scenario.
    Removed,
    /// The timer of the step is set.
    TimerSet {
        /// The delay.
        delay_seconds: i32,
        /// When it is due.
        due_at: DateTime<Utc>,
        /// The index of the step to which it leads; null if it leads nowhere.
        to_index: Option<usize>,
    },
    /// The timer of the step is due.
    TimerFired {
        /// The index of the step that it enters; null if it stays where it is.
        to_index: Option<usize>,
    },
    /// The customer writes.
    CustomerMessage {
        /// The message.
        text: String,
    },
    /// The trigger of a step is met.
    TriggerMet {
        /// The index of the step.
        to_index: usize,
    },
    /// It is moved to a step.
    Moved {
        /// The index of the step.
        to_index: usize,
    },
    /// It is taken out of the scenario.
    Left,
    /// It is not moved to a step by a trigger or a move.
    EventRefused {
        /// Why.
        reason: RefusalReason,
        /// The index of the step.
        to_index: usize,
    },
    /// It is not moved by a timer, because timers have moved it too often.
    Held {
        /// The index of the step to which the timer leads.
        to_index: usize,
    },
}

/// Why a conversation is not moved to a step. The first that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum RefusalReason {
    /// The trigger of the first step is never evaluated.
    FirstStep,
    /// The step has no trigger.
    NoTrigger,
    /// The conversation is in that step.
    PresentStep,
    /// A required step between the two was never visited.
    RequiredStep {
        /// The index of the first such step.
        index: usize,
    },
}

impl Serialize for RefusalReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The URL without credentials, query and fragment. What is no URL has nothing left.
pub(in crate::domain::flow) fn without_secrets(url: &str) -> String {
    let Ok(mut url) = Url::parse(url) else { return String::new() };
    // Fails only for URLs that have no host.
    let _has_no_host = url.set_username("").and_then(|()| url.set_password(None));
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

#[expect(clippy::ptr_arg, reason = "serde calls it like this")]
fn serialize_without_secrets<S: Serializer>(
    url: &String,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&without_secrets(url))
}
