//! The commit queue: steps that arrive together share a transaction, with the same results as alone.

mod alone;
mod failures;
mod order;

use std::sync::Mutex;

use crm_steps::db::Engine;
use futures_util::{StreamExt as _, future::join_all, stream::FuturesUnordered};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::support::{App, Client, on_both_databases};

/// More steps than fit into the queue and a batch together.
const MANY: usize = 600;

/// Most steps that wait in the queue.
const WAITING_MAX: usize = 512;

/// Most steps of one transaction, each sent by a call of its own.
const BATCH_MAX: usize = 32;

/// Blocks writes of steps of this scenario until the returned transaction ends.
async fn hold(app: &App, scenario: &str) -> DatabaseTransaction {
    // On SQLite beginning the transaction takes the write lock.
    let transaction = app.database.write().await.expect("a transaction begins");
    if app.database.engine() == Engine::Postgres {
        let lock = format!("SELECT id FROM crm_scenario WHERE id = '{scenario}' FOR UPDATE");
        transaction.execute_unprepared(&lock).await.expect("the lock is free");
    }
    transaction
}

/// Sends many steps concurrently, each from its own task.
fn send_many(client: &Client, scenario: &str) -> FuturesUnordered<JoinHandle<Value>> {
    let send = |number: usize| {
        let (client, scenario) = (client.clone(), scenario.to_owned());
        tokio::spawn(async move {
            let input =
                json!({ "scenarioId": scenario, "name": number.to_string(), "prompt": "a" });
            client.create_crm_step(&input).await.json()
        })
    };
    (0..MANY).map(send).collect()
}

/// Waits until every step that does not fit into the queue has been rejected; returns their number.
async fn until_no_more_can_wait(sent: &mut FuturesUnordered<JoinHandle<Value>>) -> usize {
    let refused = MANY - WAITING_MAX - BATCH_MAX;
    for _ in 0..refused {
        let answer = sent.next().await.expect("some are refused").expect("no panic");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "OVERLOADED", "{answer:#}");
    }
    refused
}

async fn index_of_a_new_step(client: &Client, scenario: &str) -> i64 {
    let input = json!({ "scenarioId": scenario, "name": "The last", "prompt": "a" });
    let step = client.create_crm_step(&input).await.data();
    step["createCrmStep"]["crmStep"]["index"].as_i64().expect("it is created")
}

async fn waiting_steps_share_transactions_and_a_full_queue_rejects_more(app: App) {
    let (executed, app) = app.recorded();
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let held = hold(&app, &scenario).await;
    let mut sent = send_many(&ana, &scenario);
    let mut refused = until_no_more_can_wait(&mut sent).await;
    held.rollback().await.expect("it ends");

    let mut indexes = vec![];
    while let Some(answer) = sent.next().await {
        let answer = answer.expect("no panic");
        if let Some(index) = answer["data"]["createCrmStep"]["crmStep"]["index"].as_i64() {
            indexes.push(index);
        } else {
            assert_eq!(answer["errors"][0]["extensions"]["code"], "OVERLOADED", "{answer:#}");
            refused += 1;
        }
    }
    assert_eq!(indexes.len() + refused, MANY);
    indexes.sort_unstable();
    let count = i64::try_from(indexes.len()).expect("few");
    assert_eq!(indexes, (0..count).collect::<Vec<_>>());
    assert_eq!(index_of_a_new_step(&ana, &scenario).await, count, "no other step exists");
    assert_eq!(largest_insert(&executed), BATCH_MAX);
}

async fn a_client_that_disconnects_while_waiting_leaves_no_step(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let held = hold(&app, &scenario).await;
    let mut sent = send_many(&ana, &scenario);
    until_no_more_can_wait(&mut sent).await;
    for waiting in &sent {
        waiting.abort();
    }
    while sent.next().await.is_some() {}
    held.rollback().await.expect("it ends");

    // Steps whose transaction had begun exist, as after any lost response.
    let begun = index_of_a_new_step(&ana, &scenario).await;
    assert!(usize::try_from(begun).is_ok_and(|begun| begun <= BATCH_MAX), "{begun}");
}

