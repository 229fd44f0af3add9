//! A subscriber that leaves after some events, stays away, and resumes where it was.

use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::{sync::watch, time::timeout};

use super::{EDGE, Member};
use crate::support::{EventStream, Received, Socket};

/// How a subscriber receives events.
#[derive(Debug, Clone, Copy)]
pub(super) enum Transport {
    /// It resumes by `Last-Event-ID`, and sends the same document and variables each time.
    ServerSentEvents,
    /// It resumes by the argument `after`.
    WebSocket,
}

/// A kind of subscriber.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    pub transport: Transport,
    /// The types of subjects to which it is limited.
    pub types: Option<&'static [&'static str]>,
}

impl Kind {
    /// Whether it receives an event of the change of this edge.
    pub(super) fn selects(self, edge: &Value) -> bool {
        let subject = edge["node"]["subjectType"].as_str().expect("a type");
        self.types.is_none_or(|types| types.contains(&subject))
    }
}

/// A subscriber of changes of an organization.
pub(super) struct Subscriber {
    member: Member,
    random: StdRng,
    kind: Kind,
    acknowledged: watch::Receiver<usize>,
    /// The cursor of the last change that it is to receive, once the writers have stopped.
    end: watch::Receiver<Option<String>>,
    /// The cursor at which it began.
    first: String,
    /// The cursor of the last event that it has received.
    last: String,
    /// The cursor from which it resumes.
    resume: String,
}

enum Connection {
    Stream(EventStream),
    Socket(Socket),
}

impl Subscriber {
    pub(super) fn new(
        member: Member,
        seed: u64,
        kind: Kind,
        acknowledged: watch::Receiver<usize>,
        end: watch::Receiver<Option<String>>,
    ) -> Self {
        let random = StdRng::seed_from_u64(seed);
        let (first, last, resume) = Default::default();
        Self { member, random, kind, acknowledged, end, first, last, resume }
    }

    /// Finds out where the history ends.
    pub(super) async fn begin(&mut self) {
        let server = self.member.replica(0).await;
        let data = self.member.ask(&server, "{ changesCursor }", json!({})).await;
        let cursor = data.expect("it answers")["changesCursor"].as_str().map(str::to_owned);
        self.first = cursor.expect("a cursor");
        self.last.clone_from(&self.first);
        self.resume.clone_from(&self.first);
    }

    /// Receives events until the last one; returns the edges of all of them.
    pub(super) async fn follow(mut self) -> Vec<Value> {
        let mut seen = vec![];
        while !self.is_at_end() {
            let number = self.random.random_range(0..100);
            let server = self.member.replica(number).await;
            let Some(mut connection) = self.connect(&server).await else { continue };
            let leaves_after = seen.len() + self.random.random_range(1..100);
            while seen.len() < leaves_after && !self.is_at_end() {
                let edge = tokio::select! {
                    edge = connection.next() => edge,
                    Ok(()) = self.end.changed() => continue,
                };
                let Some(edge) = edge else { break };
                edge["cursor"].as_str().expect("a cursor").clone_into(&mut self.last);
                seen.push(edge);
            }
            self.resume = match connection {
                // That of a ping may come after that of the last event.
                Connection::Stream(stream) => stream.last_id.unwrap_or(self.resume),
                Connection::Socket(_) => self.last.clone(),
            };
            let returns_at = *self.acknowledged.borrow() + self.random.random_range(0..120);
            // An error means that the writers have stopped.
            let _ = self.acknowledged.wait_for(|count| *count >= returns_at).await;
        }
        seen
    }

    fn is_at_end(&self) -> bool {
        self.end.borrow().as_ref() == Some(&self.last)
    }

    /// Subscribes from its last event on; none if the connection fails.
    async fn connect(&self, server: &str) -> Option<Connection> {
        let query = format!(
            "subscription($after: String!, $types: [ChangeSubjectType!]) {{
                changes(after: $after, subjectTypes: $types) {{ {EDGE} }} }}"
        );
        let (member, token) = (&self.member, &self.member.token);
        let from = |after: &str| json!({ "after": after, "types": self.kind.types });
        match self.kind.transport {
            Transport::ServerSentEvents => {
                let body = json!({ "query": query, "variables": from(&self.first) });
                let last = (self.resume != self.first).then_some(self.resume.as_str());
                let response =
                    EventStream::request(&member.client, server, token, &body, last).await.ok()?;
                (response.status() != StatusCode::SERVICE_UNAVAILABLE)
                    .then(|| Connection::Stream(EventStream::of(response)))
            }
            Transport::WebSocket => {
                let mut socket = Socket::connect(server, token).await?;
                socket.subscribe("a", &query, from(&self.resume)).await;
                Some(Connection::Socket(socket))
            }
        }
    }
}

impl Connection {
    /// The edge of the next event; none if the connection has ended.
    async fn next(&mut self) -> Option<Value> {
        /// The time without an event after which one is lost: much longer than any replica is away.
        const TIME: Duration = Duration::from_mins(1);
        let received = timeout(TIME, self.receive()).await.expect("an event is lost");
        let result = received?;
        assert_eq!(result.get("errors"), None, "{result}");
        Some(result["data"]["changes"].clone())
    }

    async fn receive(&mut self) -> Option<Value> {
        match self {
            Self::Stream(stream) => {
                let sent = stream.next().await?;
                assert_eq!(sent.event, "next", "the stream is not complete");
                let result = sent.json();
                let cursor = result["data"]["changes"]["cursor"].as_str();
                assert_eq!(stream.last_id.as_deref(), cursor, "the id is the cursor");
                Some(result)
            }
            Self::Socket(socket) => match socket.next().await {
                Received::Message(message) => {
                    let expected = (&json!("next"), &json!("a"));
                    assert_eq!((&message["type"], &message["id"]), expected, "{message}");
                    Some(message["payload"].clone())
                }
                Received::Closed(1012, _) | Received::Lost => None,
                Received::Closed(code, reason) => panic!("closed: {code} {reason}"),
            },
        }
    }
}
