//! The choice of the assignee.

use chrono::{DateTime, TimeDelta, Utc};
use crm_steps::domain::{
    crm_step::AssigneeLogicType::{
        self, Clear, FairDistributionSelected, None as Nobody, RandomSelected, SingleUser,
    },
    flow::assignment::{Assignment, AssignmentRule, Draw, Workload, assign},
};
use proptest::prelude::*;
use serde_json::json;

use super::simulation::run;

const DRAW: Draw = Draw { seed: 0, visit: 1 };

fn time(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
}

fn ids(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

fn chosen(
    logic: AssigneeLogicType,
    candidates: &[&str],
    workload: &Workload,
) -> Option<(String, AssignmentRule)> {
    let assignment = assign(logic, &ids(candidates), workload, DRAW)?;
    Some((assignment.membership_id, assignment.rule))
}

/// The choice of a fair distribution among `ana`, `bia` and `caio`.
fn fair(workload: &Workload) -> String {
    let choice = chosen(FairDistributionSelected, &["ana", "bia", "caio"], workload);
    let (membership, rule) = choice.expect("an assignee");
    format!("{membership} {rule}")
}

#[test]
fn a_single_candidate_is_the_only_one() {
    for logic in [SingleUser, RandomSelected, FairDistributionSelected] {
        let choice = chosen(logic, &["ana"], &Workload::default());
        assert_eq!(choice, Some(("ana".to_owned(), AssignmentRule::OnlyOne)));
    }
}

#[test]
fn nobody_is_assigned_without_candidates_or_by_a_logic_that_assigns_nobody() {
    for logic in [Nobody, Clear, SingleUser, RandomSelected, FairDistributionSelected] {
        assert_eq!(chosen(logic, &[], &Workload::default()), None);
    }
    for logic in [Nobody, Clear] {
        assert_eq!(chosen(logic, &["ana"], &Workload::default()), None);
    }
}

#[test]
fn a_fair_distribution_chooses_the_fewest_open_conversations() {
    let workload = Workload::new([("ana", 3), ("bia", 1), ("CAIO", 2)]);
    assert_eq!(fair(&workload), "bia FEWEST_OPEN");
}

#[test]
fn of_equal_candidates_the_one_without_an_assignment_comes_first() {
    let mut workload = Workload::default();
    workload.record("ana", time(1));
    workload.record("Caio", time(2));
    assert_eq!(fair(&workload), "bia LONGEST_AGO");
}

#[test]
fn of_equal_candidates_the_last_assignment_longest_ago_comes_first() {
    let mut workload = Workload::default();
    for (membership, seconds) in [("caio", 1), ("bia", 2), ("ana", 3), ("caio", 4)] {
        workload.record(membership, time(seconds));
    }
    assert_eq!(fair(&workload), "bia LONGEST_AGO");
}

#[test]
fn of_candidates_that_are_equal_in_all_the_first_listed_is_chosen() {
    assert_eq!(fair(&Workload::default()), "ana FIRST_LISTED");
    let mut workload = Workload::new([("ana", 1)]);
    workload.record("bia", time(5));
    workload.record("caio", time(5));
    assert_eq!(fair(&workload), "bia FIRST_LISTED");
}

#[test]
fn an_assignment_lists_the_candidates_with_their_open_conversations() {
    let workload = Workload::new([("bia", 2), ("zoe", 9)]);
    let assignment = assign(FairDistributionSelected, &ids(&["bia", "ana"]), &workload, DRAW);
    insta::assert_json_snapshot!(assignment, @r#"
    {
      "membershipId": "ana",
      "rule": "FEWEST_OPEN",
      "candidates": [
        {
          "membershipId": "bia",
          "openConversations": 2
        },
        {
          "membershipId": "ana",
          "openConversations": 0
        }
      ]
    }
    "#);
}

/// The numbers are those of `int.from_bytes(sha256(struct.pack(">qI", seed, visit)).digest()[:8]) % 7`
/// in Python.
#[test]
fn the_draw_is_the_hash_of_seed_and_visit() {
    let candidates: Vec<String> = (0..7).map(|number| number.to_string()).collect();
    let drawn = |(seed, visit)| {
        let assignment =
            assign(RandomSelected, &candidates, &Workload::default(), Draw { seed, visit });
        let Assignment { membership_id, rule, .. } = assignment.expect("an assignee");
        assert_eq!(rule, AssignmentRule::Draw);
        membership_id
    };
    let seeds_and_visits = [(0, 1), (0, 2), (1, 1), (-1, 1), (i64::MAX, 3), (i64::MIN, u32::MAX)];
    assert_eq!(seeds_and_visits.map(drawn).join(" "), "0 2 2 1 1 4");
}

/// All steps that are entered are counted, so that two steps with the same list draw independently.
#[test]
fn the_visit_is_counted_over_all_steps_of_a_run() {
    let step = json!({
        "assigneeLogicType": "random_selected",
        "selectedMembershipIdsForAssignee": ["0", "1", "2", "3", "4", "5", "6"],
    });
    let events = json!([{ "moveTo": "1" }, { "customerMessage": "Hi" }, { "moveTo": "2" }]);
    let timeline = run(json!([step, {}, step]), json!({ "events": events })).timeline;
    let drawn = timeline.iter().filter_map(|entry| entry.details["membershipId"].as_str());
    assert_eq!(drawn.collect::<Vec<_>>(), ["0", "4"]);
}

#[test]
fn a_fair_distribution_counts_the_assignments_of_all_steps_of_a_run() {
    let fair = json!({
        "assigneeLogicType": "fair_distribution_selected",
        "selectedMembershipIdsForAssignee": ["ana", "bia"],
    });
    let single = json!({
        "assigneeLogicType": "single_user",
        "selectedMembershipIdsForAssignee": ["ana"],
    });
    let events: Vec<_> =
        ["1", "0", "1", "0"].map(|step| json!({ "afterSeconds": 1, "moveTo": step })).into();
    let timeline = run(json!([single, fair]), json!({ "events": events })).timeline;
    let assigned = timeline.iter().filter(|entry| entry.details.get("rule").is_some());
    let lines = assigned.map(|entry| {
        format!("#{} {} {}", entry.step_index, entry.details["membershipId"], entry.details["rule"])
    });
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r#"
    #0 "ana" "ONLY_ONE"
    #1 "bia" "LONGEST_AGO"
    #0 "ana" "ONLY_ONE"
    #1 "bia" "LONGEST_AGO"
    #0 "ana" "ONLY_ONE"
    "#);
}

#[test]
fn an_assignment_says_why() {
    let all = json!(["ana", "bia", "caio"]);
    let assigned = |logic: &str, candidates: &serde_json::Value, open: &[(&str, i32)]| {
        let step =
            json!({ "assigneeLogicType": logic, "selectedMembershipIdsForAssignee": candidates });
        let open = open.iter().map(|(id, count)| json!({ "membershipId": id, "count": count }));
        let request =
            json!({ "openConversations": open.collect::<Vec<_>>(), "events": [{ "moveTo": "1" }] });
        let first = json!({ "assigneeLogicType": "single_user", "selectedMembershipIdsForAssignee": ["ana"] });
        run(json!([first, step]), request).timeline.pop().expect("an entry").message
    };
    let fair = "fair_distribution_selected";
    let sentences = [
        assigned("single_user", &json!(["bia"]), &[]),
        assigned("random_selected", &all, &[]),
        assigned(fair, &all, &[("ana", 1), ("bia", 1)]),
        assigned(fair, &json!(["ana", "bia"]), &[]),
        assigned(fair, &all, &[]),
    ];
    insta::assert_snapshot!(sentences.join("\n"), @"
    The conversation is assigned to bia, the only candidate.
    The conversation is assigned to bia, drawn from 3 candidates.
    The conversation is assigned to caio, the one of 3 candidates with the fewest open conversations.
    The conversation is assigned to bia, who, of the candidates with the fewest open conversations, has waited longest for an assignment.
    The conversation is assigned to bia, the first in the list of equal candidates.
    ");
}

proptest! {
    /// The reference removes candidates from the list, rule by rule, and knows the assignments as a
    /// list.
    #[test]
    fn a_fair_distribution_is_what_the_rules_say(
        open in prop::collection::vec(0..3_u32, 1..6),
        history in prop::collection::vec(0..6_usize, 0..12),
    ) {
        let name = |member: usize| format!("member-{member}");
        let names: Vec<String> = (0..open.len()).map(name).collect();
        let counts = names.iter().map(String::as_str).zip(open.iter().copied());
        let mut workload = Workload::new(counts);
        for (second, member) in (0..).zip(&history) {
            workload.record(&name(*member), time(second));
        }
        let assignment = assign(FairDistributionSelected, &names, &workload, DRAW).expect("an assignee");

        let mut left: Vec<usize> = (0..open.len()).collect();
        let mut rule = AssignmentRule::OnlyOne;
        if left.len() > 1 {
            let fewest = open.iter().min();
            left.retain(|member| Some(&open[*member]) == fewest);
            rule = AssignmentRule::FewestOpen;
        }
        if left.len() > 1 {
            let last = |member: usize| history.iter().rposition(|assigned| *assigned == member);
            let never: Vec<usize> =
                left.iter().copied().filter(|member| last(*member).is_none()).collect();
            left = if never.is_empty() {
                left.into_iter().min_by_key(|member| last(*member)).into_iter().collect()
            } else {
                never
            };
            rule = AssignmentRule::LongestAgo;
        }
        if left.len() > 1 {
            rule = AssignmentRule::FirstListed;
        }
        prop_assert_eq!((assignment.membership_id, assignment.rule), (names[left[0]].clone(), rule));
    }

    #[test]
    fn a_draw_chooses_a_candidate(seed in any::<i64>(), visit in any::<u32>(), count in 2..101_usize) {
        let candidates: Vec<String> = (0..count).map(|number| number.to_string()).collect();
        let draw = Draw { seed, visit };
        let assignment = assign(RandomSelected, &candidates, &Workload::default(), draw);
        let assignment = assignment.expect("an assignee");
        prop_assert!(candidates.contains(&assignment.membership_id));
        prop_assert_eq!(assignment.candidates.len(), count);
    }
}
