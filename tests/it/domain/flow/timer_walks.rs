//! What is reported about random pipelines, beside what walks along their timers find.

use crm_steps::domain::{
    crm_step::{
        AssigneeLogicType::{Clear, SingleUser},
        CrmStepInput,
        DefaultStatus::{HumanRequested, Resolved, Unresolved},
        TimeUnit,
    },
    flow::{
        Flow, FlowStep,
        diagnostics::{Diagnostic, DiagnosticCode::*, DiagnosticKind, Severity, diagnose},
    },
};
use proptest::prelude::*;

/// A pipeline of up to nine steps, on which timers often lead to any of them.
fn any_flow() -> impl Strategy<Value = Flow> {
    let other_fields = (
        prop::sample::select(vec!["A", "a", "B", "b", "C", "D"]),
        prop::option::of(prop::sample::select(vec![Resolved, Unresolved, HumanRequested])),
        any::<Option<bool>>(),
        prop::option::of(prop::sample::select(vec![Clear, SingleUser])),
    );
    (1..10_usize).prop_flat_map(move |count| {
        let timer = (prop::option::weighted(0.8, 1..30), prop::option::weighted(0.8, 0..count));
        let trigger = prop::option::weighted(0.1, Just("a".to_owned()));
        let message = prop::option::weighted(0.8, Just("Hi".to_owned()));
        let step = (timer, trigger, message, other_fields.clone()).prop_map(
            |((auto_next_time, target), trigger, initial_message, other)| {
                let (name, default_status, default_ai_control, assignee_logic_type) = other;
                let input = CrmStepInput {
                    name: name.to_owned(),
                    trigger,
                    initial_message,
                    auto_next_time,
                    auto_next_time_unit: auto_next_time.map(|_| TimeUnit::Hour),
                    default_status,
                    default_ai_control,
                    assignee_logic_type,
                    ..CrmStepInput::default()
                };
                FlowStep { key: String::new(), input, target }
            },
        );
        prop::collection::vec(step, count).prop_map(|steps| Flow { steps })
    })
}

/// The steps that a conversation enters from this one, as long as nothing but timers moves it and up
/// to ten of them, each with the time until then.
fn walk(flow: &Flow, start: usize) -> Vec<(usize, i64)> {
    let mut visits = vec![(start, 0)];
    while let Some((index, seconds)) = visits.last().copied().filter(|_| visits.len() <= 10) {
        let step = &flow.steps[index];
        let Some(hours) = step.input.auto_next_time else { break };
        let to = step.target.unwrap_or(index + 1);
        if to == flow.steps.len() {
            break;
        }
        visits.push((to, seconds + i64::from(hours) * 60 * 60));
    }
    visits
}

/// The shortest time until each step is entered, of all walks.
fn shortest_seconds(flow: &Flow) -> Vec<Option<i64>> {
    let is_start = |index: &usize| *index == 0 || flow.steps[*index].input.trigger.is_some();
    let starts = (0..flow.steps.len()).filter(is_start);
    let visits: Vec<_> = starts.flat_map(|start| walk(flow, start)).collect();
    let shortest = |index| {
        let times = visits.iter().filter(|(visited, _)| *visited == index);
        times.map(|(_, seconds)| *seconds).min()
    };
    (0..flow.steps.len()).map(shortest).collect()
}

/// The reachable cycle with this lowest index, if there is one.
fn cycle_from(flow: &Flow, lowest: usize) -> Option<Diagnostic> {
    let visits = walk(flow, lowest);
    let length = visits.iter().skip(1).position(|(index, _)| *index == lowest)? + 1;
    let step_indexes: Vec<_> = visits[..length].iter().map(|(index, _)| *index).collect();
    let is_lowest = step_indexes.iter().all(|index| *index >= lowest);
    let is_reached = shortest_seconds(flow)[lowest].is_some();
    let period_seconds = visits[length].1;
    let sends = |index: &usize| flow.steps[*index].input.initial_message.is_some();
    let kind = if step_indexes.iter().all(sends) {
        DiagnosticKind::SpamLoop { period_seconds }
    } else {
        DiagnosticKind::TimerCycle { period_seconds }
    };
    (is_lowest && is_reached).then_some(Diagnostic { kind, step_indexes })
}

proptest! {
    #[test]
    fn cycles_and_shortest_times_are_those_that_all_walks_find(flow in any_flow()) {
        let mut found = diagnose(&flow);
        found.retain(|found| {
            matches!(found.code(), MessageAfter24Hours | SpamLoop | TimerCycle | UnreachableStep)
        });
        let times = shortest_seconds(&flow).into_iter().enumerate();
        let of_steps = times.filter_map(|(index, shortest)| {
            let has_message = flow.steps[index].input.initial_message.is_some();
            let kind = match shortest {
                None => DiagnosticKind::UnreachableStep,
                Some(shortest_seconds) if has_message && shortest_seconds >= 24 * 60 * 60 => {
                    DiagnosticKind::MessageAfter24Hours { shortest_seconds }
                }
                Some(_) => return None,
            };
            Some(Diagnostic { kind, step_indexes: vec![index] })
        });
        let of_cycles = (0..flow.steps.len()).filter_map(|lowest| cycle_from(&flow, lowest));
        let mut expected: Vec<_> = of_steps.chain(of_cycles).collect();
        expected.sort_by_key(position);
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn diagnostics_are_ordered_and_presume_of_no_step_that_it_is_reached(flow in any_flow()) {
        let found = diagnose(&flow);
        prop_assert!(found.is_sorted_by(|a, b| position(a) < position(b)), "{:?}", found);
        let unreachable: Vec<_> = (0..flow.steps.len())
            .filter(|index| shortest_seconds(&flow)[*index].is_none())
            .collect();
        for found in found {
            let allowed = matches!(found.code(), UnreachableStep | DuplicateName);
            let presumes = found.step_indexes.iter().any(|index| unreachable.contains(index));
            prop_assert!(allowed || !presumes, "{:?}", found);
        }
    }
}

/// What the diagnostics of a flow are ordered by.
fn position(found: &Diagnostic) -> (usize, usize, &'static str) {
    let severity = [Severity::Error, Severity::Warning, Severity::Info];
    let severity = severity.iter().position(|severity| *severity == found.severity());
    (severity.expect("a severity"), found.step_indexes[0], found.code().into())
}
