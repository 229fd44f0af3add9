//! References by name, email and key, and the violations of the ids that stand for them.

use std::collections::HashSet;

use super::EMAILS;
use crate::domain::{
    checks::is_given,
    flow::{directory::Found, spec::StepSpec},
    fold::without_case,
    rules::{MEMBERSHIPS_MAX, fields::MEMBERSHIP_EMAILS},
    violation::{Field, Violation, ViolationKind, Violations},
};

/// The violation of a name or an email that is not that of exactly one.
pub(super) fn check_found(found: Found, field: Field) -> Option<Violation> {
    let kind = match found {
        Found::One(_) => return None,
        Found::Nothing => ViolationKind::NOT_FOUND,
        Found::Several { count, .. } => ViolationKind::AmbiguousName { count },
    };
    Some(Violation::new(field, kind))
}

/// The same, where the rules of the step report what is not found.
pub(super) fn check_unambiguous(found: Found, field: Field) -> Option<Violation> {
    check_found(found, field).filter(|violation| violation.kind != ViolationKind::NOT_FOUND)
}

/// The id of what has a name or an email, as text.
pub(super) fn id_of(found: Found, name: &str) -> String {
    match found {
        Found::One(id) | Found::Several { first: id, .. } => id.to_string(),
        Found::Nothing => no_id(name),
    }
}

/// A text in place of an id that does not exist: never an id, whatever the name is, the same for equal
/// names, and blank for a blank one, which the rules treat like a blank id.
pub(super) fn no_id(name: &str) -> String {
    if is_given(Some(name)) { format!("?{}", without_case(name)) } else { name.to_owned() }
}

/// The violations of the input that was made of a step, at the fields that the step has.
pub(super) fn as_specified(mut violations: Violations, step: &StepSpec) -> Violations {
    violations = violations.renamed_reference(
        "autoNextStepId",
        "autoNextStepKey",
        &ViolationKind::NO_SPECIFIED_STEP,
    );
    for agent in step.agents().iter().filter(|agent| agent.is_by_name()) {
        violations = violations.renamed(agent.id_field, agent.name_field);
    }
    let Some(emails) = step.emails() else { return violations };
    violations = violations.renamed("selectedMembershipIdsForAssignee", EMAILS);
    let mut specified = Violations::default();
    specified.extend(violations.into_iter().map(|mut violation| {
        let email = violation.field.index_in(EMAILS).and_then(|index| emails.get(index));
        // The value is the id.
        if let (ViolationKind::DuplicateValue { value }, Some(email)) = (&mut violation.kind, email)
        {
            value.clone_from(email);
        }
        violation
    }));
    specified
}

/// Checks emails beside ids. Without ids the rules of the step do.
pub(super) fn check_emails(emails: &[String], violations: &mut Violations) {
    violations.check_count(&MEMBERSHIP_EMAILS[0], emails.len());
    let mut seen = HashSet::new();
    for (index, email) in emails.iter().take(MEMBERSHIPS_MAX).enumerate() {
        if !seen.insert(without_case(email)) {
            let value = email.clone();
            violations.add(Field::from(EMAILS).at(index), ViolationKind::DuplicateValue { value });
        }
    }
}
