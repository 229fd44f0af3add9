//! What happens to a conversation, as sentences for people.

use chrono::{DateTime, Utc};

use super::Names;
use crate::domain::flow::{
    Flow,
    assignment::{Assignment, AssignmentRule},
    conversation::{AUTOMATIC_MOVES_MAX, Effect, RefusalReason, without_secrets},
    prose::{duration, list},
};

/// Longest part of a message that a sentence shows, in characters.
const EXCERPT_MAX: usize = 80;

/// The sentence about an effect in this step at this time.
pub(super) fn of(
    effect: &Effect,
    step_index: usize,
    at: DateTime<Utc>,
    flow: &Flow,
    names: &Names,
) -> String {
    let step = |index: usize| quoted(&flow.steps[index].input.name);
    let here = step(step_index);
    let name = |id: &String| names.get(id).unwrap_or(id).clone();
    match effect {
        Effect::Entered => format!("The conversation starts in {here}."),
        Effect::TagsRemoved { tags } => format!("{} removed.", tags_are(tags)),
        Effect::TagsAdded { tags } => format!("{} added.", tags_are(tags)),
        Effect::StatusSet { status } => format!("The status is set to {status}."),
        Effect::PrioritySet { priority } => format!("The priority is set to {priority}."),
        Effect::AiControlSet { ai_control: true } => "The AI is switched on.".to_owned(),
        Effect::AiControlSet { ai_control: false } => "The AI is switched off.".to_owned(),
        Effect::AgentSet { agent_id } => {
            format!("The agent {} takes over.", quoted(&name(agent_id)))
        }
        Effect::Assigned(assignment) => assigned(assignment, &name(&assignment.membership_id)),
        Effect::Unassigned { membership_id: Some(id) } => {
            format!("The conversation is no longer assigned to {}.", name(id))
        }
        Effect::Unassigned { membership_id: None } => {
            "The conversation stays without an assignee.".to_owned()
        }
        Effect::ContactRequested { fields } => {
            format!("The customer is asked for {}.", list(fields.iter().copied()))
        }
        Effect::TemplateSent { name, language_code, .. } => {
            let language = language_code.as_ref().map(|code| format!(" ({code})"));
            format!("The WhatsApp template {name}{} is sent.", language.unwrap_or_default())
        }
        Effect::MessageSent { text } => format!("The initial message is sent: {}", excerpt(text)),
        Effect::MessageBlocked { last_customer_message_at, .. } => format!(
            "The initial message is not sent: the customer wrote {} ago, and 24 hours after that WhatsApp \
             delivers only templates.",
            duration((at - *last_customer_message_at).num_seconds())
        ),
        Effect::ZapiSent { phone_number, text, .. } => {
            let to = phone_number.as_ref().map(|number| format!(" to {number}"));
            format!("A message is sent through Z-API{}: {}", to.unwrap_or_default(), excerpt(text))
        }
        Effect::WebhookCalled { url } => format!("The webhook {} is called.", without_secrets(url)),
        Effect::Removed => {
            format!("The conversation leaves the scenario in {here}, a removal step.")
        }
        Effect::TimerSet { due_at, to_index, .. } => {
            let delay = duration((*due_at - at).num_seconds());
            let due = due_at.format("%Y-%m-%d at %H:%M:%S UTC");
            let what = match to_index {
                Some(to) => format!("the conversation goes to {}", step(*to)),
                None => format!("nothing happens, because no step follows {here}"),
            };
            format!("A timer is set: in {delay}, on {due}, {what}.")
        }
        Effect::TimerFired { to_index: Some(to) } => {
            format!("The timer is due: the conversation goes from {here} to {}.", step(*to))
        }
        Effect::TimerFired { to_index: None } => {
            format!("The timer is due, but no step follows: the conversation stays in {here}.")
        }
        Effect::CustomerMessage { text } => format!("The customer writes: {}", excerpt(text)),
        Effect::TriggerMet { to_index } => {
            let to = step(*to_index);
            format!("The trigger of {to} is met: the conversation goes there from {here}.")
        }
        Effect::Moved { to_index } => {
            format!("The conversation is moved from {here} to {}.", step(*to_index))
        }
        Effect::Left => format!("The conversation is taken out of the scenario in {here}."),
        Effect::EventRefused { reason, to_index } => {
            let to = step(*to_index);
            match reason {
                RefusalReason::FirstStep => format!(
                    "The conversation stays in {here}: the trigger of {to} is never evaluated, because \
                     it is the first step."
                ),
                RefusalReason::NoTrigger => {
                    format!("The conversation stays in {here}: {to} has no trigger.")
                }
                RefusalReason::PresentStep => format!("The conversation is in {to} already."),
                RefusalReason::RequiredStep { index } => format!(
                    "The conversation stays in {here}: a trigger may not skip {}, which is required \
                     and was never visited.",
                    step(*index)
                ),
            }
        }
        Effect::Held { to_index } => format!(
            "The conversation is held in {here} and does not go to {}: timers have moved it \
             {AUTOMATIC_MOVES_MAX} times in 24 hours without a message from the customer.",
            step(*to_index)
        ),
    }
}

fn assigned(Assignment { rule, candidates, .. }: &Assignment, assignee: &str) -> String {
    let count = candidates.len();
    let why = match rule {
        AssignmentRule::OnlyOne => "the only candidate".to_owned(),
        AssignmentRule::FewestOpen => {
            format!("the one of {count} candidates with the fewest open conversations")
        }
        AssignmentRule::LongestAgo => "who, of the candidates with the fewest open conversations, \
                                       has waited longest for an assignment"
            .to_owned(),
        AssignmentRule::FirstListed => "the first in the list of equal candidates".to_owned(),
        AssignmentRule::Draw => format!("drawn from {count} candidates"),
    };
    format!("The conversation is assigned to {assignee}, {why}.")
}

fn tags_are(tags: &[String]) -> String {
    let quoted = list(tags.iter().map(|tag| quoted(tag)));
    if tags.len() == 1 { format!("The tag {quoted} is") } else { format!("The tags {quoted} are") }
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// The beginning of a text, on one line.
fn excerpt(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    let shown: String = line.chars().take(EXCERPT_MAX).collect();
    let more = if shown.len() < line.len() { "…" } else { "" };
    quoted(&format!("{shown}{more}"))
}
