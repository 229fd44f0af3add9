//! Rows that the rules ask about, read and locked.

use std::collections::{BTreeSet, HashMap, HashSet};

use sea_orm::{
    ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    sea_query::LockType,
};
use uuid::Uuid;

use super::step_order::StepOrder;
use crate::{
    domain::crm_step::{Neighbour, ReferencedIds, References},
    entity::{agent, change as change_table, crm_scenario, crm_step, membership},
    store::{
        kit::tenant::{self, lock_all, padded},
        node,
        unit_of_work::UnitOfWork,
    },
};

/// The existing rows of the ids in inputs. They exist until the transaction ends, and no other
/// transaction changes the order of the steps of these scenarios.
#[derive(Debug)]
pub(super) struct ResolvedReferences {
    pub(super) references: References,
    pub(super) orders: HashMap<Uuid, StepOrder>,
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
    let scenarios = lock_all::<crm_scenario::Entity>(
        organization,
        transaction,
        &ids.scenarios,
        LockType::Update,
    )
    .await?;
    let (key_share, memberships) = (LockType::KeyShare, &ids.memberships);
    let agents =
        lock_all::<agent::Entity>(organization, transaction, &ids.agents, key_share).await?;
    let memberships =
        lock_all::<membership::Entity>(organization, transaction, memberships, key_share).await?;
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
        scenarios: scenarios.keys().copied().collect(),
        agents: agents.keys().copied().collect(),
        memberships: memberships.into_keys().collect(),
        steps: steps.values().map(|step| (step.id, step.scenario_id)).collect(),
        taken: taken(unit, &ids.chosen).await?,
    };
    let orders = scenarios.into_iter().map(|(id, row)| (id, StepOrder::new(row))).collect();
    Ok(ResolvedReferences { references, orders, agents, steps })
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
