//! Subscribers that come and go while replicas are killed and drained: each sees every change of its
//! organization exactly once, in order, and none of another's.

mod subscriber;
mod writer;

use std::{collections::BTreeSet, path::Path};

use crm_steps::db::Engine;
use futures_util::future::join_all;
use serde_json::Value;
use tokio::sync::watch;

use self::{
    subscriber::{Subscriber, Transport},
    writer::Writer,
};
use crate::support::{Empty, Server, command, on_both_databases};

const ORGANIZATIONS: [&str; 3] = ["Horizonte", "Aurora", "Evil"];

/// Writers and subscribers, in turn of each organization.
const WRITERS: usize = 8;
const SUBSCRIBERS: usize = 20;

/// The types of subjects to which subscribers are limited, in turn.
const FILTERS: [Option<&[&str]>; 3] = [None, Some(&["CRM_STEP"]), Some(&["AGENT", "CRM_SCENARIO"])];

/// Calls that are acknowledged between two events in the life of a replica.
const ENOUGH: usize = 80;

/// The seed of the first client; each has its own.
const SEED: u64 = 18;

/// The fields of an edge that do not change later.
const EDGE: &str = "cursor node { id action subjectType subjectId scenarioId version happenedAt }";

/// A client of one organization, which is connected to one of the replicas that run.
#[derive(Clone)]
struct Member {
    token: String,
    client: reqwest::Client,
    replicas: watch::Receiver<Vec<String>>,
}

impl Member {
    fn new(organization: &str, folder: &Path, url: &str, replicas: &Replicas) -> Self {
        let token = command(folder)
            .args(["token", "create", "--organization", organization, "--database-url", url])
            .output()
            .expect("the program runs");
        let token = String::from_utf8(token.stdout).expect("a token").trim().to_owned();
        Self { token, client: reqwest::Client::new(), replicas: replicas.running.subscribe() }
    }

    /// The URL of one of the replicas that run, after waiting for one if there is none.
    async fn replica(&mut self, number: usize) -> String {
        let running = self.replicas.wait_for(|urls| !urls.is_empty()).await.expect("the test runs");
        running[number % running.len()].clone()
    }

    /// The data of the response to a document; none if the server does not answer.
    async fn ask(&self, server: &str, query: &str, variables: Value) -> Option<Value> {
        let body = serde_json::json!({ "query": query, "variables": variables });
        let request = self.client.post(format!("{server}/graphql")).bearer_auth(&self.token);
        let response: Value = request.json(&body).send().await.ok()?.json().await.ok()?;
        assert_eq!(response.get("errors"), None, "{response:#}");
        Some(response["data"].clone())
    }

    /// All edges of the organization's history, by pages.
    async fn history(&mut self) -> Vec<Value> {
        let server = self.replica(0).await;
        let query = format!(
            "query($after: String) {{ viewer {{ organization {{ history(first: 100, after: $after) {{
                edges {{ {EDGE} }} pageInfo {{ hasNextPage endCursor }} }} }} }} }}"
        );
        let (mut edges, mut after) = (vec![], Value::Null);
        loop {
            let variables = serde_json::json!({ "after": after });
            let data = self.ask(&server, &query, variables).await.expect("it answers");
            let page = &data["viewer"]["organization"]["history"];
            edges.extend_from_slice(page["edges"].as_array().expect("edges"));
            if page["pageInfo"]["hasNextPage"] == false {
                return edges;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    }
}

/// The replicas of the service, and the URLs of those to which clients may connect.
struct Replicas<'a> {
    folder: &'a Path,
    url: &'a str,
    servers: Vec<Server>,
    running: watch::Sender<Vec<String>>,
}

impl<'a> Replicas<'a> {
    fn start(folder: &'a Path, url: &'a str, count: usize) -> Self {
        let mut replicas = Self { folder, url, servers: vec![], running: watch::Sender::default() };
        for _ in 0..count {
            replicas.add();
        }
        replicas
    }

