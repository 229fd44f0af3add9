//! The timer of a step, which moves a conversation on after a while.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString};
use uuid::Uuid;

use super::StepCheck;
use crate::domain::{checks::is_given, id::parse_id, violation::ViolationKind};

/// Longest time to wait: 365 days.
const DELAY_SECONDS_MAX: i32 = 365 * unit_seconds(Some(TimeUnit::Day));

/// What `autoNextTime` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the units")]
pub enum TimeUnit {
    #[serde(rename = "m")]
    #[strum(serialize = "m")]
    Minute,
    #[serde(rename = "h")]
    #[strum(serialize = "h")]
    Hour,
    #[serde(rename = "d")]
    #[strum(serialize = "d")]
    Day,
}

/// The seconds of a unit. Without one the time is in seconds already.
const fn unit_seconds(unit: Option<TimeUnit>) -> i32 {
    match unit {
        None => 1,
        Some(TimeUnit::Minute) => 60,
        Some(TimeUnit::Hour) => 60 * 60,
        Some(TimeUnit::Day) => 24 * 60 * 60,
    }
}

/// The delay of a timer, in seconds.
#[must_use]
pub const fn delay_seconds(time: i32, unit: Option<TimeUnit>) -> i32 {
    time.saturating_mul(unit_seconds(unit))
}

/// The target, time and unit of a timer whose target was deleted: no timer at all. Without a target
/// alone it would lead to the following step.
pub const TIMER_WITHOUT_TARGET: (Option<Uuid>, Option<i32>, Option<TimeUnit>) = (None, None, None);

const STEP_ID: &str = "autoNextStepId";
const TIME: &str = "autoNextTime";
const UNIT: &str = "autoNextTimeUnit";

/// The target of the timer.
pub(super) fn check(check: &mut StepCheck) -> Option<Uuid> {
    let input = check.input;
    let target = input.auto_next_step_id.as_deref();
    let step_id = target.and_then(|id| check_target(check, id));
    let violations = &mut check.violations;
    if is_given(target) && input.auto_next_time.is_none() {
        violations.add_reading(TIME, ViolationKind::AutoNextIncomplete, &[STEP_ID]);
    }
    if let Some(time) = input.auto_next_time {
        let max = DELAY_SECONDS_MAX / unit_seconds(input.auto_next_time_unit);
        if !(1..=max).contains(&time) {
            let kind = ViolationKind::OutOfRange { min: 1, max, actual: time };
            violations.add_reading(TIME, kind, &[UNIT]);
        }
    } else if input.auto_next_time_unit.is_some() {
        violations.add_reading(UNIT, ViolationKind::UnitWithoutTime, &[TIME]);
    }
    let has_timer = is_given(target) || input.auto_next_time.is_some();
    if has_timer && input.is_conversation_removal_step == Some(true) {
        let kind = ViolationKind::RemovalStepConflict;
        violations.add_reading("isConversationRemovalStep", kind, &[STEP_ID, TIME]);
    }
    step_id
}

fn check_target(check: &mut StepCheck, id: &str) -> Option<Uuid> {
    let StepCheck { input, known, violations, .. } = check;
    let id = violations.check_exists(STEP_ID, id, |id| known.steps.contains_key(id))?;
    if id == check.id {
        violations.add(STEP_ID, ViolationKind::SelfReference);
    }
    // Only for an existing scenario it is known whether the target belongs to it.
    let scenario_id = parse_id(&input.scenario_id).filter(|id| known.scenarios.contains(id));
    if scenario_id.is_some() && known.steps.get(&id) != scenario_id.as_ref() {
        violations.add(STEP_ID, ViolationKind::StepNotInScenario);
    }
    Some(id)
}
