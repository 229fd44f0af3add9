//! Queries and mutations over a WebSocket, and what is wrong with operations.

use std::collections::BTreeSet;

use crm_steps::{db::Engine, domain::access_token::Scope};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use super::{CHANGES, connect, init, message, open, serve, subscribe};
use crate::support::{App, hash, on_both_databases, pages_sending, trusted};

on_both_databases!(
    queries_and_mutations_are_executed,
    a_token_comes_as_header_or_payload,
    an_operation_that_is_rejected_is_an_error_of_its_id,
    a_document_that_is_not_there_is_an_error_of_its_id,
    operations_count_as_requests,
    operations_that_wait_are_valid_and_as_large_as_one_message,
    a_socket_has_at_most_a_hundred_operations,
    the_id_of_a_stopped_operation_can_be_used_at_once,
    documents_are_named_by_their_hash,
    only_trusted_documents_are_executed,
    documents_of_the_console_are_trusted,
    large_results_arrive_whole,
    pings_are_answered,
    sockets_open_until_streams_end,
    a_handshake_needs_a_version_and_a_key,
);

/// The code of the only error for an operation.
fn rejection(message: &Value) -> (&str, &str) {
    assert_eq!(message["type"], "error", "{message}");
    assert_eq!(message["payload"].as_array().map(Vec::len), Some(1), "{message}");
    let extensions = &message["payload"][0]["extensions"];
    assert!(extensions["requestId"].is_string(), "{message}");
    (message["id"].as_str().expect("an id"), extensions["code"].as_str().expect("a code"))
}

