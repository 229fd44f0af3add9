//! Operation: settings, logs, metrics, traces and shutdown.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    time::Duration,
};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::{Server, command};

/// Creates a token in the database of a folder.
fn token(folder: &Path) -> String {
    let output = command(folder).args(["token", "create", "--organization", "Horizonte"]).output();
    let output = output.expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

async fn get(server: &Server, path: &str) -> (u16, String) {
    let answer = reqwest::get(format!("{}{path}", server.url)).await.expect("it answers");
    (answer.status().as_u16(), answer.text().await.expect("it is text"))
}

/// The single line of error for an invalid configuration.
fn nonsense(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let output = command(folder).args(arguments).envs(environment.iter().copied()).output();
    let output = output.expect("the program runs");
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).expect("text");
    assert_eq!(said.lines().count(), 1, "{said}");
    said.trim_end().to_owned()
}

#[test]
fn invalid_trusted_documents_are_logged_at_start() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let documents = ["{ __typename }", "{ nothing }", "{ viewer {"];
    let list: serde_json::Map<_, _> = documents
        .iter()
        .map(|document| (hex::encode(Sha256::digest(document)), json!(document)))
        .collect();
    fs::write(folder.path().join("documents.json"), json!(list).to_string())
        .expect("it is written");
    let flags = ["--trusted-documents", "documents.json", "--log-format", "json", "--no-demo"];
    let server = Server::start(folder.path(), &flags);
    let lines = server
        .log_at_start
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"));
    let warned: Vec<Value> = lines.filter(|line| line["level"] == "WARN").collect();
    let mut reasons: Vec<_> =
        warned.iter().map(|line| line["reason"].as_str().expect("a reason")).collect();
    reasons.sort_unstable();
    assert_eq!(
        reasons,
        [
            "Syntax error: expected at least one Selection in Selection Set, found the end of the document.",
            "Type `Query` does not have a field `nothing`.",
        ],
        "{warned:?}"
    );
    let hash = hex::encode(Sha256::digest("{ nothing }"));
    assert!(warned.iter().any(|line| line["hash"] == hash), "{warned:?}");
    server.stop();
}

#[tokio::test]
async fn flags_override_the_environment_which_overrides_the_file() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let file = "max-depth = 1\nmax-aliases = 0\nno-demo = true\nlog-format = \"json\"\n\
                cors-origin = [\"https://a.example\", \"https://b.example\"]\n\
                database-url = \"sqlite://other.db\"\n";
    fs::write(folder.path().join("crm-steps.toml"), file).expect("it is written");
    let server =
        Server::start(folder.path(), &["--config", "crm-steps.toml", "--max-aliases", "1"]);
    assert!(folder.path().join("other.db").exists());
    let output = command(folder.path())
        .args(["token", "create", "--organization", "A", "--config", "crm-steps.toml"])
        .output()
        .expect("the program runs");
    let token = String::from_utf8(output.stdout).expect("text").trim().to_owned();
    let deep = server.graphql(&token, "{ viewer { tokenName } }").await.expect("it answers");
    let message = "The document's fields nest 2 levels deep; 1 are allowed.";
    assert_eq!(deep["errors"][0]["message"], message);
    let aliased = server.graphql(&token, "{ a: __typename }").await.expect("it answers");
    assert_eq!(aliased["data"], json!({ "a": "Query" }));
    let (printed, log) = server.stop();
    assert_eq!(printed, "", "there is no demo");
    assert!(log.contains("stopped"), "{log}");
    assert!(log.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{log}");
}

