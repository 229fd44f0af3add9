//! Compression of responses by gzip: which ones, for whom, and what does not change by it.

use std::io::Read as _;

use axum::{
    body::{Body, Bytes},
    http::{Method, Request, Response, StatusCode, header},
};
use crm_steps::domain::access_token::Scope;
use flate2::read::GzDecoder;
use reqwest::Client as HttpClient;
use serde_json::{Value, json};

use crate::support::{App, Client, EventStream, on_both_databases};

/// A request that is sent with different values of Accept-Encoding.
struct Call {
    method: Method,
    path: String,
    body: Value,
}

impl Call {
    fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), body: Value::Null }
    }

    fn post(path: &str, body: Value) -> Self {
        Self { method: Method::POST, path: path.into(), body }
    }

    fn graphql(query: &str) -> Self {
        Self::post("/graphql", json!({ "query": query }))
    }

    async fn send(&self, client: &Client, encodings: Option<&str>) -> Response<Bytes> {
        let request = Request::builder()
            .method(self.method.clone())
            .uri(&self.path)
            .header(header::ORIGIN, PAGE)
            .header(header::CONTENT_TYPE, "application/json");
        let request = encodings
            .into_iter()
            .fold(request, |request, encodings| request.header(header::ACCEPT_ENCODING, encodings));
        let body = if self.body.is_null() { Body::empty() } else { self.body.to_string().into() };
        client.receive(request.body(body).expect("a request")).await
    }
}

/// A page that may read responses.
const PAGE: &str = "https://app.example.com";

/// The encoding of a response.
fn encoding(response: &Response<Bytes>) -> Option<&str> {
    let encoding = response.headers().get(header::CONTENT_ENCODING)?;
    Some(encoding.to_str().expect("text"))
}

/// What a compressed body was before.
fn decompressed(body: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(body).read_to_string(&mut text).expect("compressed text");
    text
}

/// A scenario with a step that has long texts and a webhook header.
async fn long_step(client: &Client) -> String {
    let scenario = client.scenario("Sales").await;
    let step = json!({
        "scenarioId": scenario, "name": "A", "prompt": "Greet. ".repeat(500),
        "webhookUrl": "https://example.com", "webhookHeader": { "Authorization": "Bearer 1" },
    });
    client.crm_step(&step).await;
    scenario
}

async fn large_responses_are_the_same_when_they_are_compressed(app: App) {
    let app = app.set_up(&["--cors-origin", PAGE, "--max-batch=2", "--rate-limit-per-minute=1000"]);
    let scenario = long_step(&app.member_of("Horizonte").await).await;
    let ben = app.bearer("Horizonte", &[Scope::Read, Scope::Write]).await;
    let steps = json!({ "query": "{ crmSteps { nodes { name prompt webhookHeader } } }" });
    let unknown_fields: Vec<_> = (0..50).map(|number| format!("unknown{number}")).collect();
    for (call, status) in [
        (Call::post("/graphql", steps.clone()), 200),
        (Call::post("/graphql", json!([steps, steps])), 200),
        (Call::get("/graphql?query=%7B__schema%7Btypes%7Bname%7D%7D%7D"), 200),
        (Call::graphql(&format!("{{ {} }}", unknown_fields.join(" "))), 400),
        (Call::get(format!("/crm/step?scenarioId={scenario}")), 200),
        (Call::post("/crm/step", json!({ "zapi": { "a": 1, "b": 1, "c": 1, "d": 1 } })), 400),
        (Call::get("/schema.graphql"), 200),
        (Call::get("/openapi.json"), 200),
    ] {
        let what = format!("{} {}", call.method, call.path);
        let plain = call.send(&ben, None).await;
        assert_eq!((plain.status().as_u16(), encoding(&plain)), (status, None), "{what}");
        let sent = call.send(&ben, Some("gzip")).await;
        assert_eq!((sent.status().as_u16(), encoding(&sent)), (status, Some("gzip")), "{what}");
        assert!(sent.body().len() < plain.body().len() / 2, "{what}");

        // Each request has an id, which the body of an error contains as well.
        let id = |response: &Response<Bytes>| response.headers()["x-request-id"].clone();
        let text = String::from_utf8(plain.body().to_vec()).expect("text");
        let own_id = |response| id(response).to_str().expect("text").to_owned();
        let expected = text.replace(&own_id(&plain), &own_id(&sent));
        assert_eq!(decompressed(sent.body()), expected, "{what}");

        let differing = ["content-encoding", "content-length", "ratelimit", "x-request-id"];
        let (mut one, mut other) = (plain.headers().clone(), sent.headers().clone());
        for name in differing {
            one.remove(name);
            other.remove(name);
        }
        assert_eq!(one, other, "{what}");
        let length = sent.headers()[header::CONTENT_LENGTH].to_str().expect("text");
        assert_eq!(length, sent.body().len().to_string(), "{what}");
        let varies = sent.headers().get_all(header::VARY).iter();
        let varies: Vec<_> = varies.map(|value| value.to_str().expect("text")).collect();
        assert!(varies.contains(&"accept-encoding"), "{what}: {varies:?}");
        assert!(varies.iter().any(|value| value.starts_with("origin")), "{what}: {varies:?}");
    }
}

