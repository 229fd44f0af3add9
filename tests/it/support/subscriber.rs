//! A subscriber in this process, without a transport.

use std::time::Duration;

use async_graphql::{Request, Variables};
use bytes::Bytes;
use crm_steps::{
    config::HttpConfig,
    domain::{
        access_token::{AccessTokenHash, Caller},
        clock::Clock,
        url::WebhookHosts,
    },
    graphql::{
        Environment, engine,
        error::{ErrorCode, Failure},
        events::{EventStream, Events, StreamEvent},
    },
    store::access_token::find_caller,
};
use serde_json::{Value, json};

use super::{App, Client};

/// Subscriptions to the changes that one process sees.
pub struct Subscriptions {
    app: App,
    events: Events,
}

/// A subscription.
pub struct Subscriber(pub EventStream);

/// An event as a subscriber gets it.
#[derive(Debug)]
pub struct Received {
    pub payload: Bytes,
    pub cursor: String,
    pub ring_misses: u32,
}

impl Received {
    /// The response.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.payload).expect("the payload is JSON")
    }

    /// The edge, in a response without errors.
    pub fn change(&self) -> Value {
        let response = self.json();
        assert_eq!(response.get("errors"), None, "{response:#}");
        response["data"]["changes"].clone()
    }
}

impl Subscriptions {
    /// Subscriptions in the process of this service.
    pub fn of(app: &App) -> Self {
        let clock = Clock::fixed(App::now());
        let environment = Environment::new(app.database.clone(), clock, WebhookHosts::Public);
        Self { app: app.clone(), events: Events::new(environment, Duration::from_secs(30)) }
    }

    /// The caller that this client's token identifies.
    pub async fn caller(&self, client: &Client) -> Caller {
        let token = client.authorization().strip_prefix("Bearer ").expect("a token");
        let caller = find_caller(&self.app.database, &AccessTokenHash::of(token)).await;
        caller.expect("it can be read").expect("the token is valid")
    }

    /// Starts a subscription with the token of this client.
    pub async fn start(
        &self,
        client: &Client,
        document: &str,
        variables: Value,
        last_event_id: Option<&str>,
    ) -> Result<Subscriber, (ErrorCode, String)> {
        let mut request = Request::new(document).variables(Variables::from_json(variables));
        let engine = engine((&HttpConfig::default().limits).into());
        let prepared = engine.prepare(&mut request).expect("the document is valid");
        let caller = self.caller(client).await;
        let started = self.events.subscribe(&prepared, request, &caller, last_event_id).await;
        started.map(Subscriber).map_err(Failure::into_parts)
    }

    /// Subscribes to all changes, or to those after a cursor, with this selected of each edge.
    pub async fn changes(
        &self,
        client: &Client,
        after: Option<&str>,
        selected: &str,
    ) -> Subscriber {
        let document =
            format!("subscription($after: String) {{ changes(after: $after) {{ {selected} }} }}");
        let started = self.start(client, &document, json!({ "after": after }), None).await;
        started.unwrap_or_else(|rejected| panic!("{rejected:?}"))
    }
}

impl Subscriber {
    /// Waits for the next event, which must not end the stream.
    pub async fn next(&mut self) -> Received {
        let event = self.0.next().await.expect("the stream goes on");
        let StreamEvent { payload, cursor, ends, ring_misses, .. } = event;
        let received = Received { payload, cursor: cursor.as_ref().to_owned(), ring_misses };
        assert!(!ends, "{}", received.json());
        received
    }

    /// The ids of the subjects of the next events.
    pub async fn subjects(&mut self, count: usize) -> Vec<String> {
        let mut ids = vec![];
        for _ in 0..count {
            let change = self.next().await.change();
            ids.push(change["node"]["subjectId"].as_str().expect("an id").to_owned());
        }
        ids
    }
}
