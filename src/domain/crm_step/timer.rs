//! The timer of a step, which moves a conversation on after a while.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};
use uuid::Uuid;

use super::StepCheck;
use crate::domain::{
    checks::is_given,
    id::parse_id,
    rules::{
        across::{
            REMOVAL_WITHOUT_TIMER, RuleCase, TARGET_NEEDS_TIME, TIME_BY_UNIT, UNIT_NEEDS_TIME,
        },
        fields::AUTO_NEXT_STEP_ID,
    },
    violation::ViolationKind,
};

/// What `autoNextTime` counts.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Display,
    EnumString,
    IntoStaticStr,
    Serialize,
    Deserialize,
    JsonSchema,
)]
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

/// The target of the timer.
pub(super) fn check(check: &mut StepCheck) -> Option<Uuid> {
    let input = check.input;
    let target = input.auto_next_step_id.as_deref();
    let step_id = target.and_then(|id| check_target(check, id));
    let violations = &mut check.violations;
    let (has_target, time) = (is_given(target), input.auto_next_time);
    let (has_time, unit) = (time.is_some(), input.auto_next_time_unit);
    let name = AUTO_NEXT_STEP_ID.name();
    let kind = ViolationKind::AutoNextIncomplete { target: name };
    violations.check_given(&TARGET_NEEDS_TIME, &[has_target, has_time], &kind);
    if let Some(actual) = time {
        violations.check_number(&TIME_BY_UNIT, unit.map(Into::into), actual, |case| {
            let RuleCase { min, max, .. } = *case;
            let (min, max) = (min.unwrap_or(i32::MIN), max.unwrap_or(i32::MAX));
            ViolationKind::OutOfRange { min, max, actual }
        });
    }
    let kind = ViolationKind::UnitWithoutTime;
    violations.check_given(&UNIT_NEEDS_TIME, &[unit.is_some(), has_time], &kind);
    let is_removal = input.is_conversation_removal_step == Some(true);
    let kind = ViolationKind::RemovalStepConflict { target: name };
    violations.check_given(&REMOVAL_WITHOUT_TIMER, &[is_removal, has_target, has_time], &kind);
    step_id
}

fn check_target(check: &mut StepCheck, id: &str) -> Option<Uuid> {
    let StepCheck { input, known, violations, .. } = check;
    let field = &AUTO_NEXT_STEP_ID;
    let id = violations.check_exists(field, id, |id| known.steps.contains_key(id))?;
    if id == check.id {
        violations.add(field, ViolationKind::SELF_REFERENCE);
    }
    // Only for an existing scenario it is known whether the target belongs to it.
    let scenario_id = parse_id(&input.scenario_id).filter(|id| known.scenarios.contains(id));
    if scenario_id.is_some() && known.steps.get(&id) != scenario_id.as_ref() {
        violations.add(field, ViolationKind::StepNotInScenario);
    }
    Some(id)
}
