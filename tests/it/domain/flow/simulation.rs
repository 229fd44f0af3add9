//! Simulations: what happens at which time, and how it ends.

use crm_steps::domain::{
    crm_step::CrmStepInput,
    flow::{
        Flow, FlowStep,
        conversation::EffectKind,
        simulation::{
            ENTRIES_MAX, EndReason, Names, Simulation, SimulationEntry, SimulationRequest, simulate,
        },
    },
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A flow of steps with these fields. The key of a step and the index of its `target` are among the
/// fields; without them the key is `step-` with the index, and the timer leads to the following step.
pub(super) fn flow(steps: Value) -> Flow {
    let Value::Array(steps) = steps else { panic!("these are no steps: {steps}") };
    let step = |(index, fields): (usize, Value)| FlowStep {
        key: fields["key"].as_str().map_or_else(|| format!("step-{index}"), str::to_owned),
        target: fields["target"].as_u64().map(|target| target.try_into().expect("an index")),
        input: CrmStepInput {
            name: fields["name"].as_str().map_or_else(|| format!("Step {index}"), str::to_owned),
            ..serde_json::from_value(fields).expect("fields of a step")
        },
    };
    Flow { steps: steps.into_iter().enumerate().map(step).collect() }
}

/// Simulates a valid request.
pub(super) fn run(steps: Value, request: Value) -> Simulation {
    let request: SimulationRequest = serde_json::from_value(request).expect("a request");
    simulate(&flow(steps), &request, &Names::new()).expect("a valid request")
}

/// A simulation as text: a line for each entry, with its time in seconds, the index of the step and
/// the kind, and the end.
pub(super) fn text(Simulation { timeline, end }: &Simulation) -> String {
    let line = |entry: &SimulationEntry| {
        format!("{} #{} {}", entry.elapsed_seconds, entry.step_index, entry.kind)
    };
    let mut lines: Vec<String> = timeline.iter().map(line).collect();
    let index = end.step_index.map(|index| format!("#{index} ")).unwrap_or_default();
    lines.push(format!("{} {index}= {}", end.at_seconds, end.reason));
    lines.join("\n")
}

/// The last lines of a text.
pub(super) fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len() - count..].join("\n")
}

/// Two steps whose timers lead to each other after this number of seconds.
pub(super) fn loop_of(seconds: i32) -> Value {
    json!([{ "autoNextTime": seconds, "target": 1 }, { "autoNextTime": seconds, "target": 0 }])
}

