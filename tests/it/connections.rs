//! Connections with several requests: after any response the next request on the connection works,
//! or the response has announced that the connection closes.

use axum::http::{StatusCode, header};
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

use crate::support::{App, on_both_databases};

/// Most bytes of an unread body that are read and discarded.
const DISCARDED_BYTES_MAX: usize = 8 * 1024 * 1024;

/// An HTTP/1.1 connection on which tests write raw bytes.
struct Connection(BufReader<TcpStream>);

/// The head of a response whose body has been read.
struct Head {
    status: u16,
    lines: Vec<String>,
}

impl Head {
    fn value(&self, name: &str) -> Option<&str> {
        self.lines.iter().find_map(|line| {
            let (given, value) = line.split_once(':')?;
            given.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

impl Connection {
    async fn to(address: std::net::SocketAddr) -> Self {
        Self(BufReader::new(TcpStream::connect(address).await.expect("it connects")))
    }

    /// Sends bytes.
    async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).await.expect("the bytes are written");
    }

    /// Reads the next response.
    async fn answer(&mut self) -> Head {
        let mut lines = vec![];
        loop {
            let mut line = String::new();
            let read = self.0.read_line(&mut line).await.expect("the head is text");
            assert!(read > 0, "the connection ended within the response: {lines:?}");
            if line.trim().is_empty() {
                break;
            }
            lines.push(line.trim().to_owned());
        }
        let status = lines[0].split(' ').nth(1).and_then(|status| status.parse().ok());
        let head = Head { status: status.expect("a status"), lines };
        let length = head.value("content-length").and_then(|length| length.parse().ok());
        self.0.read_exact(&mut vec![0; length.unwrap_or(0)]).await.expect("the body arrives");
        head
    }

    /// Whether the server has closed the connection.
    async fn has_ended(&mut self) -> bool {
        self.0.read(&mut [0]).await.is_ok_and(|read| read == 0)
    }
}

/// A complete body of this many bytes, as one chunk.
fn chunked(bytes: usize) -> String {
    format!("{bytes:x}\r\n{}\r\n0\r\n\r\n", " ".repeat(bytes))
}

async fn the_next_request_works_after_a_body_that_was_not_read(app: App) {
    const LARGE: usize = 6_000_000;
    let ana = app.member_of("Horizonte").await;
    let limited = app.set_up(&["--rate-limit-per-minute=1"]);
    limited.with_token_of(&ana).query("{ __typename }").await;
    let limited = limited.listen().await;
    let address = app.set_up(&["--cors-origin=https://app.example.com"]).listen().await;
    let json =
        format!("Authorization: {}\r\nContent-Type: application/json\r\n", ana.authorization());
    let spaces = " ".repeat(LARGE);
    let query = "/graphql?query=%7B__typename%7D";
    let text = json.replace("application/json", "text/plain");
    let coded = format!("{json}Content-Encoding: gzip\r\n");
    for (line, headers, status) in [
        ("POST /graphql", json.as_str(), 413),
        ("POST /crm/step", &json, 413),
        ("POST /graphql", &text, 415),
        ("POST /graphql", &coded, 415),
        ("POST /graphql", &json, 429),
        ("POST /graphql", "", 401),
        ("PUT /crm/step", "Authorization: Bearer crm_unknown\r\n", 401),
        ("PUT /graphql", &json, 405),
        ("POST /nonsense", "", 404),
        ("POST /health/live", "", 405),
        ("GET /health/live", "", 200),
        ("OPTIONS /graphql", "Origin: https://app.example.com\r\n", 200),
        (&format!("GET {query}"), &json, 200),
        ("GET /crm/scenario", &json, 200),
    ] {
        let plain = format!("Content-Length: {LARGE}\r\n\r\n{spaces}");
        let in_chunks = format!("Transfer-Encoding: chunked\r\n\r\n{}", chunked(LARGE));
        for body in [plain, in_chunks] {
            let at = if status == 429 { limited } else { address };
            let mut connection = Connection::to(at).await;
            connection.send(format!("{line} HTTP/1.1\r\nHost: a\r\n{headers}{body}")).await;
            let answer = connection.answer().await;
            assert_eq!(answer.status, status, "{line}");
            assert_eq!(answer.value("connection"), None, "{line}");
            connection.send("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n").await;
            assert_eq!(connection.answer().await.status, 200, "{line}");
        }
    }
}

async fn a_connection_with_an_unread_body_is_closed_as_announced(app: App) {
    let app = app.set_up(&["--request-timeout-seconds=1"]);
    let ana = app.member_of("Horizonte").await;
    let address = app.listen().await;
    let json =
        format!("Authorization: {}\r\nContent-Type: application/json\r\n", ana.authorization());
    let endless =
        format!("{:x}\r\n{}", DISCARDED_BYTES_MAX + 1, " ".repeat(DISCARDED_BYTES_MAX + 1));
    for (case, head, body, status) in [
        ("too much to throw away", format!("{json}Content-Length: 30000000\r\n"), "", 413),
        ("more in chunks", "Transfer-Encoding: chunked\r\n".to_owned(), endless.as_str(), 401),
        ("no chunk at all", format!("{json}Transfer-Encoding: chunked\r\n"), "z\r\n", 400),
        ("no chunk, and not looked at", "Transfer-Encoding: chunked\r\n".to_owned(), "z\r\n", 401),
        ("never sent", "Content-Length: 100\r\n".to_owned(), "{", 401),
        ("never sent, and waited for", format!("{json}Content-Length: 100\r\n"), "{", 503),
        (
            "sent after 100 Continue",
            "Expect: 100-continue\r\nContent-Length: 100\r\n".to_owned(),
            "",
            401,
        ),
        (
            "too large, and sent after 100 Continue",
            format!("{json}Expect: 100-continue\r\nContent-Length: 6000000\r\n"),
            "",
            413,
        ),
    ] {
        let mut connection = Connection::to(address).await;
        connection.send(format!("POST /graphql HTTP/1.1\r\nHost: a\r\n{head}\r\n{body}")).await;
        let answer = connection.answer().await;
        assert_eq!(answer.status, status, "{case}");
        assert_eq!(answer.value("connection"), Some("close"), "{case}");
        assert!(connection.has_ended().await, "{case}");
    }
    // A body that was requested and read leaves no bytes on the connection.
    let mut connection = Connection::to(address).await;
    let body = json!({ "query": "{ __typename }" }).to_string();
    for _ in 0..2 {
        let head = format!("{json}Expect: 100-continue\r\nContent-Length: {}\r\n", body.len());
        connection.send(format!("POST /graphql HTTP/1.1\r\nHost: a\r\n{head}\r\n")).await;
        assert_eq!(connection.answer().await.status, 100);
        connection.send(&body).await;
        let answer = connection.answer().await;
        assert_eq!((answer.status, answer.value("connection")), (200, None));
    }
}

async fn http_2_continues_after_a_body_that_was_not_read(app: App) {
    let ana = app.member_of("Horizonte").await;
    let url = format!("http://{}/graphql", app.listen().await);
    let client = reqwest::Client::builder().http2_prior_knowledge().build().expect("a client");
    for (authorization, status) in [
        ("Bearer crm_unknown", StatusCode::UNAUTHORIZED),
        (ana.authorization(), StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let refused = client
            .post(&url)
            .header(header::AUTHORIZATION, authorization)
            .header(header::CONTENT_TYPE, "application/json")
            .body(" ".repeat(6_000_000))
            .send()
            .await
            .expect("it answers");
        assert_eq!((refused.version(), refused.status()), (reqwest::Version::HTTP_2, status));
        assert_eq!(refused.headers().get(header::CONNECTION), None);
        let next = client
            .post(&url)
            .header(header::AUTHORIZATION, ana.authorization())
            .json(&json!({ "query": "{ __typename }" }))
            .send()
            .await
            .expect("it answers");
        assert_eq!(next.status(), StatusCode::OK);
    }
}

on_both_databases!(
    the_next_request_works_after_a_body_that_was_not_read,
    a_connection_with_an_unread_body_is_closed_as_announced,
    http_2_continues_after_a_body_that_was_not_read,
);
