//! Pictures of flows: edges and lanes, SVG, Mermaid, DOT.

use std::fmt::Write as _;

use crm_steps::domain::flow::{
    Flow, FlowStep,
    layout::{Edge, edges},
};
use proptest::prelude::{Strategy, any, prop};
use serde_json::{Value, json};

use crate::support::sample;

mod delays;
mod languages;
mod layout;
mod names;
mod overlaps;
mod svg;
mod themes;

/// A step with these fields of the input.
fn step(fields: Value) -> FlowStep {
    let input = serde_json::from_value(fields).expect("the fields of a step");
    FlowStep { key: "key".to_owned(), input, target: None }
}

fn named(name: &str) -> FlowStep {
    step(json!({ "name": name }))
}

/// A step with a timer of an hour that leads to this index, or to the following one.
fn timer(target: Option<usize>) -> FlowStep {
    FlowStep {
        target,
        ..step(json!({ "name": "Wait", "autoNextTime": 1, "autoNextTimeUnit": "h" }))
    }
}

fn waiting() -> FlowStep {
    named("Wait")
}

fn removal() -> FlowStep {
    step(json!({ "name": "Leave", "isConversationRemovalStep": true }))
}

fn flow(steps: impl IntoIterator<Item = FlowStep>) -> Flow {
    Flow { steps: steps.into_iter().collect() }
}

/// The edges, a line for each.
fn edges_of(flow: &Flow) -> String {
    edges(flow).iter().fold(String::new(), |mut lines, edge| {
        let Edge { from, to, kind, delay_seconds, is_backward, lane } = edge;
        let side = if *is_backward { "below" } else { "above" };
        let name = |index: Option<usize>| index.map_or("-".to_owned(), |index| index.to_string());
        let delay = delay_seconds.unwrap_or_default();
        writeln!(
            lines,
            "{} to {}: {kind:?}, {delay} s, {side}, lane {lane}",
            name(*from),
            name(*to)
        )
        .expect("a string takes everything");
        lines
    })
}

/// Flows of up to so many steps, in which most steps have a timer, to any other step.
fn any_flow(max_steps: usize) -> impl Strategy<Value = Flow> {
    let kind = 0..8_u8;
    let target = any::<prop::sample::Index>();
    let minutes = 1..=365 * 24 * 60;
    prop::collection::vec((kind, target, minutes), 0..=max_steps).prop_map(|steps| {
        let count = steps.len();
        let any_step =
            |(index, (kind, target, minutes)): (usize, (u8, prop::sample::Index, i32))| {
                let other = (index + 1 + target.index(count.max(2) - 1)) % count;
                let timer =
                    json!({ "name": "Wait", "autoNextTime": minutes, "autoNextTimeUnit": "m" });
                match kind {
                    0 => removal(),
                    1 => step(
                        json!({ "name": "Done", "defaultStatus": "RESOLVED", "trigger": "Paid" }),
                    ),
                    2 => step(timer),
                    _ => FlowStep { target: (other != index).then_some(other), ..step(timer) },
                }
            };
        flow(steps.into_iter().enumerate().map(any_step))
    })
}

/// Any text, with control characters.
fn any_text() -> impl Strategy<Value = String> {
    prop::collection::vec(any::<char>(), 0..60).prop_map(String::from_iter)
}

/// The flow of a sample.
fn sample_flow(key: &str) -> Flow {
    sample(key).spec.flow()
}
