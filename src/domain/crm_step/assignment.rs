//! Who gets a conversation that enters the step.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString};
use uuid::Uuid;

use super::{CrmStepInput, References};
use crate::domain::{
    id::parse_id,
    violation::{Field, ViolationKind, Violations},
};

/// Most candidates of one step.
pub const MEMBERSHIPS_MAX: usize = 100;

const FIELD: &str = "selectedMembershipIdsForAssignee";
const LOGIC_TYPE: &str = "assigneeLogicType";

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

/// Who gets the conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assignment {
    /// Whoever has it keeps it. Null means the same as `none`, and the two are kept apart.
    Keep {
        /// Whether `none` was said, rather than nothing.
        said: bool,
        /// How the empty list of candidates was sent.
        list: EmptyList,
    },
    /// Nobody.
    Clear {
        /// How the empty list of candidates was sent.
        list: EmptyList,
    },
    /// This member.
    SingleUser(Candidates),
    /// One of these, by chance.
    RandomSelected(Candidates),
    /// Each of these in turn.
    FairDistributionSelected(Candidates),
}

/// How a client said that there are no candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmptyList {
    /// By null, or by leaving the field out.
    Null,
    /// By a list without elements.
    Empty,
}

/// Memberships to choose from: at least one, at most [`MEMBERSHIPS_MAX`], each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidates(Vec<Uuid>);

impl Assignment {
    /// How the assignee is chosen, as it was sent.
    #[must_use]
    pub fn logic_type(&self) -> Option<AssigneeLogicType> {
        match self {
            Self::Keep { said, .. } => said.then_some(AssigneeLogicType::None),
            Self::Clear { .. } => Some(AssigneeLogicType::Clear),
            Self::SingleUser(_) => Some(AssigneeLogicType::SingleUser),
            Self::RandomSelected(_) => Some(AssigneeLogicType::RandomSelected),
            Self::FairDistributionSelected(_) => Some(AssigneeLogicType::FairDistributionSelected),
        }
    }

    /// The candidates in the order in which they were sent; none at all is kept apart from an
    /// empty list.
    #[must_use]
    pub fn membership_ids(&self) -> Option<&[Uuid]> {
        match self {
            Self::Keep { list, .. } | Self::Clear { list } => match list {
                EmptyList::Null => None,
                EmptyList::Empty => Some(&[]),
            },
            Self::SingleUser(candidates)
            | Self::RandomSelected(candidates)
            | Self::FairDistributionSelected(candidates) => Some(&candidates.0),
        }
    }
}

pub(super) fn check(
    violations: &mut Violations,
    input: &CrmStepInput,
    known: &References,
) -> Option<Assignment> {
    let ids = input.selected_membership_ids_for_assignee.as_deref();
    let count = ids.unwrap_or_default().len();
    let list = if ids.is_some() { EmptyList::Empty } else { EmptyList::Null };
    let candidates = check_candidates(violations, ids.unwrap_or_default(), known);

    let logic_type = input.assignee_logic_type;
    match logic_type {
        None | Some(AssigneeLogicType::None | AssigneeLogicType::Clear) if count > 0 => {
            violations.add_reading(FIELD, ViolationKind::AssigneesNotAllowed, &[LOGIC_TYPE]);
            return None;
        }
        None | Some(AssigneeLogicType::None | AssigneeLogicType::Clear) => {}
        Some(_) if count == 0 => {
            violations.add_reading(FIELD, ViolationKind::AssigneesRequired, &[LOGIC_TYPE]);
            return None;
        }
        Some(AssigneeLogicType::SingleUser) if count > 1 => {
            let kind = ViolationKind::AssigneeCount { max: 1, actual: count };
            violations.add_reading(FIELD, kind, &[LOGIC_TYPE]);
            return None;
        }
        Some(_) => {}
    }
    Some(match logic_type {
        None => Assignment::Keep { said: false, list },
        Some(AssigneeLogicType::None) => Assignment::Keep { said: true, list },
        Some(AssigneeLogicType::Clear) => Assignment::Clear { list },
        Some(AssigneeLogicType::SingleUser) => Assignment::SingleUser(candidates?),
        Some(AssigneeLogicType::RandomSelected) => Assignment::RandomSelected(candidates?),
        Some(AssigneeLogicType::FairDistributionSelected) => {
            Assignment::FairDistributionSelected(candidates?)
        }
    })
}

fn check_candidates(
    violations: &mut Violations,
    ids: &[String],
    known: &References,
) -> Option<Candidates> {
    if ids.len() > MEMBERSHIPS_MAX {
        let actual = ids.len();
        violations.add(FIELD, ViolationKind::TooMany { max: MEMBERSHIPS_MAX, actual });
    }
    let mut seen = HashSet::new();
    // Beyond the limit nothing was looked up, and the answer stays bounded.
    for (index, text) in ids.iter().take(MEMBERSHIPS_MAX).enumerate() {
        let field = || Field::from(FIELD).at(index);
        known.membership(violations, field(), text);
        // The same id in capitals is the same id.
        let same = parse_id(text).map_or_else(|| text.clone(), |id| id.to_string());
        if !seen.insert(same) {
            violations.add(field(), ViolationKind::DuplicateValue { value: text.clone() });
        }
    }
    let candidates: Vec<Uuid> = ids.iter().filter_map(|text| parse_id(text)).collect();
    (!candidates.is_empty()).then_some(Candidates(candidates))
}
