//! Rules about the state that things are in when somebody wants to change them.

use super::violation::{ViolationKind, Violations};

/// A change is made only to the version that the client has seen, if they say which.
pub fn check_version(expected: Option<i32>, actual: i32) -> Result<(), Violations> {
    match expected {
        Some(expected) if expected != actual => Err(Violations::one(
            "expectedVersion",
            ViolationKind::StaleVersion { expected, actual },
        )),
        _ => Ok(()),
    }
}

/// A scenario is deleted only with as many steps as the client has seen.
pub fn check_step_count(expected: i32, actual: i32) -> Result<(), Violations> {
    if expected == actual {
        return Ok(());
    }
    Err(Violations::one("expectedStepCount", ViolationKind::StepCountMismatch { expected, actual }))
}

/// What steps use is not deleted.
pub fn check_unused(count: u64) -> Result<(), Violations> {
    if count == 0 { Ok(()) } else { Err(Violations::one("id", ViolationKind::InUse { count })) }
}
