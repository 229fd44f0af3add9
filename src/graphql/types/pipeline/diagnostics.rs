//! Diagnostics of pipelines.

use std::sync::Arc;

use async_graphql::{Context, Enum, Object, SimpleObject};
use uuid::Uuid;

use super::LoadedPipeline;
use crate::{
    domain::{
        flow::diagnostics::{DiagnosticCode, DiagnosticCounts, DiagnosticView, Severity, diagnose},
        id::OrganizationId,
    },
    entity::crm_scenario,
    graphql::{
        parts::{
            connection::to_int,
            context::{counted_text, environment, reads},
            error::Failure,
            inline::Inline,
        },
        types::{
            crm_step::CrmStep,
            loaders::{CrmStepId, DiagnosticCountsOf},
        },
    },
};

/// A diagnostic with its steps.
pub(in crate::graphql::types) struct CrmDiagnostic {
    view: Arc<DiagnosticView>,
    steps: DiagnosedSteps,
}

/// The steps of a diagnostic.
pub(super) enum DiagnosedSteps {
    /// They were read with their pipeline.
    Of(Arc<LoadedPipeline>),
    /// They are read when they are selected. Some may not be stored.
    ById(Vec<Uuid>),
}

impl CrmDiagnostic {
    pub(super) fn new(view: Arc<DiagnosticView>, steps: DiagnosedSteps) -> Inline<Self> {
        Self { view, steps }.into()
    }
}

impl LoadedPipeline {
    /// Its diagnostics.
    pub(in crate::graphql::types) fn diagnostics(self: &Arc<Self>) -> Vec<Inline<CrmDiagnostic>> {
        let views = self.diagnostics.get_or_init(|| {
            let flow = self.flow();
            diagnose(flow).iter().map(|diagnostic| diagnostic.report(flow).into()).collect()
        });
        let with_steps =
            |view| CrmDiagnostic::new(Arc::clone(view), DiagnosedSteps::Of(Arc::clone(self)));
        views.iter().map(with_steps).collect()
    }
}

/// What is allowed in a pipeline and probably a mistake. No call is ever rejected because of it.
#[expect(clippy::unused_async, reason = "the library requires resolvers to be asynchronous")]
#[Object]
impl CrmDiagnostic {
    /// What it is about.
    async fn code(&self) -> CrmDiagnosticCode {
        self.view.code.into()
    }

    /// How serious it is; each code has one severity.
    async fn severity(&self) -> CrmDiagnosticSeverity {
        self.view.code.severity().into()
    }

    /// What is wrong and what to do about it, as an English sentence that names the steps, at most
    /// ten of them.
    async fn message(&self, context: &Context<'_>) -> Result<&str, Failure> {
        counted_text(context, &self.view.message).map(String::as_str)
    }

    /// Values for programs: periodSeconds for `SPAM_LOOP` and `TIMER_CYCLE`, shortestSeconds for
    /// `MESSAGE_AFTER_24_HOURS`; empty for all others.
    async fn params(&self) -> Vec<CrmDiagnosticParam> {
        let params = self.view.params.iter().cloned();
        params.map(|(name, value)| CrmDiagnosticParam { name, value }).collect()
    }

    /// The steps that it is about: those of a cycle in the order of its timers from the lowest
    /// index, otherwise ordered by index. Steps that are not stored are left out.
    async fn steps(&self, context: &Context<'_>) -> Result<Vec<Inline<CrmStep>>, Failure> {
        let steps: Vec<CrmStep> = match &self.steps {
            DiagnosedSteps::Of(pipeline) => {
                reads(context).count_elements(self.view.step_indexes.len())?;
                let indexes = self.view.step_indexes.iter();
                indexes.map(|index| pipeline.steps[*index].clone()).collect()
            }
            DiagnosedSteps::ById(ids) => {
                let found = reads(context).many(ids.iter().map(|id| CrmStepId(*id))).await?;
                found.into_iter().map(CrmStep::from).collect()
            }
        };
        Ok(steps.into_iter().map(Inline::from).collect())
    }

