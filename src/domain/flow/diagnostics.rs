//! Diagnostics: what is allowed in a pipeline and probably a mistake.

mod kind;
mod message;
mod timers;

use serde::{Deserialize, Serialize};

pub use self::kind::{DiagnosticCode, DiagnosticKind, Severity};
use self::{DiagnosticKind as Kind, timers::TimerGraph};
use super::{Flow, FlowStep};
use crate::domain::{
    checks::is_given,
    crm_step::{AssigneeLogicType, DefaultStatus},
    fold::without_case,
};

/// The age of the customer's last message from which WhatsApp delivers nothing but templates.
const REPLY_WINDOW_SECONDS: i64 = 24 * 60 * 60;

/// What is probably a mistake, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What it is.
    pub kind: DiagnosticKind,
    /// The indexes of the steps, at least one: those of a cycle in the order of its timers from the
    /// lowest index, otherwise ascending.
    pub step_indexes: Vec<usize>,
}

/// A diagnostic as clients receive it, which can be stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiagnosticView {
    /// What it is.
    pub code: DiagnosticCode,
    /// A whole sentence that names the steps and says what to do about it.
    pub message: String,
    /// The values for programs, by name.
    pub params: Vec<(String, String)>,
    /// The indexes of the steps.
    pub step_indexes: Vec<usize>,
}

/// How many diagnostics of each severity there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the severities")]
pub struct DiagnosticCounts {
    pub errors: usize,
    pub warnings: usize,
    pub infos: usize,
}

impl DiagnosticCounts {
    /// Counts diagnostics.
    #[must_use]
    pub fn of(diagnostics: &[Diagnostic]) -> Self {
        let count = |severity| {
            diagnostics.iter().filter(|diagnostic| diagnostic.code().severity() == severity).count()
        };
        Self {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            infos: count(Severity::Info),
        }
    }
}

impl Diagnostic {
    /// The diagnostic as it is sent. `flow` is the one that was diagnosed.
    #[must_use]
    pub fn report(&self, flow: &Flow) -> DiagnosticView {
        DiagnosticView {
            code: self.code(),
            message: self.message(flow),
            params: self.params(),
            step_indexes: self.step_indexes.clone(),
        }
    }

    fn new(kind: DiagnosticKind, step_indexes: impl Into<Vec<usize>>) -> Self {
        Self { kind, step_indexes: step_indexes.into() }
    }

    /// The code that clients see.
    #[must_use]
    pub fn code(&self) -> DiagnosticCode {
        self.kind.into()
    }

    /// How serious it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.code().severity()
    }

    /// Values for programs, by name: the `periodSeconds` of a cycle, and the `shortestSeconds` after which a
    /// message is sent.
    #[must_use]
    pub fn params(&self) -> Vec<(String, String)> {
        let seconds = |name: &str, seconds: i64| vec![(name.to_owned(), seconds.to_string())];
        match self.kind {
            Kind::MessageAfter24Hours { shortest_seconds } => {
                seconds("shortestSeconds", shortest_seconds)
            }
            Kind::SpamLoop { period_seconds } | Kind::TimerCycle { period_seconds } => {
                seconds("periodSeconds", period_seconds)
            }
            Kind::DeadEnd
            | Kind::DuplicateName
            | Kind::HumanRequestedWithAi
            | Kind::HumanRequestedWithoutAssignee
            | Kind::RemovalStepAssigns
            | Kind::ResolvedWithTimer
            | Kind::TimerLeadsNowhere
            | Kind::TriggerOnFirstStep
            | Kind::UnreachableStep => Vec::new(),
        }
    }

    /// A whole sentence that names the steps, at most ten of them, and says what is wrong and what
    /// to do about it. `flow` is the one that was diagnosed.
    #[must_use]
    pub fn message(&self, flow: &Flow) -> String {
        message::message(self.kind, &self.step_indexes, flow)
    }
}

/// All diagnostics of a flow, ordered by severity, first step and code.
///
/// Conversations reach the first step, the steps with a trigger, and each step to which a timer
/// leads from a step that they reach. Takes time linear in the number of steps, but for the sorting
/// of names and diagnostics.
#[must_use]
pub fn diagnose(flow: &Flow) -> Vec<Diagnostic> {
    let timers = TimerGraph::new(flow);
    let triggers: Vec<_> = (0..flow.steps.len()).map(|index| flow.has_trigger(index)).collect();
    // The customer has just written when a conversation starts or a trigger is met.
    let shortest = timers.shortest_seconds(|index| index == 0 || triggers[index]);
    let mut diagnostics: Vec<_> = of_steps(flow, &triggers, &shortest)
        .chain(of_cycles(flow, &timers, &shortest))
        .chain(of_names(flow))
        .collect();
    diagnostics.sort_by_key(|diagnostic| {
        (diagnostic.severity(), diagnostic.step_indexes.first().copied(), diagnostic.code())
    });
    diagnostics
}

