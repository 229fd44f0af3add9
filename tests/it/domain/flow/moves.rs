//! Moves that are refused, and moves by timers that are too many.

use crm_steps::domain::flow::{
    conversation::EffectKind,
    simulation::{EndReason, Simulation},
};
use serde_json::{Value, json};

use super::simulation::{last_lines, loop_of, run, text};

#[test]
fn a_trigger_is_refused_with_the_first_reason_that_applies() {
    let steps = json!([
        { "name": "New", "trigger": "a" },
        { "name": "Chat" },
        { "name": "Offer", "trigger": "b" },
        { "name": "Check", "isRequired": true },
        { "name": "Sale", "trigger": "c" },
    ]);
    let events = json!([
        { "triggerMet": "0" },
        { "triggerMet": "1" },
        { "triggerMet": "2" },
        { "triggerMet": "2" },
        { "triggerMet": "4" },
        { "moveTo": "2" },
        { "moveTo": "1" },
        { "triggerMet": "1" },
    ]);
    let simulation = run(steps, json!({ "events": events }));
    let refusals =
        simulation.timeline.iter().filter(|entry| entry.kind == EffectKind::EventRefused);
    let refusals: Vec<String> = refusals
        .map(|entry| format!("#{} {} {}", entry.step_index, entry.details, entry.message))
        .collect();
    insta::assert_snapshot!(refusals.join("\n"), @r#"
    #0 {"reason":"FIRST_STEP","toIndex":0} The conversation stays in "New": the trigger of "New" is never evaluated, because it is the first step.
    #0 {"reason":"NO_TRIGGER","toIndex":1} The conversation stays in "New": "Chat" has no trigger.
    #2 {"reason":"PRESENT_STEP","toIndex":2} The conversation is in "Offer" already.
    #2 {"reason":"REQUIRED_STEP","toIndex":4} The conversation stays in "Offer": a trigger may not skip "Check", which is required and was never visited.
    #2 {"reason":"PRESENT_STEP","toIndex":2} The conversation is in "Offer" already.
    #1 {"reason":"NO_TRIGGER","toIndex":1} The conversation stays in "Chat": "Chat" has no trigger.
    "#);
}

/// A required step lies between the first and the last.
fn with_required_step() -> Value {
    json!([{}, { "isRequired": true }, { "trigger": "a" }])
}

#[test]
fn a_trigger_does_not_skip_a_required_step() {
    let events = json!([{ "triggerMet": "2" }]);
    insta::assert_snapshot!(text(&run(with_required_step(), json!({ "events": events }))), @"
    0 #0 ENTERED
    0 #0 EVENT_REFUSED
    0 #0 = WAITING
    ");
}

#[test]
fn a_trigger_skips_a_required_step_that_was_visited() {
    let events = json!([{ "moveTo": "1" }, { "moveTo": "0" }, { "triggerMet": "2" }]);
    insta::assert_snapshot!(text(&run(with_required_step(), json!({ "events": events }))), @"
    0 #0 ENTERED
    0 #0 MOVED
    0 #1 MOVED
    0 #0 TRIGGER_MET
    0 #2 = WAITING
    ");
}

#[test]
fn a_trigger_enters_a_required_step_and_skips_it_backwards() {
    let steps = json!([{}, { "trigger": "a" }, { "isRequired": true, "trigger": "b" }, {}]);
    let enters = json!([{ "triggerMet": "2" }]);
    insta::assert_snapshot!(text(&run(steps.clone(), json!({ "events": enters }))), @"
    0 #0 ENTERED
    0 #0 TRIGGER_MET
    0 #2 = WAITING
    ");
    let skips = json!([{ "moveTo": "3" }, { "triggerMet": "1" }]);
    insta::assert_snapshot!(text(&run(steps, json!({ "events": skips }))), @"
    0 #0 ENTERED
    0 #0 MOVED
    0 #3 TRIGGER_MET
    0 #1 = WAITING
    ");
}

#[test]
fn a_move_and_a_timer_skip_a_required_step() {
    let events = json!([{ "moveTo": "2" }]);
    insta::assert_snapshot!(text(&run(with_required_step(), json!({ "events": events }))), @"
    0 #0 ENTERED
    0 #0 MOVED
    0 #2 = WAITING
    ");
    let mut steps = with_required_step();
    steps[0] = json!({ "autoNextTime": 5, "target": 2 });
    insta::assert_snapshot!(text(&run(steps, json!({}))), @"
    0 #0 ENTERED
    0 #0 TIMER_SET
    5 #0 TIMER_FIRED
    5 #2 = WAITING
    ");
}

#[test]
fn the_61st_move_by_a_timer_in_24_hours_is_not_made() {
    let simulation = run(loop_of(60), json!({}));
    insta::assert_snapshot!(last_lines(&text(&simulation), 4), @"
    3600 #1 TIMER_FIRED
    3600 #0 TIMER_SET
    3660 #0 HELD
    3660 #0 = HELD
    ");
    assert_eq!(moves_by_timers(&simulation), 60);
    let held = simulation.timeline.last().expect("an entry");
    insta::assert_snapshot!(held.message, @r#"The conversation is held in "Step 0" and does not go to "Step 1": timers have moved it 60 times in 24 hours without a message from the customer."#);
    assert_eq!(held.details, json!({ "toIndex": 1 }));
}

#[test]
fn a_move_by_a_timer_counts_for_less_than_24_hours() {
    let held = run(loop_of(1_439), json!({}));
    assert_eq!((held.end.reason, moves_by_timers(&held)), (EndReason::Held, 60));
    assert_eq!(run(loop_of(1_440), json!({})).end.reason, EndReason::EventLimit);
}

#[test]
fn a_message_of_the_customer_restarts_the_count_of_moves() {
    let events = json!([{ "afterSeconds": 3_600, "customerMessage": "Hi" }]);
    let simulation = run(loop_of(60), json!({ "events": events }));
    assert_eq!((simulation.end.reason, moves_by_timers(&simulation)), (EndReason::Held, 120));
}

#[test]
fn moves_and_triggers_do_not_count_as_moves_by_timers() {
    let steps = json!([{}, { "trigger": "a" }]);
    let there_and_back = [json!({ "triggerMet": "1" }), json!({ "moveTo": "0" })];
    let events: Vec<&Value> = there_and_back.iter().cycle().take(200).collect();
    let simulation = run(steps, json!({ "events": events }));
    assert_eq!((simulation.end.reason, simulation.timeline.len()), (EndReason::Waiting, 201));
}

fn moves_by_timers(simulation: &Simulation) -> usize {
    simulation.timeline.iter().filter(|entry| entry.kind == EffectKind::TimerFired).count()
}
