//! Random bulk calls beside a plain list of steps.

use proptest::{collection::vec, prelude::*, sample::subsequence};
use serde_json::{Value, json};

use crate::support::{App, check_invariants, for_all, on_both_databases, violations};

/// The number of steps at the beginning.
const COUNT: usize = 7;

/// A call for steps that are numbered from the beginning on; some may be deleted by then.
#[derive(Debug, Clone)]
enum Call {
    Move { steps: Vec<usize>, to: Position },
    Rename { steps: Vec<usize>, name: char },
    Delete { steps: Vec<usize> },
}

#[derive(Debug, Clone)]
enum Position {
    First,
    Last,
    Before(usize),
    After(usize),
}

fn call() -> impl Strategy<Value = Call> {
    let steps = |max| subsequence((0..COUNT).collect::<Vec<_>>(), 0..=max).prop_shuffle();
    let position = prop_oneof![
        Just(Position::First),
        Just(Position::Last),
        (0..COUNT).prop_map(Position::Before),
        (0..COUNT).prop_map(Position::After),
    ];
    prop_oneof![
        6 => (steps(COUNT), position).prop_map(|(steps, to)| Call::Move { steps, to }),
        2 => (steps(COUNT), prop::char::range('p', 's'))
            .prop_map(|(steps, name)| Call::Rename { steps, name }),
        1 => steps(2).prop_map(|steps| Call::Delete { steps }),
    ]
}

/// A step of the model.
#[derive(Debug, Clone, PartialEq)]
struct Step {
    number: usize,
    name: String,
    version: i32,
}

/// Makes the change to the list; returns whether the call is valid.
fn execute(list: &mut Vec<Step>, call: &Call) -> bool {
    let (Call::Move { steps, .. } | Call::Rename { steps, .. } | Call::Delete { steps }) = call;
    let place = |list: &[Step], number| list.iter().position(|step: &Step| step.number == number);
    if steps.iter().any(|number| place(list, *number).is_none()) {
        return false;
    }
    match call {
        Call::Move { steps, .. } if steps.is_empty() => {}
        Call::Move { steps, to } => {
            let moved: Vec<Step> = steps
                .iter()
                .filter_map(|number| Some(list[place(list, *number)?].clone()))
                .collect();
            let others: Vec<Step> =
                list.iter().filter(|step| !steps.contains(&step.number)).cloned().collect();
            let at = match to {
                Position::First => Some(0),
                Position::Last => Some(others.len()),
                Position::Before(other) => place(&others, *other),
                Position::After(other) => place(&others, *other).map(|place| place + 1),
            };
            let Some(at) = at else { return false };
            *list = [&others[..at], &moved, &others[at..]].concat();
        }
        Call::Rename { steps, name } => {
            for step in list.iter_mut().filter(|step| steps.contains(&step.number)) {
                if step.name != name.to_string() {
                    step.name = name.to_string();
                    step.version += 1;
                }
            }
        }
        Call::Delete { steps } => list.retain(|step| !steps.contains(&step.number)),
    }
    true
}

/// The field of a mutation that makes the call.
fn document(call: &Call, ids: &[String]) -> String {
    match call {
        Call::Move { to, .. } => {
            let to = match to {
                Position::First => "first: true".to_owned(),
                Position::Last => "last: true".to_owned(),
                Position::Before(other) => format!("before: \"{}\"", ids[*other]),
                Position::After(other) => format!("after: \"{}\"", ids[*other]),
            };
            format!("moveCrmSteps(ids: $ids, to: {{ {to} }}) {{ replayed }}")
        }
        Call::Rename { name, .. } => {
            format!("updateCrmSteps(ids: $ids, input: {{ name: \"{name}\" }}) {{ replayed }}")
        }
        Call::Delete { .. } => "deleteCrmSteps(ids: $ids) { replayed }".to_owned(),
    }
}

async fn bulk_calls_do_what_a_list_does(app: App) {
    let ana = app.set_up(&["--rate-limit-per-minute=0"]).member_of("Horizonte").await;
    for_all(24, vec(call(), 1..10), async |calls| {
        let scenario = ana.scenario("Sales").await;
        let ids = ana.steps(&scenario, &"a ".repeat(COUNT)).await;
        let mut list: Vec<Step> = (0..COUNT)
            .map(|number| Step { number, name: "a".to_owned(), version: 1 })
            .collect();
        let query = format!(
            "{{ crmScenario(id: \"{scenario}\") {{ revision steps {{ nodes {{ id name version index }} }} }} }}"
        );
        let mut revision = ana.query(&query).await["crmScenario"]["revision"].clone();
        for call in calls {
            let before = list.clone();
            let is_valid = execute(&mut list, &call);
            let (Call::Move { steps, .. } | Call::Rename { steps, .. } | Call::Delete { steps }) =
                &call;
            let selected: Vec<&String> = steps.iter().map(|number| &ids[*number]).collect();
            let field = document(&call, &ids);
            let payload = ana.call("($ids: [ID!]!)", &field, json!({ "ids": selected })).await;
            assert_eq!(violations(&payload).is_empty(), is_valid, "{call:?} {payload}");

            let now = ana.query(&query).await["crmScenario"].clone();
            let expected: Vec<Value> = list
                .iter()
                .zip(0..)
                .map(|(Step { number, name, version }, index)| {
                    json!({ "id": ids[*number], "name": name, "version": version, "index": index })
                })
                .collect();
            assert_eq!(now["steps"]["nodes"], json!(expected), "{call:?}");
            assert_eq!(now["revision"] != revision, list != before, "{call:?}");
            revision = now["revision"].clone();
        }
    })
    .await;
    check_invariants(&app.database).await;
}

on_both_databases!(bulk_calls_do_what_a_list_does);