#[test]
fn timers_and_events_happen_in_the_order_of_their_times() {
    let steps = json!([{ "autoNextTime": 1, "autoNextTimeUnit": "m" }, { "trigger": "a" }, {}]);
    let events = json!([
        { "afterSeconds": 59, "customerMessage": "Hi" },
        { "afterSeconds": 2, "moveTo": "step-2" },
        { "afterSeconds": 0, "triggerMet": "1" },
        { "afterSeconds": 9, "leave": true },
        { "afterSeconds": 1, "customerMessage": "Bye" },
    ]);
    insta::assert_snapshot!(text(&run(steps, json!({ "events": events }))), @"
    0 #0 ENTERED
    0 #0 TIMER_SET
    59 #0 CUSTOMER_MESSAGE
    60 #0 TIMER_FIRED
    61 #1 MOVED
    61 #2 TRIGGER_MET
    70 #1 LEFT
    70 #1 = LEFT
    ");
}

#[test]
fn a_timer_fires_before_an_event_at_the_same_time() {
    let steps = json!([{ "autoNextTime": 60 }, {}, {}]);
    let events = json!([{ "afterSeconds": 60, "moveTo": "step-2" }]);
    insta::assert_snapshot!(text(&run(steps, json!({ "events": events }))), @"
    0 #0 ENTERED
    0 #0 TIMER_SET
    60 #0 TIMER_FIRED
    60 #1 MOVED
    60 #2 = WAITING
    ");
}

#[test]
fn a_move_cancels_the_timer() {
    let steps = json!([{ "autoNextTime": 60 }, {}, {}]);
    let events = json!([{ "afterSeconds": 59, "moveTo": "step-2" }]);
    insta::assert_snapshot!(text(&run(steps, json!({ "events": events }))), @"
    0 #0 ENTERED
    0 #0 TIMER_SET
    59 #0 MOVED
    59 #2 = WAITING
    ");
}

#[test]
fn a_message_of_the_customer_leaves_the_timer() {
    let steps = json!([{ "autoNextTime": 60 }, {}]);
    let events = json!([{ "afterSeconds": 59, "customerMessage": "Hi" }]);
    insta::assert_snapshot!(text(&run(steps, json!({ "events": events }))), @"
    0 #0 ENTERED
    0 #0 TIMER_SET
    59 #0 CUSTOMER_MESSAGE
    60 #0 TIMER_FIRED
    60 #1 = WAITING
    ");
}

#[test]
fn a_timer_without_target_on_the_last_step_fires_and_the_conversation_waits() {
    let steps = json!([{}, { "autoNextTime": 60 }]);
    let events = json!([
        { "afterSeconds": 1, "moveTo": "step-1" },
        { "afterSeconds": 70, "customerMessage": "Hi" },
    ]);
    insta::assert_snapshot!(text(&run(steps, json!({ "events": events }))), @"
    0 #0 ENTERED
    1 #0 MOVED
    1 #1 TIMER_SET
    61 #1 TIMER_FIRED
    71 #1 CUSTOMER_MESSAGE
    71 #1 = WAITING
    ");
}

#[test]
fn what_is_due_at_the_time_limit_still_happens() {
    let steps = json!([{ "autoNextTime": 60 }, { "autoNextTime": 1 }, {}]);
    let events = json!([{ "afterSeconds": 60, "customerMessage": "Hi" }]);
    let request = json!({ "untilSeconds": 60, "events": events });
    insta::assert_snapshot!(text(&run(steps, request)), @"
    0 #0 ENTERED
    0 #0 TIMER_SET
    60 #0 TIMER_FIRED
    60 #1 TIMER_SET
    60 #1 CUSTOMER_MESSAGE
    60 #1 = TIME_LIMIT
    ");
}

#[test]
fn what_is_due_after_the_time_limit_does_not_happen() {
    let timer = run(json!([{ "autoNextTime": 61 }, {}]), json!({ "untilSeconds": 60 }));
    insta::assert_snapshot!(text(&timer), @"
    0 #0 ENTERED
    0 #0 TIMER_SET
    60 #0 = TIME_LIMIT
    ");
    let events = json!([{ "afterSeconds": 61, "leave": true }]);
    let event = run(json!([{}]), json!({ "untilSeconds": 60, "events": events }));
    insta::assert_snapshot!(text(&event), @"
    0 #0 ENTERED
    60 #0 = TIME_LIMIT
    ");
}

#[test]
fn a_simulation_of_0_seconds_shows_what_the_first_step_does() {
    let steps = json!([{ "initialMessage": "Hi", "autoNextTime": 1 }, {}]);
    insta::assert_snapshot!(text(&run(steps, json!({ "untilSeconds": 0 }))), @"
    0 #0 ENTERED
    0 #0 MESSAGE_SENT
    0 #0 TIMER_SET
    0 #0 = TIME_LIMIT
    ");
}

#[test]
fn a_simulation_starts_on_a_monday_and_lasts_30_days() {
    let simulation = run(json!([{ "autoNextTime": 30, "autoNextTimeUnit": "d" }, {}]), json!({}));
    let times: Vec<String> =
        simulation.timeline.iter().map(|entry| entry.at.to_rfc3339()).collect();
    assert_eq!(times.first().map(String::as_str), Some("2026-01-05T12:00:00+00:00"));
    assert_eq!(times.last().map(String::as_str), Some("2026-02-04T12:00:00+00:00"));
    let longer = run(json!([{ "autoNextTime": 2_592_001 }, {}]), json!({}));
    assert_eq!((longer.end.reason, longer.end.at_seconds), (EndReason::TimeLimit, 2_592_000));
}

#[test]
fn nothing_happens_in_a_flow_without_steps() {
    let events = json!([{ "customerMessage": "Hi" }, { "leave": true }]);
    insta::assert_snapshot!(text(&run(json!([]), json!({ "events": events }))), @"0 = WAITING");
}

#[test]
fn a_timeline_has_at_most_1000_entries() {
    let simulation = run(loop_of(1_440), json!({}));
    assert_eq!(simulation.timeline.len(), ENTRIES_MAX);
    insta::assert_snapshot!(last_lines(&text(&simulation), 3), @"
    718560 #0 TIMER_FIRED
    718560 #1 TIMER_SET
    718560 #1 = EVENT_LIMIT
    ");
    let within = run(loop_of(1_440), json!({ "untilSeconds": 719_999 }));
    assert_eq!(within.timeline.len(), ENTRIES_MAX);
    insta::assert_snapshot!(last_lines(&text(&within), 3), @"
    718560 #0 TIMER_FIRED
    718560 #1 TIMER_SET
    719999 #1 = TIME_LIMIT
    ");
}

#[test]
fn an_entry_too_many_within_a_step_ends_the_simulation_in_that_step() {
    let mut steps = loop_of(1_440);
    steps[0]["defaultStatus"] = json!("UNRESOLVED");
    steps[1]["defaultStatus"] = json!("UNRESOLVED");
    insta::assert_snapshot!(last_lines(&text(&run(steps, json!({}))), 3), @"
    478080 #0 TIMER_SET
    479520 #0 TIMER_FIRED
    479520 #1 = EVENT_LIMIT
    ");
}

#[test]
fn a_stored_delay_of_0_or_less_ends() {
    for delay in [0, -60] {
        let simulation = run(loop_of(delay), json!({}));
        assert_eq!((simulation.end.reason, simulation.end.at_seconds), (EndReason::Held, 0));
    }
}

#[test]
fn each_entry_has_the_cause_and_a_sentence() {
    let steps = json!([
        { "name": "New", "autoNextTime": 90 },
        { "name": "Offer", "trigger": "a", "initialMessage": "Here is\nyour offer.", "autoNextTime": 90_061 },
        { "name": "Lost", "defaultStatus": "RESOLVED", "autoNextTime": 1 },
    ]);
    let events = json!([
        { "afterSeconds": 100, "customerMessage": "How much?" },
        { "moveTo": "0" },
        { "triggerMet": "1" },
        { "triggerMet": "1" },
        { "afterSeconds": 90_100, "leave": true },
    ]);
    let simulation = run(steps, json!({ "events": events }));
    let lines = simulation.timeline.iter();
    let lines: Vec<String> =
        lines.map(|entry| format!("{}: {}", entry.cause, entry.message)).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    START: The conversation starts in "New".
    START: A timer is set: in 1 minute 30 seconds, on 2026-01-05 at 12:01:30 UTC, the conversation goes to "Offer".
    TIMER: The timer is due: the conversation goes from "New" to "Offer".
    TIMER: The initial message is sent: "Here is your offer."
    TIMER: A timer is set: in 1 day 1 hour 1 minute 1 second, on 2026-01-06 at 13:02:31 UTC, the conversation goes to "Lost".
    CUSTOMER_MESSAGE: The customer writes: "How much?"
    MOVE: The conversation is moved from "Offer" to "New".
    MOVE: A timer is set: in 1 minute 30 seconds, on 2026-01-05 at 12:03:10 UTC, the conversation goes to "Offer".
    TRIGGER: The trigger of "Offer" is met: the conversation goes there from "New".
    TRIGGER: The initial message is sent: "Here is your offer."
    TRIGGER: A timer is set: in 1 day 1 hour 1 minute 1 second, on 2026-01-06 at 13:02:41 UTC, the conversation goes to "Lost".
    TRIGGER: The conversation is in "Offer" already.
    TIMER: The timer is due: the conversation goes from "Offer" to "Lost".
    TIMER: The status is set to RESOLVED.
    TIMER: A timer is set: in 1 second, on 2026-01-06 at 13:02:42 UTC, nothing happens, because no step follows "Lost".
    TIMER: The timer is due, but no step follows: the conversation stays in "Lost".
    LEAVE: The conversation is taken out of the scenario in "Lost".
    "#);
}

#[test]
fn sentences_have_the_names_of_agents_and_memberships() {
    let steps = json!([{
        "agentId": "019a0000-0000-7000-8000-000000000001",
        "assigneeLogicType": "single_user",
        "selectedMembershipIdsForAssignee": ["019a0000-0000-7000-8000-000000000002"],
    }]);
    let names = Names::from([
        ("019a0000-0000-7000-8000-000000000001".to_owned(), "Sofia".to_owned()),
        ("019a0000-0000-7000-8000-000000000002".to_owned(), "Ana Prado".to_owned()),
    ]);
    let simulation = simulate(&flow(steps), &SimulationRequest::default(), &names);
    let timeline = simulation.expect("a valid request").timeline;
    let lines: Vec<&str> = timeline.iter().map(|entry| entry.message.as_str()).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    The conversation starts in "Step 0".
    The agent "Sofia" takes over.
    The conversation is assigned to Ana Prado, the only candidate.
    "#);
}

#[test]
fn an_entry_is_json_with_its_details() {
    let simulation = run(json!([{ "autoNextTime": 60 }, {}]), json!({ "untilSeconds": 60 }));
    insta::assert_json_snapshot!(simulation.timeline[1], @r#"
    {
      "at": "2026-01-05T12:00:00Z",
      "elapsedSeconds": 0,
      "kind": "TIMER_SET",
      "stepIndex": 0,
      "message": "A timer is set: in 1 minute, on 2026-01-05 at 12:01:00 UTC, the conversation goes to \"Step 1\".",
      "cause": "START",
      "details": {
        "delaySeconds": 60,
        "dueAt": "2026-01-05T12:01:00Z",
        "toIndex": 1
      }
    }
    "#);
    insta::assert_json_snapshot!(simulation.end, @r#"
    {
      "reason": "WAITING",
      "stepIndex": 1,
      "atSeconds": 60
    }
    "#);
}

fn step() -> impl Strategy<Value = Value> {
    let candidates = prop::collection::vec(prop::sample::select(vec!["ana", "bia", "caio"]), 0..4);
    let logic = prop::sample::select(vec![
        Value::Null,
        "clear".into(),
        "single_user".into(),
        "random_selected".into(),
        "fair_distribution_selected".into(),
    ]);
    let delay = prop_oneof![Just(None), (0..200_000_i32).prop_map(Some)];
    let target = prop_oneof![Just(None), (0..5_usize).prop_map(Some)];
    (delay, target, candidates, logic, any::<[bool; 3]>(), 0..8_u8).prop_map(
        |(delay, target, candidates, logic, [trigger, message, required], removal)| {
            json!({
                "autoNextTime": delay,
                "target": target,
                "selectedMembershipIdsForAssignee": candidates,
                "assigneeLogicType": logic,
                "trigger": trigger.then_some("a"),
                "initialMessage": message.then_some("Hi"),
                "isRequired": required,
                "isConversationRemovalStep": removal == 0,
            })
        },
    )
}

fn event() -> impl Strategy<Value = Value> {
    let after = prop_oneof![Just(0), 0..200_000_i32];
    (after, 0..4_u8, 0..5_usize).prop_map(|(after, kind, step)| match kind {
        0 => json!({ "afterSeconds": after, "customerMessage": "Hi" }),
        1 | 2 => json!({ "afterSeconds": after, "triggerMet": step.to_string() }),
        _ => json!({ "afterSeconds": after, "moveTo": format!("step-{step}") }),
    })
}

proptest! {
    #[test]
    fn a_simulation_depends_on_its_input_alone_and_keeps_its_limits(
        steps in prop::collection::vec(step(), 5),
        events in prop::collection::vec(event(), 0..30),
        seed in any::<i64>(),
        until in 0..=31_536_000_i32,
    ) {
        let request = json!({ "seed": seed, "untilSeconds": until, "events": events });
        let steps = Value::Array(steps);
        let simulation = run(steps.clone(), request.clone());
        let json = serde_json::to_string(&simulation).expect("JSON");
        prop_assert_eq!(&json, &serde_json::to_string(&run(steps.clone(), request)).expect("JSON"));
        let Simulation { timeline, end } = simulation;
        prop_assert!(timeline.len() <= ENTRIES_MAX);
        prop_assert!(timeline.is_sorted_by_key(|entry| entry.elapsed_seconds));
        prop_assert!(timeline.iter().all(|entry| entry.elapsed_seconds <= until));
        prop_assert!(timeline.last().is_some_and(|entry| entry.elapsed_seconds <= end.at_seconds));
        // The next entry is in the step to which a move leads.
        for pair in timeline.windows(2) {
            let moves = [EffectKind::TimerFired, EffectKind::TriggerMet, EffectKind::Moved];
            let leads_to = pair[0].details["toIndex"].as_u64();
            let leads_to = leads_to.filter(|_| moves.contains(&pair[0].kind));
            let expected = leads_to.unwrap_or(pair[0].step_index as u64);
            prop_assert_eq!(pair[1].step_index as u64, expected);
        }
        for entry in timeline.iter().filter(|entry| entry.kind == EffectKind::Assigned) {
            let candidates = &steps[entry.step_index]["selectedMembershipIdsForAssignee"];
            let candidates = candidates.as_array().expect("a list");
            prop_assert!(candidates.contains(&entry.details["membershipId"]));
        }
    }
}
