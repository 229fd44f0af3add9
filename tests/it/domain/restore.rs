//! Restoring deleted steps: their places, what they lose, and the timers that lead to them again.

use crm_steps::domain::{
    crm_step::{
        CrmStepInput, FormerPlace, LostTimer, Neighbours, Rank, References, StepOrder, TimeUnit,
        clear_gone,
    },
    id::new_id,
};
use proptest::{
    collection::vec,
    prelude::{Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest},
    sample::Index,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    step,
    step_order::{Stored, execute, index, read},
};
use crate::rules::{AGENT, BRUNO, CARLA, SCENARIO, STEP, THIS, id, known};

/// A scenario whose steps are deleted and restored.
struct Scenario {
    order: StepOrder,
    stored: Stored,
    /// The deleted steps, the last one at the end.
    deleted: Vec<(Uuid, FormerPlace)>,
}

impl Scenario {
    fn with_steps(count: usize) -> Self {
        let (mut order, mut stored) = (StepOrder::new(0, 0, 0), Stored::new());
        for id in (0..count).map(|_| new_id()) {
            stored.push((id, order.append(id)));
        }
        Self { order, stored, deleted: Vec::new() }
    }

    fn ids(&self) -> Vec<Uuid> {
        self.stored.iter().map(|(id, _)| *id).collect()
    }

    /// Carries out what the order has decided, and reads it anew as the next transaction does.
    fn store(&mut self) {
        execute(self.order.take_changes(), &mut self.stored);
        self.stored.sort_by_key(|(_, position)| position.index);
        self.order = read(&self.order, &self.stored);
    }

    fn insert(&mut self, before: usize) {
        let id = new_id();
        let position = self.order.insert(id, index(before)).expect("all steps are known");
        self.store();
        self.stored.push((id, position));
        self.store();
    }

    fn relocate(&mut self, from: usize, before: usize) {
        let (id, _) = self.stored.remove(from);
        let position = self.order.relocate(id, index(before)).expect("all steps are known");
        self.store();
        self.stored.push((id, position));
        self.store();
    }

    /// Deletes these steps in one call, one after the other.
    fn delete(&mut self, ids: &[Uuid]) {
        let neighbours = Neighbours::of_deleted(&self.ids(), ids);
        let before = self.stored.clone();
        for (id, neighbours) in ids.iter().zip(neighbours) {
            let at = self.ids().iter().position(|other| other == id).expect("it is there");
            self.stored.remove(at);
            self.order.remove(index(at));
            self.store();
            let (_, position) = before.iter().find(|(other, _)| other == id).expect("it was there");
            self.deleted.push((*id, FormerPlace { neighbours, position: position.clone() }));
        }
    }

    /// Restores the step that was deleted at this place of the stack.
    fn restore(&mut self, at: usize) {
        let (id, place) = self.deleted.remove(at);
        let present: Vec<(Uuid, Rank)> =
            self.stored.iter().map(|(id, position)| (*id, position.rank.clone())).collect();
        let before = place.index_among(&present);
        let position = self.order.restore(id, index(before), place.position.rank);
        let position = position.expect("all steps are known");
        self.store();
        self.stored.push((id, position));
        self.store();
        assert_eq!(self.ids()[before], id);
        assert!(self.stored.iter().map(|(_, at)| at.index).eq(0..index(self.stored.len())));
        assert!(self.stored.is_sorted_by(|(_, a), (_, b)| a.rank < b.rank), "{:?}", self.stored);
    }
}

#[derive(Debug, Clone)]
enum Edit {
    Insert(Index),
    Relocate(Index, Index),
    Delete(Vec<Index>),
    Restore(Index),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        any::<Index>().prop_map(Edit::Insert),
        any::<(Index, Index)>().prop_map(|(from, before)| Edit::Relocate(from, before)),
        vec(any::<Index>(), 1..4).prop_map(Edit::Delete),
        any::<Index>().prop_map(Edit::Restore),
    ]
}

