//! `simulateCrmScenario`: what happens to a conversation in a scenario.

use insta::{allow_duplicates, assert_snapshot};
use serde_json::{Value, json};

use crate::support::{App, Client, TestResponse, in_input, on_both_databases, violations};

const FIELDS: &str = "
    timeline { at elapsedSeconds kind crmStep { id } stepIndex message cause details }
    end { reason crmStep { id } stepIndex atSeconds }
    userErrors { field code message params { name value } }";

async fn simulation(client: &Client, input: &Value) -> TestResponse {
    let query = format!(
        "query($input: SimulateCrmScenarioInput!) {{ simulateCrmScenario(input: $input) {{ {FIELDS} }} }}"
    );
    client.graphql(&query, json!({ "input": input })).await
}

async fn simulate(client: &Client, input: Value) -> Value {
    simulation(client, &input).await.data()["simulateCrmScenario"].clone()
}

/// A lead that is assigned, and goes cold after a day and a half. Returns the ids of the scenario, its
/// steps and the memberships.
async fn sales(client: &Client) -> (String, Vec<String>, [String; 2]) {
    let sofia = client.agent("Sofia").await;
    let memberships = [client.membership("Bruno").await, client.membership("Carla").await];
    let steps = json!([
        {
            "key": "lead", "agentId": sofia, "autoNextTime": 36, "autoNextTimeUnit": "h",
            "assigneeLogicType": "fair_distribution_selected",
            "selectedMembershipIdsForAssignee": memberships, "defaultTags": ["lead"],
        },
        { "initialMessage": "Still there?", "isConversationRemovalStep": true },
        { "trigger": "Asks for prices.", "defaultStatus": "HUMAN_REQUESTED" },
    ]);
    let (scenario, steps) = client.pipeline("Sales", steps).await;
    (scenario, steps, memberships)
}

/// A line for each entry, and the end.
fn told(simulation: &Value) -> String {
    let timeline = simulation["timeline"].as_array().expect("entries").iter();
    let mut lines: Vec<String> = timeline
        .map(|entry| {
            let text = |name: &str| entry[name].as_str().expect("text");
            format!("{} {}: {}", text("at"), text("kind"), text("message"))
        })
        .collect();
    lines.push(simulation["end"]["reason"].to_string());
    lines.join("\n")
}

async fn a_conversation_is_told_step_by_step(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, _, [bruno, _]) = sales(&ana).await;
    let input = json!({
        "scenarioId": scenario, "openConversations": [{ "membershipId": bruno, "count": 3 }],
    });
    let simulation = simulate(&ana, input).await;
    assert_eq!(simulation["userErrors"], json!([]));
    allow_duplicates! {
        assert_snapshot!(told(&simulation), @r#"
        2026-01-05T12:00:00Z ENTERED: The conversation starts in "Step 0".
        2026-01-05T12:00:00Z TAGS_ADDED: The tag "lead" is added.
        2026-01-05T12:00:00Z AGENT_SET: The agent "Sofia" takes over.
        2026-01-05T12:00:00Z ASSIGNED: The conversation is assigned to Carla, the one of 2 candidates with the fewest open conversations.
        2026-01-05T12:00:00Z TIMER_SET: A timer is set: in 1 day 12 hours, on 2026-01-07 at 00:00:00 UTC, the conversation goes to "Step 1".
        2026-01-07T00:00:00Z TIMER_FIRED: The timer is due: the conversation goes from "Step 0" to "Step 1".
        2026-01-07T00:00:00Z MESSAGE_BLOCKED: The initial message is not sent: the customer wrote 1 day 12 hours ago, and 24 hours after that WhatsApp delivers only templates.
        2026-01-07T00:00:00Z REMOVED: The conversation leaves the scenario in "Step 1", a removal step.
        "REMOVED"
        "#);
    }
}

