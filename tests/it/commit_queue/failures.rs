//! Calls that share a transaction with calls that fail: each failure stays with its own call.

use std::{
    collections::BTreeMap,
    pin::pin,
    sync::{Arc, Mutex},
};

use crm_steps::{db::Engine, entity::crm_step};
use futures_util::future::{Either, select};
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::{hold, reject_names_that_end_in_7};
use crate::support::{
    Answer, App, Client, Creation, Form, check_invariants, on_both_databases, together,
};

/// When a client disconnects.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Disconnects {
    Never,
    /// While the call waits in the queue.
    Waiting,
    /// When the first statement of the transaction has been executed.
    Executing,
}

struct Sent {
    client: Client,
    call: Creation,
    disconnects: Disconnects,
}

/// Two organizations with a scenario each, and what is executed for them.
struct World {
    app: App,
    clients: [Client; 2],
    scenarios: [String; 2],
    executed: Arc<Mutex<Vec<String>>>,
    begun: Arc<Notify>,
}

impl World {
    /// A service that panics when it has inserted tags.
    async fn new(app: &App) -> Self {
        let (executed, begun) = (Arc::new(Mutex::new(vec![])), Arc::new(Notify::new()));
        let (statements, signal) = (Arc::clone(&executed), Arc::clone(&begun));
        let app = app.observed(move |statement| {
            statements.lock().expect("not held by a panic").push(statement.to_owned());
            signal.notify_waiters();
            assert!(!statement.contains("INSERT INTO \"crm_step_tag\""), "tags are inserted");
        });
        let clients = [app.member_of("Horizonte").await, app.member_of("Evil").await];
        let scenarios = [clients[0].scenario("Sales").await, clients[1].scenario("Sales").await];
        Self { app, clients, scenarios, executed, begun }
    }

    /// A call of the first or the second organization.
    fn call(&self, of: usize, name: &str) -> Sent {
        let input = json!({ "scenarioId": self.scenarios[of], "name": name, "prompt": "a" });
        let form = Form::Single { to: Value::Null };
        let call = Creation { form, inputs: vec![input], key: None };
        Sent { client: self.clients[of].clone(), call, disconnects: Disconnects::Never }
    }

    /// Twelve calls in all forms, of which none fails.
    fn valid_calls(&self) -> Vec<Sent> {
        let mut calls = vec![];
        for of in [0, 1] {
            let mut of_one = ["a", "b", "c", "d", "e", "f"].map(|name| self.call(of, name));
            of_one[1].call.key = Some("b".to_owned());
            of_one[2].call.form = Form::Rest;
            of_one[3].call.form = Form::Rest;
            of_one[3].call.key = Some("d".to_owned());
            of_one[4].call.form = Form::Batch { mode: "ATOMIC" };
            of_one[4].call.key = Some("e".to_owned());
            of_one[4].call.inputs.push(of_one[0].call.inputs[0].clone());
            of_one[5].call.form = Form::Single { to: json!({ "first": true }) };
            calls.extend(of_one);
        }
        calls
    }

    /// Sends calls together. There is no answer for a client that disconnects.
    async fn send(&self, sent: &[Sent]) -> Vec<Option<Answer>> {
        self.executed.lock().expect("not held by a panic").clear();
        let requests = sent.iter().map(async |Sent { client, call, disconnects }| {
            let begun = pin!(self.begun.notified());
            let mut request = pin!(call.send(client));
            match disconnects {
                Disconnects::Never => return Some(request.await),
                Disconnects::Waiting => assert!(futures_util::poll!(&mut request).is_pending()),
                Disconnects::Executing => {
                    let is_answered = matches!(select(begun, request).await, Either::Right(_));
                    assert!(!is_answered, "answered before it was executed");
                }
            }
            None
        });
        together(requests).await
    }

    /// In how many transactions keys have been looked up.
    fn transactions(&self) -> usize {
        let executed = self.executed.lock().expect("not held by a panic");
        executed.iter().filter(|sql| sql.contains(" FROM \"idempotency_key\" ")).count()
    }

    /// Checks that what is stored is what the calls have returned, and that calls with a key return it
    /// again.
    async fn check(&self, sent: &[Sent], answers: &[Option<Answer>]) {
        check_invariants(&self.app.database).await;
        let mut stored = BTreeMap::new();
        let steps = crm_step::Entity::find().all(self.app.database.read()).await;
        for step in steps.expect("the steps") {
            stored.insert(step.id.to_string(), step.name);
        }
        for (Sent { client, call, disconnects }, answer) in sent.iter().zip(answers) {
            let Some(answer) = answer else {
                let names = stored.values().filter(|name| *name == &call.inputs[0]["name"]);
                let max = usize::from(*disconnects == Disconnects::Executing);
                assert!(names.count() <= max, "{call:?} of a client that has disconnected");
                continue;
            };
            for (id, input) in answer.ids().iter().zip(&call.inputs) {
                assert_eq!(json!(stored.remove(id)), input["name"]);
            }
            if call.key.is_some() && answer.errors.is_empty() {
                assert_eq!(call.send(client).await.steps, answer.steps);
            }
        }
        stored.retain(|_, name| !["stored", "held", "begun"].contains(&name.as_str()));
        assert_eq!(stored, BTreeMap::new(), "no other step is stored");
    }
}

