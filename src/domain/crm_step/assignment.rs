//! The assignee of a conversation that enters the step.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};
use uuid::Uuid;

use super::StepCheck;
use crate::domain::{
    id::parse_id,
    rules::{
        MEMBERSHIPS_MAX,
        across::{ASSIGNEE_COUNT, ASSIGNEES_NOT_ALLOWED, ASSIGNEES_REQUIRED},
        fields::{MEMBERSHIP_ID, MEMBERSHIP_IDS},
    },
    violation::{Field, ViolationKind},
};

/// How the assignee is chosen.
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
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "the names are those of the API reference")]
pub enum AssigneeLogicType {
    None,
    Clear,
    SingleUser,
    RandomSelected,
    FairDistributionSelected,
}

/// The candidates, in the order in which they were sent.
pub(super) fn check(check: &mut StepCheck) -> Option<Vec<Uuid>> {
    let input = check.input;
    let ids = input.selected_membership_ids_for_assignee.as_deref();
    check_candidates(check, ids.unwrap_or_default());
    let logic = input.assignee_logic_type.map(Into::into);
    let actual = ids.unwrap_or_default().len();
    let count = actual.try_into().unwrap_or(i32::MAX);
    let violations = &mut check.violations;
    violations
        .check_number(&ASSIGNEES_REQUIRED, logic, count, |_case| ViolationKind::AssigneesRequired);
    violations.check_number(&ASSIGNEE_COUNT, logic, count, |case| ViolationKind::AssigneeCount {
        max: case.max.unwrap_or_default(),
        actual,
    });
    violations.check_number(&ASSIGNEES_NOT_ALLOWED, logic, count, |_case| {
        ViolationKind::AssigneesNotAllowed
    });
    ids.map(|ids| ids.iter().filter_map(|text| parse_id(text)).collect())
}

/// Checks that there are not too many candidates, that each exists, and that none is repeated.
fn check_candidates(check: &mut StepCheck, ids: &[String]) {
    check.violations.check_count(&MEMBERSHIP_IDS, ids.len());
    let mut seen = HashSet::new();
    // Those beyond the limit are not looked up, and the number of violations stays bounded.
    for (index, text) in ids.iter().take(MEMBERSHIPS_MAX).enumerate() {
        let field = || Field::from(&MEMBERSHIP_ID).at(index);
        let exists = |id: &Uuid| check.known.memberships.contains(id);
        check.violations.check_exists(field(), text, exists);
        // The same id in capitals is the same id.
        if !seen.insert(parse_id(text).ok_or(text)) {
            check.violations.add(field(), ViolationKind::DuplicateValue { value: text.clone() });
        }
    }
}
