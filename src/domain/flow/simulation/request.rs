//! What is simulated: the input, and its rules.

use std::{collections::BTreeSet, ops::RangeInclusive};

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::{
    flow::{
        Flow,
        assignment::Workload,
        conversation::{Channel, Event},
        spec::KeyIndexes,
    },
    fold::without_case,
    rules::{SIMULATION_DAYS_MAX, fields::CUSTOMER_MESSAGE},
    violation::{Field, ViolationKind, Violations},
};

/// The maximum number of events.
pub const EVENTS_MAX: usize = 1_000;

/// The maximum number of memberships with open conversations.
pub const OPEN_CONVERSATIONS_MAX: usize = 1_000;

/// The longest simulated time, and the longest time between two events, in seconds.
pub const UNTIL_SECONDS_MAX: i32 = SIMULATION_DAYS_MAX * DAY_SECONDS;

/// The field of the numbers of open conversations.
const OPEN_CONVERSATIONS: &str = "openConversations";

const DAY_SECONDS: i32 = 24 * 60 * 60;

/// The first and the last year in which a simulation may start. All times in it have years of four
/// digits, as RFC 3339 has.
const START_YEARS: RangeInclusive<i32> = 1..=9_998;

/// 2026-01-05T12:00:00Z, a Monday.
const DEFAULT_START_AT: DateTime<Utc> =
    DateTime::from_timestamp_secs(1_767_614_400).expect("a time that chrono can represent");

/// What is simulated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct SimulationRequest {
    /// When the conversation starts, in a year from 1 to 9998; 2026-01-05T12:00:00Z by default.
    pub start_at: DateTime<Utc>,
    /// Where the customer writes.
    pub channel: Channel,
    /// The open conversations of memberships, at most [`OPEN_CONVERSATIONS_MAX`]. Those that are not
    /// listed have none.
    pub open_conversations: Vec<OpenConversations>,
    /// The seed of the draws of `random_selected`.
    pub seed: i64,
    /// The seconds after which the simulation ends, from 0 to [`UNTIL_SECONDS_MAX`]; 30 days by
    /// default. What is due at that time still happens.
    pub until_seconds: i32,
    /// The events, in their order; at most [`EVENTS_MAX`].
    pub events: Vec<SimulationEvent>,
}

/// The number of open conversations of a membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenConversations {
    /// The membership, as the steps name it, or with another case. Only once in the list.
    pub membership_id: String,
    /// The number, from 0 on. The simulated conversation does not count.
    pub count: i32,
}

/// An event. It has exactly one of the fields after the first; `leave` counts only if it is true.
///
/// A step is named by its key, without case, or by the digits of its index if no step has that key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct SimulationEvent {
    /// The seconds since the previous event, from 0 to [`UNTIL_SECONDS_MAX`]; for the first event,
    /// since the start.
    pub after_seconds: i32,
    /// The customer writes this, at most [`MESSAGE_MAX`](crate::domain::rules::MESSAGE_MAX) characters.
    pub customer_message: Option<String>,
    /// The AI decides that the trigger of this step is met.
    pub trigger_met: Option<String>,
    /// The conversation is moved to this step.
    pub move_to: Option<String>,
    /// The conversation is taken out of the scenario.
    pub leave: Option<bool>,
}

impl Default for SimulationRequest {
    fn default() -> Self {
        Self {
            start_at: DEFAULT_START_AT,
            channel: Channel::default(),
            open_conversations: Vec::new(),
            seed: 0,
            until_seconds: 30 * DAY_SECONDS,
            events: Vec::new(),
        }
    }
}

/// An event and its time.
pub(super) struct ScheduledEvent {
    pub(super) at: DateTime<Utc>,
    pub(super) event: Event,
}

impl SimulationRequest {
    /// The workload of the memberships at the start.
    pub(super) fn workload(&self) -> Workload {
        let open = self.open_conversations.iter();
        Workload::new(open.map(|open| {
            (open.membership_id.as_str(), u32::try_from(open.count).unwrap_or_default())
        }))
    }

    /// The memberships in `openConversations` that do not exist, as violations with the same paths as
    /// those of [`simulate`](super::simulate).
    #[must_use]
    pub fn check_memberships(&self, exists: impl Fn(&str) -> bool) -> Violations {
        let mut violations = Violations::default();
        let listed = self.open_conversations.iter().take(OPEN_CONVERSATIONS_MAX).enumerate();
        for (index, _) in listed.filter(|(_, open)| !exists(&open.membership_id)) {
            let unknown = Violations::one("membershipId", ViolationKind::NOT_FOUND);
            violations.extend(unknown.within(index.to_string()).within(OPEN_CONVERSATIONS));
        }
        violations.within("input")
    }

    /// The violations of all but the steps that events name, with the same paths as those of
    /// [`simulate`](super::simulate): for a flow that is invalid.
    #[must_use]
    pub fn check_without_flow(&self) -> Violations {
        self.check_fields(None).err().unwrap_or_default().within("input")
    }

    /// Checks all rules, and returns the events, the start first.
    pub(super) fn check(&self, flow: &Flow) -> Result<Vec<ScheduledEvent>, Violations> {
        self.check_fields(Some(flow)).map(|events| self.schedule(events))
    }

