//! Clients of server-sent events that do not read: their streams end all the same.

use std::{net::SocketAddr, path::Path, time::Duration};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
};

use super::{serve, token};
use crate::support::{App, Server, command, on_both_databases};

on_both_databases!(a_service_that_stops_does_not_wait_for_a_client_that_does_not_read);

async fn execute(server: &str, token: &str, query: &str) -> Value {
    let request = reqwest::Client::new().post(format!("{server}/graphql")).bearer_auth(token);
    let response = request.json(&json!({ "query": query })).send().await.expect("it answers");
    let mut response: Value = response.json().await.expect("JSON");
    assert_eq!(response["errors"], json!(null));
    response["data"].take()
}

/// Subscribes to more than connections keep in memory, and reads the beginning of it.
async fn unread(server: &str, token: &str) -> TcpStream {
    let cursor = execute(server, token, "{ changesCursor }").await["changesCursor"].clone();
    let create = "mutation { createCrmScenario(input: { name: \"A\" }) { crmScenario { id } } }";
    let scenario = execute(server, token, create).await;
    let scenario = &scenario["createCrmScenario"]["crmScenario"]["id"];
    let prompt = "x".repeat(20_000);
    let input = format!("{{ scenarioId: {scenario}, name: \"A\", prompt: \"{prompt}\" }}");
    for _ in 0..20 {
        let create = format!("mutation {{ createCrmStep(input: {input}) {{ replayed }} }}");
        execute(server, token, &create).await;
    }
    let again = (0..20).map(|n| format!("a{n}: after")).collect::<Vec<_>>().join(" ");
    let query = format!("subscription {{ changes(after: {cursor}) {{ node {{ {again} }} }} }}");
    let body = json!({ "query": query }).to_string();
    let length = body.len();

    let address: SocketAddr = server.trim_start_matches("http://").parse().expect("an address");
    let socket = TcpSocket::new_v4().expect("there is a socket");
    socket.set_recv_buffer_size(4_096).expect("it is not connected");
    let mut stream = socket.connect(address).await.expect("the server listens");
    let request = format!(
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
         Accept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n\
         {body}"
    );
    stream.write_all(request.as_bytes()).await.expect("it is sent");
    let mut beginning = vec![];
    while !beginning.ends_with(b"event: next") {
        beginning.push(stream.read_u8().await.expect("it answers"));
    }
    stream
}

async fn a_service_that_stops_does_not_wait_for_a_client_that_does_not_read(app: App) {
    let (server, member) = (serve(&app).await, app.member_of("Horizonte").await);
    let _client = unread(&server, token(&member)).await;
    app.draining.end_streams(Duration::MAX).await;
}

/// Runs `token` with these arguments; returns its output.
fn token_command(folder: &Path, arguments: &[&str]) -> String {
    let output = command(folder).arg("token").args(arguments).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

#[tokio::test]
async fn the_connection_of_a_client_that_does_not_read_is_aborted_when_the_service_stops() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let token = token_command(folder.path(), &["create", "--organization", "Horizonte"]);
    // The service would wait for the response as long as a request may take.
    let flags = ["--no-demo", "--drain-seconds", "0", "--request-timeout-seconds", "3600"];
    let server = Server::start(folder.path(), &flags);
    let _client = unread(&server.url, &token).await;
    let (_, log) = server.stop();
    assert!(log.contains("stream ended"), "{log}");
}

#[tokio::test]
async fn the_connection_of_a_client_that_does_not_read_is_aborted_when_its_token_is_revoked() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let token = token_command(folder.path(), &["create", "--organization", "Horizonte"]);
    let mut server = Server::start(folder.path(), &["--no-demo"]);
    let _client = unread(&server.url, &token).await;
    let viewer = execute(&server.url, &token, "{ viewer { tokenId } }").await;
    let id = viewer["viewer"]["tokenId"].as_str().expect("an id");
    token_command(folder.path(), &["revoke", id]);
    server.read_log_until("stream ended");
}
