//! A reader of server-sent events, by the HTML standard.

use reqwest::{Client, Response, header};
use serde_json::{Value, json};

/// An open stream of server-sent events.
pub struct EventStream {
    response: Response,
    /// The bytes that came after the last block.
    rest: Vec<u8>,
    /// The last id that came, also without an event: what a client sends as `Last-Event-ID`.
    pub last_id: Option<String>,
    /// The last `retry` that came.
    pub retry: Option<String>,
}

/// An event: its type and its data.
#[derive(Debug, PartialEq, Eq)]
pub struct ServerSent {
    pub event: String,
    pub data: String,
}

impl ServerSent {
    /// The data as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.data).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}

impl EventStream {
    /// Posts a document to a server, and takes nothing but a stream. Fails if the server does not answer.
    pub async fn request(
        client: &Client,
        server: &str,
        token: &str,
        body: &Value,
        last_id: Option<&str>,
    ) -> reqwest::Result<Response> {
        let request = client
            .post(format!("{server}/graphql"))
            .bearer_auth(token)
            .header(header::ACCEPT, "text/event-stream")
            .json(body);
        let request =
            last_id.into_iter().fold(request, |request, id| request.header("last-event-id", id));
        request.send().await
    }

    /// Subscribes with a document and variables.
    pub async fn open(server: &str, token: &str, query: &str, variables: Value) -> Self {
        let body = json!({ "query": query, "variables": variables });
        let response = Self::request(&Client::new(), server, token, &body, None).await;
        Self::of(response.expect("it answers"))
    }

    /// The stream of a response, which has to be one.
    pub fn of(response: Response) -> Self {
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        Self { response, rest: vec![], last_id: None, retry: None }
    }

    /// The next event; none if the stream has ended or its connection is lost. Comments, and blocks
    /// without data, are not events.
    pub async fn next(&mut self) -> Option<ServerSent> {
        loop {
            let block = self.block().await?;
            let (mut event, mut data) = ("message".to_owned(), None::<String>);
            for line in block.lines() {
                let (name, value) = line.split_once(':').unwrap_or((line, ""));
                let value = value.strip_prefix(' ').unwrap_or(value);
                match name {
                    "event" => value.clone_into(&mut event),
                    "data" => match &mut data {
                        Some(data) => data.extend(["\n", value]),
                        None => data = Some(value.to_owned()),
                    },
                    "id" => self.last_id = Some(value.to_owned()),
                    "retry" => self.retry = Some(value.to_owned()),
                    _ => assert_eq!(name, "", "an unknown field: {block:?}"),
                }
            }
            if let Some(data) = data {
                return Some(ServerSent { event, data });
            }
        }
    }

    /// The lines up to the next empty one; none if the stream has ended or its connection is lost.
    pub async fn block(&mut self) -> Option<String> {
        loop {
            let end = self.rest.windows(2).position(|bytes| bytes == b"\n\n");
            if let Some(end) = end {
                let block = self.rest.drain(..end + 2).collect();
                return Some(String::from_utf8(block).expect("the stream is text"));
            }
            self.rest.extend(self.response.chunk().await.ok()??);
        }
    }
}
