//! Diagnostics.

use async_graphql::{ComplexObject, Context, Enum, SimpleObject};
use uuid::Uuid;

use crate::{
    domain::flow::diagnostics::{self, DiagnosticView},
    graphql::{
        parts::{connection::to_int, context::reads, error::Failure, user_error::UserErrorParam},
        types::{crm_step::CrmStep, loaders::CrmStepId},
    },
};

/// Something in a pipeline that is allowed and probably a mistake.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(super) struct CrmDiagnostic {
    /// What it is.
    code: CrmDiagnosticCode,
    /// How serious it is.
    severity: CrmDiagnosticSeverity,
    /// What is wrong and what to do about it, as an English sentence that names the steps.
    message: String,
    /// The values in the message, so that a frontend can translate it: `periodSeconds` of a cycle.
    params: Vec<UserErrorParam>,
    /// The indexes of the steps: those of a cycle in the order of its timers from the lowest index,
    /// otherwise ascending. In a plan these are the new indexes.
    step_indexes: Vec<i32>,
    #[graphql(skip)]
    step_ids: Vec<Uuid>,
}

#[ComplexObject]
impl CrmDiagnostic {
    /// The steps, in the order of stepIndexes; only those that are stored.
    async fn steps(&self, context: &Context<'_>) -> Result<Vec<CrmStep>, Failure> {
        let found = reads(context).many(self.step_ids.iter().map(|id| CrmStepId(*id))).await?;
        Ok(found.into_iter().map(CrmStep::from).collect())
    }
}

impl CrmDiagnostic {
    /// A diagnostic, with the ids of its steps.
    pub(super) fn new(view: DiagnosticView, step_ids: Vec<Uuid>) -> Self {
        Self {
            code: view.code.into(),
            severity: view.code.severity().into(),
            message: view.message,
            params: view.params.into_iter().map(UserErrorParam::from).collect(),
            step_indexes: view.step_indexes.into_iter().map(to_int).collect(),
            step_ids,
        }
    }
}

/// How serious a diagnostic is.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "diagnostics::Severity")]
enum CrmDiagnosticSeverity {
    /// Customers are harmed.
    Error,
    /// Probably a mistake.
    Warning,
    /// Possibly meant.
    Info,
}

/// What a diagnostic reports.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "diagnostics::DiagnosticCode")]
enum CrmDiagnosticCode {
    /// A conversation stays in the step for good: there is no timer, no other step has a trigger, and
    /// it is neither removed nor resolved nor handed to a person.
    DeadEnd,
    /// Steps have equal names, as text compares.
    DuplicateName,
    /// The step hands conversations to a person and assigns nobody.
    HumanRequestedWithoutAssignee,
    /// The step hands conversations to a person and turns the AI on.
    HumanRequestedWithAi,
    /// The step has an initial message and is entered only 24 hours or more after the customer's last
    /// word, when WhatsApp delivers nothing but templates.
    #[graphql(name = "MESSAGE_AFTER_24_HOURS")]
    MessageAfter24Hours,
    /// A removal step assigns somebody.
    RemovalStepAssigns,
    /// The step resolves conversations and has a timer.
    ResolvedWithTimer,
    /// Timers form a cycle, and each of its steps sends something. Params: periodSeconds.
    SpamLoop,
    /// Timers form a cycle. Params: periodSeconds.
    TimerCycle,
    /// The timer of the last step has no target.
    TimerLeadsNowhere,
    /// The first step has a trigger, which is never evaluated.
    TriggerOnFirstStep,
    /// Conversations enter the step only when somebody moves them: it has no trigger, and no timer of
    /// a step that they reach leads to it.
    UnreachableStep,
}
