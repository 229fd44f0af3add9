//! Pipelines under random operations of several concurrent clients: indexes stay dense, no reference
//! dangles, and replaying the history gives the current state.

mod editor;
mod operation;

use std::{
    collections::BTreeMap,
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
use crate::support::{App, Client, Kind, check_invariants};

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

/// Replays the history from the beginning: returns the steps of each scenario in their order. Checks
/// that each snapshot of the state before equals the replayed state.
fn replay(changes: &[Value]) -> BTreeMap<String, Vec<Value>> {
    let mut pipelines: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for change in changes {
        let (before, after) = (&change["before"], &change["after"]);
        let id = change["subjectId"].as_str().expect("an id").to_owned();
        match (change["subjectType"].as_str(), change["action"].as_str()) {
            (Some("CRM_SCENARIO"), Some("CREATED")) => {
                assert!(pipelines.insert(id, vec![]).is_none(), "created twice");
            }
            (Some("CRM_SCENARIO"), Some("DELETED")) => {
                assert_eq!(pipelines.remove(&id), Some(vec![]), "its steps were deleted first");
            }
            (Some("CRM_STEP"), _) => {
                let scenario = if before.is_null() { after } else { before };
                let scenario = scenario["scenarioId"].as_str().expect("an id");
                let steps = pipelines.get_mut(scenario).expect("the scenario is there");
                let position = |step: &Value| {
                    usize::try_from(step["index"].as_u64().expect("an index")).expect("it fits")
                };
                if !before.is_null() {
                    let mut was = steps.remove(position(before));
                    was["index"] = before["index"].clone();
                    assert_eq!(was, *before, "the state before the change");
                }
                if !after.is_null() {
                    steps.insert(position(after), after.clone());
                }
            }
            _ => {}
        }
    }
    for steps in pipelines.values_mut() {
        for (index, step) in steps.iter_mut().enumerate() {
            step["index"] = index.into();
        }
    }
    pipelines
}

/// Checks that indexes are dense, that timers target steps of the same scenario, and that the history
/// gives the current state.
async fn check(client: &Client) {
    let changes = all(
        client,
        "viewer { organization { history @page",
        "subjectType subjectId action before after",
    )
    .await;
    let mut replayed = replay(&changes);
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
    check(&ana).await;
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
