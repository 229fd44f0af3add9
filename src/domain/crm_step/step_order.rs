//! The order of the steps of a scenario: each step has an index, from 0 on and without gaps, and a
//! rank. This decides which positions steps get and how the others are changed for it.

use uuid::Uuid;

use super::rank::Rank;

/// A position in the order.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the step")]
pub struct StepPosition {
    pub index: i32,
    pub rank: Rank,
}

/// A change of the positions of other steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderChange {
    /// Each step gets the [rank](Rank::at) of this generation at its index. Cursors of earlier
    /// generations are invalid then.
    Renumber {
        /// The generation.
        generation: i32,
    },
    /// The indexes from `first` to `last` change by `by`, which is 1 or -1.
    Shift {
        /// The lowest index.
        first: i32,
        /// The highest index.
        last: i32,
        /// What is added.
        by: i32,
    },
}

/// The order of the steps of a scenario, of which it knows the number of steps, and the positions of
/// some of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepOrder {
    /// The number of steps.
    pub step_count: i32,
    /// The greatest number that a rank of this generation has had.
    pub last_rank: i64,
    /// How often the steps were renumbered.
    pub generation: i32,
    known: Vec<(Uuid, StepPosition)>,
    changes: Vec<OrderChange>,
}

impl StepOrder {
    /// The order of this number of steps, of which no rank of this generation has a greater number
    /// than `last_rank`.
    #[must_use]
    pub fn new(step_count: i32, last_rank: i64, generation: i32) -> Self {
        Self { step_count, last_rank, generation, known: Vec::new(), changes: Vec::new() }
    }

    /// The changes of other positions since the last call, in their order. They are made before the
    /// step with the new position is stored.
    pub fn take_changes(&mut self) -> Vec<OrderChange> {
        std::mem::take(&mut self.changes)
    }

    /// Adds the position of a step, unless it is known.
    pub fn know(&mut self, id: Uuid, position: StepPosition) {
        if self.position(id).is_none() {
            self.known.push((id, position));
        }
    }

    /// Replaces the known positions by those of all steps.
    pub fn know_all(&mut self, steps: impl IntoIterator<Item = (Uuid, StepPosition)>) {
        self.known = steps.into_iter().collect();
    }

    /// The position of a step, if it is known.
    #[must_use]
    pub fn position(&self, id: Uuid) -> Option<&StepPosition> {
        self.known.iter().find(|(known, _)| *known == id).map(|(_, position)| position)
    }

    /// Appends a step.
    pub fn append(&mut self, id: Uuid) -> StepPosition {
        let position = StepPosition { index: self.step_count, rank: self.rank_after_all() };
        self.step_count += 1;
        self.known.push((id, position.clone()));
        position
    }

    /// Inserts a step before the one that has the index `before`, or appends it if none has. None if
    /// the two steps around the position are not known.
    #[must_use]
    pub fn insert(&mut self, id: Uuid, before: i32) -> Option<StepPosition> {
        if before >= self.step_count {
            return Some(self.append(id));
        }
        let position = StepPosition { index: before, rank: self.rank_before(before)? };
        self.shift(before, self.step_count - 1, 1);
        self.step_count += 1;
        self.known.push((id, position.clone()));
        Some(position)
    }

    /// Inserts a step like [`insert`](Self::insert), with the rank that it had before if that is between
    /// those around it. None unless the positions of all steps are known.
    #[must_use]
    pub fn restore(&mut self, id: Uuid, before: i32, former: Rank) -> Option<StepPosition> {
        if self.known.len() != usize::try_from(self.step_count).ok()? {
            return None;
        }
        let before = before.min(self.step_count);
        let fits = former.generation == self.generation
            && self.rank_at(before - 1).is_none_or(|lower| *lower < former)
            && self.rank_at(before).is_none_or(|upper| former < *upper);
        if !fits {
            return self.insert(id, before);
        }
        self.shift(before, self.step_count - 1, 1);
        self.step_count += 1;
        let position = StepPosition { index: before, rank: former };
        self.known.push((id, position.clone()));
        Some(position)
    }