async fn an_entry_has_its_step_its_cause_and_its_values(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, steps, [bruno, carla]) = sales(&ana).await;
    let input = json!({
        "scenarioId": scenario, "openConversations": [{ "membershipId": bruno, "count": 3 }],
        "events": [{ "afterSeconds": 60, "triggerMet": "2" }, { "afterSeconds": 60, "leave": true }],
    });
    let simulation = simulate(&ana, input).await;
    let timeline = simulation["timeline"].as_array().expect("entries");
    let of_kind = |kind: &str| timeline.iter().find(|entry| entry["kind"] == kind).expect(kind);
    let assigned = json!({
        "at": "2026-01-05T12:00:00Z", "elapsedSeconds": 0, "kind": "ASSIGNED",
        "crmStep": { "id": steps[0] }, "stepIndex": 0, "cause": "START",
        "message": "The conversation is assigned to Carla, the one of 2 candidates with the fewest open conversations.",
        "details": {
            "membershipId": carla, "rule": "FEWEST_OPEN", "candidates": [
                { "membershipId": bruno, "openConversations": 3 },
                { "membershipId": carla, "openConversations": 0 },
            ],
        },
    });
    assert_eq!(*of_kind("ASSIGNED"), assigned);
    assert_eq!(of_kind("ENTERED")["details"], Value::Null);
    let status = json!({
        "at": "2026-01-05T12:01:00Z", "elapsedSeconds": 60, "kind": "STATUS_SET",
        "crmStep": { "id": steps[2] }, "stepIndex": 2, "cause": "TRIGGER",
        "message": "The status is set to HUMAN_REQUESTED.",
        "details": { "status": "HUMAN_REQUESTED" },
    });
    assert_eq!(*of_kind("STATUS_SET"), status);
    let end = json!({
        "reason": "LEFT", "crmStep": { "id": steps[2] }, "stepIndex": 2, "atSeconds": 120,
    });
    assert_eq!(simulation["end"], end);
}

async fn the_input_chooses_start_channel_end_and_events(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, ..) = sales(&ana).await;
    let input = json!({
        "scenarioId": scenario, "startAt": "2026-03-01T09:00:00-03:00", "channel": "ZAPI",
        "untilSeconds": 200_000,
        "events": [
            { "afterSeconds": 3_600, "customerMessage": "Hi" },
            { "afterSeconds": 0, "triggerMet": "lead" },
            { "afterSeconds": 0, "moveTo": "step-1" },
        ],
    });
    let simulation = simulate(&ana, input).await;
    allow_duplicates! {
        assert_snapshot!(told(&simulation), @r#"
        2026-03-01T12:00:00Z ENTERED: The conversation starts in "Step 0".
        2026-03-01T12:00:00Z TAGS_ADDED: The tag "lead" is added.
        2026-03-01T12:00:00Z AGENT_SET: The agent "Sofia" takes over.
        2026-03-01T12:00:00Z ASSIGNED: The conversation is assigned to Bruno, the first in the list of equal candidates.
        2026-03-01T12:00:00Z TIMER_SET: A timer is set: in 1 day 12 hours, on 2026-03-03 at 00:00:00 UTC, the conversation goes to "Step 1".
        2026-03-01T13:00:00Z CUSTOMER_MESSAGE: The customer writes: "Hi"
        2026-03-01T13:00:00Z EVENT_REFUSED: The conversation stays in "Step 0": the trigger of "Step 0" is never evaluated, because it is the first step.
        2026-03-01T13:00:00Z MOVED: The conversation is moved from "Step 0" to "Step 1".
        2026-03-01T13:00:00Z MESSAGE_SENT: The initial message is sent: "Still there?"
        2026-03-01T13:00:00Z REMOVED: The conversation leaves the scenario in "Step 1", a removal step.
        "REMOVED"
        "#);
    }
    let input = json!({ "scenarioId": scenario, "untilSeconds": 60 });
    let end = simulate(&ana, input).await["end"].clone();
    assert_eq!((&end["reason"], &end["atSeconds"]), (&json!("TIME_LIMIT"), &json!(60)));
}