async fn queries_and_mutations_are_executed(app: App) {
    let member = app.member_of("Horizonte").await;
    let mut socket = connect(&serve(&app).await, &member).await;
    let create = "mutation { createAgent(input: { name: \"Sofia\" }) { agent { name } } }";
    subscribe(&mut socket, "1", create).await;
    assert_eq!(
        message(&mut socket).await,
        json!({ "id": "1", "type": "next", "payload": {
            "data": { "createAgent": { "agent": { "name": "Sofia" } } },
            "extensions": { "cost": { "complexity": 3, "depth": 3 } },
        } })
    );
    assert_eq!(message(&mut socket).await, json!({ "id": "1", "type": "complete" }));
    subscribe(&mut socket, "1", "{ agents { nodes { name } } }").await;
    let agents = message(&mut socket).await["payload"]["data"].clone();
    assert_eq!(agents, json!({ "agents": { "nodes": [{ "name": "Sofia" }] } }));
    assert_eq!(message(&mut socket).await, json!({ "id": "1", "type": "complete" }));
    // An operation that fails while it is executed has a result.
    subscribe(&mut socket, "2", "{ agents(after: \"x\") { nodes { name } } }").await;
    let failed = message(&mut socket).await;
    assert_eq!(failed["type"], "next");
    assert_eq!(failed["payload"]["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    assert_eq!(message(&mut socket).await, json!({ "id": "2", "type": "complete" }));
}

async fn a_token_comes_as_header_or_payload(app: App) {
    let server = serve(&app).await;
    let member = app.member_of("Horizonte").await;
    let headers = [("authorization", member.authorization())];
    for payload in [json!(null), json!({}), json!({ "AUTHORIZATION": member.authorization() })] {
        let mut socket = open(&server, &headers).await.expect("it is accepted");
        init(&mut socket, payload).await;
        assert_eq!(message(&mut socket).await, json!({ "type": "connection_ack" }));
    }
    let mut socket = open(&server, &[]).await.expect("it opens");
    let payload = json!({ "authorization": member.authorization() });
    init(&mut socket, payload).await;
    assert_eq!(message(&mut socket).await, json!({ "type": "connection_ack" }));
}

async fn an_operation_that_is_rejected_is_an_error_of_its_id(app: App) {
    let server = serve(&app).await;
    let reader = app.bearer("Horizonte", &[Scope::Read]).await;
    let mut socket = connect(&server, &reader).await;
    for (id, query, code) in [
        ("1", "{", "GRAPHQL_PARSE_FAILED"),
        ("2", "{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("3", "mutation { deleteAgent(id: \"a\") { deletedAgentId } }", "FORBIDDEN"),
        (
            "4",
            "subscription { a: changes { cursor } b: changes { cursor } }",
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ("5", "subscription { changes(after: \"x\") { cursor } }", "BAD_USER_INPUT"),
    ] {
        subscribe(&mut socket, id, query).await;
        assert_eq!(rejection(&message(&mut socket).await), (id, code));
    }
    // The socket lives, and the ids are free.
    subscribe(&mut socket, "1", "{ __typename }").await;
    assert_eq!(message(&mut socket).await["payload"]["data"]["__typename"], "Query");

    let writer = app.bearer("Horizonte", &[Scope::Write]).await;
    let mut socket = connect(&server, &writer).await;
    subscribe(&mut socket, "1", CHANGES).await;
    assert_eq!(rejection(&message(&mut socket).await), ("1", "FORBIDDEN"));
}

async fn a_document_that_is_not_there_is_an_error_of_its_id(app: App) {
    let member = app.member_of("Horizonte").await;
    let mut socket = connect(&serve(&app).await, &member).await;
    for payload in [
        json!({ "query": "" }),
        json!({ "query": "  " }),
        json!({ "extensions": { "persistedQuery": { "sha256Hash": 1 } } }),
    ] {
        socket.send(&json!({ "type": "subscribe", "id": "1", "payload": payload })).await;
        assert_eq!(rejection(&message(&mut socket).await), ("1", "BAD_USER_INPUT"), "{payload}");
    }
}

async fn operations_that_wait_are_valid_and_as_large_as_one_message(app: App) {
    let app = app.set_up(&["--max-body-bytes", "10000"]);
    let member = app.member_of("Horizonte").await;
    let mut socket = connect(&serve(&app).await, &member).await;
    // Mutations cannot end before this transaction.
    let transaction = app.database.write().await.expect("a transaction begins");
    if app.database.engine() == Engine::Postgres {
        let lock = "LOCK TABLE agent IN EXCLUSIVE MODE";
        transaction.execute_unprepared(lock).await.expect("it is free");
    }
    let comment = "x".repeat(4_000);
    let create =
        format!("mutation {{ createAgent(input: {{ name: \"A\" }}) {{ replayed }} }} #{comment}");
    // Eight are executed, and two wait.
    for id in 1..=11 {
        subscribe(&mut socket, &id.to_string(), &create).await;
    }
    assert_eq!(rejection(&message(&mut socket).await), ("11", "TOO_MANY_OPERATIONS"));
    subscribe(&mut socket, "11", "{ nothing }").await;
    assert_eq!(rejection(&message(&mut socket).await), ("11", "GRAPHQL_VALIDATION_FAILED"));
    transaction.commit().await.expect("the transaction commits");
    let mut completed = BTreeSet::new();
    while completed.len() < 10 {
        let message = message(&mut socket).await;
        if message["type"] == "complete" {
            completed
                .insert(message["id"].as_str().expect("an id").parse::<u32>().expect("a number"));
        }
    }
    assert_eq!(completed, (1..=10).collect());
}

async fn operations_count_as_requests(app: App) {
    let app = app.set_up(&["--rate-limit-per-minute", "1"]);
    let member = app.member_of("Horizonte").await;
    let mut socket = connect(&serve(&app).await, &member).await;
    subscribe(&mut socket, "1", "{ __typename }").await;
    assert_eq!(message(&mut socket).await["type"], "next");
    assert_eq!(message(&mut socket).await["type"], "complete");
    for (id, query) in [("2", "{ __typename }"), ("3", CHANGES)] {
        subscribe(&mut socket, id, query).await;
        assert_eq!(rejection(&message(&mut socket).await), (id, "RATE_LIMITED"));
    }
}

async fn a_socket_has_at_most_a_hundred_operations(app: App) {
    let member = app.member_of("Horizonte").await;
    let mut socket = connect(&serve(&app).await, &member).await;
    for id in 1..=101 {
        subscribe(&mut socket, &id.to_string(), CHANGES).await;
    }
    assert_eq!(rejection(&message(&mut socket).await), ("101", "TOO_MANY_OPERATIONS"));
    socket.send(&json!({ "type": "complete", "id": "1" })).await;
    subscribe(&mut socket, "101", "{ __typename }").await;
    assert_eq!(message(&mut socket).await["type"], "next");
}

async fn the_id_of_a_stopped_operation_can_be_used_at_once(app: App) {
    let member = app.member_of("Horizonte").await;
    let mut socket = connect(&serve(&app).await, &member).await;
    for _ in 0..100 {
        subscribe(&mut socket, "1", "{ viewer { tokenName } }").await;
        socket.send(&json!({ "type": "complete", "id": "1" })).await;
    }
    subscribe(&mut socket, "1", "{ agents { totalCount } }").await;
    let mut last = message(&mut socket).await;
    while last["payload"]["data"]["agents"].is_null() {
        last = message(&mut socket).await;
    }
    assert_eq!(message(&mut socket).await, json!({ "id": "1", "type": "complete" }));
}

async fn documents_are_named_by_their_hash(app: App) {
    let member = app.member_of("Horizonte").await;
    let mut socket = connect(&serve(&app).await, &member).await;
    let query = "{ __typename }";
    let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash(query) } });
    let subscribe = |payload: Value| json!({ "type": "subscribe", "id": "1", "payload": payload });
    socket.send(&subscribe(json!({ "extensions": extensions }))).await;
    assert_eq!(rejection(&message(&mut socket).await), ("1", "PERSISTED_QUERY_NOT_FOUND"));
    for payload in
        [json!({ "query": query, "extensions": extensions }), json!({ "extensions": extensions })]
    {
        socket.send(&subscribe(payload)).await;
        assert_eq!(message(&mut socket).await["payload"]["data"]["__typename"], "Query");
        assert_eq!(message(&mut socket).await["type"], "complete");
    }
}

async fn only_trusted_documents_are_executed(app: App) {
    let member = app.member_of("Horizonte").await;
    let document = "subscription($after: String) { changes(after: $after) { cursor } }";
    let documents = trusted(&json!({ hash(document): document })).expect("it is a list");
    let mut socket = connect(&serve(&app.executing(documents, &[])).await, &member).await;
    subscribe(&mut socket, "1", CHANGES).await;
    assert_eq!(rejection(&message(&mut socket).await), ("1", "FORBIDDEN"));

    let after = json!({ "after": member.query("{ changesCursor }").await["changesCursor"] });
    let extensions = json!({ "persistedQuery": { "sha256Hash": hash(document) } });
    let payload = json!({ "variables": after, "extensions": extensions });
    socket.send(&json!({ "type": "subscribe", "id": "1", "payload": payload })).await;
    member.agent("Sofia").await;
    assert_eq!(message(&mut socket).await["type"], "next");
    socket.subscribe("2", document, after).await;
    let event = message(&mut socket).await;
    assert_eq!((&event["type"], &event["id"]), (&json!("next"), &json!("2")));
}

async fn documents_of_the_console_are_trusted(app: App) {
    let member = app.member_of("Horizonte").await;
    let document = "subscription($after: String) { changes(after: $after) { cursor } }";
    let folder = tempfile::tempdir().expect("a folder is made");
    let pages = pages_sending(&[document], folder.path());
    let documents = trusted(&json!({})).expect("it is a list");
    let documents = documents.with_console(&pages).expect("they are documents");
    let mut socket = connect(&serve(&app.executing(documents, &[])).await, &member).await;
    let after = member.query("{ changesCursor }").await["changesCursor"].clone();
    // Some clients send an empty text beside the hash.
    let subscribe = |document: &str| {
        let extensions = json!({ "persistedQuery": { "sha256Hash": hash(document) } });
        let variables = json!({ "after": after });
        let payload = json!({ "query": "", "variables": variables, "extensions": extensions });
        json!({ "type": "subscribe", "id": "1", "payload": payload })
    };
    socket.send(&subscribe(CHANGES)).await;
    assert_eq!(rejection(&message(&mut socket).await), ("1", "PERSISTED_QUERY_NOT_FOUND"));
    socket.send(&subscribe(document)).await;
    member.agent("Sofia").await;
    assert_eq!(message(&mut socket).await["type"], "next");
}

async fn large_results_arrive_whole(app: App) {
    let member = app.member_of("Horizonte").await;
    let mut socket = connect(&serve(&app).await, &member).await;
    let scenario = member.scenario("Vendas").await;
    let prompt = "ü".repeat(20_000);
    member.crm_step(&json!({ "scenarioId": scenario, "name": "A", "prompt": prompt })).await;
    subscribe(&mut socket, "1", "{ crmSteps { nodes { prompt } } }").await;
    let result = message(&mut socket).await;
    assert_eq!(result["payload"]["data"]["crmSteps"]["nodes"][0]["prompt"], prompt);
    assert_eq!(message(&mut socket).await["type"], "complete");
}

async fn pings_are_answered(app: App) {
    let mut socket = open(&serve(&app).await, &[]).await.expect("it opens");
    socket.send(&json!({ "type": "ping", "payload": { "at": 1 } })).await;
    assert_eq!(message(&mut socket).await, json!({ "type": "pong", "payload": { "at": 1 } }));
}

async fn sockets_open_until_streams_end(app: App) {
    let (server, member) = (serve(&app).await, app.member_of("Horizonte").await);
    app.draining.begin();
    let mut socket = connect(&server, &member).await;
    subscribe(&mut socket, "1", "{ __typename }").await;
    assert_eq!(message(&mut socket).await["type"], "next");
}

async fn a_handshake_needs_a_version_and_a_key(app: App) {
    let server = serve(&app).await;
    for (header, status) in
        [(("sec-websocket-version", "8"), 426), (("sec-websocket-key", "short"), 400)]
    {
        assert_eq!(open(&server, &[header]).await.err(), Some(status), "{header:?}");
    }
    // Without an upgrade a request needs its token, and other paths do not become sockets.
    let anonymous = app.with_authorization(None);
    assert_eq!(anonymous.graphql("{ __typename }", json!({})).await.status, 401);
}