#[test]
fn invalid_settings_are_rejected_with_their_source() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let folder = folder.path();
    let file = |text: &str| {
        fs::write(folder.join("a.toml"), text).expect("it is written");
        nonsense(folder, &["--config", "a.toml"], &[])
    };
    insta::assert_snapshot!(file("max-dept = 1"), @"crm-steps: a.toml: there is no setting max-dept; they are named like the flags");
    insta::assert_snapshot!(file("max-depth = -1"), @"crm-steps: a.toml: invalid value '-1' for '--max-depth <LEVELS>': invalid digit found in string");
    insta::assert_snapshot!(file("max-depth = {}"), @"crm-steps: a.toml: max-depth must be a text, a number, true or false, or a list of them");
    insta::assert_snapshot!(file("no-demo = 1"), @"crm-steps: a.toml: no-demo must be true or false");
    insta::assert_snapshot!(file("\nmax-depth ="), @"crm-steps: a.toml: line 2: string values must be quoted, expected literal string");
    insta::assert_snapshot!(nonsense(folder, &["--config", "missing.toml"], &[]), @"crm-steps: missing.toml: No such file or directory (os error 2)");
    insta::assert_snapshot!(nonsense(folder, &[], &[("MAX_DEPTH", "deep")]), @"crm-steps: invalid value 'deep' for '--max-depth <LEVELS>': invalid digit found in string (from the environment's MAX_DEPTH)");
    insta::assert_snapshot!(nonsense(folder, &["--cors-origin", "*"], &[]), @"crm-steps: invalid value '*' for '--cors-origin <ORIGIN>': it must be a scheme and a host, like https://app.example.com");
    insta::assert_snapshot!(nonsense(folder, &["--trusted-proxy", "proxy"], &[]), @"crm-steps: invalid value 'proxy' for '--trusted-proxy <NETWORK>': invalid IP address syntax");
    insta::assert_snapshot!(nonsense(folder, &[], &[("SECRET_KEYS", "a:short")]), @"crm-steps: invalid SECRET_KEYS: each key is an id, a colon and 32 bytes in Base64, like the command secret-key prints");
    insta::assert_snapshot!(nonsense(folder, &["--trusted-documents", "missing.json"], &[]), @"crm-steps: cannot use the trusted documents of missing.json: No such file or directory (os error 2)");
    fs::remove_file(folder.join("a.toml")).expect("it is removed");
    assert_eq!(fs::read_dir(folder).expect("it can be read").count(), 0, "no file is created");
}

#[tokio::test]
async fn an_embedded_database_gets_a_key_file_that_only_its_owner_can_read() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let start = || {
        let mut process = command(folder.path());
        process.env_remove("SECRET_KEYS").args(["rotate-secrets"]);
        process.output().expect("the program runs")
    };
    assert_eq!(start().stdout, b"re-encrypted the secrets of 0 steps\n");
    let file = folder.path().join("crm-steps.db.key");
    let key = fs::read_to_string(&file).expect("it is there");
    #[cfg(unix)]
    {
        let permissions = fs::metadata(&file).expect("it is there").permissions();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&permissions) & 0o777, 0o600);
    }
    start();
    assert_eq!(fs::read_to_string(&file).expect("it is there"), key, "and keeps it");
    let printed = command(folder.path()).arg("secret-key").output().expect("the program runs");
    let printed = String::from_utf8(printed.stdout).expect("text");
    let parsed = printed.trim().parse::<crm_steps::domain::secret::Keyring>();
    assert!(parsed.is_ok(), "{printed}");
}

#[tokio::test]
async fn requests_are_logged_with_their_id_and_without_secrets() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let token = token(folder.path());
    let server = Server::start(folder.path(), &["--log-format", "json", "--no-demo"]);
    let answer = reqwest::Client::new()
        .get(format!("{}/graphql?query={{__typename}}&secret=hidden", server.url))
        .bearer_auth(&token)
        .header("X-Forwarded-For", "198.51.100.7")
        .send()
        .await
        .expect("it answers");
    let id = answer.headers()["x-request-id"].to_str().expect("text").to_owned();
    let (_, log) = server.stop();
    let line = log.lines().find(|line| line.contains(&id)).expect("it is logged");
    let line: Value = serde_json::from_str(line).expect("JSON");
    assert_eq!(line["message"], "answered");
    assert_eq!(line["status"], 200);
    assert_eq!(line["span"]["path"], "/graphql");
    assert_eq!(line["span"]["client"], "127.0.0.1", "headers of untrusted proxies are ignored");
    assert!(!log.contains("hidden") && !log.contains(&token), "{log}");
}

#[tokio::test]
async fn metrics_cover_operations_routes_connections_and_reads() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let token = token(folder.path());
    let server = Server::start(folder.path(), &["--no-demo"]);
    let agents = "query Agents { agents { nodes { id } } }";
    for query in ["{ __typename }", agents, "{ nonsense }", "{"] {
        let body = json!({ "query": query, "operationName": query.contains("Agents").then_some("Agents") });
        let answer = reqwest::Client::new()
            .post(format!("{}/graphql", server.url))
            .bearer_auth(&token)
            .json(&body)
            .send();
        answer.await.expect("it answers");
    }
    let (status, metrics) = get(&server, "/metrics").await;
    assert_eq!(status, 200);
    for line in [
        "crm_steps_graphql_request_seconds_count{operation=\"Agents\",outcome=\"ok\"} 1",
        "crm_steps_graphql_request_seconds_count{operation=\"anonymous\",outcome=\"ok\"} 1",
        "crm_steps_graphql_request_seconds_count{operation=\"anonymous\",outcome=\"GRAPHQL_VALIDATION_FAILED\"} 1",
        "crm_steps_graphql_request_seconds_count{operation=\"anonymous\",outcome=\"GRAPHQL_PARSE_FAILED\"} 1",
        "crm_steps_http_request_seconds_count{method=\"POST\",route=\"/graphql\",status=\"200\"} 2",
        "crm_steps_database_connections{pool=\"writer\",state=\"busy\"} 0",
        "# TYPE crm_steps_graphql_request_seconds histogram",
    ] {
        assert!(metrics.lines().any(|found| found == line), "{line} is not in\n{metrics}");
    }
    server.stop();
}