/// A response that fits into a packet is not worth it.
async fn small_responses_are_sent_as_they_are(app: App) {
    let ana = app.member_of("Horizonte").await;
    let call =
        |letters: usize| Call::graphql(&format!("{{ {}: __typename }}", "a".repeat(letters)));
    let rest = call(1).send(&ana, None).await.body().len() - 1;
    for (size, expected) in [(1_023, None), (1_024, Some("gzip"))] {
        let sent = call(size - rest).send(&ana, Some("gzip")).await;
        assert_eq!(encoding(&sent), expected, "{size}");
        let varies = expected.map(|_| "accept-encoding");
        let sent = sent.headers().get(header::VARY);
        assert_eq!(sent.map(|value| value.to_str().expect("text")), varies, "{size}");
    }
}

async fn the_header_decides_about_the_encoding_and_not_about_the_status(app: App) {
    let ana = app.member_of("Horizonte").await;
    let call = Call::graphql("{ __schema { types { name description } } }");
    for (accepted, expected) in [
        ("gzip, deflate, br, zstd", Some("gzip")),
        ("GZip;Q=0.5", Some("gzip")),
        ("deflate, gzip;q=1.0, *;q=0.5", Some("gzip")),
        ("br;q=1.0, gzip;q=0.1", Some("gzip")),
        ("*", Some("gzip")),
        ("identity;q=0.5, gzip;q=0.5", Some("gzip")),
        ("gzip;q=0", None),
        ("gzip;q=0, *", None),
        ("gzip;q=0.5, identity", None),
        ("gzip;q=high", None),
        ("br, zstd", None),
        ("identity", None),
        ("", None),
        // Excludes each encoding.
        ("*;q=0", None),
        ("identity;q=0, br", None),
    ] {
        let sent = call.send(&ana, Some(accepted)).await;
        assert_eq!((sent.status(), encoding(&sent)), (StatusCode::OK, expected), "{accepted}");
        assert_eq!(sent.headers()[header::VARY], "accept-encoding", "{accepted}");
    }
}

/// A request for the headers alone, and for what the client has.
async fn responses_without_a_body_have_the_headers_of_the_compressed_one(app: App) {
    let ana = app.member_of("Horizonte").await;
    for path in ["/schema.graphql", "/openapi.json"] {
        let sent = Call::get(path).send(&ana, Some("gzip")).await;
        let head = Call { method: Method::HEAD, ..Call::get(path) }.send(&ana, Some("gzip")).await;
        assert_eq!((head.status(), encoding(&head)), (StatusCode::OK, Some("gzip")), "{path}");
        assert!(head.body().is_empty());
        for name in [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::VARY] {
            assert_eq!(head.headers()[&name], sent.headers()[&name], "{path}");
        }
    }
    let request = Request::get("/schema.graphql").header(header::ACCEPT_ENCODING, "gzip");
    let tag = Call::get("/schema.graphql").send(&ana, None).await.headers()[header::ETAG].clone();
    let request = request.header(header::IF_NONE_MATCH, tag);
    let known = ana.receive(request.body(Body::empty()).expect("a request")).await;
    assert_eq!((known.status(), encoding(&known)), (StatusCode::NOT_MODIFIED, None));
}

