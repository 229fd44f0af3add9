//! Concurrent requests: indexes stay dense.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{App, Client, on_both_databases};

/// Creates steps concurrently, the clients taking turns; some of the steps are invalid.
async fn create_at_once(
    clients: &[Client],
    scenario: &str,
    count: usize,
    refused: usize,
) -> Vec<i64> {
    let creates = (0..count + refused).map(|number| {
        let client = clients[number % clients.len()].clone();
        // The invalid steps are among the others, and are rejected only in the transaction.
        let agent = if number % 2 == 1 && number / 2 < refused { json!("nobody") } else { json!(null) };
        let input = json!({
            "scenarioId": scenario, "name": format!("Step {number}"), "prompt": "a", "agentId": agent,
        });
        tokio::spawn(async move { client.create_crm_step(&input).await.data() })
    });
    let answers = join_all(creates).await;
    let mut indexes: Vec<i64> = answers
        .into_iter()
        .filter_map(|answer| {
            answer.expect("no panic")["createCrmStep"]["crmStep"]["index"].as_i64()
        })
        .collect();
    indexes.sort_unstable();
    indexes
}

async fn stored_indexes(client: &Client, scenario: &str) -> Vec<i64> {
    let mut indexes = vec![];
    let mut after = Value::Null;
    loop {
        let query = "query($id: ID!, $after: String) { crmScenario(id: $id) {
            steps(first: 100, after: $after) { nodes { index } pageInfo { hasNextPage endCursor } } } }";
        let answer = client.graphql(query, json!({ "id": scenario, "after": after })).await.data();
        let steps = &answer["crmScenario"]["steps"];
        indexes.extend(
            steps["nodes"]
                .as_array()
                .expect("nodes")
                .iter()
                .filter_map(|step| step["index"].as_i64()),
        );
        if steps["pageInfo"]["hasNextPage"] == false {
            return indexes;
        }
        after = steps["pageInfo"]["endCursor"].clone();
    }
}

async fn four_hundred_concurrent_creates_get_the_indexes_0_to_399(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let expected: Vec<i64> = (0..400).collect();
    assert_eq!(create_at_once(std::slice::from_ref(&ana), &scenario, 400, 0).await, expected);
    assert_eq!(stored_indexes(&ana, &scenario).await, expected);
}

async fn rejected_creates_leave_no_gap(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let expected: Vec<i64> = (0..100).collect();
    assert_eq!(create_at_once(std::slice::from_ref(&ana), &scenario, 100, 50).await, expected);
    assert_eq!(stored_indexes(&ana, &scenario).await, expected);
}

async fn several_replicas_assign_dense_indexes(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let mut clients = vec![];
    for replica in [app.clone(), app.replica().await, app.replica().await] {
        clients.push(replica.member_of("Horizonte").await);
    }
    let expected: Vec<i64> = (0..120).collect();
    assert_eq!(create_at_once(&clients, &scenario, 120, 0).await, expected);
    assert_eq!(stored_indexes(&ana, &scenario).await, expected);
}

async fn each_scenario_has_its_own_indexes(app: App) {
    let ana = app.member_of("Horizonte").await;
    let clients = std::slice::from_ref(&ana);
    let (sales, support) = (ana.scenario("Sales").await, ana.scenario("Support").await);
    let (of_sales, of_support) = tokio::join!(
        create_at_once(clients, &sales, 40, 0),
        create_at_once(clients, &support, 60, 0),
    );
    assert_eq!(of_sales, (0..40).collect::<Vec<i64>>());
    assert_eq!(of_support, (0..60).collect::<Vec<i64>>());
}

async fn steps_can_be_read_while_their_scenarios_are_deleted(app: App) {
    // Read in a loop, as often as possible.
    let ana = app.set_up(&["--rate-limit-per-minute=0"]).member_of("Horizonte").await;
    let writer = {
        let ana = ana.clone();
        tokio::spawn(async move {
            for number in 0..40 {
                let scenario = ana.scenario(&number.to_string()).await;
                ana.steps(&scenario, "a b c").await;
                let delete = format!(
                    "deleteCrmScenario(id: \"{scenario}\", expectedStepCount: 3) {{ replayed }}"
                );
                ana.done("", &delete, json!({})).await;
            }
        })
    };
    loop {
        let query =
            "{ crmSteps(last: 20) { nodes { name scenario { name } history { totalCount } } } }";
        ana.query(query).await;
        if writer.is_finished() {
            break;
        }
    }
    writer.await.expect("no panic");
}

async fn polling_the_history_misses_no_change(app: App) {
    // Read in a loop, as often as possible.
    let ana = app.set_up(&["--rate-limit-per-minute=0"]).member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let names: Vec<String> = (0..60).map(|number| number.to_string()).collect();
    ana.steps(&scenario, &names.join(" ")).await;
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let (ana, scenario) = (ana.clone(), scenario.clone());
            tokio::spawn(async move {
                for number in 0..8 {
                    if writer == 0 {
                        let copy =
                            format!("duplicateCrmScenario(id: \"{scenario}\") {{ replayed }}");
                        ana.done("", &copy, json!({})).await;
                    } else {
                        ana.agent(&format!("{writer} {number}")).await;
                    }
                }
            })
        })
        .collect();
    let mut followed = 0;
    let mut after = Value::Null;
    let mut is_last_look = false;
    loop {
        let query =
            "query($after: String) { viewer { organization { history(first: 100, after: $after) {
            totalCount edges { cursor } } } } }";
        let data = ana.graphql(query, json!({ "after": after })).await.data();
        let history = &data["viewer"]["organization"]["history"];
        let edges = history["edges"].as_array().expect("edges");
        followed += edges.len();
        if let Some(last) = edges.last() {
            after = last["cursor"].clone();
        } else if is_last_look {
            assert_eq!(history["totalCount"], followed, "every change was read");
            break;
        }
        is_last_look = writers.iter().all(tokio::task::JoinHandle::is_finished);
    }
    for writer in writers {
        writer.await.expect("no panic");
    }
}

on_both_databases!(
    four_hundred_concurrent_creates_get_the_indexes_0_to_399,
    rejected_creates_leave_no_gap,
    several_replicas_assign_dense_indexes,
    each_scenario_has_its_own_indexes,
    steps_can_be_read_while_their_scenarios_are_deleted,
    polling_the_history_misses_no_change,
);