proptest! {
    #[test]
    fn the_reverse_order_gives_the_order_that_was(
        count in 0..8_usize,
        edits in vec(edit(), 0..12),
        deletions in vec(vec(any::<Index>(), 1..5), 1..6),
    ) {
        let mut scenario = edited(count, edits);
        scenario.deleted.clear();
        let mut stack = Vec::new();
        for deletion in deletions {
            let before = scenario.stored.clone();
            let ids = chosen(&scenario.ids(), &deletion);
            scenario.delete(&ids);
            stack.push((before, ids.len()));
        }
        while let Some((before, count)) = stack.pop() {
            for _ in 0..count {
                scenario.restore(scenario.deleted.len() - 1);
            }
            prop_assert_eq!(&scenario.stored, &before);
        }
    }

    /// Whatever happens meanwhile, a step comes back, between its neighbours if both are there.
    #[test]
    fn any_order_gives_each_step_a_place(count in 0..8_usize, edits in vec(edit(), 0..40)) {
        let mut scenario = edited(count, edits);
        while let Some((id, place)) = scenario.deleted.first().cloned() {
            scenario.restore(0);
            let ids = scenario.ids();
            let at = |id: Option<Uuid>| ids.iter().position(|other| Some(*other) == id);
            let step = at(Some(id)).expect("it is restored");
            let Neighbours { previous, next } = place.neighbours;
            match (at(previous), at(next)) {
                (Some(one), Some(other)) => {
                    prop_assert!((one.min(other)..one.max(other)).contains(&step));
                }
                (Some(previous), None) => prop_assert!(previous < step),
                (None, Some(next)) => prop_assert!(step < next),
                (None, None) => {
                    prop_assert_eq!(index(step), place.position.index.min(index(ids.len() - 1)));
                }
            }
        }
    }
}

/// A scenario after these edits.
fn edited(count: usize, edits: Vec<Edit>) -> Scenario {
    let mut scenario = Scenario::with_steps(count);
    for edit in edits {
        let count = scenario.stored.len();
        match edit {
            Edit::Insert(before) => scenario.insert(before.index(count + 1)),
            Edit::Relocate(from, before) if count > 0 => {
                scenario.relocate(from.index(count), before.index(count + 1));
            }
            Edit::Delete(steps) => scenario.delete(&chosen(&scenario.ids(), &steps)),
            Edit::Restore(at) if !scenario.deleted.is_empty() => {
                scenario.restore(at.index(scenario.deleted.len()));
            }
            Edit::Relocate(..) | Edit::Restore(_) => {}
        }
    }
    scenario
}

/// These of the steps, each once.
fn chosen(ids: &[Uuid], steps: &[Index]) -> Vec<Uuid> {
    let mut chosen = Vec::new();
    for step in steps.iter().filter(|_| !ids.is_empty()) {
        let id = *step.get(ids);
        if !chosen.contains(&id) {
            chosen.push(id);
        }
    }
    chosen
}

#[test]
fn steps_deleted_together_find_their_order_in_the_order_in_which_they_were_deleted() {
    let mut scenario = Scenario::with_steps(6);
    let before = scenario.stored.clone();
    scenario.delete(&scenario.ids()[1..5]);
    while !scenario.deleted.is_empty() {
        scenario.restore(0);
    }
    assert_eq!(scenario.stored, before);
}

#[test]
fn a_step_without_neighbours_comes_back_at_its_index() {
    let mut scenario = Scenario::with_steps(3);
    let [first, middle, last] = scenario.ids()[..] else { panic!("three steps") };
    scenario.delete(&[middle]);
    scenario.delete(&[first, last]);
    (0..3).for_each(|_| scenario.insert(0));
    scenario.restore(0);
    assert_eq!(scenario.ids()[1], middle);
}

#[test]
fn a_step_without_neighbours_comes_back_at_the_end_of_fewer_steps() {
    let mut scenario = Scenario::with_steps(4);
    let ids = scenario.ids();
    scenario.delete(&[ids[2]]);
    scenario.delete(&[ids[1], ids[3]]);
    scenario.restore(0);
    assert_eq!(scenario.ids(), [ids[0], ids[2]]);
}

