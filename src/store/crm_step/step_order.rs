//! The order of the steps of a scenario: each step has an index, from 0 on and without gaps, and a
//! rank, which stays the same when other steps are added, moved or deleted. Cursors contain ranks.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
    sea_query::{
        Expr, ExprTrait as _, IntoIden as _, IntoValueTuple as _, Query, TableRef, UpdateStatement,
    },
};
use uuid::Uuid;

use crate::{
    domain::{
        crm_step::{RANK_GAP, rank_at, rank_before_all, rank_between},
        id::OrganizationId,
    },
    entity::{crm_scenario, crm_step},
    store::{
        StoreError,
        kit::{
            tenant::{self, padded},
            write_batch::WriteBatch,
        },
        unit_of_work::UnitOfWork,
    },
};

/// An offset greater than any index. No two steps may have the same index at any moment, so steps
/// are shifted by this offset first.
const SHIFT_OFFSET: i32 = 1 << 30;

/// The temporary index of a step while the others are shifted.
const TEMPORARY_INDEX: i32 = i32::MAX;

/// A position in the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StepPosition {
    pub(super) index: i32,
    pub(super) rank: i64,
}

/// The steps of a scenario whose row is locked, so that no other transaction changes their order.
#[derive(Debug)]
pub(super) struct StepOrder<'a> {
    unit: &'a UnitOfWork,
    scenario: crm_scenario::Model,
}

impl<'a> StepOrder<'a> {
    pub(super) fn new(unit: &'a UnitOfWork, scenario: crm_scenario::Model) -> Self {
        Self { unit, scenario }
    }

    /// Shifts the step that has this index and all later ones, and returns the position before
    /// them. If no step has the index, it is the position after the last step.
    pub(super) async fn insert_before(&mut self, before: i32) -> Result<StepPosition, StoreError> {
        if before >= self.scenario.step_count {
            return Ok(append(&mut self.scenario));
        }
        let rank = self.rank_before(before).await?;
        self.shift(before, self.scenario.step_count - 1, 1).await?;
        self.scenario.step_count += 1;
        Ok(StepPosition { index: before, rank })
    }

    /// Closes the gap that a deleted step leaves.
    pub(super) async fn remove(&mut self, index: i32) -> Result<(), DbErr> {
        self.shift(index + 1, self.scenario.step_count - 1, -1).await?;
        self.scenario.step_count -= 1;
        Ok(())
    }

    /// Makes a position for a step of the scenario before the one that has the index `before`; none
    /// if the step is there already. The step itself has a temporary index until the caller updates
    /// it.
    pub(super) async fn relocate(
        &mut self,
        step: &crm_step::Model,
        before: i32,
    ) -> Result<Option<StepPosition>, StoreError> {
        let from = step.index;
        let to = if before > from { before - 1 } else { before };
        if to == from {
            return Ok(None);
        }
        let rank = if before >= self.scenario.step_count {
            self.scenario.last_rank += RANK_GAP;
            self.scenario.last_rank
        } else {
            self.rank_before(before).await?
        };
        crm_step::Entity::update_many()
            .col_expr(crm_step::Column::Index, Expr::value(TEMPORARY_INDEX))
            .filter(crm_step::Column::OrganizationId.eq(self.unit.organization().0))
            .filter(crm_step::Column::Id.eq(step.id))
            .exec(self.unit.transaction())
            .await?;
        if to > from {
            self.shift(from + 1, to, -1).await?;
        } else {
            self.shift(to, from - 1, 1).await?;
        }
        Ok(Some(StepPosition { index: to, rank }))
    }

    /// Saves the number of steps and the last rank of the scenario.
    pub(super) async fn save(self) -> Result<crm_scenario::Model, DbErr> {
        let Self { unit, scenario } = self;
        let update = update_of_counts(unit.organization(), std::slice::from_ref(&scenario));
        unit.transaction().execute(&update).await?;
        Ok(scenario)
    }

    /// A rank between the step that has this index and the previous one.
    async fn rank_before(&mut self, index: i32) -> Result<i64, StoreError> {
        if let Some(rank) = self.free_rank_before(index).await? {
            return Ok(rank);
        }
        self.spread_ranks().await?;
        let rank = self.free_rank_before(index).await?;
        rank.ok_or_else(|| StoreError::invariant("no rank is free after the ranks were spread"))
    }

