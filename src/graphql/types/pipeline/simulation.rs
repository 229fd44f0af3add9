//! Simulations of conversations.

mod input;
mod values;

use std::{collections::BTreeSet, sync::Arc};

use async_graphql::{Context, Object, SimpleObject};
use futures_util::future::try_join;
use uuid::Uuid;

pub(in crate::graphql::types) use self::input::SimulateCrmScenarioInput;
use self::input::SimulationSource;
use self::values::{CrmSimulationCause, CrmSimulationEndReason, CrmSimulationEntryKind};
use super::{LoadedPipeline, pipeline};
use crate::{
    domain::{
        crm_step::CrmStepInput,
        flow::{
            Flow,
            resolve::{Target, resolve_without_secrets},
            simulation::{
                Names, Simulation, SimulationEnd, SimulationEntry, SimulationRequest, simulate,
            },
        },
        id::parse_id,
        violation::{ViolationKind, Violations},
    },
    graphql::{
        Environment,
        parts::{
            context::{counted_text, environment, reads},
            error::Failure,
            inline::Inline,
            scalars::{AnyJson, DateTime},
            user_error::UserError,
        },
        types::{
            crm_step::CrmStep,
            loaders::{AgentId, CrmScenarioId, MembershipId, OrganizationDirectory},
        },
    },
};

#[derive(Default)]
pub(in crate::graphql::types) struct SimulationQuery;

#[Object]
impl SimulationQuery {
    /// What happens to a conversation in a scenario: it enters the first step, and then come the
    /// timers and the given events. Nothing is sent or stored, and nothing is random: the same
    /// scenario and input give the same simulation.
    async fn simulate_crm_scenario(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to simulate.")] input: SimulateCrmScenarioInput,
    ) -> Result<CrmSimulation, Failure> {
        let (source, request) = input.read();
        let simulated = match source {
            Ok(source) => self::simulated(context, source).await?,
            Err(violations) => Err(violations),
        };
        let simulated = match simulated {
            Ok(simulated) => simulated,
            Err(violations) => {
                let mut all = violations.within("input");
                all.extend(unknown_memberships(context, &request).await?);
                all.extend(request.check_without_flow());
                return Ok(CrmSimulation::rejected(all));
            }
        };
        let flow = simulated.flow();
        let (names, unknown) =
            try_join(names(context, flow), unknown_memberships(context, &request)).await?;
        Ok(match unknown.and(simulate(flow, &request, &names)) {
            Ok(simulation) => CrmSimulation::of(simulation, |index| simulated.step(index)),
            Err(violations) => CrmSimulation::rejected(violations),
        })
    }
}

/// What is simulated.
enum Simulated {
    /// A scenario.
    Stored(Arc<LoadedPipeline>),
    /// The steps of a specification.
    Specified(Flow),
}

impl Simulated {
    fn flow(&self) -> &Flow {
        match self {
            Self::Stored(pipeline) => pipeline.flow(),
            Self::Specified(flow) => flow,
        }
    }

    /// The stored step with this index. Those of a specification are not stored.
    fn step(&self, index: usize) -> Option<CrmStep> {
        match self {
            Self::Stored(pipeline) => pipeline.steps.get(index).cloned(),
            Self::Specified(_) => None,
        }
    }
}

/// Finds a scenario, or resolves a specification.
async fn simulated(
    context: &Context<'_>,
    source: SimulationSource,
) -> Result<Result<Simulated, Violations>, Failure> {
    match source {
        SimulationSource::Scenario(id) => {
            let pipeline = stored(context, &id).await?;
            let not_found = || Violations::one("scenarioId", ViolationKind::NOT_FOUND);
            Ok(pipeline.map(Simulated::Stored).ok_or_else(not_found))
        }
        SimulationSource::Spec(spec) => {
            let directory = reads(context).one(OrganizationDirectory).await?.unwrap_or_default();
            let Environment { webhook_hosts, max_steps, .. } = environment(context);
            let target = Target {
                stored: None,
                is_key_taken: false,
                directory: &directory,
                hosts: webhook_hosts,
                reads_secrets: false,
                max_steps: *max_steps,
            };
            let flow = resolve_without_secrets(spec, &target).map(Simulated::Specified);
            Ok(flow.map_err(|violations| violations.within("spec")))
        }
    }
}

/// The pipeline of a scenario, if it exists.
async fn stored(context: &Context<'_>, id: &str) -> Result<Option<Arc<LoadedPipeline>>, Failure> {
    let Some(id) = parse_id(id) else { return Ok(None) };
    match reads(context).one(CrmScenarioId(id)).await? {
        Some(scenario) => pipeline(context, &scenario).await.map(Some),
        None => Ok(None),
    }
}

/// The names of the agents and memberships to which the steps refer.
async fn names(context: &Context<'_>, flow: &Flow) -> Result<Names, Failure> {
    let of_steps = |ids: fn(&CrmStepInput) -> &[String]| -> BTreeSet<Uuid> {
        flow.steps.iter().flat_map(|step| ids(&step.input)).filter_map(|id| parse_id(id)).collect()
    };
    let agents = of_steps(|step| step.agent_id.as_slice());
    let memberships =
        of_steps(|step| step.selected_membership_ids_for_assignee.as_deref().unwrap_or_default());
    let reads = reads(context);
    let (agents, memberships) = try_join(
        reads.many(agents.into_iter().map(AgentId)),
        reads.many(memberships.into_iter().map(MembershipId)),
    )
    .await?;
    let agents = agents.iter().map(|agent| (agent.id.to_string(), agent.name.clone()));
    let memberships = memberships.iter().map(|it| (it.id.to_string(), it.name.clone()));
    Ok(agents.chain(memberships).collect())
}

