//! Random operations on pipelines.

use proptest::{
    collection::vec,
    option,
    prelude::{Just, Strategy, any, prop_oneof},
};

/// Chooses one of the ids seen so far, modulo their number.
pub(super) type Pick = usize;

#[derive(Debug, Clone)]
pub(super) enum Position {
    First,
    Last,
    Before(Pick),
    After(Pick),
}

/// How a call is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sending {
    WithoutKey,
    WithKey,
    /// With a key, by two clients at once.
    Twice,
}

/// What a call does to several steps.
#[derive(Debug, Clone)]
pub(super) enum Bulk {
    Rename,
    Move { to: Position },
    Delete,
}

#[derive(Debug, Clone)]
pub(super) enum Operation {
    Create { scenario: Pick, to: Option<Position>, timer: Option<Pick> },
    CreateByRest { scenario: Pick, timer: Option<Pick> },
    CreateMany { scenario: Pick, timers: Vec<Option<Pick>>, broken: Option<Pick>, skip: bool },
    Rename { step: Pick, version: Option<i32> },
    SetTimer { step: Pick, target: Option<Pick> },
    Move { step: Pick, to: Position },
    Delete { step: Pick },
    Restore { step: Pick },
    RestoreScenario { scenario: Pick },
    ChangeMany { steps: [Pick; 2], change: Bulk },
    DuplicateStep { step: Pick, to: Option<Position> },
    Duplicate { scenario: Pick },
    RenameScenario { scenario: Pick },
    DeleteScenario { scenario: Pick },
    CreateAgent,
    RenameAgent { agent: Pick },
    SetAgent { step: Pick, agent: Pick },
    DeleteAgent { agent: Pick },
    Apply { scenario: Pick, dropped: Option<Pick>, rotation: Pick },
}

fn position() -> impl Strategy<Value = Position> {
    prop_oneof![
        Just(Position::First),
        Just(Position::Last),
        any::<Pick>().prop_map(Position::Before),
        any::<Pick>().prop_map(Position::After),
    ]
}

fn sending() -> impl Strategy<Value = Sending> {
    prop_oneof![
        2 => Just(Sending::WithoutKey),
        1 => Just(Sending::WithKey),
        2 => Just(Sending::Twice),
    ]
}

fn bulk() -> impl Strategy<Value = Bulk> {
    prop_oneof![
        1 => Just(Bulk::Rename),
        2 => position().prop_map(|to| Bulk::Move { to }),
        1 => Just(Bulk::Delete),
    ]
}

fn operation() -> impl Strategy<Value = Operation> {
    let pick = any::<Pick>;
    let maybe = || option::of(any::<Pick>());
    prop_oneof![
        5 => (pick(), option::of(position()), maybe())
            .prop_map(|(scenario, to, timer)| Operation::Create { scenario, to, timer }),
        2 => (pick(), maybe())
            .prop_map(|(scenario, timer)| Operation::CreateByRest { scenario, timer }),
        2 => (pick(), vec(maybe(), 1..6), maybe(), any::<bool>()).prop_map(
            |(scenario, timers, broken, skip)| {
                Operation::CreateMany { scenario, timers, broken, skip }
            }
        ),
        2 => (pick(), option::of(1..4))
            .prop_map(|(step, version)| Operation::Rename { step, version }),
        3 => (pick(), maybe()).prop_map(|(step, target)| Operation::SetTimer { step, target }),
        6 => (pick(), position()).prop_map(|(step, to)| Operation::Move { step, to }),
        4 => pick().prop_map(|step| Operation::Delete { step }),
        3 => pick().prop_map(|step| Operation::Restore { step }),
        1 => pick().prop_map(|scenario| Operation::RestoreScenario { scenario }),
        8 => ([pick(), pick()], bulk())
            .prop_map(|(steps, change)| Operation::ChangeMany { steps, change }),
        2 => (pick(), option::of(position()))
            .prop_map(|(step, to)| Operation::DuplicateStep { step, to }),
        1 => pick().prop_map(|scenario| Operation::Duplicate { scenario }),
        1 => pick().prop_map(|scenario| Operation::RenameScenario { scenario }),
        1 => pick().prop_map(|scenario| Operation::DeleteScenario { scenario }),
        1 => Just(Operation::CreateAgent),
        2 => pick().prop_map(|agent| Operation::RenameAgent { agent }),
        2 => (pick(), pick()).prop_map(|(step, agent)| Operation::SetAgent { step, agent }),
        1 => pick().prop_map(|agent| Operation::DeleteAgent { agent }),
        6 => (pick(), maybe(), pick()).prop_map(|(scenario, dropped, rotation)| {
            Operation::Apply { scenario, dropped, rotation }
        }),
    ]
}

/// The operations of several clients.
pub(super) fn work() -> impl Strategy<Value = Vec<Vec<(Operation, Sending)>>> {
    vec(vec((operation(), sending()), 0..16), 1..7)
}
