//! The order of the steps of a scenario: each step has an index, from 0 on and without gaps, and a
//! rank, which stays the same when other steps are added, moved or deleted. Cursors contain ranks.

use sea_orm::{
    ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::{
        Expr, ExprTrait as _, IntoIden as _, IntoValueTuple as _, Query, TableRef, UpdateStatement,
    },
};

use crate::{
    domain::crm_step::{RANK_GAP, rank_at, rank_before_all, rank_between},
    entity::{crm_scenario, crm_step},
    store::{
        StoreError,
        kit::tenant::{self, padded},
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

/// The order of the steps of a scenario whose row is locked, so that no other transaction changes it.
#[derive(Debug)]
pub(super) struct StepOrder {
    /// The scenario, with the changes to its number of steps.
    pub(super) scenario: crm_scenario::Model,
    is_changed: bool,
}

impl StepOrder {
    /// The order of a scenario that no transaction has changed since it was read.
    pub(super) fn new(scenario: crm_scenario::Model) -> Self {
        Self { scenario, is_changed: false }
    }

    /// Makes a position after the last step.
    pub(super) fn append(&mut self) -> StepPosition {
        let index = self.scenario.step_count;
        self.add_to_count(1);
        StepPosition { index, rank: self.rank_after_all() }
    }

    /// Shifts the step that has this index and all later ones, and returns the position before
    /// them. If no step has the index, it is the position after the last step.
    pub(super) async fn insert_before(
        &mut self,
        unit: &mut UnitOfWork,
        before: i32,
    ) -> Result<StepPosition, StoreError> {
        if before >= self.scenario.step_count {
            return Ok(self.append());
        }
        let rank = self.rank_before(unit, before).await?;
        self.shift(unit, before, self.scenario.step_count - 1, 1);
        self.add_to_count(1);
        Ok(StepPosition { index: before, rank })
    }

    /// Closes the gap that a deleted step leaves.
    pub(super) fn remove(&mut self, unit: &mut UnitOfWork, index: i32) {
        self.shift(unit, index + 1, self.scenario.step_count - 1, -1);
        self.add_to_count(-1);
    }

    /// Makes a position for a step of the scenario before the one that has the index `before`; none
    /// if the step is there already. The step itself has a temporary index until the caller updates
    /// it.
    pub(super) async fn relocate(
        &mut self,
        unit: &mut UnitOfWork,
        step: &crm_step::Model,
        before: i32,
    ) -> Result<Option<StepPosition>, StoreError> {
        let from = step.index;
        let to = if before > from { before - 1 } else { before };
        if to == from {
            return Ok(None);
        }
        let rank = if before >= self.scenario.step_count {
            self.rank_after_all()
        } else {
            self.rank_before(unit, before).await?
        };
        self.update_indexes(unit, from, from, Expr::value(TEMPORARY_INDEX));
        if to > from {
            self.shift(unit, from + 1, to, -1);
        } else {
            self.shift(unit, to, from - 1, 1);
        }
        Ok(Some(StepPosition { index: to, rank }))
    }

    fn add_to_count(&mut self, by: i32) {
        self.scenario.step_count += by;
        self.is_changed = true;
    }

    fn rank_after_all(&mut self) -> i64 {
        self.scenario.last_rank += RANK_GAP;
        self.is_changed = true;
        self.scenario.last_rank
    }

    /// A rank between the step that has this index and the previous one.
    async fn rank_before(&mut self, unit: &mut UnitOfWork, index: i32) -> Result<i64, StoreError> {
        if let Some(rank) = self.free_rank_before(unit, index).await? {
            return Ok(rank);
        }
        self.spread_ranks(unit);
        unit.execute().await?;
        let rank = self.free_rank_before(unit, index).await?;
        rank.ok_or_else(|| StoreError::invariant("no rank is free after the ranks were spread"))
    }

    /// The same, if a rank between the two is free.
    async fn free_rank_before(
        &self,
        unit: &UnitOfWork,
        index: i32,
    ) -> Result<Option<i64>, StoreError> {
        let ranks: Vec<i64> = tenant::of::<crm_step::Entity>(unit.organization())
            .select_only()
            .column(crm_step::Column::Rank)
            .filter(crm_step::Column::ScenarioId.eq(self.scenario.id))
            .filter(crm_step::Column::Index.is_in([index - 1, index]))
            .order_by_asc(crm_step::Column::Index)
            .into_tuple()
            .all(unit.transaction())
            .await?;
        match *ranks.as_slice() {
            [first] => Ok(Some(rank_before_all(first))),
            [lower, upper] => Ok(rank_between(lower, upper)),
            _ => Err(StoreError::invariant("the indexes of a scenario's steps have gaps")),
        }
    }

    /// Gives all steps new ranks at equal distances, when 32 insertions between the same two steps
    /// have used up the ranks between them. Older cursors then point to other positions.
    fn spread_ranks(&mut self, unit: &mut UnitOfWork) {
        let rank = Expr::col(crm_step::Column::Index).add(1).mul(RANK_GAP);
        let update = self.update().value(crm_step::Column::Rank, rank).to_owned();
        unit.writes().update(update);
        self.scenario.last_rank = rank_at(self.scenario.step_count - 1);
        self.is_changed = true;
    }

    /// Adds `by` to the indexes `first` to `last`, before the writes that follow.
    fn shift(&self, unit: &mut UnitOfWork, first: i32, last: i32, by: i32) {
        if first > last {
            return;
        }
        let add = |by: i32| Expr::col(crm_step::Column::Index).add(by);
        self.update_indexes(unit, first, last, add(SHIFT_OFFSET));
        let (first, last) = (first + SHIFT_OFFSET, last + SHIFT_OFFSET);
        self.update_indexes(unit, first, last, add(by - SHIFT_OFFSET));
    }

    /// Updates the indexes `first` to `last`, before the writes that follow.
    fn update_indexes(&self, unit: &mut UnitOfWork, first: i32, last: i32, to: Expr) {
        let mut update = self.update();
        update
            .value(crm_step::Column::Index, to)
            .and_where(crm_step::Column::Index.between(first, last));
        unit.writes().update(update);
        unit.writes().then();
    }

    /// An update of all steps.
    fn update(&self) -> UpdateStatement {
        Query::update()
            .table(crm_step::Entity)
            .and_where(crm_step::Column::OrganizationId.eq(self.scenario.organization_id))
            .and_where(crm_step::Column::ScenarioId.eq(self.scenario.id))
            .to_owned()
    }
}

/// Saves the numbers of steps and the last ranks of those of these scenarios that have changed.
pub(super) fn save<'a>(unit: &mut UnitOfWork, orders: impl IntoIterator<Item = &'a StepOrder>) {
    let changed = orders.into_iter().filter(|order| order.is_changed);
    let changed: Vec<_> = changed.map(|order| &order.scenario).collect();
    if !changed.is_empty() {
        unit.writes().update(update_of_counts(&changed));
    }
}

/// The statement that updates the number of steps and the last rank of each of these scenarios.
fn update_of_counts(scenarios: &[&crm_scenario::Model]) -> UpdateStatement {
    /// The name of the list of new values. Both databases name its columns `column1` and so on.
    const SAVED: &str = "saved";
    let saved = |column: &'static str| Expr::col((SAVED, column));
    let column = |column: crm_scenario::Column| Expr::col((crm_scenario::Entity, column));
    let values = scenarios
        .iter()
        .map(|row| (row.organization_id, row.id, row.step_count, row.last_rank).into_value_tuple());
    Query::update()
        .table(crm_scenario::Entity)
        .value(crm_scenario::Column::StepCount, saved("column3"))
        .value(crm_scenario::Column::LastRank, saved("column4"))
        .from(TableRef::ValuesList(padded(values), SAVED.into_iden()))
        .and_where(column(crm_scenario::Column::OrganizationId).eq(saved("column1")))
        .and_where(column(crm_scenario::Column::Id).eq(saved("column2")))
        .to_owned()
}