async fn all_violations_of_the_input_are_returned(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, _, [bruno, _]) = sales(&ana).await;
    let unknown = "019a0000-0000-7000-8000-00000000ffff";
    let simulation = simulate(
        &ana,
        json!({
            "scenarioId": scenario, "untilSeconds": -1,
            "openConversations": [
                { "membershipId": bruno, "count": -1 }, { "membershipId": unknown, "count": 0 },
            ],
            "events": [{ "afterSeconds": 0, "moveTo": "nowhere" }, { "afterSeconds": 0 }],
        }),
    )
    .await;
    let expected = in_input(&[
        ("openConversations.1.membershipId", "NOT_FOUND"),
        ("openConversations.0.count", "OUT_OF_RANGE"),
        ("untilSeconds", "OUT_OF_RANGE"),
        ("events.0.moveTo", "NOT_FOUND"),
        ("events.1", "INVALID_EVENT"),
    ]);
    assert_eq!(violations(&simulation), expected);
    assert_eq!((&simulation["timeline"], &simulation["end"]), (&json!([]), &Value::Null));
}

/// Only the steps that events name are not looked for where there is no valid flow.
async fn an_invalid_source_does_not_hide_the_violations_of_the_rest(app: App) {
    let ana = app.member_of("Horizonte").await;
    let unknown = "019a0000-0000-7000-8000-00000000ffff";
    let spec = json!({ "name": "", "steps": [] });
    for (source, expected) in [
        (json!({ "spec": spec }), ("spec.name", "BLANK")),
        (json!({ "scenarioId": unknown }), ("scenarioId", "NOT_FOUND")),
        (json!({ "spec": spec, "scenarioId": unknown }), ("spec", "CONFLICTING_FIELDS")),
        (json!({}), ("scenarioId", "BLANK")),
    ] {
        let mut input = source;
        input["untilSeconds"] = (-1).into();
        input["openConversations"] = json!([{ "membershipId": unknown, "count": 0 }]);
        input["events"] = json!([
            { "afterSeconds": -1, "moveTo": "nowhere" }, { "afterSeconds": 0 },
        ]);
        let expected = in_input(&[
            expected,
            ("openConversations.0.membershipId", "NOT_FOUND"),
            ("untilSeconds", "OUT_OF_RANGE"),
            ("events.0.afterSeconds", "OUT_OF_RANGE"),
            ("events.1", "INVALID_EVENT"),
        ]);
        assert_eq!(violations(&simulate(&ana, input).await), expected);
    }
}

async fn a_scenario_without_steps_waits_at_once(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let end = json!({ "reason": "WAITING", "crmStep": null, "stepIndex": null, "atSeconds": 0 });
    let expected = json!({ "timeline": [], "end": end, "userErrors": [] });
    assert_eq!(simulate(&ana, json!({ "scenarioId": scenario })).await, expected);
}

async fn ids_of_another_organization_are_unknown(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Evil").await);
    let (scenario, _, [bruno, _]) = sales(&ana).await;
    let unknown = "019a0000-0000-7000-8000-00000000ffff";
    let of_scenario = simulation(&eve, &json!({ "scenarioId": scenario })).await;
    let of_unknown = simulation(&eve, &json!({ "scenarioId": unknown })).await;
    assert_eq!(of_scenario.text, of_unknown.text);
    let rejected = &of_unknown.data()["simulateCrmScenario"];
    assert_eq!(violations(rejected), in_input(&[("scenarioId", "NOT_FOUND")]));
    let theirs = eve.scenario("Theirs").await;
    let with = |membership: &str| {
        json!({
            "scenarioId": theirs,
            "openConversations": [{ "membershipId": membership, "count": 0 }],
        })
    };
    let (foreign, unknown) =
        (simulate(&eve, with(&bruno)).await, simulate(&eve, with(unknown)).await);
    assert_eq!(foreign, unknown);
    let expected = in_input(&[("openConversations.0.membershipId", "NOT_FOUND")]);
    assert_eq!(violations(&foreign), expected);
}