/// Lets the database reject steps with these names.
async fn reject_names_that_end_in_7(app: &App) {
    let poisoned: &[&str] = match app.database.engine() {
        Engine::Sqlite => &["CREATE TRIGGER poison BEFORE INSERT ON crm_step
            WHEN NEW.name LIKE '%7' BEGIN SELECT RAISE(ABORT, 'poison'); END"],
        Engine::Postgres => &[
            "CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE 'poison'; END $$",
            "CREATE TRIGGER poison BEFORE INSERT ON crm_step FOR EACH ROW
                WHEN (NEW.name LIKE '%7') EXECUTE FUNCTION poison()",
        ],
    };
    for statement in poisoned {
        app.execute(statement).await;
    }
}

async fn a_step_that_the_database_rejects_fails_alone(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    reject_names_that_end_in_7(&app).await;
    let held = hold(&app, &scenario).await;
    let mut sent = send_many(&ana, &scenario);
    let mut refused = until_no_more_can_wait(&mut sent).await;
    held.rollback().await.expect("it ends");
    let (mut created, mut failed) = (vec![], 0);
    while let Some(answer) = sent.next().await {
        let answer = answer.expect("no panic");
        if let Some(index) = answer["data"]["createCrmStep"]["crmStep"]["index"].as_i64() {
            created.push(index);
        } else if answer["errors"][0]["extensions"]["code"] == "INTERNAL" {
            failed += 1;
        } else {
            assert_eq!(answer["errors"][0]["extensions"]["code"], "OVERLOADED", "{answer:#}");
            refused += 1;
        }
    }
    assert_eq!(created.len() + failed + refused, MANY);
    assert!(failed > 0 && failed <= MANY / 10, "{failed} have names that end in 7");
    created.sort_unstable();
    let count = i64::try_from(created.len()).expect("few");
    assert_eq!(created, (0..count).collect::<Vec<_>>());
    assert_eq!(index_of_a_new_step(&ana, &scenario).await, count, "no other step exists");
}

/// Sends these while writes are blocked, then unblocks the writes.
async fn send_together(app: &App, scenario: &str, sent: Vec<(Client, Value)>) -> Vec<Value> {
    let held = hold(app, scenario).await;
    let sent = sent.into_iter().map(|(client, input)| async move {
        client.create_crm_step(&input).await.data()["createCrmStep"].clone()
    });
    let mut sent = Box::pin(join_all(sent));
    // Polled once, each request runs up to its first wait, which is in the queue.
    assert!(futures_util::poll!(&mut sent).is_pending());
    held.rollback().await.expect("it ends");
    sent.await
}

/// The most steps that one executed statement has created.
fn largest_insert(executed: &Mutex<Vec<String>>) -> usize {
    let executed = executed.lock().expect("no thread panicked");
    // On PostgreSQL the insert is one of several parts of a statement.
    let inserts = executed.iter().flat_map(|text| text.split("INSERT INTO "));
    let inserts = inserts.filter(|text| text.starts_with("\"crm_step\" "));
    inserts.map(|text| text.matches("), (").count() + 1).max().unwrap_or(0)
}

async fn of_several_steps_with_one_id_one_is_created(app: App) {
    let (executed, app) = app.recorded();
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let step = |number: i32, id: Value| json!({ "id": id, "scenarioId": scenario, "name": number.to_string(), "prompt": "a" });
    let id = json!("019a0000-0000-7000-8000-00000000cafe");
    let others = (0..12).map(|number| step(number, Value::Null));
    let all = others.chain((0..12).map(|number| step(number, id.clone())));
    let answers =
        send_together(&app, &scenario, all.map(|input| (ana.clone(), input)).collect()).await;
    let created = answers.iter().filter(|answer| answer["crmStep"]["id"] == id).count();
    let taken = answers.iter().filter(|answer| answer["userErrors"][0]["code"] == "ID_TAKEN");
    assert_eq!((created, taken.count()), (1, 11), "{answers:#?}");
    assert_eq!(index_of_a_new_step(&ana, &scenario).await, 13);
    assert!(largest_insert(&executed) > 1, "some steps share a statement");
}

async fn each_step_is_recorded_under_the_token_that_sent_it(app: App) {
    let (executed, app) = app.recorded();
    let (ana, rui) = (app.member_of("Horizonte").await, app.member_of("Horizonte").await);
    let scenario = ana.scenario("Sales").await;
    rui.query("{ __typename }").await;
    let sent = (0..12).map(|number| {
        let (client, name) = if number % 2 == 0 { (&ana, "Ana") } else { (&rui, "Rui") };
        (client.clone(), json!({ "scenarioId": scenario, "name": name, "prompt": "a" }))
    });
    send_together(&app, &scenario, sent.collect()).await;
    assert!(largest_insert(&executed) > 1, "some steps share a statement");

    let steps = ana.query("{ crmSteps { nodes { name history { nodes { tokenId } } } } }").await;
    let steps = steps["crmSteps"]["nodes"].as_array().expect("steps");
    let writers = |name: &str| -> Vec<&Value> {
        let of_name = steps.iter().filter(|step| step["name"] == name);
        let mut writers: Vec<_> = of_name.map(|step| &step["history"]["nodes"]).collect();
        assert_eq!(writers.len(), 6);
        writers.dedup();
        writers
    };
    assert_eq!((writers("Ana").len(), writers("Rui").len()), (1, 1));
    assert_ne!(writers("Ana"), writers("Rui"));
}

async fn a_short_database_outage_loses_no_acknowledged_step(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let step = |prompt: &str| json!({ "scenarioId": scenario, "name": "a", "prompt": prompt });
    let outage = match app.database.engine() {
        // Like a full disk: the file cannot grow.
        Engine::Sqlite => "PRAGMA max_page_count = 1",
        // Like a restarted server: all idle connections are closed.
        Engine::Postgres => {
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()"
        }
    };
    app.execute(outage).await;
    let mut expected = 0;
    if app.database.engine() == Engine::Sqlite {
        // Larger than the pages that migrations have left free.
        let large = ana.create_crm_step(&step(&"€".repeat(20_000))).await;
        assert_eq!(large.error_code(), "INTERNAL", "{}", large.text);
    } else {
        ana.crm_step(&step("a")).await;
        expected += 1;
    }
    // One transaction fails, and one is acknowledged.
    ana.validate_crm_step(&step("a")).await;
    ana.crm_step(&step("a")).await;
    expected += 1;
    let steps = ana.query("{ crmSteps { totalCount } }").await;
    assert_eq!(steps["crmSteps"]["totalCount"], expected, "acknowledged steps are readable");
}

on_both_databases!(
    waiting_steps_share_transactions_and_a_full_queue_rejects_more,
    a_client_that_disconnects_while_waiting_leaves_no_step,
    a_step_that_the_database_rejects_fails_alone,
    of_several_steps_with_one_id_one_is_created,
    a_short_database_outage_loses_no_acknowledged_step,
    each_step_is_recorded_under_the_token_that_sent_it,
);
