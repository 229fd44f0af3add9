//! Steps that several calls of one transaction put into the same scenarios: they have the order that they
//! have if the calls are executed one after the other.

use crm_steps::entity::crm_step;
use futures_util::future::join_all;
use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any, prop_oneof},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{
    App, Client, Creation, Form, check_invariants, for_all, on_both_databases, together,
};

/// A position; steps are named by their indexes before the calls, of which only the first ones are
/// chosen, so that many positions are at the same place.
#[derive(Debug, Clone, Copy)]
enum Position {
    Default,
    First,
    Last,
    Before(usize),
    After(usize),
}

/// A call: its scenario, its position, its number of steps, and whether it is rejected.
#[derive(Debug, Clone)]
struct Sent {
    scenario: usize,
    position: Position,
    count: usize,
    is_rejected: bool,
}

fn sent() -> impl Strategy<Value = Sent> {
    let position = prop_oneof![
        2 => Just(Position::Default),
        2 => Just(Position::First),
        1 => Just(Position::Last),
        2 => (0..3_usize).prop_map(Position::Before),
        2 => (0..3_usize).prop_map(Position::After),
    ];
    let count = prop_oneof![4 => Just(1), 1 => 2..4_usize];
    (0..3_usize, position, count, proptest::bool::weighted(0.1)).prop_map(
        |(scenario, position, count, is_rejected)| Sent { scenario, position, count, is_rejected },
    )
}

/// A scenario, and the ids of its steps as they have to be.
struct Scenario {
    client: Client,
    id: String,
    steps: Vec<String>,
}

impl Scenario {
    async fn new(client: &Client) -> Self {
        let id = client.scenario("Sales").await;
        let steps = client.steps(&id, "a b c d").await;
        Self { client: client.clone(), id, steps }
    }

    fn call(&self, sent: &Sent) -> Creation {
        let name = if sent.is_rejected { "" } else { "a" };
        let step = json!({ "scenarioId": self.id, "name": name, "prompt": "a" });
        let to = match sent.position {
            Position::Default => Value::Null,
            Position::First => json!({ "first": true }),
            Position::Last => json!({ "last": true }),
            Position::Before(index) => json!({ "before": self.steps[index] }),
            Position::After(index) => json!({ "after": self.steps[index] }),
        };
        // Several steps are appended.
        let form =
            if sent.count == 1 { Form::Single { to } } else { Form::Batch { mode: "ATOMIC" } };
        Creation { form, inputs: vec![step; sent.count], key: None }
    }

    /// Puts the new steps of a call to their position among the steps, which were these before all
    /// calls.
    fn put(&mut self, sent: &Sent, before: &[String], new: &[Value]) {
        let index_of = |index: usize| {
            let is_same = |step: &String| *step == before[index];
            self.steps.iter().position(is_same).expect("no step is deleted")
        };
        let index = match sent.position {
            _ if sent.count > 1 => self.steps.len(),
            Position::Default | Position::Last => self.steps.len(),
            Position::First => 0,
            Position::Before(index) => index_of(index),
            Position::After(index) => index_of(index) + 1,
        };
        for (number, step) in new.iter().enumerate() {
            assert_eq!(step["index"], index + number, "{sent:?}");
            let id = step["id"].as_str().expect("an id").to_owned();
            self.steps.insert(index + number, id);
        }
    }

    async fn check(&self, app: &App) {
        use crm_step::Column;
        let scenario: Uuid = self.id.parse().expect("an id");
        let steps = crm_step::Entity::find().filter(Column::ScenarioId.eq(scenario));
        let stored = steps.order_by_asc(Column::Index).all(app.database.read()).await;
        let stored = stored.expect("the steps").into_iter().map(|step| step.id.to_string());
        assert_eq!(stored.collect::<Vec<_>>(), self.steps);
    }
}

async fn steps_have_the_order_of_their_calls(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Evil").await);
    let scenarios = [&ana, &ana, &eve].map(Scenario::new);
    let mut scenarios = join_all(scenarios).await;
    let case = async |(is_crowded, all): (bool, Vec<Sent>)| {
        if is_crowded {
            app.leave_no_room().await;
        }
        let (mut calls, mut before) = (vec![], vec![]);
        for sent in &all {
            let scenario = &scenarios[sent.scenario];
            calls.push((scenario.client.clone(), scenario.call(sent)));
            before.push(scenario.steps.clone());
        }
        let answers = together(calls.iter().map(|(client, call)| call.send(client))).await;
        for ((sent, answer), before) in all.iter().zip(answers).zip(before) {
            assert_eq!(answer.errors.is_empty(), !sent.is_rejected, "{answer:?}");
            scenarios[sent.scenario].put(sent, &before, &answer.steps);
        }
        for scenario in &scenarios {
            scenario.check(&app).await;
        }
        check_invariants(&app.database).await;
    };
    for_all(16, (any::<bool>(), vec(sent(), 1..=16)), case).await;
}

on_both_databases!(one thread: steps_have_the_order_of_their_calls);