    /// The same, if a rank between the two is free.
    async fn free_rank_before(&self, index: i32) -> Result<Option<i64>, StoreError> {
        let ranks: Vec<i64> = tenant::of::<crm_step::Entity>(self.unit.organization())
            .select_only()
            .column(crm_step::Column::Rank)
            .filter(crm_step::Column::ScenarioId.eq(self.scenario.id))
            .filter(crm_step::Column::Index.is_in([index - 1, index]))
            .order_by_asc(crm_step::Column::Index)
            .into_tuple()
            .all(self.unit.transaction())
            .await?;
        match *ranks.as_slice() {
            [first] => Ok(Some(rank_before_all(first))),
            [lower, upper] => Ok(rank_between(lower, upper)),
            _ => Err(StoreError::invariant("the indexes of a scenario's steps have gaps")),
        }
    }

    /// Gives all steps new ranks at equal distances, when 32 insertions between the same two steps
    /// have used up the ranks between them. Older cursors then point to other positions.
    async fn spread_ranks(&mut self) -> Result<(), DbErr> {
        let rank = Expr::col(crm_step::Column::Index).add(1).mul(RANK_GAP);
        crm_step::Entity::update_many()
            .col_expr(crm_step::Column::Rank, rank)
            .filter(crm_step::Column::OrganizationId.eq(self.unit.organization().0))
            .filter(crm_step::Column::ScenarioId.eq(self.scenario.id))
            .exec(self.unit.transaction())
            .await?;
        self.scenario.last_rank = rank_at(self.scenario.step_count - 1);
        Ok(())
    }

    /// Adds `by` to the indexes `first` to `last`.
    async fn shift(&self, first: i32, last: i32, by: i32) -> Result<(), DbErr> {
        if first > last {
            return Ok(());
        }
        self.add(first, last, SHIFT_OFFSET).await?;
        self.add(first + SHIFT_OFFSET, last + SHIFT_OFFSET, by - SHIFT_OFFSET).await
    }

    async fn add(&self, first: i32, last: i32, by: i32) -> Result<(), DbErr> {
        crm_step::Entity::update_many()
            .col_expr(crm_step::Column::Index, Expr::col(crm_step::Column::Index).add(by))
            .filter(crm_step::Column::OrganizationId.eq(self.unit.organization().0))
            .filter(crm_step::Column::ScenarioId.eq(self.scenario.id))
            .filter(crm_step::Column::Index.between(first, last))
            .exec(self.unit.transaction())
            .await?;
        Ok(())
    }
}

/// Makes a position after the last step of a scenario whose row is locked.
fn append(scenario: &mut crm_scenario::Model) -> StepPosition {
    let index = scenario.step_count;
    scenario.step_count += 1;
    scenario.last_rank += RANK_GAP;
    StepPosition { index, rank: scenario.last_rank }
}

/// The statement that updates the number of steps and the last rank of each of these scenarios.
fn update_of_counts(
    organization: OrganizationId,
    scenarios: &[crm_scenario::Model],
) -> UpdateStatement {
    /// The name of the list of new values. Both databases name its columns `column1` and so on.
    const SAVED: &str = "saved";
    let saved = |column: &'static str| Expr::col((SAVED, column));
    let column = |column: crm_scenario::Column| Expr::col((crm_scenario::Entity, column));
    let values =
        padded(scenarios.iter().map(|scenario| {
            (scenario.id, scenario.step_count, scenario.last_rank).into_value_tuple()
        }));
    Query::update()
        .table(crm_scenario::Entity)
        .value(crm_scenario::Column::StepCount, saved("column2"))
        .value(crm_scenario::Column::LastRank, saved("column3"))
        .from(TableRef::ValuesList(values, SAVED.into_iden()))
        .and_where(column(crm_scenario::Column::OrganizationId).eq(organization.0))
        .and_where(column(crm_scenario::Column::Id).eq(saved("column1")))
        .to_owned()
}

/// Locked scenarios to which steps are appended.
#[derive(Debug)]
pub(super) struct StepAppender {
    pub(super) scenarios: HashMap<Uuid, crm_scenario::Model>,
    changed: BTreeSet<Uuid>,
}

impl StepAppender {
    pub(super) fn new(scenarios: HashMap<Uuid, crm_scenario::Model>) -> Self {
        Self { scenarios, changed: BTreeSet::new() }
    }

    /// Makes a position after the last step of one of them.
    pub(super) fn append(&mut self, scenario: Uuid) -> Result<StepPosition, StoreError> {
        let row = self.scenarios.get_mut(&scenario);
        let row =
            row.ok_or_else(|| StoreError::invariant("a new step's scenario is not locked"))?;
        self.changed.insert(scenario);
        Ok(append(row))
    }

    /// Adds to a batch the update of the scenarios to which steps were appended.
    pub(super) fn save_with(&self, batch: &mut WriteBatch, organization: OrganizationId) {
        let changed: Vec<_> =
            self.changed.iter().filter_map(|id| self.scenarios.get(id).cloned()).collect();
        if !changed.is_empty() {
            batch.update(update_of_counts(organization, &changed));
        }
    }
}
