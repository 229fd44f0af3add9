//! The sentences of diagnostics.

use super::DiagnosticKind;
use crate::domain::flow::{
    Flow,
    prose::{duration, list},
};

/// The number of steps that a sentence names at most; it counts the others.
const NAMED_MAX: usize = 10;

/// A whole sentence that names the steps at these indexes, and says what is wrong and what to do
/// about it.
pub(super) fn message(kind: DiagnosticKind, step_indexes: &[usize], flow: &Flow) -> String {
    use DiagnosticKind as Kind;
    let steps = named(step_indexes, flow);
    match kind {
        Kind::DeadEnd => format!(
            "Conversations leave {steps} only by hand: it has no timer, does not remove them, sets \
             neither RESOLVED nor HUMAN_REQUESTED, and no trigger of another step is evaluated; \
             add one of these."
        ),
        Kind::DuplicateName => format!(
            "{steps} have the same name (case and Unicode form do not count); give them different \
             names."
        ),
        Kind::HumanRequestedWithAi => format!(
            "{steps} requests a person and turns the AI on, so both answer the customer; set \
             defaultAiControl to false, or drop the status HUMAN_REQUESTED."
        ),
        Kind::HumanRequestedWithoutAssignee => format!(
            "{steps} requests a person and assigns nobody, so a conversation that has no assignee \
             yet may be overlooked; choose an assigneeLogicType that assigns somebody."
        ),
        Kind::MessageAfter24Hours { shortest_seconds } => format!(
            "{steps} sends its initial message {} or more after the customer's last message, and \
             from 24 hours on WhatsApp delivers only templates; send a template instead, shorten \
             the timers that lead there, or give the step a trigger.",
            duration(shortest_seconds)
        ),
        Kind::RemovalStepAssigns => format!(
            "{steps} assigns a conversation to somebody and takes it out of the pipeline at once; \
             assign it in a step before, or drop the assignment."
        ),
        Kind::ResolvedWithTimer => format!(
            "{steps} sets the status RESOLVED and has a timer, which moves conversations on that \
             are settled; drop the timer, or set another status."
        ),
        Kind::SpamLoop { period_seconds } => format!(
            "A cycle of timers leads through {steps}, and each of its steps sends something, so \
             a customer who does not reply gets the same messages every {}; let one of the timers \
             lead elsewhere, or drop it.",
            duration(period_seconds)
        ),
        Kind::TimerCycle { period_seconds } => format!(
            "A cycle of timers leads through {steps}, so a conversation without a reply is in \
             the same step again every {}; if that is not meant, let one of the timers lead \
             elsewhere, or drop it.",
            duration(period_seconds)
        ),
        Kind::TimerLeadsNowhere => format!(
            "The timer of {steps} leads nowhere, because it has no target and no step follows; \
             choose a target, add a step, or drop the timer."
        ),
        Kind::TriggerOnFirstStep => format!(
            "The trigger of {steps} is never evaluated, because conversations start in the first \
             step; drop it, or put another step first."
        ),
        Kind::UnreachableStep => format!(
            "Only a move by hand leads to {steps}: it has no trigger, and no timer of a step \
             that conversations reach leads there; give it a trigger, let such a timer lead there, \
             or delete the step."
        ),
    }
}

/// The steps as a sentence names them.
fn named(step_indexes: &[usize], flow: &Flow) -> String {
    let name = |index: &usize| format!("\"{}\" (index {index})", flow.steps[*index].input.name);
    let mut names: Vec<_> = step_indexes.iter().take(NAMED_MAX).map(name).collect();
    if step_indexes.len() > NAMED_MAX {
        names.push(format!("{} more", step_indexes.len() - NAMED_MAX));
    }
    list(names)
}
