//! Requests that are made to hurt, and what each gets: the table of `docs/hostile-requests.md`.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::json;

use crate::support::{App, on_both_databases};

const TABLE: &str = include_str!("../../docs/hostile-requests.md");

/// What is sent.
enum Sent {
    /// A document, by POST.
    Document(String),
    /// A body that says it is JSON, by POST.
    Body(Vec<u8>),
    /// Anything.
    Request(Request<Body>),
}

use Sent::{Body as Bytes, Document};

fn other(method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Sent {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Sent::Request(request.body(body.into()).expect("a request"))
}

/// `inner` in as many pairs as `levels` says.
fn nested(levels: usize, open: &str, inner: &str, close: &str) -> String {
    format!("{}{inner}{}", open.repeat(levels), close.repeat(levels))
}

/// Fragments that each spread the next one twice.
fn fragment_bomb(levels: usize) -> String {
    let fragments = (0..levels)
        .map(|level| format!("fragment F{level} on Query {{ ...F{0} ...F{0} }}", level + 1));
    let fragments = fragments.collect::<Vec<_>>().join(" ");
    format!("{{ ...F0 }} {fragments} fragment F{levels} on Query {{ __typename }}")
}

fn documents() -> Vec<(&'static str, Sent)> {
    let in_filter = |levels| {
        format!(
            "{{ crmSteps(filter: {}) {{ totalCount }} }}",
            nested(levels, "{ not: ", "{}", " }")
        )
    };
    let fragments = (0..600).map(|number| format!("fragment F{number} on Query {{ a }}"));
    let type_cycle = nested(12, "fields { type { ", "name", " } }");
    vec![
        ("one mutation under 1,000 aliases", Document(format!("mutation {{ {} }}", (0..1000).map(|n| format!("a{n}: createAgent(input: {{ name: \"a\" }}) {{ replayed }}")).collect::<String>()))),
        ("one query under 10,000 aliases", Document(format!("{{ {} }}", (0..10_000).map(|n| format!("a{n}: __typename ")).collect::<String>()))),
        ("60 mutations without aliases", Document(format!("mutation {{ {} }}", "createAgent(input: { name: \"a\" }) { replayed } ".repeat(60)))),
        ("fragments that double 25 times", Document(fragment_bomb(25))),
        ("fragments that double 2,000 times", Document(fragment_bomb(2_000))),
        ("600 fragments that nobody spreads", Document(format!("{{ __typename }} {}", fragments.collect::<String>()))),
        ("fragments that spread each other", Document("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }".to_owned())),
        ("a bomb in an operation that is not executed", Document(format!("query B {}", fragment_bomb(25)))),
        ("5,000 directives on a field", Document(format!("{{ __typename {} }}", "@skip(if: false) ".repeat(5_000)))),
        ("200 directives that do not exist", Document(format!("{{ __typename {} }}", "@a ".repeat(200)))),
        ("100 fields in each other", Document(nested(100, "{ a ", "", "}"))),
        ("100,000 brackets in each other", Document("{".repeat(100_000))),
        ("1,000 lists in each other", Document(format!("{{ a(b: {}) }}", nested(1_000, "[", "", "]")))),
        ("1,000 objects in each other", Document(format!("{{ a(b: {}) }}", nested(1_000, "{ c: ", "1", " }")))),
        ("1,000 inline fragments in each other", Document(nested(1_000, "{ ... ", "{ a }", "}"))),
        ("a variable's type of 1,000 lists", Document(format!("query($a: {}) {{ a }}", nested(1_000, "[", "Int", "]")))),
        ("a filter 20 levels deep", Document(in_filter(20))),
        ("a filter 120 levels deep", Document(in_filter(120))),
        ("pages in pages in pages", Document("{ crmScenarios(first: 100) { nodes { steps(first: 100) { nodes { scenario { steps(first: 100) { nodes { id } } } } } } } }".to_owned())),
        ("a page of 2 billion elements", Document("{ agents(first: 2147483647) { nodes { id } } }".to_owned())),
        ("types of fields of types, 3 times", Document(format!("{{ __schema {{ types {{ {} }} }} }}", nested(3, "fields { type { ", "name", " } }")))),
        ("types of fields of types, 12 times", Document(format!("{{ __schema {{ types {{ {type_cycle} }} }} }}"))),
        ("a document of 900 kB", Document(format!("{{ __typename }} #{}", "x".repeat(900_000)))),
        ("a string of 90 kB that does not end", Document(format!("{{ a(b: \"{}", "x".repeat(90_000)))),
        ("6,000 strings", Document(format!("{{ a(b: [{}]) }}", "\"\"\"\\\"\"\"x\"\"\"".repeat(6_000)))),
        ("4,000 fields that do not exist", Document(format!("{{ viewer {{ {} }} }}", (0..4_000).map(|n| format!("a{n} ")).collect::<String>()))),
        ("a field with 2,400 arguments", Document(format!("{{ agents({}) {{ totalCount }} }}", (0..2_400).map(|n| format!("a{n}: 1 ")).collect::<String>()))),
        ("one field 4,000 times", Document(format!("{{ viewer {{ {} }} }}", "tokenName ".repeat(4_000)))),
        ("NUL in a document", Document("{ \u{0} }".to_owned())),
        ("a lone surrogate in a document's string", Document("{ crmStep(id: \"\\ud800\") { id } }".to_owned())),
    ]
}

fn bodies() -> Vec<(&'static str, Sent)> {
    let variables = |variables: String| {
        Bytes(format!("{{\"query\":\"{{ __typename }}\",\"variables\":{variables}}}").into_bytes())
    };
    let create = |name: &str| {
        let query = "mutation($input: CreateAgentInput!) { createAgent(input: $input) { agent { id } userErrors { code } } }";
        let query = json!(query);
        let body =
            format!("{{\"query\":{query},\"variables\":{{\"input\":{{\"name\":\"{name}\"}}}}}}");
        Bytes(body.into_bytes())
    };
    let request = json!({ "query": "{ __typename }" });
    vec![
        ("a body of 30 MB", Bytes(vec![b' '; 30_000_000])),
        ("a list of 1,000 requests", Bytes(json!(vec![request; 1_000]).to_string().into_bytes())),
        ("JSON that breaks off", Bytes(b"{\"query\":\"{ __typename }".to_vec())),
        ("JSON in 400,000 brackets", Bytes(vec![b'['; 400_000])),
        (
            "objects of variables in each other, 1,000 times",
            variables(nested(1_000, "{\"a\":", "1", "}")),
        ),
        (
            "10,000 variables",
            variables(
                json!(
                    (0..10_000)
                        .map(|n| (format!("a{n}"), n))
                        .collect::<std::collections::BTreeMap<_, _>>()
                )
                .to_string(),
            ),
        ),
        (
            "a list of 100,000 in a variable",
            variables(json!({ "a": vec![0; 100_000] }).to_string()),
        ),
        ("a number of 100,000 digits", variables(format!("{{\"a\":{}}}", "9".repeat(100_000)))),
        ("bytes that are no UTF-8", Bytes(b"{\"query\":\"{ \xff\xfe }\"}".to_vec())),
        ("a lone surrogate in JSON", Bytes(b"{\"query\":\"{ \\ud800 }\"}".to_vec())),
        ("NUL in a name", create("a\\u0000b")),
        ("a name of 900,000 characters", create(&"x".repeat(900_000))),
        ("a body without a byte", Bytes(vec![])),
    ]
}

fn others() -> Vec<(&'static str, Sent)> {
    const JSON: (&str, &str) = ("content-type", "application/json");
    let mutation =
        json!({ "query": "mutation { createAgent(input: { name: \"a\" }) { agent { id } } }" });
    let mutation = mutation.to_string().into_bytes();
    let post = |headers: &[(&str, &str)], body: &[u8]| {
        other(Method::POST, "/graphql", headers, body.to_vec())
    };
    let in_url =
        "/graphql?query=mutation%7BcreateAgent(input%3A%7Bname%3A%22a%22%7D)%7Breplayed%7D%7D";
    // The beginning of a gzip file; nobody unpacks it.
    let gzip = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    vec![
        ("a mutation as plain text", post(&[("content-type", "text/plain")], &mutation)),
        (
            "a mutation as a form",
            post(&[("content-type", "application/x-www-form-urlencoded")], b"query=mutation"),
        ),
        (
            "a mutation as a multipart form",
            post(&[("content-type", "multipart/form-data; boundary=a")], &mutation),
        ),
        ("a mutation without a media type", post(&[], &mutation)),
        (
            "a mutation in UTF-16",
            post(&[("content-type", "application/json; charset=utf-16")], &mutation),
        ),
        ("a mutation by GET", other(Method::GET, in_url, &[], vec![])),
        ("a gzip bomb", post(&[JSON, ("content-encoding", "gzip")], &gzip)),
        ("a body that claims to be brotli", post(&[JSON, ("content-encoding", "br")], &mutation)),
        ("an answer in a foreign media type", post(&[JSON, ("accept", "image/png")], &mutation)),
        (
            "two tokens in one header",
            post(&[JSON, ("authorization", "Bearer a, Bearer b")], &mutation),
        ),
        (
            "a REST body of nested lists",
            other(Method::POST, "/crm/step", &[JSON], nested(100_000, "[", "", "]").into_bytes()),
        ),
        (
            "a REST body of 50,000 unknown keys",
            other(
                Method::POST,
                "/crm/step",
                &[JSON],
                json!(
                    (0..50_000)
                        .map(|n| (format!("a{n}"), n))
                        .collect::<std::collections::BTreeMap<_, _>>()
                )
                .to_string()
                .into_bytes(),
            ),
        ),
        (
            "a REST body that is no UTF-8",
            other(Method::POST, "/crm/step", &[JSON], b"{\"name\":\"\xff\"}".to_vec()),
        ),
        (
            "a REST id of 60 kB",
            other(
                Method::GET,
                &format!("/crm/step?scenarioId={}", "a".repeat(60_000)),
                &[],
                vec![],
            ),
        ),
        ("a REST id with NUL", other(Method::GET, "/crm/scenario/%00", &[], vec![])),
        (
            "a path that climbs out",
            other(Method::GET, "/graphiql/..%2f..%2fCargo.toml", &[], vec![]),
        ),
    ]
}

async fn each_gets_what_the_table_says_and_changes_nothing(app: App) {
    let ana = app.member_of("Horizonte").await;
    let before = app.contents().await;
    let mut rows = vec![];
    for (what, sent) in documents().into_iter().chain(bodies()).chain(others()) {
        let answer = match sent {
            Document(query) => ana.post(json!({ "query": query }).to_string()).await,
            Bytes(body) => ana.post(body).await,
            Sent::Request(request) if request.headers().contains_key(header::AUTHORIZATION) => {
                app.with_authorization(None).send(request).await
            }
            Sent::Request(request) => ana.send(request).await,
        };
        let body = answer.json();
        let code = [
            &body["errors"][0]["extensions"]["code"],
            &body["errors"][0]["code"],
            &body["code"],
            &body["data"]["createAgent"]["userErrors"][0]["code"],
        ];
        let code = code.into_iter().find_map(|code| code.as_str()).unwrap_or("none");
        rows.push(format!("| {what} | {} | {code} |", answer.status.as_u16()));
        assert!(
            answer.text.len() < 100_000,
            "{what}: the answer is {} bytes long",
            answer.text.len()
        );
    }
    let expected: Vec<&str> = TABLE.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert_eq!(rows, expected, "\n{}\n", rows.join("\n"));
    assert_eq!(app.contents().await, before);
    assert_eq!(ana.query("{ __typename }").await["__typename"], "Query", "and goes on");
}

on_both_databases!(each_gets_what_the_table_says_and_changes_nothing);
