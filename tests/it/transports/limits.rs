//! How many sockets and streams a token has.

use serde_json::{Value, json};

use super::{CHANGES, closed, connect, init, message, open, serve, stream, subscribe, token};
use crate::support::{App, EventStream, on_both_databases};

on_both_databases!(
    a_token_has_so_many_sockets,
    a_token_has_so_many_streams_over_both_transports,
    an_address_has_so_many_sockets_without_a_token,
    documents_of_streams_are_limited_together,
);

async fn a_token_has_so_many_sockets(app: App) {
    let app = app.set_up(&["--max-sockets-per-token", "1"]);
    let server = serve(&app).await;
    let (member, other) = (app.member_of("Horizonte").await, app.member_of("Horizonte").await);
    let first = connect(&server, &member).await;

    let headers = [("authorization", member.authorization())];
    let rejected = open(&server, &headers).await;
    assert_eq!(rejected.err(), Some(429));
    let mut second = open(&server, &[]).await.expect("it opens");
    init(&mut second, json!({ "Authorization": member.authorization() })).await;
    let reason = "Too many sockets of this token; try again later".to_owned();
    assert_eq!(closed(&mut second).await, (1013, reason));

    connect(&server, &other).await;
    first.end().await;
    open(&server, &headers).await.expect("the first one is closed");
}

async fn a_token_has_so_many_streams_over_both_transports(app: App) {
    let app = app.set_up(&["--max-streams-per-token", "1"]);
    let server = serve(&app).await;
    let (member, other) = (app.member_of("Horizonte").await, app.member_of("Horizonte").await);
    let mut first = stream(&server, &member, CHANGES).await;
    let mut socket = connect(&server, &member).await;
    subscribe(&mut socket, "1", CHANGES).await;
    let rejected = message(&mut socket).await;
    assert_eq!((&rejected["type"], &rejected["id"]), (&json!("error"), &json!("1")));
    assert_eq!(rejected["payload"][0]["extensions"]["code"], "TOO_MANY_OPERATIONS");
    let (http, body) = (reqwest::Client::new(), json!({ "query": CHANGES }));
    let rejected = EventStream::request(&http, &server, token(&member), &body, None).await;
    let rejected = rejected.expect("it answers");
    assert_eq!(rejected.status(), 429);
    let rejected: Value = rejected.json().await.expect("JSON");
    assert_eq!(rejected["errors"][0]["extensions"]["code"], "TOO_MANY_OPERATIONS");
    // Queries are no streams, and another token has its own.
    subscribe(&mut socket, "1", "{ __typename }").await;
    assert_eq!(message(&mut socket).await["type"], "next");
    stream(&server, &other, CHANGES).await;
    first.block().await.expect("the first one goes on");
}

async fn an_address_has_so_many_sockets_without_a_token(app: App) {
    let app = app.set_up(&["--max-unauthenticated-sockets", "1"]);
    let server = serve(&app).await;
    let member = app.member_of("Horizonte").await;
    let mut first = open(&server, &[]).await.expect("it opens");
    assert_eq!(open(&server, &[]).await.err(), Some(429));
    init(&mut first, json!({ "Authorization": member.authorization() })).await;
    assert_eq!(message(&mut first).await["type"], "connection_ack");
    open(&server, &[]).await.expect("it opens");
}

async fn documents_of_streams_are_limited_together(app: App) {
    let server = serve(&app).await;
    let member = app.member_of("Horizonte").await;
    let mut socket = connect(&server, &member).await;
    let document = |name: usize| {
        format!("subscription {{ changes {{ cursor }} }} #{name} {}", "x".repeat(95_000))
    };
    for name in 1..=11 {
        subscribe(&mut socket, &name.to_string(), &document(name)).await;
    }
    let rejected = message(&mut socket).await;
    assert_eq!(rejected["payload"][0]["extensions"]["code"], "QUERY_TOO_LARGE");
    // The same document is held once.
    let held = if rejected["id"] == "1" { 2 } else { 1 };
    subscribe(&mut socket, "12", &document(held)).await;
    subscribe(&mut socket, "13", "{ __typename }").await;
    assert_eq!(message(&mut socket).await["id"], "13");
}
