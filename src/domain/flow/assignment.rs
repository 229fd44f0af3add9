//! Which of a step's candidates a conversation is assigned to, and why.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use strum::Display;

use crate::domain::{crm_step::AssigneeLogicType, fold::without_case};

/// An assignment with its explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Assignment {
    /// The candidate that was chosen.
    pub membership_id: String,
    /// What decided.
    pub rule: AssignmentRule,
    /// All candidates, in the order of the step's list.
    pub candidates: Vec<Candidate>,
}

/// A membership among which the assignee was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// The membership, as the step names it.
    pub membership_id: String,
    /// The number of its open conversations, without this one.
    pub open_conversations: u32,
}

/// What decided between the candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum AssignmentRule {
    /// There is one candidate.
    OnlyOne,
    /// It has fewer open conversations than each other candidate.
    FewestOpen,
    /// Of those with the fewest open conversations, its last assignment is longest ago, or it is the
    /// only one that never had any.
    LongestAgo,
    /// It is the first in the step's list of those that are equal in both.
    FirstListed,
    /// The draw of `random_selected`.
    Draw,
}

/// What memberships have to do. Ids are compared without regard to case.
#[derive(Debug, Clone, Default)]
pub struct Workload {
    open_conversations: BTreeMap<String, u32>,
    last_assigned_at: BTreeMap<String, DateTime<Utc>>,
}

impl Workload {
    /// The workload of memberships with these numbers of open conversations; all others have none.
    /// No membership has had an assignment.
    #[must_use]
    pub fn new<'a>(open_conversations: impl IntoIterator<Item = (&'a str, u32)>) -> Self {
        let open = open_conversations.into_iter();
        let open_conversations = open.map(|(id, count)| (without_case(id), count)).collect();
        Self { open_conversations, ..Self::default() }
    }

    /// Records that the membership got an assignment. The number of its open conversations stays.
    pub fn record(&mut self, membership_id: &str, at: DateTime<Utc>) {
        self.last_assigned_at.insert(without_case(membership_id), at);
    }

    fn open_conversations(&self, membership_id: &str) -> u32 {
        self.open_conversations.get(&without_case(membership_id)).copied().unwrap_or_default()
    }

    fn last_assigned_at(&self, membership_id: &str) -> Option<DateTime<Utc>> {
        self.last_assigned_at.get(&without_case(membership_id)).copied()
    }
}

/// A draw, which is the same for the same seed and visit.
#[derive(Debug, Clone, Copy)]
pub struct Draw {
    /// The seed of the run.
    pub seed: i64,
    /// The number of the visit in the run: 1 for the first step that is entered, 2 for the second.
    pub visit: u32,
}

impl Draw {
    /// An index below `count`, which is not 0: the first 8 bytes of SHA-256(seed, visit) modulo
    /// `count`, all numbers big-endian.
    fn index(self, count: usize) -> usize {
        let hash = Sha256::new()
            .chain_update(self.seed.to_be_bytes())
            .chain_update(self.visit.to_be_bytes())
            .finalize();
        let first = hash.iter().take(size_of::<u64>());
        let number = first.fold(0, |number, byte| (number << 8) | u64::from(*byte));
        let index = number % u64::try_from(count).unwrap_or(u64::MAX);
        usize::try_from(index).unwrap_or_default()
    }
}

/// Chooses the assignee among the candidates of a step. None if there is no candidate, or the logic
/// assigns nobody.
#[must_use]
pub fn assign(
    logic: AssigneeLogicType,
    candidates: &[String],
    workload: &Workload,
    draw: Draw,
) -> Option<Assignment> {
    use AssigneeLogicType as Logic;
    let (chosen, rule) = match (logic, candidates) {
        (Logic::None | Logic::Clear, _) | (_, []) => return None,
        (_, [_]) => (0, AssignmentRule::OnlyOne),
        // No valid step has several. The first one decides then.
        (Logic::SingleUser, _) => (0, AssignmentRule::FirstListed),
        (Logic::RandomSelected, _) => (draw.index(candidates.len()), AssignmentRule::Draw),
        (Logic::FairDistributionSelected, _) => least_loaded(candidates, workload),
    };
    let candidate = |id: &String| Candidate {
        membership_id: id.clone(),
        open_conversations: workload.open_conversations(id),
    };
    Some(Assignment {
        membership_id: candidates[chosen].clone(),
        rule,
        candidates: candidates.iter().map(candidate).collect(),
    })
}

/// The index of the candidate that a fair distribution chooses, and what decided.
fn least_loaded(candidates: &[String], workload: &Workload) -> (usize, AssignmentRule) {
    // A membership that never had an assignment comes first, as `None` is less than `Some`.
    let load = |id: &String| (workload.open_conversations(id), workload.last_assigned_at(id));
    let loads: Vec<_> = candidates.iter().map(load).collect();
    // Of equal ones the first.
    let chosen = (0..loads.len()).min_by_key(|index| loads[*index]).unwrap_or_default();
    let least = loads[chosen];
    let rule = if loads.iter().filter(|load| load.0 == least.0).count() == 1 {
        AssignmentRule::FewestOpen
    } else if loads.iter().filter(|load| **load == least).count() == 1 {
        AssignmentRule::LongestAgo
    } else {
        AssignmentRule::FirstListed
    };
    (chosen, rule)
}
