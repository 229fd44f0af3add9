//! Which simulations are rejected.

use chrono::{DateTime, Utc};
use crm_steps::domain::flow::{
    conversation::EffectKind,
    simulation::{Names, SimulationEntry, SimulationRequest, simulate},
};
use serde_json::{Value, json};

use super::simulation::{flow, run};

/// The violations of a request about two steps, as lines of path, code and message.
fn violations(request: Value) -> String {
    let request: SimulationRequest = serde_json::from_value(request).expect("a request");
    let flow = flow(json!([{ "key": "new" }, { "key": "0" }]));
    let violations = simulate(&flow, &request, &Names::new()).err().unwrap_or_default();
    let line = |violation: crm_steps::domain::violation::Violation| {
        let report = violation.report();
        let code: &str = report.code.into();
        format!("{} {code}: {}", report.field.join("."), report.message)
    };
    violations.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn all_violations_are_returned_at_once_with_their_paths() {
    let request = json!({
        "startAt": "+10000-01-01T00:00:00Z",
        "openConversations": [
            { "membershipId": "ana", "count": -1 },
            { "membershipId": "ANA", "count": 0 },
        ],
        "untilSeconds": 31_536_001,
        "events": [
            { "afterSeconds": -1, "leave": true },
            { "afterSeconds": 31_536_001, "customerMessage": "a\0b" },
            { "moveTo": "old" },
            { "triggerMet": "2" },
            {},
            { "leave": false },
            { "moveTo": "old", "leave": true },
        ],
    });
    insta::assert_snapshot!(violations(request), @"
    input.startAt OUT_OF_RANGE: startAt is 10000; it must be between 1 and 9998.
    input.openConversations.0.count OUT_OF_RANGE: openConversations[0].count is -1; it must be between 0 and 2147483647.
    input.openConversations.1.membershipId DUPLICATE_VALUE: openConversations[1].membershipId repeats an earlier value of the list.
    input.untilSeconds OUT_OF_RANGE: untilSeconds is 31536001; it must be between 0 and 31536000.
    input.events.0.afterSeconds OUT_OF_RANGE: events[0].afterSeconds is -1; it must be between 0 and 31536000.
    input.events.1.afterSeconds OUT_OF_RANGE: events[1].afterSeconds is 31536001; it must be between 0 and 31536000.
    input.events.1.customerMessage INVALID_CHARACTER: events[1].customerMessage contains a control character that is not allowed there.
    input.events.2.moveTo NOT_FOUND: events[2].moveTo names no step of the scenario.
    input.events.3.triggerMet NOT_FOUND: events[3].triggerMet names no step of the scenario.
    input.events.4 INVALID_EVENT: events[4] needs exactly one of customerMessage, triggerMet, moveTo and leave: true.
    input.events.5 INVALID_EVENT: events[5] needs exactly one of customerMessage, triggerMet, moveTo and leave: true.
    input.events.6 INVALID_EVENT: events[6] needs exactly one of customerMessage, triggerMet, moveTo and leave: true.
    input.events.6.moveTo NOT_FOUND: events[6].moveTo names no step of the scenario.
    ");
}

#[test]
fn a_start_at_the_last_time_of_all_is_rejected() {
    let request = json!({
        "startAt": DateTime::<Utc>::MAX_UTC,
        "events": [{ "afterSeconds": 31_536_000, "leave": true }],
    });
    insta::assert_snapshot!(violations(request), @"input.startAt OUT_OF_RANGE: startAt is 262142; it must be between 1 and 9998.");
}

#[test]
fn limits_are_allowed() {
    let request = json!({
        "startAt": "9998-12-31T23:59:59Z",
        "openConversations": [{ "membershipId": "ana", "count": i32::MAX }],
        "untilSeconds": 31_536_000,
        "seed": i64::MIN,
        "events": [
            { "afterSeconds": 31_536_000, "customerMessage": "a".repeat(4_096) },
            { "customerMessage": "", "leave": false },
        ],
    });
    assert_eq!(violations(request), "");
    let early = json!({ "startAt": "0001-01-01T00:00:00Z", "untilSeconds": 0 });
    assert_eq!(violations(early), "");
    insta::assert_snapshot!(violations(json!({ "untilSeconds": -1 })), @"input.untilSeconds OUT_OF_RANGE: untilSeconds is -1; it must be between 0 and 31536000.");
}

#[test]
fn lists_have_at_most_1000_elements() {
    let events = |count| json!({ "events": vec![json!({ "customerMessage": "Hi" }); count] });
    assert_eq!(violations(events(1_000)), "");
    let open = |count| {
        let open = |number: usize| json!({ "membershipId": number.to_string(), "count": 1 });
        json!({ "openConversations": (0..count).map(open).collect::<Vec<_>>() })
    };
    assert_eq!(violations(open(1_000)), "");
    insta::assert_snapshot!(violations(events(1_001)), @"input.events TOO_MANY: events has 1001 entries; at most 1000 are allowed.");
    insta::assert_snapshot!(violations(open(1_001)), @"input.openConversations TOO_MANY: openConversations has 1001 entries; at most 1000 are allowed.");
}

#[test]
fn events_beyond_the_limit_are_not_checked() {
    let all = violations(json!({ "events": vec![json!({}); 1_001] }));
    assert_eq!(all.matches("INVALID_EVENT").count(), 1_000);
}

#[test]
fn a_step_is_named_by_its_key_or_else_by_the_digits_of_its_index() {
    let steps = json!([{ "key": "new" }, { "key": "0" }, { "key": "old" }]);
    let destination = |step: &str| {
        let mut timeline = run(steps.clone(), json!({ "events": [{ "moveTo": step }] })).timeline;
        let SimulationEntry { kind, details, .. } = timeline.pop().expect("an entry");
        assert_eq!(kind == EffectKind::EventRefused, details["toIndex"] == 0);
        details["toIndex"].to_string()
    };
    assert_eq!(["new", "0", "Old", "2", "002"].map(destination).join(" "), "0 1 2 2 2");
    for unknown in ["", "3", "+1", "-1", " 1", "99999999999999999999999"] {
        let request = violations(json!({ "events": [{ "moveTo": unknown }] }));
        assert!(request.starts_with("input.events.0.moveTo NOT_FOUND"), "{unknown:?}: {request}");
    }
}
