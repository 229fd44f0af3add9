//! Measures the pure functions of pipelines for 1,000 steps, and prints a table. `cargo bench --bench flow`
//! runs it; `bench/` does so too.

#![expect(clippy::print_stdout, reason = "the table is its output")]

use std::{
    hint::black_box,
    iter,
    time::{Duration, Instant},
};

use crm_steps::domain::{
    flow::{
        Flow,
        diagnostics::diagnose,
        directory::Directory,
        export::Pipeline,
        plan::CrmScenarioPlan,
        resolve::{Target, resolve},
        simulation::{Names, SimulationEvent, SimulationRequest, simulate},
        spec::PipelineSpec,
        svg::{Badge, Theme, svg},
    },
    id::new_id,
    rules::{MESSAGE_MAX, PROMPT_MAX, TRIGGER_MAX},
    url::WebhookHosts,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The number of steps, and of the entries of a simulation.
const STEPS: usize = 1_000;

/// How often each function is called.
const ROUNDS: usize = 21;

/// The largest time of diagnostics and of a plan, in milliseconds.
const DIAGNOSTICS_MAX: &str = "≤ 5";
const PLAN_MAX: &str = "≤ 20";

fn main() {
    println!("| 1,000 steps, milliseconds | limit | least, **median**, greatest of {ROUNDS} |");
    println!("|---|---|---|");
    measure("realistic", &pipeline(realistic_step));
    measure("hostile", &pipeline(hostile_step));
}

/// Prints the rows of a specification.
fn measure(what: &str, spec: &PipelineSpec) {
    let directory = directory();
    let new = target(None, &directory);
    let stored = resolve(spec, &new, new_id).expect("it is valid").after;
    let flow = stored.flow();
    let same = stored.export(&directory, true);
    let target = target(Some(&stored), &directory);
    row(&format!("{what}: diagnostics"), DIAGNOSTICS_MAX, || diagnose(&flow));
    for (which, spec, target) in [
        ("of a new scenario", spec, &new),
        ("that is empty", &same, &target),
        ("that changes and moves each step", &changed(&same), &target),
    ] {
        row(&format!("{what}: plan {which}"), PLAN_MAX, || plan(spec, target));
    }
    row(&format!("{what}: picture"), "", || picture(&flow));
    row(&format!("{what}: simulation of 1,000 entries"), "", || simulated(&flow));
}

/// Prints the times of a function.
fn row<T>(what: &str, at_most: &str, function: impl Fn() -> T) {
    let time = || {
        let start = Instant::now();
        black_box(function());
        start.elapsed()
    };
    let mut times: Vec<Duration> = iter::repeat_with(time).take(ROUNDS).collect();
    times.sort();
    let [least, median, greatest] =
        [0, ROUNDS / 2, ROUNDS - 1].map(|at| times[at].as_secs_f64() * 1e3);
    println!("| {what} | {at_most} | {least:.1} **{median:.1}** {greatest:.1} |");
}

fn plan(spec: &PipelineSpec, target: &Target<'_>) -> CrmScenarioPlan {
    let resolved = resolve(spec, target, new_id).expect("it is valid");
    CrmScenarioPlan::new(target.stored, &resolved, target.directory)
}

fn picture(flow: &Flow) -> String {
    svg(flow, "Vendas", &Badge::of_diagnostics(flow), Theme::Auto)
}

/// The customer meets the triggers of the steps in turn.
fn simulated(flow: &Flow) -> usize {
    let event = |index: usize| SimulationEvent {
        after_seconds: 1,
        trigger_met: Some((index % (STEPS - 1) + 1).to_string()),
        ..SimulationEvent::default()
    };
    let events = (0..STEPS).map(event).collect();
    let request = SimulationRequest { events, ..SimulationRequest::default() };
    let simulation = simulate(flow, &request, &Names::new()).expect("it is valid");
    assert_eq!(simulation.timeline.len(), STEPS);
    simulation.timeline.len()
}

fn directory() -> Directory {
    let agents = (1..=50).map(|n| (Uuid::from_u128(n), format!("Sofia — São Paulo {n}")));
    let members = (1..=200).map(|n| (Uuid::from_u128(1_000 + n), format!("m{n}@example.com")));
    Directory::new(agents, members)
}

fn target<'a>(stored: Option<&'a Pipeline>, directory: &'a Directory) -> Target<'a> {
    Target {
        stored,
        is_key_taken: false,
        directory,
        hosts: &WebhookHosts::Public,
        reads_secrets: true,
        max_steps: STEPS,
    }
}

fn pipeline(step: fn(usize) -> Value) -> PipelineSpec {
    let steps: Vec<Value> = (0..STEPS).map(step).collect();
    let spec = json!({ "key": "vendas", "name": "Vendas", "steps": steps });
    serde_json::from_value(spec).expect("a specification")
}

/// A step of about 4 kB, so that the specification of all is as large as a request may be.
fn realistic_step(number: usize) -> Value {
    let agent = |offset| format!("Sofia — São Paulo {}", (number + offset) % 50 + 1);
    let member = |offset: usize| format!("m{}@example.com", (number + 7 * offset) % 200 + 1);
    json!({
        "name": format!("Qualificação número {number}"),
        "agentName": agent(0),
        "trigger": "O cliente pediu preço. ".repeat(10),
        "prompt": "Confirme se o imóvel é próprio. ".repeat(80),
        "autoNextTime": 5,
        "autoNextTimeUnit": "h",
        "defaultStatus": "UNRESOLVED",
        "defaultTags": ["lead", "São"],
        "assigneeLogicType": "random_selected",
        "selectedMembershipEmails": (0..10).map(member).collect::<Vec<_>>(),
        "zapiAgentName": agent(1),
        "zapiPhoneNumber": "+55 11 95555-0102",
        "zapiMessage": "Oi",
        "webhookUrl": "https://hooks.example.com/novo",
        "webhookHeader": { "X-Key": "secret", "X-Other": "a" },
    })
}

/// A step with a name of 250 accented letters, and with accented texts of full length: more than a request
/// may have.
fn hostile_step(number: usize) -> Value {
    let accented = |length| "ã".repeat(length);
    json!({
        "name": format!("{}{number:04}", accented(246)),
        "trigger": accented(TRIGGER_MAX),
        "prompt": accented(PROMPT_MAX),
        "initialMessage": accented(MESSAGE_MAX),
        "autoNextTime": 5,
        "zapiAgentName": "Sofia — São Paulo 1",
        "zapiPhoneNumber": "+55 11 95555-0102",
        "zapiMessage": accented(MESSAGE_MAX),
    })
}

/// The specification in which each step is another one at another place.
fn changed(spec: &PipelineSpec) -> PipelineSpec {
    let mut changed = spec.clone();
    for (number, step) in changed.steps.iter_mut().enumerate() {
        step.name.push('x');
        if let Some(prompt) = &mut step.prompt {
            prompt.pop();
            prompt.push('x');
        }
        step.auto_next_step_key.clone_from(&spec.steps[(number + 5) % STEPS].key);
    }
    changed.steps.reverse();
    changed
}