/// Each event of a stream arrives at once.
async fn streams_are_not_compressed(app: App) {
    let ana = app.member_of("Horizonte").await;
    let server = format!("http://{}", app.listen().await);
    let subscription = "subscription { changes { node { action } } }";
    let mut events = EventStream::of(
        HttpClient::new()
            .post(format!("{server}/graphql"))
            .header(header::AUTHORIZATION, ana.authorization())
            .header(header::ACCEPT, "text/event-stream")
            .header(header::ACCEPT_ENCODING, "gzip")
            .json(&json!({ "query": subscription }))
            .send()
            .await
            .expect("a response"),
    );
    ana.scenario("Sales").await;
    assert!(events.next().await.expect("an event").data.contains("CREATED"));

    let request = Request::post("/graphql")
        .header(header::ACCEPT, "text/event-stream")
        .header(header::ACCEPT_ENCODING, "gzip")
        .header(header::CONTENT_TYPE, "application/json");
    let query = json!({ "query": "{ __schema { types { name } } }" }).to_string();
    let once = ana.send(request.body(query.into()).expect("a request")).await;
    assert!(once.text.len() > 1_024 && once.text.contains("CrmStep"), "{}", once.text);
    assert_eq!(once.headers.get(header::CONTENT_ENCODING), None);
}

/// The length of a compressed response would tell whether a text in it resembles the secret.
async fn secrets_are_not_compressed_with_other_texts(app: App) {
    let app = app.set_up(&["--max-batch=2"]);
    let scenario = long_step(&app.member_of("Horizonte").await).await;
    let of_steps = |fields: &str| json!({ "query": format!("{{ crmSteps {{ nodes {{ prompt {fields} }} }} }}") });
    let spec = format!(
        "{{ crmScenario(id: \"{scenario}\") {{ spec {{ steps {{ prompt webhookHeader }} }} }} }}"
    );
    let secret = [
        Call::post("/graphql", of_steps("webhookHeader")),
        Call::post("/graphql", of_steps("webhookHeaders { value }")),
        Call::post("/graphql", json!([of_steps("name"), of_steps("webhookHeader")])),
        Call::graphql(&spec),
        Call::get(format!("/crm/step?scenarioId={scenario}")),
    ];
    let with = app.bearer("Horizonte", &[Scope::Read, Scope::Secrets]).await;
    let without = app.bearer("Horizonte", &[Scope::Read]).await;
    for call in secret {
        let what = format!("{} {}", call.path, call.body);
        let sent = call.send(&with, Some("gzip")).await;
        let text = String::from_utf8(sent.body().to_vec()).expect("text");
        assert!(text.contains("Bearer 1"), "{what}: {text}");
        assert_eq!(encoding(&sent), None, "{what}");
        assert_eq!(sent.headers()[header::CACHE_CONTROL], "no-store, no-transform", "{what}");
        let masked = call.send(&without, Some("gzip")).await;
        assert!(!decompressed(masked.body()).contains("Bearer 1"), "{what}");
        assert_eq!(masked.headers()[header::CACHE_CONTROL], "no-store", "{what}");
    }
    let other = Call::post("/graphql", of_steps("webhookUrl")).send(&with, Some("gzip")).await;
    assert_eq!(encoding(&other), Some("gzip"), "without the secret");
}

on_both_databases!(
    large_responses_are_the_same_when_they_are_compressed,
    small_responses_are_sent_as_they_are,
    the_header_decides_about_the_encoding_and_not_about_the_status,
    responses_without_a_body_have_the_headers_of_the_compressed_one,
    streams_are_not_compressed,
    secrets_are_not_compressed_with_other_texts,
);
