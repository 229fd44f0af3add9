//! Loss of power: acknowledged steps are stored, and the other calls can be repeated.

mod plans;

use std::{collections::BTreeMap, path::Path};

use crm_steps::{db::Database, entity::crm_step};
use futures_util::future::join_all;
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::support::{
    Answer, Creation, Empty, Form, Server, check_invariants, command, on_both_databases,
};

/// Calls that have to be acknowledged before the server is killed.
const ENOUGH: usize = 120;

/// Clients that create steps concurrently, in turn of each organization.
const CLIENTS: usize = 18;

const ORGANIZATIONS: [&str; 3] = ["Horizonte", "Aurora", "Evil"];

/// An organization with a scenario that has one step.
#[derive(Clone)]
struct Member {
    client: reqwest::Client,
    token: String,
    scenario: String,
    first_step: String,
}

/// A call, and its answer unless the server was killed before.
struct Sent {
    call: Creation,
    answer: Option<Answer>,
}

impl Member {
    /// An organization with nothing but a token.
    fn new(organization: &str, folder: &Path, url: &str) -> Self {
        let token = command(folder)
            .args(["token", "create", "--organization", organization, "--database-url", url])
            .output()
            .expect("the program runs");
        let token = String::from_utf8(token.stdout).expect("a token").trim().to_owned();
        let (client, scenario, first_step) = Default::default();
        Self { client, token, scenario, first_step }
    }

    /// Creates its scenario and its first step.
    async fn set_up(&mut self, server: &Server) {
        let create =
            r#"mutation { createCrmScenario(input: { name: "Sales" }) { crmScenario { id } } }"#;
        let created = server.graphql(&self.token, create).await.expect("it answers");
        let scenario = &created["data"]["createCrmScenario"]["crmScenario"]["id"];
        scenario.as_str().expect("an id").clone_into(&mut self.scenario);
        let call = self.single("first", Value::Null, None);
        let answer = self.send(&call, &server.url).await.expect("it answers");
        self.first_step = answer.ids().remove(0);
    }

    fn single(&self, name: &str, to: Value, key: Option<String>) -> Creation {
        let input = json!({ "scenarioId": self.scenario, "name": name, "prompt": "a" });
        Creation { form: Form::Single { to }, inputs: vec![input], key }
    }

    /// The call with this number of a client. `last` is the step that it has created last.
    fn call(&self, client: usize, number: usize, last: &str) -> Creation {
        let name = format!("{client}-{number}");
        let key = Some(name.clone());
        let single = |to, key| self.single(&name, to, key);
        let batch = |mode, is_last_valid: bool, key| {
            let mut inputs = vec![];
            for row in 0..3 {
                let mut input =
                    self.single(&format!("{name}-{row}"), Value::Null, None).inputs.remove(0);
                input["ref"] = row.to_string().into();
                input["autoNextStepRef"] = ["1", "0", "1"][row].into();
                input["autoNextTime"] = 5.into();
                inputs.push(input);
            }
            if !is_last_valid {
                inputs[2]["scenarioId"] = "nothing".into();
            }
            Creation { form: Form::Batch { mode }, inputs, key }
        };
        match (client / ORGANIZATIONS.len() + number) % 10 {
            0 => single(Value::Null, key),
            1 => single(Value::Null, None),
            2 => single(json!({ "first": true }), key),
            3 => single(json!({ "before": last }), key),
            4 => single(json!({ "after": self.first_step }), key),
            5 => single(json!({ "after": last }), None),
            6 => batch("ATOMIC", true, key),
            7 => batch("SKIP_INVALID", false, key),
            8 => batch("ATOMIC", true, None),
            _ => Creation {
                form: Form::Rest,
                ..single(Value::Null, (number % 20 < 15).then_some(name.clone()))
            },
        }
    }

    /// Sends a call; none if the server does not answer.
    async fn send(&self, call: &Creation, server: &str) -> Option<Answer> {
        let request: reqwest::Request =
            call.request::<reqwest::Body>(server).try_into().expect("a request");
        let request = reqwest::RequestBuilder::from_parts(self.client.clone(), request);
        let response = request.bearer_auth(&self.token).send().await.ok()?;
        Some(call.answer(&response.json().await.ok()?))
    }

    /// Sends a call until no other one holds its key: PostgreSQL may not yet have released that of a
    /// killed process.
    async fn send_again(&self, call: &Creation, server: &str) -> Answer {
        loop {
            let answer = self.send(call, server).await.expect("it answers");
            if !answer.is_in_use() {
                return answer;
            }
        }
    }