#[test]
fn after_a_renumbering_a_step_comes_back_directly_beside_a_neighbour() {
    let [a, b, c, d] = [(); 4].map(|()| new_id());
    let order = [a, b, c, d].into_iter().zip((0..).map(|index| Rank::at(1, index)));
    let order: Vec<(Uuid, Rank)> = order.collect();
    let position = Scenario::with_steps(1).stored[0].1.clone();
    let index = |previous, next| {
        let neighbours = Neighbours { previous, next };
        FormerPlace { neighbours, position: position.clone() }.index_among(&order)
    };
    assert_eq!(index(Some(a), Some(d)), 3);
    assert_eq!(index(Some(b), Some(new_id())), 2);
    assert_eq!(index(None, Some(c)), 2);
}

/// What a restored step with these fields is, and which of them it loses.
fn restored(fields: Value, known: &References) -> (CrmStepInput, Vec<&'static str>) {
    let mut step = step(fields);
    let cleared = clear_gone(&mut step, id(THIS), known);
    (step, cleared)
}

/// A step that refers to everything that exists.
fn referring() -> Value {
    json!({
        "key": "lead", "agentId": AGENT,
        "autoNextStepId": STEP, "autoNextTime": 2, "autoNextTimeUnit": "h",
        "assigneeLogicType": "random_selected", "selectedMembershipIdsForAssignee": [BRUNO, CARLA],
        "zapiAgentId": AGENT, "zapiPhoneNumber": "5511999999999", "zapiMessage": "Hi",
        "whatsappTemplateAgentId": AGENT, "whatsappTemplateName": "hello",
        "whatsappTemplateLanguageCode": "pt_BR",
    })
}

#[test]
fn a_step_keeps_what_exists() {
    assert_eq!(restored(referring(), &known()), (step(referring()), vec![]));
    let mut own_key = known();
    own_key.keys.insert((id(SCENARIO), "lead".to_owned()), id(THIS));
    assert_eq!(restored(referring(), &own_key), (step(referring()), vec![]));
}

#[test]
fn what_belongs_together_is_cleared_together() {
    let taken = [((id(SCENARIO), "lead".to_owned()), id(STEP))];
    let nothing = References { keys: taken.into(), ..References::default() };
    let (left, cleared) = restored(referring(), &nothing);
    assert_eq!(left, step(json!({})));
    assert_eq!(
        cleared,
        [
            "key",
            "agentId",
            "autoNextStepId",
            "autoNextTime",
            "autoNextTimeUnit",
            "assigneeLogicType",
            "selectedMembershipIdsForAssignee",
            "zapiAgentId",
            "zapiPhoneNumber",
            "zapiMessage",
            "whatsappTemplateAgentId",
            "whatsappTemplateName",
            "whatsappTemplateLanguageCode",
        ]
    );
}

#[test]
fn the_candidates_that_exist_stay() {
    let known = References { memberships: [id(CARLA)].into(), ..known() };
    let (left, cleared) = restored(referring(), &known);
    assert_eq!(left.selected_membership_ids_for_assignee, Some(vec![CARLA.to_owned()]));
    assert_eq!(left.assignee_logic_type, step(referring()).assignee_logic_type);
    assert_eq!(cleared, ["selectedMembershipIdsForAssignee"]);
}

/// Whether a timer to this step comes back in a step with these fields.
fn comes_back(fields: Value, time: i32) -> bool {
    let timer = LostTimer { step_id: id(STEP), time: Some(time), unit: Some(TimeUnit::Day) };
    timer.comes_back(&step(fields), id(THIS))
}

#[test]
fn a_timer_comes_back_where_none_is_and_the_rules_allow_it() {
    assert!(comes_back(json!({}), 365));
    assert!(comes_back(json!({ "name": "", "agentId": BRUNO }), 365), "nothing else is checked");
    assert!(!comes_back(json!({}), 366));
    assert!(!comes_back(json!({ "isConversationRemovalStep": true }), 1));
    assert!(!comes_back(json!({ "autoNextTime": 5 }), 1));
}
