//! The order of the steps of a scenario, in the database.

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _,
    sea_query::{
        Expr, ExprTrait as _, IntoIden as _, IntoValueTuple as _, Query, TableRef, UpdateStatement,
    },
};
use uuid::Uuid;

use super::row;
use crate::{
    db::Engine,
    domain::crm_step::{OrderChange, Rank, StepOrder, StepPosition},
    entity::{crm_scenario, crm_step},
    store::{
        StoreError,
        kit::tenant::{count_change, padded},
        unit_of_work::UnitOfWork,
    },
};

/// An offset greater than any index. SQLite does not allow two steps to have the same index at any
/// moment, so steps are shifted by this offset first.
const SHIFT_OFFSET: i32 = 1 << 30;

/// The temporary index of a step while the others are shifted.
const TEMPORARY_INDEX: i32 = i32::MAX - 1;

/// The maximum number of rows of one statement that updates them.
pub(super) const ROWS_MAX: usize = 1_000;

/// A scenario whose row is locked, so that no other transaction changes the order of its steps.
#[derive(Debug)]
pub(in crate::store) struct LockedScenario {
    /// The row, with the changes to its revision and its number of steps.
    pub(in crate::store) row: crm_scenario::Model,
    /// The order of its steps.
    pub(super) order: StepOrder,
    is_changed: bool,
}

impl LockedScenario {
    /// A scenario that no transaction has changed since it was read.
    pub(super) fn new(row: crm_scenario::Model) -> Self {
        let order = StepOrder::new(row.step_count, row.last_rank, row.rank_generation);
        Self { row, order, is_changed: false }
    }

    /// Makes a position after the last step for the step with this id.
    pub(super) fn append(&mut self, unit: &UnitOfWork, id: Uuid) -> StepPosition {
        let position = self.order.append(id);
        self.update_row(unit.now());
        position
    }

    /// Makes a position for the step with this id before the one that has the index `before`; after
    /// the last step if none has it.
    pub(super) fn insert(
        &mut self,
        unit: &mut UnitOfWork,
        id: Uuid,
        before: i32,
    ) -> Result<StepPosition, StoreError> {
        let position = self.order.insert(id, before).ok_or_else(not_read)?;
        self.write_changes(unit);
        Ok(position)
    }

    /// Makes a position for a restored step with this id before the one that has the index `before`, with
    /// its former rank if that fits. The positions of all steps are known.
    pub(super) fn restore(
        &mut self,
        unit: &mut UnitOfWork,
        id: Uuid,
        before: usize,
        rank: Rank,
    ) -> Result<StepPosition, StoreError> {
        let before = i32::try_from(before).unwrap_or(i32::MAX);
        let position = self.order.restore(id, before, rank).ok_or_else(not_read)?;
        self.write_changes(unit);
        Ok(position)
    }

    /// Makes a position for a step of the scenario before the one that has the index `before`. It is
    /// the same if the step is there already.
    pub(super) fn relocate(
        &mut self,
        unit: &mut UnitOfWork,
        step: &crm_step::Model,
        before: i32,
    ) -> Result<StepPosition, StoreError> {
        self.order.know(step.id, row::position(step));
        let position = self.order.relocate(step.id, before).ok_or_else(not_read)?;
        if position.index != step.index {
            if unit.engine() == Engine::Sqlite {
                self.update_indexes(unit, step.index, step.index, TEMPORARY_INDEX.into());
            }
            self.write_changes(unit);
        }
        Ok(position)
    }

    /// Closes the gap that a deleted step leaves.
    pub(super) fn remove(&mut self, unit: &mut UnitOfWork, index: i32) {
        self.order.remove(index);
        self.write_changes(unit);
    }

    /// Arranges all steps anew, and returns their positions. `kept` has the ranks of the steps that keep
    /// their places among each other, as [`StepOrder::arrange`] takes them.
    pub(super) fn arrange(
        &mut self,
        unit: &UnitOfWork,
        kept: &[Option<Rank>],
    ) -> Vec<StepPosition> {
        let positions = self.order.arrange(kept);
        self.update_row(unit.now());
        positions
    }

    fn update_row(&mut self, now: DateTime<Utc>) {
        self.row.step_count = self.order.step_count;
        self.row.last_rank = self.order.last_rank;
        self.row.rank_generation = self.order.generation;
        self.raise_revision(now);
    }

    /// Counts a change of one of the steps that is made now.
    pub(super) fn raise_revision(&mut self, now: DateTime<Utc>) {
        self.row.steps_updated_at = Some(now);
        count_change(&mut self.row);
        self.is_changed = true;
    }

    /// Adds the changes of the positions of other steps, each in a new stage, as it is made to the
    /// steps that the previous ones have stored. The step itself is stored in that of the last one.
    fn write_changes(&mut self, unit: &mut UnitOfWork) {
        self.update_row(unit.now());
        for change in self.order.take_changes() {
            unit.writes().then();
            match change {
                OrderChange::Renumber { generation } => self.renumber(unit, generation),
                OrderChange::Shift { first, last, by } => self.shift(unit, first, last, by),
            }
        }
    }

    fn renumber(&self, unit: &mut UnitOfWork, generation: i32) {
        use crm_step::Column;
        let number = Expr::col(Column::Index).add(1).mul(Rank::GAP);
        let update = of_scenario(&self.row)
            .value(Column::RankGeneration, generation)
            .value(Column::Rank, number)
            .value(Column::RankSuffix, "")
            .to_owned();
        unit.writes().update(update);
    }