    /// Moves a step before the one that has the index `before`, or to the end if none has. The
    /// position is the same if it is there already, and none if that of the step or of the two steps
    /// around the new one is not known.
    #[must_use]
    pub fn relocate(&mut self, id: Uuid, before: i32) -> Option<StepPosition> {
        let position = self.position(id)?.clone();
        let from = position.index;
        let to = if before > from { before - 1 } else { before };
        if to == from {
            return Some(position);
        }
        let rank = if before >= self.step_count {
            self.rank_after_all()
        } else {
            self.rank_before(before)?
        };
        self.known.retain(|(known, _)| *known != id);
        if to > from {
            self.shift(from + 1, to, -1);
        } else {
            self.shift(to, from - 1, 1);
        }
        let position = StepPosition { index: to, rank };
        self.known.push((id, position.clone()));
        Some(position)
    }

    /// Closes the gap of the step with this index, which is deleted.
    pub fn remove(&mut self, index: i32) {
        self.known.retain(|(_, position)| position.index != index);
        self.shift(index + 1, self.step_count - 1, -1);
        self.step_count -= 1;
    }

    /// Arranges all steps anew, and returns their positions. `kept` has the rank of each step that keeps
    /// its place among the others, in the new order, and none for the steps between these. If one of
    /// those finds no rank, all steps get new ones.
    pub fn arrange(&mut self, kept: &[Option<Rank>]) -> Vec<StepPosition> {
        self.known.clear();
        self.step_count = to_index(kept.len());
        let ranks = self.ranks_around(kept).unwrap_or_else(|| {
            self.generation += 1;
            self.last_rank = Rank::at(self.generation, self.step_count - 1).number;
            (0..self.step_count).map(|index| Rank::at(self.generation, index)).collect()
        });
        (0..).zip(ranks).map(|(index, rank)| StepPosition { index, rank }).collect()
    }

    /// Ranks for all steps, of which these keep theirs.
    fn ranks_around(&mut self, kept: &[Option<Rank>]) -> Option<Vec<Rank>> {
        // For each step the next rank that is kept behind it.
        let mut upper = None;
        let mut uppers: Vec<Option<&Rank>> = Vec::with_capacity(kept.len());
        for rank in kept.iter().rev() {
            uppers.push(upper);
            upper = rank.as_ref().or(upper);
        }
        let mut ranks: Vec<Rank> = Vec::with_capacity(kept.len());
        for (rank, upper) in kept.iter().zip(uppers.into_iter().rev()) {
            let rank = match (rank, ranks.last(), upper) {
                (Some(rank), _, _) => rank.clone(),
                (None, Some(lower), Some(upper)) => Rank::between(lower, upper)?,
                (None, None, Some(upper)) => Rank::before_all(upper),
                (None, _, None) => self.rank_after_all(),
            };
            ranks.push(rank);
        }
        Some(ranks)
    }

    /// The rank of the step with this index, if it is known.
    fn rank_at(&self, index: i32) -> Option<&Rank> {
        let known = self.known.iter().find(|(_, position)| position.index == index);
        known.map(|(_, position)| &position.rank)
    }

    fn rank_after_all(&mut self) -> Rank {
        let rank = Rank::after_all(self.generation, self.last_rank);
        self.last_rank = rank.number;
        rank
    }

    /// A rank between the step that has this index and the previous one. If none is free, all steps
    /// get new ranks.
    fn rank_before(&mut self, index: i32) -> Option<Rank> {
        let upper = self.rank_at(index)?;
        if index == 0 {
            return Some(Rank::before_all(upper));
        }
        if let Some(rank) = Rank::between(self.rank_at(index - 1)?, upper) {
            return Some(rank);
        }
        self.generation += 1;
        self.last_rank = Rank::at(self.generation, self.step_count - 1).number;
        for (_, position) in &mut self.known {
            position.rank = Rank::at(self.generation, position.index);
        }
        self.changes.push(OrderChange::Renumber { generation: self.generation });
        self.rank_before(index)
    }

    fn shift(&mut self, first: i32, last: i32, by: i32) {
        if first > last {
            return;
        }
        for (_, position) in &mut self.known {
            if (first..=last).contains(&position.index) {
                position.index += by;
            }
        }
        self.changes.push(OrderChange::Shift { first, last, by });
    }
}

/// A place in a list as an index. A scenario never has as many steps as an index can count.
fn to_index(place: usize) -> i32 {
    i32::try_from(place).unwrap_or(i32::MAX)
}
