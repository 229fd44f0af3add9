//! Loss of power: acknowledged steps are stored, and the other calls can be repeated.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use futures_util::future::join_all;
use serde_json::Value;

use crate::support::{Empty, Server, command, on_both_databases};

/// Steps that have to be acknowledged before the server is killed.
const ENOUGH: usize = 200;

/// The code that a call gets while an earlier call with its key is running.
const IN_USE: &str = "IDEMPOTENCY_KEY_IN_USE";

/// Clients that create steps concurrently.
const CLIENTS: usize = 16;

async fn acknowledged_steps_survive_sigkill(empty: Empty) {
    let folder = tempfile::tempdir().expect("a folder is made");
    let database = ["--database-url", &empty.url];
    let token = command(folder.path())
        .args(["token", "create", "--organization", "Horizonte"])
        .args(database)
        .output()
        .expect("the program runs");
    let token = String::from_utf8(token.stdout).expect("a token").trim().to_owned();
    let server = Server::start(folder.path(), &database);
    let create =
        r#"mutation { createCrmScenario(input: { name: "Sales" }) { crmScenario { id } } }"#;
    let created = server.graphql(&token, create).await.expect("it answers");
    let scenario = created["data"]["createCrmScenario"]["crmScenario"]["id"]
        .as_str()
        .expect("an id")
        .to_owned();

    let acknowledged = Arc::new(AtomicUsize::new(0));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (base, token, scenario) = (server.url.clone(), token.clone(), scenario.clone());
            let acknowledged = Arc::clone(&acknowledged);
            tokio::spawn(async move {
                create_until_it_fails(&base, &token, &scenario, client, &acknowledged).await
            })
        })
        .collect();
    while acknowledged.load(Ordering::SeqCst) < ENOUGH {
        tokio::task::yield_now().await;
    }
    server.kill();
    let mut expected: Vec<(i64, String)> = vec![];
    let mut unanswered = vec![];
    for client in join_all(clients).await {
        let (created, last) = client.expect("no panic");
        expected.extend(created);
        unanswered.push(last);
    }
    assert!(expected.len() >= ENOUGH);

    let server = Server::start(folder.path(), &database);
    // The outcome of these calls is unknown. Repeated, each takes effect once.
    for call in unanswered {
        let mut answer = Value::Null;
        // PostgreSQL may not yet have released the key of the killed process.
        while answer.is_null() || answer["data"]["createCrmStep"]["userErrors"][0]["code"] == IN_USE
        {
            answer = server.graphql(&token, &call).await.expect("it answers");
        }
        let step = &answer["data"]["createCrmStep"]["crmStep"];
        assert!(step["id"].is_string(), "{answer}");
        expected.push(position_of(step));
    }
    let mut found = vec![];
    let mut after = String::new();
    loop {
        let query = format!(
            "{{ crmScenario(id: \"{scenario}\") {{ steps(first: 100{after}) {{
                totalCount nodes {{ index id }} pageInfo {{ hasNextPage endCursor }} }} }} }}"
        );
        let answer = server.graphql(&token, &query).await.expect("it answers");
        let steps = &answer["data"]["crmScenario"]["steps"];
        found.extend(steps["nodes"].as_array().expect("nodes").iter().map(position_of));
        if steps["pageInfo"]["hasNextPage"] == false {
            assert_eq!(steps["totalCount"], found.len());
            break;
        }
        after = format!(", after: {}", steps["pageInfo"]["endCursor"]);
    }
    assert_eq!(found.len(), expected.len(), "no step was created twice");
    let dense = (0..).zip(&found).all(|(index, (found, _))| index == *found);
    assert!(dense, "the indexes have a gap: {found:?}");
    let lost: Vec<_> = expected.iter().filter(|step| !found.contains(step)).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    server.stop();
}

fn position_of(step: &Value) -> (i64, String) {
    let id = step["id"].as_str().expect("an id").to_owned();
    (step["index"].as_i64().expect("an index"), id)
}

/// Creates steps one after the other until the server stops responding; returns the acknowledged
/// steps and the call without a response.
async fn create_until_it_fails(
    base: &str,
    token: &str,
    scenario: &str,
    number: usize,
    acknowledged: &AtomicUsize,
) -> (Vec<(i64, String)>, String) {
    let client = reqwest::Client::new();
    let mut created = vec![];
    loop {
        let create = format!(
            "mutation {{ createCrmStep(
                input: {{ scenarioId: \"{scenario}\", name: \"a\", prompt: \"b\" }}
                idempotencyKey: \"{number} {}\"
            ) {{ crmStep {{ index id }} userErrors {{ code }} }} }}",
            created.len()
        );
        let request = client
            .post(format!("{base}/graphql"))
            .bearer_auth(token)
            .json(&serde_json::json!({ "query": create }));
        let Ok(response) = request.send().await else { return (created, create) };
        let Ok(answer) = response.json::<Value>().await else { return (created, create) };
        created.push(position_of(&answer["data"]["createCrmStep"]["crmStep"]));
        acknowledged.fetch_add(1, Ordering::SeqCst);
    }
}

on_both_databases!(Empty: acknowledged_steps_survive_sigkill);