    /// The indexes of the steps that it is about, in the order of steps; at least one.
    async fn step_indexes(&self) -> &[usize] {
        &self.view.step_indexes
    }
}

/// A value of a diagnostic, like `periodSeconds` = `86400`.
#[derive(SimpleObject)]
struct CrmDiagnosticParam {
    /// The name: `periodSeconds`, the time that a cycle of timers takes once around, or
    /// `shortestSeconds`, the shortest time from the customer's last message until a conversation
    /// enters the step; both in seconds.
    name: String,
    /// The value, as text.
    value: String,
}

/// How many diagnostics of each severity a scenario has.
#[derive(SimpleObject)]
pub(in crate::graphql::types) struct CrmDiagnosticCounts {
    /// Those with the severity `ERROR`.
    errors: i32,
    /// Those with the severity `WARNING`.
    warnings: i32,
    /// Those with the severity `INFO`.
    infos: i32,
}

impl CrmDiagnosticCounts {
    /// Those of a scenario, computed once for each of its revisions.
    pub(in crate::graphql::types) async fn of(
        context: &Context<'_>,
        scenario: &crm_scenario::Model,
    ) -> Result<Self, Failure> {
        let cache = &environment(context).diagnostic_counts;
        let key = |revision| (OrganizationId(scenario.organization_id), scenario.id, revision);
        if let Some(counts) = cache.get(&key(scenario.revision)) {
            return Ok(counts.into());
        }
        let counted = reads(context).one(DiagnosticCountsOf(scenario.id)).await?;
        // It has no diagnostics any more if it has been deleted meanwhile.
        let Some(counted) = counted else { return Ok(DiagnosticCounts::default().into()) };
        // The scenario may have changed since its row was read.
        let (revision, counts) = counted?;
        cache.insert(key(revision), counts);
        Ok(counts.into())
    }
}

impl From<DiagnosticCounts> for CrmDiagnosticCounts {
    fn from(DiagnosticCounts { errors, warnings, infos }: DiagnosticCounts) -> Self {
        Self { errors: to_int(errors), warnings: to_int(warnings), infos: to_int(infos) }
    }
}

/// How serious a diagnostic is.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Severity")]
enum CrmDiagnosticSeverity {
    /// Customers are harmed.
    Error,
    /// Probably a mistake.
    Warning,
    /// Possibly meant.
    Info,
}

/// What a diagnostic is about. A step *sends* if it has an initialMessage, a WhatsApp template or a
/// Z-API message. Conversations *reach* the first step, each other step that has a trigger, and the
/// step to which the timer of a step that they reach leads.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "DiagnosticCode")]
enum CrmDiagnosticCode {
    /// WARNING: conversations leave the step only by hand. It has no timer, is no removal step,
    /// sets neither `RESOLVED` nor `HUMAN_REQUESTED`, and no other step has a trigger that is
    /// evaluated.
    DeadEnd,
    /// INFO: two or more steps have the same name; its case and Unicode form do not count.
    DuplicateName,
    /// INFO: the step sets `HUMAN_REQUESTED` and assigns nobody.
    HumanRequestedWithoutAssignee,
    /// WARNING: the step sets `HUMAN_REQUESTED` and turns the AI on.
    HumanRequestedWithAi,
    /// WARNING: the step has an initialMessage, and conversations reach it only 24 hours or more
    /// after the customer's last message, when WhatsApp delivers nothing but templates. Params:
    /// shortestSeconds.
    #[graphql(name = "MESSAGE_AFTER_24_HOURS")]
    MessageAfter24Hours,
    /// WARNING: a removal step assigns somebody.
    RemovalStepAssigns,
    /// WARNING: the step sets `RESOLVED` and has a timer.
    ResolvedWithTimer,
    /// ERROR: a cycle of timers on which every step sends. Params: periodSeconds.
    SpamLoop,
    /// INFO: any other cycle of timers. Params: periodSeconds.
    TimerCycle,
    /// WARNING: the last step has a timer without a target.
    TimerLeadsNowhere,
    /// INFO: the first step has a trigger, which is never evaluated.
    TriggerOnFirstStep,
    /// WARNING: conversations reach the step only by hand.
    UnreachableStep,
}