/// Checks that the first twelve calls are executed, and returns the errors of the others.
fn errors(answers: &[Option<Answer>]) -> Vec<String> {
    let (valid, others) = answers.split_at(12);
    for answer in valid {
        let answer = answer.as_ref().expect("its client waits");
        assert!(answer.errors.is_empty(), "{answer:?}");
    }
    others.iter().flatten().map(|answer| answer.errors.join(", ")).collect()
}

async fn rejected_and_cancelled_calls_leave_the_others_in_one_transaction(app: App) {
    let world = World::new(&app).await;
    let with_key = |of: usize, name: &str| {
        let mut sent = world.call(of, name);
        sent.call.key = Some(name.to_owned());
        sent
    };
    let stored = with_key(0, "stored");
    stored.call.send(&stored.client).await;
    // On PostgreSQL the key is held by a call that another replica executes.
    let is_held = app.database.engine() == Engine::Postgres;
    let mut elsewhere = with_key(1, "held");
    let mut holder = None;
    if is_held {
        let scenario = world.clients[1].scenario("Support").await;
        elsewhere.call.inputs[0]["scenarioId"] = scenario.clone().into();
        holder = Some(hold(&app, &scenario).await);
    }
    let replica = app.replica().await.with_token_of(&elsewhere.client);
    let waiting = tokio::spawn(async move {
        if is_held { Some(elsewhere.call.send(&replica).await) } else { None }
    });
    if is_held {
        app.until_a_lock_is_awaited().await;
    }

    let mut sent = world.valid_calls();
    let mut other = with_key(0, "other");
    other.call.key = Some("stored".to_owned());
    let mut unknown = world.call(1, "unknown");
    unknown.call.inputs[0]["agentId"] = world.scenarios[1].clone().into();
    let queued = Sent { disconnects: Disconnects::Waiting, ..world.call(0, "queued") };
    let begun = Sent { disconnects: Disconnects::Executing, ..world.call(1, "begun") };
    sent.extend([other, unknown, with_key(1, "held"), queued, begun]);
    let answers = world.send(&sent).await;
    let expected = [
        "idempotencyKey IDEMPOTENCY_KEY_MISMATCH",
        "agentId NOT_FOUND",
        if is_held { "idempotencyKey IDEMPOTENCY_KEY_IN_USE" } else { "" },
    ];
    assert_eq!(errors(&answers), expected);
    assert_eq!(world.transactions(), 1, "all share one");
    if let Some(holder) = holder {
        holder.rollback().await.expect("it ends");
        let answer = waiting.await.expect("no panic").expect("a call");
        assert_eq!(answer.errors, Vec::<String>::new());
    }
    world.check(&sent, &answers).await;
}

/// Sends two calls with this field, which makes them fail, among others.
async fn check_that_each_fails_alone(world: World, field: &str, value: Value) {
    let mut sent = world.valid_calls();
    let (mut one, mut other) = (world.call(0, "one"), world.call(1, "other"));
    one.call.inputs[0][field] = value.clone();
    other.call.inputs[0][field] = value;
    let mut unknown = world.call(1, "unknown");
    unknown.call.inputs[0]["agentId"] = world.scenarios[1].clone().into();
    let begun = Sent { disconnects: Disconnects::Executing, ..world.call(0, "begun") };
    sent.extend([one, other, unknown, begun]);
    let answers = world.send(&sent).await;
    assert_eq!(errors(&answers), ["INTERNAL", "INTERNAL", "agentId NOT_FOUND"]);
    world.check(&sent, &answers).await;
}

async fn calls_that_the_database_rejects_fail_alone(app: App) {
    reject_names_that_end_in_7(&app).await;
    check_that_each_fails_alone(World::new(&app).await, "name", json!("7")).await;
}

async fn calls_that_panic_fail_alone(app: App) {
    check_that_each_fails_alone(World::new(&app).await, "defaultTags", json!(["a"])).await;
}

on_both_databases!(
    one thread:
    rejected_and_cancelled_calls_leave_the_others_in_one_transaction,
    calls_that_the_database_rejects_fail_alone,
    calls_that_panic_fail_alone,
);