    /// Creates steps one after the other until the server stops responding.
    async fn create_until_it_fails(
        self,
        client: usize,
        server: String,
        acknowledged: UnboundedSender<()>,
    ) -> Vec<Sent> {
        let mut sent = vec![];
        let mut last = self.first_step.clone();
        loop {
            let call = self.call(client, sent.len(), &last);
            let answer = self.send(&call, &server).await;
            let is_answered = answer.is_some();
            last = answer.iter().flat_map(Answer::ids).last().unwrap_or(last);
            sent.push(Sent { call, answer });
            if !is_answered {
                return sent;
            }
            let _ = acknowledged.send(());
        }
    }
}

async fn calls_survive_sigkill_and_are_executed_once(empty: Empty) {
    let folder = tempfile::tempdir().expect("a folder is made");
    let flags = ["--rate-limit-per-minute=0", "--database-url", &empty.url];
    let mut members = ORGANIZATIONS.map(|name| Member::new(name, folder.path(), &empty.url));
    let server = Server::start(folder.path(), &flags);
    for member in &mut members {
        member.set_up(&server).await;
    }
    let (acknowledged, mut acknowledgements) = unbounded_channel();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let member = members[client % members.len()].clone();
            let (url, acknowledged) = (server.url.clone(), acknowledged.clone());
            tokio::spawn(member.create_until_it_fails(client, url, acknowledged))
        })
        .collect();
    drop(acknowledged);
    for _ in 0..ENOUGH {
        acknowledgements.recv().await.expect("a client is left");
    }
    server.kill();
    let mut sent = vec![];
    for (client, calls) in join_all(clients).await.into_iter().enumerate() {
        let member = &members[client % members.len()];
        sent.extend(calls.expect("no panic").into_iter().map(|sent| (member, sent)));
    }

    let server = Server::start(folder.path(), &flags);
    let database = empty.open().await;
    check_invariants(&database).await;
    // All calls with a key at once. The outcome of the last call of each client is unknown; repeated,
    // each takes effect once.
    let again = sent.iter().map(async |(member, Sent { call, .. })| match call.key {
        Some(_) => Some(member.send_again(call, &server.url).await),
        None => None,
    });
    let again = join_all(again).await;
    for ((_, Sent { call, answer }), again) in sent.iter_mut().zip(again) {
        let Some(again) = again else { continue };
        let Some(first) = answer else {
            *answer = Some(again);
            continue;
        };
        if call.form != Form::Rest {
            assert_eq!((&first.replayed, &again.replayed), (&json!(false), &json!(true)));
        }
        assert_eq!((&again.steps, &again.errors), (&first.steps, &first.errors));
    }
    check_invariants(&database).await;
    check_that_each_is_stored_once(&database, sent.iter().map(|(_, sent)| sent)).await;
    server.stop();
}

/// Checks that a call with an answer has created what the answer says, and one without an answer all of
/// its steps once or none.
async fn check_that_each_is_stored_once(database: &Database, sent: impl Iterator<Item = &Sent>) {
    let steps = crm_step::Entity::find().all(database.read()).await.expect("the steps");
    let mut stored: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for step in steps {
        stored.entry(step.name).or_default().push(step.id.to_string());
    }
    assert_eq!(stored.remove("first").map(|steps| steps.len()), Some(ORGANIZATIONS.len()));
    for Sent { call, answer } in sent {
        let names = call.inputs.iter().map(|input| input["name"].as_str().expect("a name"));
        let ids: Vec<String> = names.filter_map(|name| stored.remove(name)).flatten().collect();
        match answer {
            Some(answer) => {
                assert_eq!(ids, answer.ids(), "{call:?}");
                let is_partial = call.form == Form::Batch { mode: "SKIP_INVALID" };
                let rejected: &[&str] =
                    if is_partial { &["inputs.2.scenarioId NOT_FOUND"] } else { &[] };
                assert_eq!(answer.errors, rejected, "{call:?}");
            }
            None => assert!(ids.is_empty() || ids.len() == call.inputs.len(), "{call:?}: {ids:?}"),
        }
    }
    assert_eq!(stored, BTreeMap::new(), "no other step is stored");
}

on_both_databases!(Empty: calls_survive_sigkill_and_are_executed_once);
