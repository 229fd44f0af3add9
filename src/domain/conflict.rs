//! Rules about the state of a row that a call changes.

use super::violation::{Counted, ViolationKind, Violations};

/// A row is changed only at the version that the client expects, if it gives one.
pub fn check_version(expected: Option<i32>, actual: i32) -> Result<(), Violations> {
    let Some(expected) = expected.filter(|expected| *expected != actual) else { return Ok(()) };
    Err(Violations::one("expectedVersion", ViolationKind::StaleVersion { expected, actual }))
}

/// A scenario and its steps are changed only at the revision that the client expects, if it gives
/// one. Revision 0 is that of a scenario that does not exist yet.
pub fn check_revision(expected: Option<i32>, actual: i32) -> Result<(), Violations> {
    let Some(expected) = expected.filter(|expected| *expected != actual) else { return Ok(()) };
    Err(Violations::one("expectedRevision", ViolationKind::StaleRevision { expected, actual }))
}

/// Steps are deleted by an apply only if the client gives the revision at which it saw them.
pub fn check_deletions(expected: Option<i32>, deleted: usize) -> Result<(), Violations> {
    if deleted == 0 || expected.is_some() {
        return Ok(());
    }
    Err(Violations::one("expectedRevision", ViolationKind::ExpectedRevisionRequired))
}

/// A scenario is deleted only with the number of steps that the client expects.
pub fn check_step_count(expected: i32, actual: i32) -> Result<(), Violations> {
    if expected == actual {
        return Ok(());
    }
    let counted = Counted::OfScenario;
    let kind = ViolationKind::StepCountMismatch { counted, expected, actual };
    Err(Violations::one("expectedStepCount", kind))
}

/// A row that steps use is not deleted.
pub fn check_unused(count: u64) -> Result<(), Violations> {
    if count == 0 { Ok(()) } else { Err(Violations::one("id", ViolationKind::InUse { count })) }
}
