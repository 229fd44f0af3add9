//! Many clients that send the same calls at once: each call takes effect once.

use crm_steps::db::Engine;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Answer, App, Creation, Form, check_invariants, on_both_databases};

/// Clients that send each call at once.
const CLIENTS: usize = 16;

/// The same calls over and over, with keys: each in all forms in which a client can send it.
fn calls(scenario: &str, neighbour: &str) -> Vec<Vec<Creation>> {
    let call = |name: &str, form: Form| {
        let step = |name: &str| json!({ "scenarioId": scenario, "name": name, "prompt": "a" });
        let mut inputs = vec![step(name)];
        if matches!(form, Form::Batch { .. }) {
            inputs.extend([step(&format!("{name}-2")), step("")]);
        }
        if form == (Form::Batch { mode: "ATOMIC" }) {
            inputs.pop();
        }
        Creation { form, inputs, key: Some(name.to_owned()) }
    };
    let placed = |to: Value| Form::Single { to };
    vec![
        vec![call("plain", placed(Value::Null)), call("plain", Form::Rest)],
        vec![call("first", placed(json!({ "first": true })))],
        vec![call("before", placed(json!({ "before": neighbour })))],
        vec![call("after", placed(json!({ "after": neighbour })))],
        vec![call("atomic", Form::Batch { mode: "ATOMIC" })],
        vec![call("partial", Form::Batch { mode: "SKIP_INVALID" })],
    ]
}

async fn a_storm_of_retries_executes_each_call_once(app: App) {
    let ana = app.member_of("Horizonte").await;
    let mut replicas = vec![ana.clone()];
    if app.database.engine() == Engine::Postgres {
        replicas.push(app.replica().await.with_token_of(&ana));
    }
    let scenario = ana.scenario("Sales").await;
    let neighbour = ana.steps(&scenario, "neighbour").await.remove(0);
    let calls = calls(&scenario, &neighbour);
    let mut sent = vec![];
    for client in 0..CLIENTS {
        for forms in &calls {
            let (client, call) = (
                replicas[client % replicas.len()].clone(),
                forms[client / 2 % forms.len()].clone(),
            );
            sent.push(tokio::spawn(async move {
                let answer = call.send(&client).await;
                (call, answer)
            }));
        }
    }
    let mut answers: Vec<(Creation, Answer)> = vec![];
    for answer in join_all(sent).await {
        answers.push(answer.expect("no panic"));
    }

    let before = app.contents().await;
    let mut created = 1;
    for forms in &calls {
        let stored = forms[0].send(&ana).await;
        assert_eq!(stored.replayed, true, "{stored:?}");
        created += stored.ids().len();
        let of_call = answers.iter().filter(|(call, _)| call.key == forms[0].key);
        let of_call: Vec<_> = of_call.filter(|(_, answer)| !answer.is_in_use()).collect();
        let executed = of_call.iter().filter(|(_, answer)| answer.replayed == false);
        assert!(executed.count() <= 1, "{of_call:?}");
        for (call, answer) in of_call {
            assert_eq!((answer.parts(), &answer.errors), (stored.parts(), &stored.errors));
            if call.form == forms[0].form {
                assert_eq!(answer.steps, stored.steps);
            }
        }
    }
    assert_eq!(app.contents().await, before, "all calls have been executed");
    let mut names: Vec<String> = ana.names(&scenario).await.split(' ').map(str::to_owned).collect();
    assert_eq!(names.len(), created);
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), created, "each step is stored once");
    check_invariants(&app.database).await;
}

on_both_databases!(a_storm_of_retries_executes_each_call_once);
