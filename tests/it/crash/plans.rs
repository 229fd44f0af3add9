//! Loss of power while specifications are applied: each takes effect as a whole or not at all.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::Member;
use crate::{
    plan_and_apply::actions,
    support::{Empty, Server, check_invariants, on_both_databases},
};

/// Applications of each client that have to be acknowledged before the server is killed.
const ENOUGH: usize = 6;

/// Clients that apply specifications concurrently, each to a scenario of its own.
const CLIENTS: usize = 4;

/// The number of steps of a specification.
const STEPS: usize = 40;

/// The plans of a client, in the order in which it has shown and then sent them.
#[derive(Default)]
struct Sent {
    acknowledged: Vec<Value>,
    /// The one that was being carried out when the server was killed, if there is one.
    last: Option<Value>,
}

/// A specification after which the one with the next number creates, updates, moves and deletes steps.
fn spec(client: usize, number: usize) -> Value {
    let step = |place: usize| {
        let key = 7 * number + place * [1, 3][number % 2] % STEPS;
        let name =
            if key.is_multiple_of(3) { format!("{key} of {number}") } else { key.to_string() };
        json!({ "key": key.to_string(), "name": name, "prompt": "Greet." })
    };
    let steps: Vec<_> = (0..STEPS).map(step).collect();
    let (key, description) = (format!("sales-{client}"), number.to_string());
    json!({ "key": key, "name": key, "description": description, "steps": steps })
}

/// The number of changes that the history has of a plan: those of steps, and that of the scenario.
fn changes(plan: &Value) -> usize {
    plan["steps"].as_array().expect("steps").iter().flat_map(actions).count() + 1
}

impl Member {
    async fn post(&self, server: &str, query: &str, variables: Value) -> Option<Value> {
        let body = json!({ "query": query, "variables": variables });
        let request = self.client.post(format!("{server}/graphql")).bearer_auth(&self.token);
        let mut response: Value = request.json(&body).send().await.ok()?.json().await.ok()?;
        Some(response["data"].take())
    }

    /// Calls the mutation with these arguments besides the input; none if the server does not answer.
    async fn apply(&self, server: &str, input: &Value, arguments: &str) -> Option<Value> {
        let query = format!(
            "mutation($input: ApplyCrmScenarioInput!) {{
                payload: applyCrmScenario(input: $input, {arguments}) {{
                    plan {{ revision steps {{
                        action isMoved key indexBefore indexAfter fields {{ name before after }} }} }}
                    userErrors {{ code }} replayed }} }}"
        );
        let data = self.post(server, &query, json!({ "input": input })).await?;
        Some(data["payload"].clone())
    }

    /// Applies a specification after its plan has been shown, or again.
    async fn carry_out(
        &self,
        server: &str,
        (client, number): (usize, usize),
        plan: &Value,
    ) -> Option<Value> {
        let revision = &plan["revision"];
        let arguments =
            format!("expectedRevision: {revision}, idempotencyKey: \"{client}-{number}\"");
        self.apply(server, &spec(client, number), &arguments).await
    }

    /// Plans and applies specifications one after the other until the server stops responding.
    async fn apply_until_it_fails(
        self,
        client: usize,
        server: String,
        acknowledged: UnboundedSender<usize>,
    ) -> Sent {
        let mut sent = Sent::default();
        loop {
            let number = sent.acknowledged.len();
            let shown = self.apply(&server, &spec(client, number), "validateOnly: true").await;
            let Some(plan) = shown.map(|mut payload| payload["plan"].take()) else { return sent };
            let Some(applied) = self.carry_out(&server, (client, number), &plan).await else {
                sent.last = Some(plan);
                return sent;
            };
            assert_eq!(applied, json!({ "plan": plan, "userErrors": [], "replayed": false }));
            sent.acknowledged.push(plan);
            let _ = acknowledged.send(client);
        }
    }

    /// The number of the specification that a scenario has, of which it has all and nothing else, after
    /// so many applications, of which the history has all changes and no others.
    async fn stored(&self, server: &str, client: usize, plans: &[&Value]) -> usize {
        let query = "{ crmScenarios { nodes { key name description revision history { totalCount }
            steps(first: 100) { nodes { key name prompt } } } } }";
        let found = self.post(server, query, json!({})).await.expect("it answers");
        let mut scenarios = found["crmScenarios"]["nodes"].as_array().expect("nodes").iter();
        let expected_key = format!("sales-{client}");
        let scenario = scenarios.find(|scenario| scenario["key"] == expected_key.as_str());
        let scenario = scenario.expect("it was created").clone();
        let count =
            usize::try_from(scenario["revision"].as_u64().expect("a number")).expect("it fits");
        let stored = json!({
            "key": scenario["key"], "name": scenario["name"], "description": scenario["description"],
            "steps": scenario["steps"]["nodes"],
        });
        assert_eq!(stored, spec(client, count - 1));
        let changes: usize = plans[..count].iter().map(|plan| changes(plan)).sum();
        assert_eq!(scenario["history"]["totalCount"], changes);
        count
    }

    /// Sends all applications of a client again.
    async fn check_again(&self, server: &str, client: usize, sent: &Sent) {
        let plans: Vec<&Value> = sent.acknowledged.iter().chain(&sent.last).collect();
        let stored = self.stored(server, client, &plans).await;
        assert!(stored == sent.acknowledged.len() || stored == plans.len(), "{stored} were stored");
        for (number, plan) in plans.iter().enumerate().rev() {
            let again = loop {
                let again = self.carry_out(server, (client, number), plan).await;
                let again = again.expect("it answers");
                // PostgreSQL may not yet have released the key of a killed process.
                if again["userErrors"] != json!([{ "code": "IDEMPOTENCY_KEY_IN_USE" }]) {
                    break again;
                }
            };
            assert_eq!(&again["plan"], *plan);
            assert!(again["replayed"] == true || number >= stored, "it was stored before");
        }
        assert_eq!(self.stored(server, client, &plans).await, plans.len());
    }
}

async fn applications_survive_sigkill_as_a_whole(empty: Empty) {
    let folder = tempfile::tempdir().expect("a folder is made");
    let flags = ["--rate-limit-per-minute=0", "--database-url", &empty.url];
    let member = Member::new("Horizonte", folder.path(), &empty.url);
    let server = Server::start(folder.path(), &flags);
    let (acknowledged, mut acknowledgements) = unbounded_channel();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (url, acknowledged) = (server.url.clone(), acknowledged.clone());
            tokio::spawn(member.clone().apply_until_it_fails(client, url, acknowledged))
        })
        .collect();
    drop(acknowledged);
    let mut counts = [0; CLIENTS];
    while counts.iter().any(|count| *count < ENOUGH) {
        counts[acknowledgements.recv().await.expect("a client is left")] += 1;
    }
    server.kill();
    let sent = join_all(clients).await;

    let server = Server::start(folder.path(), &flags);
    let database = empty.open().await;
    check_invariants(&database).await;
    for (client, sent) in sent.into_iter().enumerate() {
        member.check_again(&server.url, client, &sent.expect("no panic")).await;
    }
    check_invariants(&database).await;
    server.stop();
}

on_both_databases!(Empty: applications_survive_sigkill_as_a_whole);
