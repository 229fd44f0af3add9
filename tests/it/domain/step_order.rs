//! The order of steps, beside a list of ids.

use crm_steps::domain::{
    crm_step::{OrderChange, Rank, StepOrder, StepPosition},
    id::new_id,
};
use proptest::prelude::*;
use uuid::Uuid;

/// The steps as a database stores them.
pub(super) type Stored = Vec<(Uuid, StepPosition)>;

#[derive(Debug, Clone)]
enum Edit {
    Append,
    Insert(usize),
    Relocate(usize, usize),
    Remove(usize),
    /// The next edit is made by another transaction.
    Read,
}

fn edit() -> impl Strategy<Value = Edit> {
    let place = 0..1_000_usize;
    prop_oneof![
        Just(Edit::Append),
        place.clone().prop_map(Edit::Insert),
        (place.clone(), place.clone()).prop_map(|(from, before)| Edit::Relocate(from, before)),
        place.prop_map(Edit::Remove),
        Just(Edit::Read),
    ]
}

pub(super) fn index(place: usize) -> i32 {
    i32::try_from(place).expect("a small number")
}

/// Makes the changes to the stored steps.
pub(super) fn execute(changes: Vec<OrderChange>, stored: &mut Stored) {
    for change in changes {
        for (_, position) in stored.iter_mut() {
            match change {
                OrderChange::Renumber { generation } => {
                    position.rank = Rank::at(generation, position.index);
                }
                OrderChange::Shift { first, last, by } => {
                    if (first..=last).contains(&position.index) {
                        position.index += by;
                    }
                }
            }
        }
    }
}

/// The order as a transaction reads it.
pub(super) fn read(order: &StepOrder, stored: &Stored) -> StepOrder {
    let mut read = StepOrder::new(order.step_count, order.last_rank, order.generation);
    for (id, position) in stored {
        read.know(*id, position.clone());
    }
    read
}

proptest! {
    #[test]
    fn edits_give_the_order_that_a_list_has(edits in prop::collection::vec(edit(), 1..60)) {
        let (mut order, mut stored, mut list) = (StepOrder::new(0, 0, 0), Stored::new(), Vec::new());
        for edit in edits {
            let id = new_id();
            let count = list.len();
            match edit {
                Edit::Append => {
                    stored.push((id, order.append(id)));
                    list.push(id);
                }
                Edit::Insert(place) => {
                    let before = place % (count + 1);
                    let position = order.insert(id, index(before)).expect("all steps are known");
                    execute(order.take_changes(), &mut stored);
                    stored.push((id, position));
                    list.insert(before, id);
                }
                Edit::Relocate(from, before) if count > 0 => {
                    let (from, before) = (from % count, before % (count + 1));
                    let id = list.remove(from);
                    list.insert(if before > from { before - 1 } else { before }, id);
                    let position = order.relocate(id, index(before)).expect("all steps are known");
                    stored.retain(|(stored, _)| *stored != id);
                    execute(order.take_changes(), &mut stored);
                    stored.push((id, position));
                }
                Edit::Remove(place) if count > 0 => {
                    let place = place % count;
                    let id = list.remove(place);
                    stored.retain(|(stored, _)| *stored != id);
                    order.remove(index(place));
                    execute(order.take_changes(), &mut stored);
                }
                Edit::Read => order = read(&order, &stored),
                Edit::Relocate(..) | Edit::Remove(_) => {}
            }
            stored.sort_by_key(|(_, position)| position.index);
            let ids: Vec<Uuid> = stored.iter().map(|(id, _)| *id).collect();
            prop_assert_eq!(&ids, &list);
            let indexes = stored.iter().map(|(_, position)| position.index);
            prop_assert!(indexes.eq(0..index(list.len())));
            prop_assert!(stored.is_sorted_by(|(_, a), (_, b)| a.rank < b.rank), "{:?}", stored);
            for (id, position) in &stored {
                prop_assert_eq!(order.position(*id), Some(position));
            }
        }
    }
}

#[test]
fn steps_get_new_ranks_when_none_is_free() {
    let mut order = StepOrder::new(0, 0, 0);
    let [first, last] = [(); 2].map(|()| {
        let id = new_id();
        order.append(id);
        id
    });
    let renumbered = (0..10_000).find_map(|_| {
        order.insert(new_id(), 1).expect("all steps are known");
        let changes = order.take_changes();
        (changes.len() > 1).then_some(changes)
    });
    let changes = renumbered.expect("a suffix is not endless");
    assert_eq!(changes[0], OrderChange::Renumber { generation: 1 });
    assert_eq!(order.generation, 1);
    let rank = |id| order.position(id).expect("all steps are known").rank.clone();
    assert_eq!(rank(first), Rank::at(1, 0));
    assert!(rank(last) < order.clone().append(new_id()).rank);
}

#[test]
fn a_position_between_unknown_steps_is_not_guessed() {
    let mut order = StepOrder::new(3, 3 * Rank::GAP, 0);
    let unchanged = order.clone();
    assert_eq!(order.insert(new_id(), 1), None);
    assert_eq!(order.relocate(new_id(), 1), None);
    assert_eq!(order, unchanged);
}

proptest! {
    /// All steps stand in the order of their ranks after they are arranged, however often, and those
    /// that keep their place keep their rank.
    #[test]
    fn arranged_steps_stand_in_the_order_of_their_ranks(
        arrangements in proptest::collection::vec(
            proptest::collection::vec(any::<bool>(), 0..20),
            1..20,
        ),
    ) {
        let mut order = StepOrder::new(0, 0, 0);
        let mut stored: Vec<Rank> = Vec::new();
        for is_kept in arrangements {
            let mut unused = stored.iter();
            let kept: Vec<Option<Rank>> = is_kept
                .into_iter()
                .map(|is_kept| is_kept.then(|| unused.next().cloned()).flatten())
                .collect();
            let generation = order.generation;
            let positions = order.arrange(&kept);
            prop_assert_eq!(positions.len(), kept.len());
            for (index, position) in positions.iter().enumerate() {
                prop_assert_eq!(position.index, self::index(index));
            }
            stored = positions.into_iter().map(|position| position.rank).collect();
            prop_assert!(stored.is_sorted_by(|lower, upper| lower < upper));
            prop_assert!(stored.iter().all(|rank| rank.generation == order.generation));
            if order.generation == generation {
                for (rank, kept) in stored.iter().zip(&kept) {
                    prop_assert!(kept.as_ref().is_none_or(|kept| kept == rank));
                }
            }
            prop_assert!(stored.iter().all(|rank| rank.number <= order.last_rank));
        }
    }
}

#[test]
fn steps_without_room_are_renumbered() {
    let mut order = StepOrder::new(2, Rank::at(0, 1).number, 0);
    let lower = Rank { generation: 0, number: 1, suffix: "1".repeat(1_000) };
    let upper = Rank { generation: 0, number: 1, suffix: format!("{}2", "1".repeat(999)) };
    let positions = order.arrange(&[Some(lower), None, Some(upper)]);
    let ranks: Vec<Rank> = positions.into_iter().map(|position| position.rank).collect();
    assert_eq!(ranks, [0, 1, 2].map(|index| Rank::at(1, index)));
    assert_eq!((order.generation, order.last_rank), (1, Rank::at(1, 2).number));
}