/// The memberships of the input that do not exist, as violations.
async fn unknown_memberships(
    context: &Context<'_>,
    request: &SimulationRequest,
) -> Result<Violations, Failure> {
    let listed = request.open_conversations.iter();
    let ids = listed.filter_map(|open| parse_id(&open.membership_id)).map(MembershipId);
    let found = reads(context).many(ids).await?;
    let found: BTreeSet<_> = found.into_iter().map(|membership| membership.id).collect();
    Ok(request.check_memberships(|id| parse_id(id).is_some_and(|id| found.contains(&id))))
}

/// What happens to a conversation in a scenario.
#[derive(SimpleObject)]
pub(in crate::graphql::types) struct CrmSimulation {
    /// What happens, in the order in which it happens; at most 1,000 entries. Empty if userErrors is
    /// not empty, or if the scenario has no steps.
    timeline: Vec<Inline<CrmSimulationEntry>>,
    /// How it ends; null if userErrors is not empty.
    end: Option<CrmSimulationEnd>,
    /// All violated rules; empty if there are none. If the scenario is unknown or the specification
    /// violates rules, the steps that events name are not checked.
    user_errors: Vec<UserError>,
}

impl CrmSimulation {
    fn rejected(violations: Violations) -> Self {
        let user_errors = violations.into_iter().map(|violation| violation.report().into());
        Self { timeline: Vec::new(), end: None, user_errors: user_errors.collect() }
    }

    /// A simulation. `step` returns the stored step with an index, if there is one.
    fn of(
        Simulation { timeline, end }: Simulation,
        step: impl Fn(usize) -> Option<CrmStep>,
    ) -> Self {
        let with_step =
            |entry: SimulationEntry| CrmSimulationEntry { step: step(entry.step_index), entry };
        Self {
            timeline: timeline.into_iter().map(with_step).map(Inline::from).collect(),
            end: Some(CrmSimulationEnd { step: end.step_index.and_then(&step), end }),
            user_errors: Vec::new(),
        }
    }
}

struct CrmSimulationEntry {
    entry: SimulationEntry,
    step: Option<CrmStep>,
}

/// Something that happens to the conversation. A step that sets a value makes an entry even if nothing
/// changes by it; one that leaves it as it is (null) makes none.
#[expect(clippy::unused_async, reason = "the library requires resolvers to be asynchronous")]
#[Object]
impl CrmSimulationEntry {
    /// When.
    async fn at(&self) -> DateTime {
        self.entry.at.into()
    }

    /// The seconds since the start.
    async fn elapsed_seconds(&self) -> i32 {
        self.entry.elapsed_seconds
    }

    /// What happens.
    async fn kind(&self) -> CrmSimulationEntryKind {
        self.entry.kind.into()
    }

    /// The step in which the conversation is: for `TIMER_FIRED`, `TRIGGER_MET` and MOVED the one that
    /// it leaves. Null if the step is not stored.
    async fn crm_step(&self) -> Option<Inline<CrmStep>> {
        self.step.clone().map(Inline::from)
    }

    /// The index of that step.
    async fn step_index(&self) -> usize {
        self.entry.step_index
    }

    /// What happens, as an English sentence.
    async fn message(&self, context: &Context<'_>) -> Result<&str, Failure> {
        counted_text(context, self.entry.message.as_str())
    }

    /// What led to it. What a step does on entering has the cause of the move to the step.
    async fn cause(&self) -> CrmSimulationCause {
        self.entry.cause.into()
    }

    /// Values for programs, an object with the fields that the kind names; null for kinds that name
    /// none. Ids are UUIDs, times are RFC 3339 in UTC, and a text that the step lacks is null.
    async fn details(&self, context: &Context<'_>) -> Option<Result<AnyJson, Failure>> {
        let details = Some(&self.entry.details).filter(|details| !details.is_null())?;
        let counted = reads(context).count_text(details.to_string().len());
        Some(counted.map(|()| AnyJson(details.clone())))
    }
}

struct CrmSimulationEnd {
    end: SimulationEnd,
    step: Option<CrmStep>,
}

/// How a simulation ends.
#[Object]
impl CrmSimulationEnd {
    /// Why it ends.
    async fn reason(&self) -> CrmSimulationEndReason {
        self.end.reason.into()
    }

    /// The step in which the conversation is; null if the scenario has no steps, or if the step is not
    /// stored.
    async fn crm_step(&self) -> Option<Inline<CrmStep>> {
        self.step.clone().map(Inline::from)
    }

    /// The index of that step; null if the scenario has no steps.
    async fn step_index(&self) -> Option<usize> {
        self.end.step_index
    }

    /// The seconds since the start: those of the last entry, or untilSeconds for `TIME_LIMIT`.
    async fn at_seconds(&self) -> i32 {
        self.end.at_seconds
    }
}
