//! Steps that come at the same time are written together, and that shows in nothing but speed.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use crm_steps::db::Engine;
use futures_util::{StreamExt as _, stream::FuturesUnordered};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::support::{App, Client, on_both_databases};

/// More than are written and wait at a time.
const MANY: usize = 600;

/// Most steps that wait.
const WAITING_MAX: usize = 512;

/// Most steps of one transaction.
const BATCH_MAX: usize = 32;

/// Keeps everybody from writing steps of this scenario until the transaction ends.
async fn hold(app: &App, scenario: &str) -> DatabaseTransaction {
    // On SQLite whoever has begun is the one who writes.
    let transaction = app.database.write().await.expect("a transaction begins");
    if app.database.engine() == Engine::Postgres {
        let lock = format!("SELECT id FROM crm_scenario WHERE id = '{scenario}' FOR UPDATE");
        transaction.execute_unprepared(&lock).await.expect("nobody else has it");
    }
    transaction
}

/// Sends many steps at once, each on its way by itself.
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

/// Waits until all are refused that find no place, and there is nobody more who could be: answers
/// how many they were.
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

async fn what_waits_is_written_together_and_what_is_more_is_refused(app: App) {
    let inserts = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&inserts);
    let app = app.observed(move |statement| {
        let is_one = statement.starts_with("INSERT INTO \"crm_step\" ");
        seen.fetch_add(usize::from(is_one), Ordering::SeqCst);
    });
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let held = hold(&app, &scenario).await;
    let mut sent = send_many(&ana, &scenario);
    let mut refused = until_no_more_can_wait(&mut sent).await;
    held.rollback().await.expect("it ends");

    let mut indexes = vec![];
    while let Some(answer) = sent.next().await {
        let answer = answer.expect("no panic");
        match answer["data"]["createCrmStep"]["crmStep"]["index"].as_i64() {
            Some(index) => indexes.push(index),
            None => {
                assert_eq!(answer["errors"][0]["extensions"]["code"], "OVERLOADED", "{answer:#}");
                refused += 1;
            }
        }
    }
    assert_eq!(indexes.len() + refused, MANY);
    indexes.sort_unstable();
    let count = i64::try_from(indexes.len()).expect("few");
    assert_eq!(indexes, (0..count).collect::<Vec<_>>());
    assert_eq!(index_of_a_new_step(&ana, &scenario).await, count, "nothing else is there");
    // Whole batches, and what is left over in powers of two; the first and the last are small.
    let most = WAITING_MAX / BATCH_MAX + 2 * 6;
    assert!(inserts.load(Ordering::SeqCst) <= most, "{inserts:?} statements");
}

async fn who_goes_away_while_waiting_leaves_nothing_behind(app: App) {
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

    // Those that were being written already are there, as a client who loses the answer finds.
    let begun = index_of_a_new_step(&ana, &scenario).await;
    assert!(usize::try_from(begun).is_ok_and(|begun| begun <= BATCH_MAX), "{begun}");
}

async fn one_that_the_database_does_not_take_fails_alone(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
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
    let transaction = app.database.write().await.expect("a transaction begins");
    for statement in poisoned {
        transaction.execute_unprepared(statement).await.expect("the trigger is created");
    }
    transaction.commit().await.expect("it commits");

    let held = hold(&app, &scenario).await;
    let mut sent = send_many(&ana, &scenario);
    until_no_more_can_wait(&mut sent).await;
    held.rollback().await.expect("it ends");
    let (mut created, mut failed) = (vec![], 0);
    while let Some(answer) = sent.next().await {
        let answer = answer.expect("no panic");
        if let Some(index) = answer["data"]["createCrmStep"]["crmStep"]["index"].as_i64() {
            created.push(index);
        } else if answer["errors"][0]["extensions"]["code"] == "INTERNAL" {
            failed += 1;
        }
    }
    assert!(failed > 0 && failed <= MANY / 10, "{failed} have names that end in 7");
    created.sort_unstable();
    let count = i64::try_from(created.len()).expect("few");
    assert_eq!(created, (0..count).collect::<Vec<_>>());
    assert_eq!(index_of_a_new_step(&ana, &scenario).await, count, "nothing else is there");
}

async fn of_several_that_choose_one_id_one_has_it(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let id = "019a0000-0000-7000-8000-00000000cafe";
    let sent: FuturesUnordered<_> = (0..20)
        .map(|number| {
            let (ana, scenario) = (ana.clone(), scenario.clone());
            tokio::spawn(async move {
                let name = number.to_string();
                let input =
                    json!({ "id": id, "scenarioId": scenario, "name": name, "prompt": "a" });
                ana.create_crm_step(&input).await.data()
            })
        })
        .collect();
    let answers: Vec<Value> =
        sent.map(|answer| answer.expect("no panic")["createCrmStep"].clone()).collect().await;
    let created = answers.iter().filter(|answer| answer["crmStep"]["index"] == 0).count();
    let taken = answers.iter().filter(|answer| answer["userErrors"][0]["code"] == "ID_TAKEN");
    assert_eq!((created, taken.count()), (1, 19), "{answers:#?}");
}

async fn each_is_written_in_the_name_of_who_sent_it(app: App) {
    let (ana, rui) = (app.member_of("Horizonte").await, app.member_of("Horizonte").await);
    let scenario = ana.scenario("Sales").await;
    let held = hold(&app, &scenario).await;
    let sent = [(&ana, "by Ana"), (&rui, "by Rui"), (&ana, "by Ana too")].map(|(client, name)| {
        let (client, scenario) = (client.clone(), scenario.clone());
        tokio::spawn(async move {
            let input = json!({ "scenarioId": scenario, "name": name, "prompt": "a" });
            client.create_crm_step(&input).await.data()
        })
    });
    held.rollback().await.expect("it ends");
    for answer in sent {
        answer.await.expect("no panic");
    }
    let history = ana.query("{ crmSteps { nodes { name history { nodes { tokenId } } } } }").await;
    let steps = history["crmSteps"]["nodes"].as_array().expect("steps");
    let token = |name: &str| {
        let step = steps.iter().find(|step| step["name"] == name).expect("it is there");
        step["history"]["nodes"][0]["tokenId"].clone()
    };
    assert_eq!(token("by Ana"), token("by Ana too"));
    assert_ne!(token("by Ana"), token("by Rui"));
}

on_both_databases!(
    what_waits_is_written_together_and_what_is_more_is_refused,
    who_goes_away_while_waiting_leaves_nothing_behind,
    one_that_the_database_does_not_take_fails_alone,
    of_several_that_choose_one_id_one_has_it,
    each_is_written_in_the_name_of_who_sent_it,
);