async fn a_simulation_needs_a_scenario(app: App) {
    let ana = app.member_of("Horizonte").await;
    let rejected = simulate(&ana, json!({})).await;
    assert_eq!(violations(&rejected), in_input(&[("scenarioId", "BLANK")]));
}

async fn a_specification_is_simulated_without_being_stored(app: App) {
    let ana = app.member_of("Horizonte").await;
    ana.agent("Sofia").await;
    let mut spec = json!({
        "name": "Sales",
        "steps": [
            { "key": "lead", "name": "Lead", "agentName": "sofia", "prompt": "Greet.",
              "autoNextStepKey": "end", "autoNextTime": 2, "webhookUrl": "https://hooks.example.com",
              "webhookHeader": { "X-Key": "***" } },
            { "key": "won", "name": "Won", "trigger": "Buys.", "defaultStatus": "RESOLVED" },
            { "key": "end", "name": "End", "prompt": "Bye.", "isConversationRemovalStep": true },
        ],
    });
    let before = app.contents().await;
    let simulation = simulate(&ana, json!({ "spec": spec })).await;
    assert_eq!(simulation["userErrors"], json!([]));
    assert_eq!(simulation["timeline"][0]["crmStep"], Value::Null);
    allow_duplicates! {
        assert_snapshot!(told(&simulation), @r#"
        2026-01-05T12:00:00Z ENTERED: The conversation starts in "Lead".
        2026-01-05T12:00:00Z AGENT_SET: The agent "Sofia" takes over.
        2026-01-05T12:00:00Z WEBHOOK_CALLED: The webhook https://hooks.example.com/ is called.
        2026-01-05T12:00:00Z TIMER_SET: A timer is set: in 2 seconds, on 2026-01-05 at 12:00:02 UTC, the conversation goes to "End".
        2026-01-05T12:00:02Z TIMER_FIRED: The timer is due: the conversation goes from "Lead" to "End".
        2026-01-05T12:00:02Z REMOVED: The conversation leaves the scenario in "End", a removal step.
        "REMOVED"
        "#);
    }
    let events = json!([{ "afterSeconds": 1, "triggerMet": "won" }]);
    let simulation = simulate(&ana, json!({ "spec": spec, "events": events })).await;
    assert_eq!(
        simulation["end"],
        json!({ "reason": "WAITING", "crmStep": null, "stepIndex": 1, "atSeconds": 1 })
    );
    spec["steps"][0]["agentName"] = "Nobody".into();
    spec["steps"][1]["name"] = "".into();
    let rejected = simulate(&ana, json!({ "spec": spec })).await;
    let expected = [("spec.steps.0.agentName", "NOT_FOUND"), ("spec.steps.1.name", "BLANK")];
    assert_eq!(violations(&rejected), in_input(&expected));
    assert_eq!(app.contents().await, before, "nothing is stored");
}

async fn nothing_is_stored_and_the_same_input_gives_the_same_bytes(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, ..) = sales(&ana).await;
    let before = app.contents().await;
    let events =
        json!([{ "afterSeconds": 0, "moveTo": "0" }, { "afterSeconds": 9, "moveTo": "2" }]);
    let input = json!({ "scenarioId": scenario, "events": events, "seed": -7 });
    let first = simulation(&ana, &input).await;
    first.data();
    assert_eq!(first.text, simulation(&ana, &input).await.text);
    assert_eq!(app.contents().await, before);
}

on_both_databases!(
    a_conversation_is_told_step_by_step,
    an_entry_has_its_step_its_cause_and_its_values,
    the_input_chooses_start_channel_end_and_events,
    all_violations_of_the_input_are_returned,
    a_scenario_without_steps_waits_at_once,
    ids_of_another_organization_are_unknown,
    a_simulation_needs_a_scenario,
    a_specification_is_simulated_without_being_stored,
    an_invalid_source_does_not_hide_the_violations_of_the_rest,
    nothing_is_stored_and_the_same_input_gives_the_same_bytes,
);