    /// Checks all fields, the steps that events name only with a flow. Returns the events, each with the
    /// seconds since the previous one.
    fn check_fields(&self, flow: Option<&Flow>) -> Result<Vec<(i32, Event)>, Violations> {
        let mut violations = Violations::default();
        check_range(&mut violations, "startAt", self.start_at.year(), START_YEARS);
        self.check_open_conversations(&mut violations);
        let until_seconds = 0..=UNTIL_SECONDS_MAX;
        check_range(&mut violations, "untilSeconds", self.until_seconds, until_seconds);
        let events = self.check_events(flow, &mut violations);
        if violations.is_empty() { Ok(events) } else { Err(violations) }
    }

    fn check_open_conversations(&self, violations: &mut Violations) {
        check_count(
            violations,
            OPEN_CONVERSATIONS,
            self.open_conversations.len(),
            OPEN_CONVERSATIONS_MAX,
        );
        let mut seen = BTreeSet::new();
        // Up to the limit, so that the number of violations stays bounded.
        let listed = self.open_conversations.iter().take(OPEN_CONVERSATIONS_MAX);
        for (index, OpenConversations { membership_id, count }) in listed.enumerate() {
            let mut broken = Violations::default();
            if !seen.insert(without_case(membership_id)) {
                let value = membership_id.clone();
                broken.add("membershipId", ViolationKind::DuplicateValue { value });
            }
            check_range(&mut broken, "count", *count, 0..=i32::MAX);
            violations.extend(broken.within(index.to_string()).within(OPEN_CONVERSATIONS));
        }
    }

    /// The events, each with the seconds since the previous one.
    fn check_events(&self, flow: Option<&Flow>, violations: &mut Violations) -> Vec<(i32, Event)> {
        const FIELD: &str = "events";
        check_count(violations, FIELD, self.events.len(), EVENTS_MAX);
        let steps = flow.map(Steps::of);
        let mut events = Vec::new();
        // Up to the limit, so that the number of violations stays bounded.
        for (index, event) in self.events.iter().take(EVENTS_MAX).enumerate() {
            let mut broken = Violations::default();
            match <[Event; 1]>::try_from(event.check(steps.as_ref(), &mut broken)) {
                Ok([given]) => events.push((event.after_seconds, given)),
                Err(_) => violations.add(Field::from(FIELD).at(index), ViolationKind::InvalidEvent),
            }
            violations.extend(broken.within(index.to_string()).within(FIELD));
        }
        events
    }

    /// Valid events at their times, the start first.
    fn schedule(&self, events: Vec<(i32, Event)>) -> Vec<ScheduledEvent> {
        let mut at = self.start_at;
        let events = std::iter::once((0, Event::Start)).chain(events);
        let scheduled = events.map(|(after_seconds, event)| {
            at += TimeDelta::seconds(after_seconds.into());
            ScheduledEvent { at, event }
        });
        scheduled.collect()
    }
}

impl SimulationEvent {
    /// Checks all fields, the named steps only if those of the flow are known. Returns an event for each
    /// field that is given, also if it is not valid.
    fn check(&self, steps: Option<&Steps>, violations: &mut Violations) -> Vec<Event> {
        let after_seconds = 0..=UNTIL_SECONDS_MAX;
        check_range(violations, "afterSeconds", self.after_seconds, after_seconds);
        let mut find =
            |field, step: &String| steps.map_or(0, |steps| steps.find(field, step, violations));
        let triggered = self.trigger_met.as_ref().map(|step| find("triggerMet", step));
        let moved = self.move_to.as_ref().map(|step| find("moveTo", step));
        let message = self.customer_message.clone();
        violations.check_optional(&CUSTOMER_MESSAGE, message.as_deref());
        let left = self.leave.filter(|leave| *leave);
        let given = [
            message.map(|text| Event::CustomerMessage { text }),
            triggered.map(|to_index| Event::Trigger { to_index }),
            moved.map(|to_index| Event::Move { to_index }),
            left.map(|_| Event::Leave),
        ];
        given.into_iter().flatten().collect()
    }
}

/// The steps of a flow by what events call them.
struct Steps<'a> {
    indexes: KeyIndexes<'a>,
    count: usize,
}

impl<'a> Steps<'a> {
    fn of(flow: &'a Flow) -> Self {
        let keys = flow.steps.iter().map(|step| step.key.as_str());
        Self { indexes: KeyIndexes::new(keys), count: flow.steps.len() }
    }

    /// The index of the step with this key, or else with this index. Adds a violation, and returns
    /// 0, if there is none.
    fn find(&self, field: &'static str, step: &str, violations: &mut Violations) -> usize {
        let by_key = self.indexes.get(step);
        let is_number = step.bytes().all(|byte| byte.is_ascii_digit());
        let by_index = || step.parse().ok().filter(|index| is_number && *index < self.count);
        by_key.or_else(by_index).unwrap_or_else(|| {
            violations.add(field, ViolationKind::NO_STEP_OF_SCENARIO);
            0
        })
    }
}

fn check_range(
    violations: &mut Violations,
    field: &'static str,
    actual: i32,
    allowed: RangeInclusive<i32>,
) {
    if !allowed.contains(&actual) {
        let (min, max) = allowed.into_inner();
        violations.add(field, ViolationKind::OutOfRange { min, max, actual });
    }
}

fn check_count(violations: &mut Violations, field: &'static str, actual: usize, max: usize) {
    if actual > max {
        violations.add(field, ViolationKind::TooMany { max, actual });
    }
}