/// The diagnostics about single steps. `triggers` says which of them have a trigger that is
/// evaluated; `shortest` has the shortest time after the customer's last message until a
/// conversation enters each, in seconds, and none if it is unreachable.
fn of_steps(
    flow: &Flow,
    triggers: &[bool],
    shortest: &[Option<i64>],
) -> impl Iterator<Item = Diagnostic> {
    let count = triggers.iter().filter(|has_trigger| **has_trigger).count();
    shortest.iter().zip(triggers).enumerate().flat_map(move |(index, (shortest, has_trigger))| {
        let others_have_trigger = count > usize::from(*has_trigger);
        let kinds = match *shortest {
            Some(seconds) => of_reached_step(flow, index, seconds, others_have_trigger),
            None => vec![Kind::UnreachableStep],
        };
        kinds.into_iter().map(move |kind| Diagnostic::new(kind, [index]))
    })
}

/// What is reported about a single step that conversations reach. `shortest_seconds` is the
/// shortest time after the customer's last message until they do.
fn of_reached_step(
    flow: &Flow,
    index: usize,
    shortest_seconds: i64,
    others_have_trigger: bool,
) -> Vec<DiagnosticKind> {
    let step = &flow.steps[index];
    let status = step.input.default_status;
    let timer = flow.timer(index);
    let is_resolved = status == Some(DefaultStatus::Resolved);
    let is_human_requested = status == Some(DefaultStatus::HumanRequested);
    let has_exit = timer.is_some() || step.is_removal() || others_have_trigger;
    let rules = [
        (Kind::DeadEnd, !has_exit && !is_resolved && !is_human_requested),
        (
            Kind::HumanRequestedWithAi,
            is_human_requested && step.input.default_ai_control == Some(true),
        ),
        (Kind::HumanRequestedWithoutAssignee, is_human_requested && !assigns(step)),
        (
            Kind::MessageAfter24Hours { shortest_seconds },
            shortest_seconds >= REPLY_WINDOW_SECONDS && step.has_initial_message(),
        ),
        (Kind::RemovalStepAssigns, step.is_removal() && assigns(step)),
        (Kind::ResolvedWithTimer, is_resolved && timer.is_some()),
        (Kind::TimerLeadsNowhere, timer.is_some_and(|timer| timer.leads_to.is_none())),
        (Kind::TriggerOnFirstStep, index == 0 && is_given(step.input.trigger.as_deref())),
    ];
    rules.into_iter().filter_map(|(kind, applies)| applies.then_some(kind)).collect()
}

/// Whether the step assigns conversations to somebody.
fn assigns(step: &FlowStep) -> bool {
    use AssigneeLogicType as Logic;
    match step.input.assignee_logic_type {
        None | Some(Logic::None | Logic::Clear) => false,
        Some(Logic::SingleUser | Logic::RandomSelected | Logic::FairDistributionSelected) => true,
    }
}

/// One diagnostic for each cycle of timers that conversations reach. They reach all of its steps if
/// they reach one.
fn of_cycles(
    flow: &Flow,
    timers: &TimerGraph,
    shortest: &[Option<i64>],
) -> impl Iterator<Item = Diagnostic> {
    let is_reached = |steps: &[usize]| steps.iter().any(|index| shortest[*index].is_some());
    timers.cycles().filter(move |(steps, _)| is_reached(steps)).map(|(steps, period_seconds)| {
        let all_send = steps.iter().all(|index| flow.steps[*index].sends());
        let kind = if all_send {
            Kind::SpamLoop { period_seconds }
        } else {
            Kind::TimerCycle { period_seconds }
        };
        Diagnostic::new(kind, steps)
    })
}

/// One diagnostic for each name that several steps have.
fn of_names(flow: &Flow) -> Vec<Diagnostic> {
    let names = flow.steps.iter().map(|step| without_case(&step.input.name));
    let mut names: Vec<_> = names.zip(0_usize..).collect();
    names.sort();
    let groups = names.chunk_by(|(a, _), (b, _)| a == b).filter(|group| group.len() > 1);
    let indexes = groups.map(|group| group.iter().map(|(_, index)| *index).collect::<Vec<_>>());
    indexes.map(|indexes| Diagnostic::new(Kind::DuplicateName, indexes)).collect()
}