    fn shift(&self, unit: &mut UnitOfWork, first: i32, last: i32, by: i32) {
        let add = |by: i32| Expr::col(crm_step::Column::Index).add(by);
        match unit.engine() {
            // The constraint is checked at the end of the statement.
            Engine::Postgres => self.update_indexes(unit, first, last, add(by)),
            Engine::Sqlite => {
                self.update_indexes(unit, first, last, add(SHIFT_OFFSET));
                let (first, last) = (first + SHIFT_OFFSET, last + SHIFT_OFFSET);
                self.update_indexes(unit, first, last, add(by - SHIFT_OFFSET));
            }
        }
    }

    fn update_indexes(&self, unit: &mut UnitOfWork, first: i32, last: i32, to: Expr) {
        let mut update = of_scenario(&self.row);
        update
            .value(crm_step::Column::Index, to)
            .and_where(crm_step::Column::Index.between(first, last));
        unit.writes().update(update);
    }
}

fn not_read() -> StoreError {
    StoreError::invariant("the steps around a position are not read")
}

/// Stores the positions of those of these steps that have got another one.
pub(super) fn set_positions<'s, 'p>(
    unit: &mut UnitOfWork,
    scenario: &crm_scenario::Model,
    steps: impl IntoIterator<Item = (&'s crm_step::Model, &'p StepPosition)>,
) {
    /// The name of the list of new values. Both databases name its columns `column1` and so on.
    const SAVED: &str = "saved";
    let saved = |column: &'static str| Expr::col((SAVED, column));
    let id = || Expr::col((crm_step::Entity, crm_step::Column::Id));
    let moved: Vec<_> =
        steps.into_iter().filter(|(step, position)| row::position(step) != **position).collect();
    // Two steps never have one index, at no moment.
    for moved in moved.chunks(ROWS_MAX) {
        let shift = of_scenario(scenario)
            .value(crm_step::Column::Index, Expr::col(crm_step::Column::Index).add(SHIFT_OFFSET))
            .and_where(id().is_in(padded(moved.iter().map(|(step, _)| step.id))))
            .to_owned();
        unit.writes().then();
        unit.writes().update(shift);
    }
    for moved in moved.chunks(ROWS_MAX) {
        let values = moved.iter().map(|(step, StepPosition { index, rank })| {
            (step.id, *index, rank.generation, rank.number, rank.suffix.clone()).into_value_tuple()
        });
        let update = of_scenario(scenario)
            .value(crm_step::Column::Index, saved("column2"))
            .value(crm_step::Column::RankGeneration, saved("column3"))
            .value(crm_step::Column::Rank, saved("column4"))
            .value(crm_step::Column::RankSuffix, saved("column5"))
            .from(TableRef::ValuesList(padded(values), SAVED.into_iden()))
            .and_where(id().eq(saved("column1")))
            .to_owned();
        unit.writes().then();
        unit.writes().update(update);
    }
    unit.writes().then();
}

/// An update of steps of a scenario.
fn of_scenario(scenario: &crm_scenario::Model) -> UpdateStatement {
    let column = |column: crm_step::Column| Expr::col((crm_step::Entity, column));
    Query::update()
        .table(crm_step::Entity)
        .and_where(column(crm_step::Column::OrganizationId).eq(scenario.organization_id))
        .and_where(column(crm_step::Column::ScenarioId).eq(scenario.id))
        .to_owned()
}

/// Saves the numbers of those of these scenarios that have changed.
pub(super) fn save<'a>(
    unit: &mut UnitOfWork,
    scenarios: impl IntoIterator<Item = &'a LockedScenario>,
) {
    let changed = scenarios.into_iter().filter(|scenario| scenario.is_changed);
    let changed: Vec<_> = changed.map(|scenario| &scenario.row).collect();
    if !changed.is_empty() {
        unit.writes().update(update_of_numbers(&changed));
    }
}

/// The statement that updates the revision of each of these scenarios and its times, its number of
/// steps, its last rank and the generation of its ranks.
fn update_of_numbers(scenarios: &[&crm_scenario::Model]) -> UpdateStatement {
    use crm_scenario::Column;
    /// The name of the list of new values. Both databases name its columns `column1` and so on.
    const SAVED: &str = "saved";
    let saved = |column: &'static str| Expr::col((SAVED, column));
    let column = |column: Column| Expr::col((crm_scenario::Entity, column));
    let values = scenarios.iter().map(|row| {
        let order = (row.step_count, row.last_rank, row.rank_generation);
        let change = (row.revision, row.steps_updated_at, row.changed_at);
        (row.organization_id, row.id, order.0, order.1, order.2, change.0, change.1, change.2)
            .into_value_tuple()
    });
    Query::update()
        .table(crm_scenario::Entity)
        .value(Column::StepCount, saved("column3"))
        .value(Column::LastRank, saved("column4"))
        .value(Column::RankGeneration, saved("column5"))
        .value(Column::Revision, saved("column6"))
        .value(Column::StepsUpdatedAt, saved("column7"))
        .value(Column::ChangedAt, saved("column8"))
        .from(TableRef::ValuesList(padded(values), SAVED.into_iden()))
        .and_where(column(Column::OrganizationId).eq(saved("column1")))
        .and_where(column(Column::Id).eq(saved("column2")))
        .to_owned()
}
