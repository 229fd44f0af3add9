//! The codes with which the service closes a WebSocket.

use std::time::Duration;

use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::{CHANGES, closed, connect, init, message, open, serve, subscribe};
use crate::support::{App, Socket, on_both_databases};

/// What the service says when it closes a socket.
fn close(code: u16, reason: &str) -> (u16, String) {
    (code, reason.to_owned())
}

on_both_databases!(
    a_client_has_to_offer_the_subprotocol,
    what_is_no_message_closes_the_socket,
    operations_come_after_the_acknowledgement,
    a_wrong_token_is_forbidden,
    a_second_initialisation_closes_the_socket,
    an_id_that_is_in_use_closes_the_socket,
    a_message_that_is_too_big_closes_the_socket,
    a_revoked_token_closes_its_sockets,
    a_service_that_stops_closes_its_sockets,
);

async fn a_client_has_to_offer_the_subprotocol(app: App) {
    let server = serve(&app).await;
    for offered in ["", "graphql-ws", "mqtt, soap"] {
        let mut socket = Socket::offering(&server, offered).await;
        let closed = closed(&mut socket).await;
        assert_eq!(closed, close(4406, "Subprotocol not acceptable"), "{offered}");
    }
    let mut socket = Socket::offering(&server, "soap, graphql-transport-ws").await;
    socket.send(&json!({ "type": "ping" })).await;
    assert_eq!(message(&mut socket).await, json!({ "type": "pong" }));
}

async fn what_is_no_message_closes_the_socket(app: App) {
    let server = serve(&app).await;
    let authorization = app.member_of("Horizonte").await;
    for message in [
        Message::text("{"),
        Message::text(json!({ "type": "next" }).to_string()),
        Message::binary(json!({ "type": "ping" }).to_string()),
    ] {
        let mut socket = connect(&server, &authorization).await;
        socket.send_raw(message).await;
        assert_eq!(closed(&mut socket).await.0, 4400);
    }
}

async fn operations_come_after_the_acknowledgement(app: App) {
    let mut socket = open(&serve(&app).await, &[]).await.expect("it opens");
    subscribe(&mut socket, "1", "{ __typename }").await;
    assert_eq!(closed(&mut socket).await, close(4401, "Unauthorized"));
}

async fn a_wrong_token_is_forbidden(app: App) {
    let server = serve(&app).await;
    for payload in [json!(null), json!({}), json!({ "Authorization": "Bearer crm_unknown" })] {
        let mut socket = open(&server, &[]).await.expect("it opens");
        init(&mut socket, payload).await;
        assert_eq!(closed(&mut socket).await, close(4403, "Forbidden"));
    }
    // The token of the first message comes before that of the upgrade.
    let member = app.member_of("Horizonte").await;
    let headers = [("authorization", member.authorization())];
    let mut socket = open(&server, &headers).await.expect("it is accepted");
    init(&mut socket, json!({ "Authorization": "Bearer crm_unknown" })).await;
    assert_eq!(closed(&mut socket).await, close(4403, "Forbidden"));
}

async fn a_second_initialisation_closes_the_socket(app: App) {
    let member = app.member_of("Horizonte").await;
    let mut socket = connect(&serve(&app).await, &member).await;
    init(&mut socket, json!({ "Authorization": member.authorization() })).await;
    assert_eq!(closed(&mut socket).await, close(4429, "Too many initialisation requests"));
}

async fn an_id_that_is_in_use_closes_the_socket(app: App) {
    let member = app.member_of("Horizonte").await;
    let mut socket = connect(&serve(&app).await, &member).await;
    for _ in 0..2 {
        subscribe(&mut socket, "a", CHANGES).await;
    }
    assert_eq!(closed(&mut socket).await, close(4409, "Subscriber for a already exists"));
}

async fn a_message_that_is_too_big_closes_the_socket(app: App) {
    let app = app.set_up(&["--max-body-bytes", "100000"]);
    let server = serve(&app).await;
    let big = |bytes| json!({ "type": "ping", "payload": { "text": "x".repeat(bytes) } });
    let mut unauthenticated = open(&server, &[]).await.expect("it opens");
    unauthenticated.send(&big(90_000)).await;
    assert_eq!(closed(&mut unauthenticated).await, close(1009, "Message too big"));

    let member = app.member_of("Horizonte").await;
    let mut socket = connect(&server, &member).await;
    socket.send(&big(90_000)).await;
    assert_eq!(message(&mut socket).await["type"], "pong");
    socket.send(&big(100_000)).await;
    assert_eq!(closed(&mut socket).await, close(1009, "Message too big"));
}

async fn a_revoked_token_closes_its_sockets(app: App) {
    let server = serve(&app).await;
    let (revoked, other) = (app.member_of("Horizonte").await, app.member_of("Horizonte").await);
    let mut others = connect(&server, &other).await;
    let mut socket = connect(&server, &revoked).await;
    subscribe(&mut socket, "a", CHANGES).await;
    app.revoke(&revoked).await;
    assert_eq!(closed(&mut socket).await, close(4403, "Forbidden"));
    // Its token is not cached any longer.
    let mut again = open(&server, &[]).await.expect("it opens");
    init(&mut again, json!({ "Authorization": revoked.authorization() })).await;
    assert_eq!(closed(&mut again).await, close(4403, "Forbidden"));

    subscribe(&mut others, "a", "{ __typename }").await;
    assert_eq!(message(&mut others).await["type"], "next");
}

async fn a_service_that_stops_closes_its_sockets(app: App) {
    let server = serve(&app).await;
    let member = app.member_of("Horizonte").await;
    let mut socket = connect(&server, &member).await;
    subscribe(&mut socket, "a", CHANGES).await;
    let mut unauthenticated = open(&server, &[]).await.expect("it opens");
    app.draining.end_streams(Duration::from_secs(5)).await;
    assert_eq!(closed(&mut socket).await, close(1012, "Service restart"));
    assert_eq!(closed(&mut unauthenticated).await, close(1012, "Service restart"));
}
