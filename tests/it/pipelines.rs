//! Pipelines under random operations of several concurrent clients: indexes stay dense, no reference
//! dangles, and replaying the history gives the current state.

mod editor;
mod operation;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use crm_steps::db::Engine;
use futures_util::future::join_all;
use proptest::{
    prelude::ProptestConfig,
    test_runner::{TestCaseError, TestRunner},
};
use serde_json::{Value, json};

use self::{
    editor::{Editor, Seen},
    operation::{Operation, Sending, work},
};
use crate::{
    plan_and_apply::{actions, place, planned, told},
    support::{App, Client, Kind, check_invariants},
};

/// All elements of a list, page by page.
async fn all(client: &Client, list: &str, fields: &str) -> Vec<Value> {
    let mut found = vec![];
    let mut after = Value::Null;
    loop {
        let query = format!(
            "query($after: String) {{ {} pageInfo {{ hasNextPage endCursor }} }} {}",
            list.replacen(
                "@page",
                &format!("(first: 7, after: $after) {{ nodes {{ {fields} }}"),
                1
            ),
            "}".repeat(list.matches('{').count() + 1),
        );
        let data = client.graphql(&query, json!({ "after": after })).await.data();
        let mut page = &data;
        while page.get("nodes").is_none() {
            page = page.as_object().and_then(|object| object.values().next()).expect("a list");
        }
        found.extend(page["nodes"].as_array().expect("nodes").iter().cloned());
        if page["pageInfo"]["hasNextPage"] == false {
            return found;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// The fields of a step in the snapshots of the history.
const FIELDS: &str = "id scenarioId index version createdAt updatedAt name agentId prompt
    autoNextStepId autoNextTime autoNextTimeUnit";

/// The fields of steps that plans and snapshots have alike.
const PLANNED: [&str; 3] = ["name", "prompt", "autoNextTime"];

/// Plans, by the description that each gives its scenario.
type Plans = BTreeMap<String, Value>;

/// Splits the history into the changes of each plan, of which the last one is that of the scenario, those
/// of each deletion of a scenario, which are arranged likewise, and single other changes.
fn split(mut changes: &[Value], mut plans: Plans) -> Vec<(&[Value], Option<Value>)> {
    let mut calls = vec![];
    while let Some(last) = changes.last() {
        let description = &last["after"]["description"];
        let is_planned = last["subjectType"] == "CRM_SCENARIO"
            && last["action"] == "UPDATED"
            && last["before"]["description"] != *description;
        let plan = is_planned.then(|| {
            let plan = plans.remove(description.as_str().expect("a description"));
            plan.expect("what was not carried out is not in the history, and the rest once")
        });
        let steps = match &plan {
            Some(plan) => plan["steps"].as_array().expect("steps").iter().flat_map(actions).count(),
            None if last["subjectType"] == "CRM_SCENARIO" && last["action"] == "DELETED" => {
                deleted_with_it(changes)
            }
            None => 0,
        };
        let (others, of_call) = changes.split_at(changes.len() - 1 - steps);
        calls.push((of_call, plan));
        changes = others;
    }
    assert_eq!(plans, Plans::new(), "the history has all that was carried out");
    calls.reverse();
    calls
}

/// The number of steps that were deleted with a scenario, whose deletion is the last change: they have the
/// indexes from 0 on.
fn deleted_with_it(changes: &[Value]) -> usize {
    let [others @ .., scenario] = changes else { return 0 };
    let of_scenario = |step: &&Value| {
        step["action"] == "DELETED" && step["before"]["scenarioId"] == scenario["subjectId"]
    };
    let last = others.last().filter(of_scenario).and_then(|step| place(&step["before"]["index"]));
    last.map_or(0, |index| index + 1)
}

/// Replays the history from the beginning: returns the steps of each scenario in their order. Checks
/// that each snapshot of the state before equals the replayed state, and that each plan was carried out
/// as it was shown, on the state for which it was made.
fn replay(changes: &[Value], plans: Plans) -> BTreeMap<String, Vec<Value>> {
    let mut pipelines: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (changes, plan) in split(changes, plans) {
        let change = changes.last().expect("a call changes something");
        let id = change["subjectId"].as_str().expect("an id");
        match (change["subjectType"].as_str(), change["action"].as_str(), plan) {
            (Some("CRM_SCENARIO"), Some("CREATED" | "RESTORED"), _) => {
                assert!(pipelines.insert(id.to_owned(), vec![]).is_none(), "created twice");
            }
            (Some("CRM_SCENARIO"), Some("DELETED"), _) => {
                let steps = pipelines.get_mut(id).expect("the scenario is there");
                replay_steps(steps, &changes[..changes.len() - 1]);
                assert_eq!(pipelines.remove(id), Some(vec![]), "its steps were deleted first");
            }
            (_, _, Some(plan)) => {
                let of_steps = &changes[..changes.len() - 1];
                let steps = pipelines.get_mut(id).expect("the scenario is there");
                let before = steps.clone();
                replay_steps(steps, of_steps);
                check_planned(&plan, &before, steps, of_steps);
            }
            (Some("CRM_STEP"), _, _) => {
                let state = if change["before"].is_null() { "after" } else { "before" };
                let scenario = change[state]["scenarioId"].as_str().expect("an id");
                let steps = pipelines.get_mut(scenario).expect("the scenario is there");
                replay_steps(steps, changes);
            }
            _ => {}
        }
    }
    pipelines
}

/// Replays the changes of the steps of a scenario by one call.
fn replay_steps(steps: &mut Vec<Value>, changes: &[Value]) {
    let id = |id: &Value| id.as_str().expect("an id").to_owned();
    let ids: BTreeSet<_> = changes.iter().map(|change| id(&change["subjectId"])).collect();
    let states = steps.extract_if(.., |step| ids.contains(&id(&step["id"])));
    let mut states: BTreeMap<_, _> = states.map(|step| (id(&step["id"]), step)).collect();
    for change in changes {
        let (id, before, after) = (id(&change["subjectId"]), &change["before"], &change["after"]);
        let mut state = states.remove(&id).unwrap_or_default();
        if change["action"] == "UPDATED" {
            // The call may have shifted it by changes of other steps.
            state["index"] = before["index"].clone();
        }
        assert_eq!(state, *before, "the state before the change");
        if !after.is_null() {
            states.insert(id, after.clone());
        }
    }
    let mut states: Vec<_> = states.into_values().collect();
    states.sort_by_key(|step| place(&step["index"]));
    for step in states {
        steps.insert(place(&step["index"]).expect("an index"), step);
    }
    for (index, step) in steps.iter_mut().enumerate() {
        step["index"] = index.into();
    }
}

/// Checks that a plan is that of the steps before and of those afterwards, and that the changes are
/// those of the plan.
fn check_planned(plan: &Value, before: &[Value], after: &[Value], changes: &[Value]) {
    assert_eq!(told(changes), planned(plan, before, after));
    let plans = plan["steps"].as_array().expect("steps");
    for (index, steps) in [("indexBefore", before), ("indexAfter", after)] {
        assert_eq!(plans.iter().filter(|step| !step[index].is_null()).count(), steps.len());
    }
    for step in plans {
        let from = place(&step["indexBefore"]).map_or(&Value::Null, |index| &before[index]);
        let to = place(&step["indexAfter"]).map_or(&Value::Null, |index| &after[index]);
        for field in PLANNED {
            let fields = step["fields"].as_array().expect("changes");
            match fields.iter().find(|change| change["name"] == field) {
                Some(change) => {
                    assert_eq!((&change["before"], &change["after"]), (&from[field], &to[field]));
                }
                None => assert_eq!(from[field], to[field], "{field}"),
            }
        }
    }
}

/// Checks that indexes are dense, that timers target steps of the same scenario, and that the history
/// gives the current state.
async fn check(client: &Client, plans: Plans) {
    let changes = all(
        client,
        "viewer { organization { history @page",
        "subjectType subjectId action before after",
    )
    .await;
    let mut replayed = replay(&changes, plans);
    for scenario in all(client, "crmScenarios @page", "id steps { totalCount }").await {
        let id = scenario["id"].as_str().expect("an id");
        let list = format!("crmScenario(id: \"{id}\") {{ steps @page");
        let steps = all(client, &list, FIELDS).await;
        assert_eq!(scenario["steps"]["totalCount"], steps.len());
        let of_history = replayed.remove(id).expect("the history has the scenario");
        assert_eq!(of_history.len(), steps.len());
        for (index, (step, told)) in steps.iter().zip(of_history).enumerate() {
            assert_eq!(step["index"], index, "indexes are dense");
            for field in FIELDS.split_whitespace() {
                assert_eq!(step[field], told[field], "{field}");
            }
            let target = &step["autoNextStepId"];
            assert!(
                target.is_null() || steps.iter().any(|other| other["id"] == *target),
                "a timer has no target in its scenario"
            );
            assert!(*target != step["id"], "a timer targets its own step");
        }
    }
    assert_eq!(replayed, BTreeMap::new(), "the history has no other scenario");
}

/// Executes the operations of each client in sequence, and the clients concurrently.
async fn edit(app: App, work: Vec<Vec<(Operation, Sending)>>, done: Arc<AtomicUsize>) {
    let ana = app.member_of("Horizonte").await;
    let mut replicas = vec![ana.clone()];
    if app.database.engine() == Engine::Postgres {
        replicas.push(app.replica().await.with_token_of(&ana));
    }
    let (seen, keys) = (Arc::new(Mutex::new(Seen::default())), Arc::new(AtomicUsize::new(0)));
    for name in ["Sales", "Support"] {
        let scenario = ana.scenario(name).await;
        seen.lock().expect("no thread panicked").scenarios.push(scenario);
    }
    let editors = work.into_iter().enumerate().map(|(number, operations)| {
        let clients = [number, number + 1].map(|at| replicas[at % replicas.len()].clone());
        let (seen, done, keys) = (Arc::clone(&seen), Arc::clone(&done), Arc::clone(&keys));
        let editor = Editor { clients, seen, done, keys };
        tokio::spawn(async move {
            for (operation, sending) in &operations {
                editor.execute(operation, *sending).await;
            }
        })
    });
    for editor in join_all(editors.collect::<Vec<_>>()).await {
        editor.expect("no panic");
    }
    let plans = std::mem::take(&mut seen.lock().expect("no thread panicked").plans);
    check(&ana, plans).await;
    check_invariants(&app.database).await;
}

fn any_mix_of_operations(kind: Kind) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let config = ProptestConfig { cases: 12, max_shrink_iters: 200, ..ProptestConfig::default() };
    let done = Arc::new(AtomicUsize::new(0));
    let outcome = TestRunner::new(config).run(&work(), |work| {
        let done = Arc::clone(&done);
        let edited = App::run(kind, move |app| edit(app, work, done));
        let edited = runtime.block_on(runtime.spawn(edited));
        edited.map_err(|panic| TestCaseError::fail(panic.to_string()))
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    assert!(done.load(Ordering::SeqCst) > 0, "every operation was rejected");
}

#[test]
fn any_mix_of_operations_keeps_pipelines_consistent_on_sqlite() {
    any_mix_of_operations(Kind::Sqlite);
}

#[test]
fn any_mix_of_operations_keeps_pipelines_consistent_on_postgres() {
    any_mix_of_operations(Kind::Postgres);
}
