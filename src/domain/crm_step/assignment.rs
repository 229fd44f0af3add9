//! The assignee of a conversation that enters the step.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString};
use uuid::Uuid;

use super::StepCheck;
use crate::domain::{
    id::parse_id,
    violation::{Field, ViolationKind},
};

/// The maximum number of candidates of one step.
pub const MEMBERSHIPS_MAX: usize = 100;

const FIELD: &str = "selectedMembershipIdsForAssignee";

/// How the assignee is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, Serialize, Deserialize)]
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
    use AssigneeLogicType as Logic;
    let input = check.input;
    let ids = input.selected_membership_ids_for_assignee.as_deref();
    check_candidates(check, ids.unwrap_or_default());
    let fault = match (input.assignee_logic_type, ids.unwrap_or_default().len()) {
        (None | Some(Logic::None | Logic::Clear), 1..) => Some(ViolationKind::AssigneesNotAllowed),
        (None | Some(Logic::None | Logic::Clear), 0) => None,
        (Some(_), 0) => Some(ViolationKind::AssigneesRequired),
        (Some(Logic::SingleUser), actual @ 2..) => {
            Some(ViolationKind::AssigneeCount { max: 1, actual })
        }
        (Some(Logic::SingleUser | Logic::RandomSelected | Logic::FairDistributionSelected), _) => {
            None
        }
    };
    if let Some(kind) = fault {
        check.violations.add_reading(FIELD, kind, &["assigneeLogicType"]);
    }
    ids.map(|ids| ids.iter().filter_map(|text| parse_id(text)).collect())
}

/// Checks that there are not too many candidates, that each exists, and that none is repeated.
fn check_candidates(check: &mut StepCheck, ids: &[String]) {
    if ids.len() > MEMBERSHIPS_MAX {
        let actual = ids.len();
        check.violations.add(FIELD, ViolationKind::TooMany { max: MEMBERSHIPS_MAX, actual });
    }
    let mut seen = HashSet::new();
    // Those beyond the limit are not looked up, and the number of violations stays bounded.
    for (index, text) in ids.iter().take(MEMBERSHIPS_MAX).enumerate() {
        let field = || Field::from(FIELD).at(index);
        let exists = |id: &Uuid| check.known.memberships.contains(id);
        check.violations.check_exists(field(), text, exists);
        // The same id in capitals is the same id.
        if !seen.insert(parse_id(text).ok_or(text)) {
            check.violations.add(field(), ViolationKind::DuplicateValue { value: text.clone() });
        }
    }
}