#[tokio::test]
async fn names_chosen_by_clients_do_not_grow_the_metrics() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let token = token(folder.path());
    let server = Server::start(folder.path(), &["--no-demo"]);
    for number in 0..230 {
        let query = format!("query Name{number} {{ __typename }}");
        let body = json!({ "query": query, "operationName": format!("Name{number}") });
        let answer = reqwest::Client::new()
            .post(format!("{}/graphql", server.url))
            .bearer_auth(&token)
            .json(&body)
            .send();
        assert!(answer.await.expect("it answers").status().is_success());
    }
    let (_, metrics) = get(&server, "/metrics").await;
    let count = metrics.matches("crm_steps_graphql_request_seconds_count{operation=\"Name").count();
    assert_eq!(count, 200);
    let other = "crm_steps_graphql_request_seconds_count{operation=\"other\",outcome=\"ok\"} 30";
    assert!(metrics.contains(other), "{metrics}");
    server.stop();
}

#[tokio::test]
async fn traces_are_exported_and_continue_the_trace_of_the_caller() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let collector = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let endpoint = format!("http://{}", collector.local_addr().expect("an address"));
    let received = tokio::task::spawn_blocking(move || {
        let (mut connection, _) = collector.accept().expect("it connects");
        let mut request = Vec::new();
        let mut buffer = [0; 4096];
        let trace = [0x4b, 0xf9, 0x2f, 0x35, 0x77, 0xb3, 0x4d, 0xa6];
        while !request.windows(trace.len()).any(|bytes| bytes == trace) {
            let read = connection.read(&mut buffer).expect("it sends");
            assert!(read > 0, "the request contains the trace");
            request.extend_from_slice(&buffer[..read]);
        }
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        connection.write_all(answer.as_bytes()).expect("the response is written");
        String::from_utf8_lossy(&request).into_owned()
    });
    let server = Server::start(folder.path(), &["--otlp-endpoint", &endpoint, "--no-demo"]);
    reqwest::Client::new()
        .get(format!("{}/health/live", server.url))
        .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        .send()
        .await
        .expect("it answers");
    tokio::task::spawn_blocking(|| server.stop()).await.expect("it stops");
    let request = received.await.expect("it was sent");
    assert!(request.starts_with("POST /v1/traces HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("/health/live"), "{request}");
}

#[tokio::test]
async fn readiness_fails_before_the_server_stops() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let token = token(folder.path());
    let mut server = Server::start(folder.path(), &["--drain-seconds", "2", "--no-demo"]);
    assert_eq!(get(&server, "/health/ready").await, (200, "ready\n".to_owned()));
    server.terminate();
    server.read_log_until("stopping");
    assert_eq!(get(&server, "/health/ready").await, (503, "stopping\n".to_owned()));
    assert_eq!(get(&server, "/health/live").await.0, 200);
    let answer = server.graphql(&token, "{ __typename }").await.expect("it still responds");
    assert_eq!(answer["data"], json!({ "__typename": "Query" }));
    server.wait();
    let gone = reqwest::get(format!("{}/health/live", server.url)).await;
    assert!(gone.is_err());
}

#[tokio::test]
async fn connections_with_slow_headers_are_closed() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let server = Server::start(folder.path(), &["--header-timeout-seconds", "1", "--no-demo"]);
    let address = server.url.trim_start_matches("http://").to_owned();
    let mut connection = TcpStream::connect(&address).expect("it listens");
    connection.set_read_timeout(Some(Duration::from_mins(1))).expect("it can be set");
    write!(connection, "GET /health/live HTTP/1.1\r\nHost: {address}\r\n").expect("it is sent");
    let mut rest = Vec::new();
    connection.read_to_end(&mut rest).expect("the connection is closed within sixty seconds");
    server.stop();
}

#[tokio::test]
async fn requests_with_a_slow_body_time_out() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let token = token(folder.path());
    let server = Server::start(folder.path(), &["--request-timeout-seconds", "1", "--no-demo"]);
    let address = server.url.trim_start_matches("http://").to_owned();
    let mut connection = TcpStream::connect(&address).expect("it listens");
    write!(
        connection,
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"
    )
    .expect("it is sent");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).expect("the server responds and closes the connection");
    assert!(answer.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{answer}");
    assert!(answer.contains("\"TIMEOUT\""), "{answer}");
    server.stop();
}
