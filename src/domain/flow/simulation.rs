//! The simulation of a conversation: what happens to it, and when, at the events of a request.
//!
//! Nothing is sent or stored, and nothing is random: the same flow and request give the same timeline.

mod request;
mod sentence;

use std::{collections::BTreeMap, iter::Peekable};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::Value;
use strum::Display;

use self::request::ScheduledEvent;
pub use self::request::{
    EVENTS_MAX, OPEN_CONVERSATIONS_MAX, OpenConversations, SimulationEvent, SimulationRequest,
    UNTIL_SECONDS_MAX,
};
use super::{
    Flow,
    conversation::{Action, Cause, Conversation, Effect, EffectKind, Ending, Environment, Event},
};
use crate::domain::violation::Violations;

/// The maximum number of entries of a timeline.
pub const ENTRIES_MAX: usize = 1_000;

/// Names of agents and memberships, by their ids as the steps have them, for the sentences of a
/// timeline. A sentence has the id of what has no name here.
pub type Names = BTreeMap<String, String>;

/// What happens to a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Simulation {
    /// What happens, in the order in which it happens; at most [`ENTRIES_MAX`] entries.
    pub timeline: Vec<SimulationEntry>,
    /// How it ends.
    pub end: SimulationEnd,
}

/// Something that happens to the conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SimulationEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// The seconds since the start.
    pub elapsed_seconds: i32,
    /// What.
    pub kind: EffectKind,
    /// The index of the step in which the conversation is: for a move, the one that it leaves.
    pub step_index: usize,
    /// What happens, as a sentence for people.
    pub message: String,
    /// What led to it. The effects of a step have the cause of the move to it.
    pub cause: Cause,
    /// The values of what happens, as [`Effect`] documents them; null if there are none.
    pub details: Value,
}

/// How a simulation ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SimulationEnd {
    /// Why it ends.
    pub reason: EndReason,
    /// The index of the step in which the conversation is; none if the flow has no steps.
    pub step_index: Option<usize>,
    /// The seconds since the start: those of the last entry, or of the time limit.
    pub at_seconds: i32,
}

/// Why a simulation ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum EndReason {
    /// A step took the conversation out of the scenario.
    Removed,
    /// An event took it out.
    Left,
    /// No timer is set, and there are no more events.
    Waiting,
    /// The next event or timer is after the time limit.
    TimeLimit,
    /// The timeline would have more than [`ENTRIES_MAX`] entries.
    EventLimit,
    /// Timers moved the conversation too often.
    Held,
}

impl From<Ending> for EndReason {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Removed => Self::Removed,
            Ending::Left => Self::Left,
            Ending::Held => Self::Held,
        }
    }
}

/// Simulates a conversation that enters the first step of the flow. All violations have paths from
/// the argument `input` on.
///
/// Nothing happens in a flow without steps: the timeline is empty, and the end is WAITING.
pub fn simulate(
    flow: &Flow,
    request: &SimulationRequest,
    names: &Names,
) -> Result<Simulation, Violations> {
    let events = request.check(flow).map_err(|violations| violations.within("input"))?;
    let mut timeline = Timeline { flow, names, start_at: request.start_at, entries: Vec::new() };
    if flow.steps.is_empty() {
        return Ok(timeline.end(EndReason::Waiting, None));
    }
    let until = request.start_at + TimeDelta::seconds(request.until_seconds.into());
    let mut workload = request.workload();
    let mut conversation = Conversation::new(request.start_at);
    let mut events = events.into_iter().peekable();
    while let Some(ScheduledEvent { at, event }) = next_event(&conversation, &mut events) {
        if at > until {
            return Ok(timeline.end_at(
                EndReason::TimeLimit,
                Some(conversation.step_index),
                request.until_seconds,
            ));
        }
        let cause = Cause::from(&event);
        let (channel, seed) = (request.channel, request.seed);
        let environment = Environment { flow, channel, workload: &workload, seed };
        let (after, actions) = conversation.apply(&environment, event, at);
        for action in &actions {
            if timeline.entries.len() == ENTRIES_MAX {
                return Ok(timeline.end(EndReason::EventLimit, Some(action.step_index)));
            }
            timeline.add(at, cause, action);
            if let Effect::Assigned(assignment) = &action.effect {
                workload.record(&assignment.membership_id, at);
            }
        }
        if let Some(ending) = after.ending {
            return Ok(timeline.end(ending.into(), Some(after.step_index)));
        }
        conversation = after;
    }
    Ok(timeline.end(EndReason::Waiting, Some(conversation.step_index)))
}

/// The timer of the conversation, or the next event if that is before it.
fn next_event(
    conversation: &Conversation,
    events: &mut Peekable<impl Iterator<Item = ScheduledEvent>>,
) -> Option<ScheduledEvent> {
    let due_at = conversation.timer.map(|timer| timer.due_at);
    let timer = due_at.map(|at| ScheduledEvent { at, event: Event::Timer });
    events.next_if(|event| due_at.is_none_or(|due_at| event.at < due_at)).or(timer)
}

/// The entries so far.
struct Timeline<'a> {
    flow: &'a Flow,
    names: &'a Names,
    start_at: DateTime<Utc>,
    entries: Vec<SimulationEntry>,
}

impl Timeline<'_> {
    fn add(&mut self, at: DateTime<Utc>, cause: Cause, Action { step_index, effect }: &Action) {
        let elapsed = (at - self.start_at).num_seconds();
        self.entries.push(SimulationEntry {
            at,
            elapsed_seconds: i32::try_from(elapsed).unwrap_or(i32::MAX),
            kind: effect.into(),
            step_index: *step_index,
            message: sentence::of(effect, *step_index, at, self.flow, self.names),
            cause,
            // Effects are JSON: all their keys are text.
            details: serde_json::to_value(effect).unwrap_or_default(),
        });
    }

    /// The end at the last entry.
    fn end(self, reason: EndReason, step_index: Option<usize>) -> Simulation {
        let at_seconds = self.entries.last().map_or(0, |entry| entry.elapsed_seconds);
        self.end_at(reason, step_index, at_seconds)
    }

    fn end_at(self, reason: EndReason, step_index: Option<usize>, at_seconds: i32) -> Simulation {
        let end = SimulationEnd { reason, step_index, at_seconds };
        Simulation { timeline: self.entries, end }
    }
}
