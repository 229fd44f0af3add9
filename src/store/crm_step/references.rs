//! Rows that the rules ask about, read and locked.

use std::collections::{BTreeSet, HashMap, HashSet};

use sea_orm::{
    ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::{
    domain::crm_step::{Neighbour, ReferencedIds, References},
    entity::{agent, change as change_table, crm_scenario, crm_step, membership},
    store::{
        kit::tenant::{self, padded},
        node,
        unit_of_work::UnitOfWork,
    },
};

/// The existing rows of the ids in inputs. They exist until the transaction ends, and no other
/// transaction changes the order of the steps of these scenarios.
#[derive(Debug)]
pub(super) struct ResolvedReferences {
    pub(super) references: References,
    pub(super) scenarios: HashMap<Uuid, crm_scenario::Model>,
    pub(super) agents: HashMap<Uuid, agent::Model>,
    pub(super) steps: HashMap<Uuid, Neighbour>,
}

/// Reads which of these ids exist.
///
/// Each change of a step or of the order of steps locks first the ids that clients chose, then the
/// scenarios in the order of their ids, then agents and memberships, so that there is no deadlock.
/// Steps need no lock: those of a locked scenario stay, and a timer refers to no others.
pub(super) async fn resolve_references(
    unit: &UnitOfWork,
    ids: &ReferencedIds,
) -> Result<ResolvedReferences, DbErr> {
    let (organization, transaction) = (unit.organization(), unit.transaction());
    unit.lock_ids(&ids.chosen).await?;
    let scenarios = if ids.scenarios.is_empty() {
        Vec::new()
    } else {
        tenant::of::<crm_scenario::Entity>(organization)
            .filter(crm_scenario::Column::Id.is_in(padded(ids.scenarios.iter().copied())))
            .order_by_asc(crm_scenario::Column::Id)
            .lock_exclusive()
            .all(transaction)
            .await?
    };
    let agents =
        tenant::lock_for_key_share::<agent::Entity>(organization, transaction, &ids.agents).await?;
    let memberships = tenant::lock_for_key_share::<membership::Entity>(
        organization,
        transaction,
        &ids.memberships,
    )
    .await?;
    let steps = if ids.steps.is_empty() {
        Vec::new()
    } else {
        tenant::of::<crm_step::Entity>(organization)
            .select_only()
            .columns([crm_step::Column::Id, crm_step::Column::ScenarioId, crm_step::Column::Index])
            .filter(crm_step::Column::Id.is_in(padded(ids.steps.iter().copied())))
            .into_tuple::<(Uuid, Uuid, i32)>()
            .all(transaction)
            .await?
    };
    let steps: HashMap<Uuid, Neighbour> = steps
        .into_iter()
        .map(|(id, scenario_id, index)| (id, Neighbour { id, scenario_id, index }))
        .collect();
    let references = References {
        scenarios: scenarios.iter().map(|scenario| scenario.id).collect(),
        agents: agents.iter().map(|agent| agent.id).collect(),
        memberships: memberships.into_iter().map(|membership| membership.id).collect(),
        steps: steps.values().map(|step| (step.id, step.scenario_id)).collect(),
        taken: taken(unit, &ids.chosen).await?,
    };
    let scenarios = scenarios.into_iter().map(|scenario| (scenario.id, scenario)).collect();
    let agents = agents.into_iter().map(|agent| (agent.id, agent)).collect();
    Ok(ResolvedReferences { references, scenarios, agents, steps })
}

/// The ids that clients chose and that are or were in use.
async fn taken(unit: &UnitOfWork, chosen: &BTreeSet<Uuid>) -> Result<HashSet<Uuid>, DbErr> {
    if chosen.is_empty() {
        return Ok(HashSet::new());
    }
    let (organization, transaction) = (unit.organization(), unit.transaction());
    let ids = padded(chosen.iter().copied());
    let was_something = change_table::Entity::find()
        .select_only()
        .column(change_table::Column::SubjectId)
        .distinct()
        .filter(change_table::Column::OrganizationId.eq(organization.0))
        .filter(change_table::Column::SubjectId.is_in(ids.iter().copied()))
        .into_tuple::<Uuid>()
        .all(transaction)
        .await?;
    let is_something = node::find(organization, transaction, &ids).await?;
    Ok(was_something.into_iter().chain(is_something.into_keys()).collect())
}
