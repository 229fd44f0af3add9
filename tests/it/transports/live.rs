//! Changes as they happen, over both transports.

use serde_json::{Value, json};

use super::{CHANGES, connect, message, serve, stream, subscribe, token};
use crate::support::{App, Client, EventStream, on_both_databases};

on_both_databases!(
    a_change_reaches_a_websocket,
    each_event_of_a_stream_has_its_cursor_as_id,
    a_stream_is_resumed_by_the_id_of_its_last_event,
    an_operation_that_is_completed_sends_nothing_more,
    large_events_arrive_whole,
);

/// The end of the history.
async fn end(client: &Client) -> Value {
    client.query("{ changesCursor }").await["changesCursor"].clone()
}

/// A subscription to the names of agents that are created after a cursor.
fn names_after(cursor: &Value) -> String {
    let node = "node { subject { ... on Agent { name } } }";
    format!("subscription {{ changes(after: {cursor}) {{ {node} }} }}")
}

/// The name in an event.
fn name(response: &Value) -> &str {
    let subject = &response["data"]["changes"]["node"]["subject"];
    subject["name"].as_str().unwrap_or_else(|| panic!("no name: {response}"))
}

async fn a_change_reaches_a_websocket(app: App) {
    let (server, member) = (serve(&app).await, app.member_of("Horizonte").await);
    let other = app.member_of("Aurora").await;
    let mut socket = connect(&server, &member).await;
    let cursor = end(&member).await;
    member.agent("Sofia").await;
    subscribe(&mut socket, "a", &names_after(&cursor)).await;
    let changes = json!({ "node": { "subject": { "name": "Sofia" } } });
    assert_eq!(
        message(&mut socket).await,
        json!({ "id": "a", "type": "next", "payload": { "data": { "changes": changes } } })
    );
    other.agent("Bia").await;
    member.agent("Rita").await;
    assert_eq!(name(&message(&mut socket).await["payload"]), "Rita");
}

async fn each_event_of_a_stream_has_its_cursor_as_id(app: App) {
    let (server, member) = (serve(&app).await, app.member_of("Horizonte").await);
    let mut stream = stream(&server, &member, CHANGES).await;
    for name in ["Sofia", "Rita"] {
        member.agent(name).await;
        let event = stream.next().await.expect("an event");
        assert_eq!(event.event, "next");
        let cursor = end(&member).await;
        assert_eq!(event.json(), json!({ "data": { "changes": { "cursor": cursor } } }));
        assert_eq!(json!(stream.last_id), cursor);
    }
}

async fn a_stream_is_resumed_by_the_id_of_its_last_event(app: App) {
    let (server, member) = (serve(&app).await, app.member_of("Horizonte").await);
    let query = names_after(&end(&member).await);
    for name in ["A", "B", "C"] {
        member.agent(name).await;
    }
    let mut first = stream(&server, &member, &query).await;
    assert_eq!(name(&first.next().await.expect("an event").json()), "A");
    // A client sends its old document again: the header comes before `after`.
    let (http, body) = (reqwest::Client::new(), json!({ "query": query }));
    let last_id = first.last_id.as_deref();
    let response = EventStream::request(&http, &server, token(&member), &body, last_id).await;
    let mut second = EventStream::of(response.expect("it answers"));
    for expected in ["B", "C"] {
        assert_eq!(name(&second.next().await.expect("an event").json()), expected);
    }
}

async fn an_operation_that_is_completed_sends_nothing_more(app: App) {
    let (server, member) = (serve(&app).await, app.member_of("Horizonte").await);
    let query = names_after(&end(&member).await);
    let mut socket = connect(&server, &member).await;
    subscribe(&mut socket, "a", &query).await;
    subscribe(&mut socket, "b", &query).await;
    socket.send(&json!({ "type": "complete", "id": "a" })).await;
    // Everything that was sent before the ping has been read when its pong comes.
    socket.send(&json!({ "type": "ping" })).await;
    assert_eq!(message(&mut socket).await["type"], "pong");
    for expected in ["Sofia", "Rita"] {
        member.agent(expected).await;
        let event = message(&mut socket).await;
        assert_eq!((&event["id"], name(&event["payload"])), (&json!("b"), expected));
    }
}

async fn large_events_arrive_whole(app: App) {
    let (server, member) = (serve(&app).await, app.member_of("Horizonte").await);
    let scenario = member.scenario("Vendas").await;
    let node = "node { subject { ... on CrmStep { prompt } } }";
    let cursor = end(&member).await;
    let query = format!("subscription {{ changes(after: {cursor}) {{ {node} }} }}");
    let mut socket = connect(&server, &member).await;
    subscribe(&mut socket, "1", &query).await;
    let mut stream = stream(&server, &member, &query).await;
    let prompt = "ü".repeat(20_000);
    member.crm_step(&json!({ "scenarioId": scenario, "name": "A", "prompt": prompt })).await;
    let event = message(&mut socket).await["payload"].clone();
    assert_eq!(event["data"]["changes"]["node"]["subject"]["prompt"], prompt);
    assert_eq!(stream.next().await.expect("an event").json(), event);
}