    fn add(&mut self) {
        let flags = ["--no-demo", "--rate-limit-per-minute=0", "--database-url", self.url];
        // The log is read at the end only, and must not fill its pipe.
        let quiet = [("RUST_LOG", "info,crm_steps::http=warn")];
        self.servers.push(Server::start_with(self.folder, &flags, &quiet));
        self.publish();
    }

    /// Takes the first replica out, of which clients are told first, as a load balancer is.
    fn take(&mut self) -> Server {
        let server = self.servers.remove(0);
        self.publish();
        server
    }

    fn publish(&self) {
        self.running.send_replace(self.servers.iter().map(|server| server.url.clone()).collect());
    }
}

/// Waits until a number of further calls is acknowledged.
async fn continue_for_a_while(acknowledgements: &mut watch::Receiver<usize>) {
    let enough = *acknowledgements.borrow() + ENOUGH;
    acknowledgements.wait_for(|count| *count >= enough).await.expect("a writer is left");
}

async fn each_subscriber_sees_each_change_of_its_organization_once(empty: Empty) {
    let folder = tempfile::tempdir().expect("a folder is made");
    let count = if empty.engine == Engine::Postgres { 2 } else { 1 };
    let mut replicas = Replicas::start(folder.path(), &empty.url, count);
    let mut members =
        ORGANIZATIONS.map(|name| Member::new(name, folder.path(), &empty.url, &replicas));

    // The number of acknowledged calls; its senders are the writers, who stop when they are told to.
    let (acknowledged, mut acknowledgements) = watch::channel(0);
    let stop = watch::Sender::new(false);
    let mut subscribers = vec![];
    for number in 0..SUBSCRIBERS {
        let member = members[number % ORGANIZATIONS.len()].clone();
        let kind = subscriber::Kind {
            transport: [Transport::ServerSentEvents, Transport::WebSocket][number % 2],
            types: FILTERS[number / ORGANIZATIONS.len() % FILTERS.len()],
        };
        let (end, ended) = watch::channel(None);
        let seed = SEED + number as u64;
        let mut subscriber = Subscriber::new(member, seed, kind, acknowledgements.clone(), ended);
        subscriber.begin().await;
        subscribers.push((kind, end, tokio::spawn(subscriber.follow())));
    }
    let writers: Vec<_> = (0..WRITERS)
        .map(|number| {
            let member = members[number % ORGANIZATIONS.len()].clone();
            let seed = SEED + (SUBSCRIBERS + number) as u64;
            let writer = Writer::new(member, seed, acknowledged.clone(), stop.subscribe());
            tokio::spawn(writer.write())
        })
        .collect();
    drop(acknowledged);

    for end in [Server::kill, |server: Server| drop(server.stop())] {
        continue_for_a_while(&mut acknowledgements).await;
        end(replicas.take());
        if !replicas.servers.is_empty() {
            continue_for_a_while(&mut acknowledgements).await;
        }
        replicas.add();
    }
    continue_for_a_while(&mut acknowledgements).await;
    stop.send_replace(true);
    for writer in writers {
        writer.await.expect("no panic");
    }

    let histories = join_all(members.iter_mut().map(Member::history)).await;
    for (number, (kind, end, subscriber)) in subscribers.into_iter().enumerate() {
        let history = histories[number % ORGANIZATIONS.len()].iter();
        let expected: Vec<_> = history.filter(|edge| kind.selects(edge)).cloned().collect();
        let last = expected.last().expect("changes")["cursor"].as_str().map(str::to_owned);
        end.send_replace(last);
        let seen = subscriber.await.expect("no panic");
        let differs = seen.iter().zip(&expected).position(|(seen, change)| seen != change);
        let differing = differs.map(|at| (at, &seen[at], &expected[at]));
        assert_eq!(differing, None, "subscriber {number}, {kind:?}");
        assert_eq!(seen.len(), expected.len(), "subscriber {number}, {kind:?}");
    }
    let actions = histories.iter().flatten().map(|edge| edge["node"]["action"].as_str());
    let actions: BTreeSet<_> = actions.flatten().collect();
    assert_eq!(actions, ["CREATED", "DELETED", "MOVED", "RESTORED", "UPDATED"].into());
}

on_both_databases!(Empty: each_subscriber_sees_each_change_of_its_organization_once);
