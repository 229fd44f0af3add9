//! Hostile requests and the response to each: the first table of `docs/hostile-requests.md`.

use std::collections::BTreeMap;

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::{Value as Json, json};

use crate::support::{App, on_both_databases};

/// The rows of a table of the page, from 0.
pub(crate) fn table(number: usize) -> Vec<&'static str> {
    const PAGE: &str = include_str!("../../docs/hostile-requests.md");
    let section = PAGE.split("\n## ").nth(number).expect("it is there");
    section.lines().filter(|line| line.starts_with("| ")).skip(1).collect()
}

/// A request to send.
enum Sent {
    /// A body, posted to the GraphQL endpoint as JSON.
    Body(Vec<u8>),
    /// Any other request.
    Request(Box<Request<Body>>),
}

use Sent::Body as Bytes;

fn other(method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Sent {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Sent::Request(Box::new(request.body(body.into()).expect("a request")))
}

/// `inner` within `levels` pairs of `open` and `close`.
fn nested(levels: usize, open: &str, inner: &str, close: &str) -> String {
    format!("{}{inner}{}", open.repeat(levels), close.repeat(levels))
}

/// `count` texts, joined.
fn many(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().join(" ")
}

/// Fragments, each of which spreads the next one twice.
fn fragment_bomb(levels: usize) -> String {
    format!("{} fragment F{levels} on Query {{ __typename }}", unarmed_bomb(levels))
}

/// The same without the last fragment.
fn unarmed_bomb(levels: usize) -> String {
    let fragments =
        many(levels, |n| format!("fragment F{n} on Query {{ ...F{0} ...F{0} }}", n + 1));
    format!("{{ ...F0 }} {fragments}")
}

/// Fragments, each of which spreads the next one `levels` deeper.
fn nested_fragments(fragments: usize, levels: usize, level: &str) -> String {
    let open = format!("{{ {level}");
    let all = many(fragments, |n| {
        let inner = nested(levels, &open, &format!("{{ ...F{} }}", n + 1), "}");
        format!("fragment F{n} on Query {inner}")
    });
    format!("{{ ...F0 }} {all} fragment F{fragments} on Query {{ a }}")
}

/// Documents that expand to many fields, or have too many parts.
fn large_documents() -> Vec<(&'static str, String)> {
    const CREATE: &str = "createAgent(input: { name: \"a\" }) { replayed }";
    let mutations = many(1_000, |n| format!("a{n}: {CREATE}"));
    let queries = many(10_000, |n| format!("a{n}: __typename"));
    let unspread = many(600, |n| format!("fragment F{n} on Query {{ a }}"));
    let unknown_fields = many(4_000, |n| format!("a{n}"));
    let unknown_arguments = many(2_400, |n| format!("a{n}: 1"));
    let pages = "{ crmScenarios(first: 100) { nodes { steps(first: 100) { nodes { scenario {
                 steps(first: 100) { nodes { id } } } } } } } }";
    let string = "\"\"\"\\\"\"\"x\"\"\"";
    vec![
        ("one mutation under 1,000 aliases", format!("mutation {{ {mutations} }}")),
        ("one query under 10,000 aliases", format!("{{ {queries} }}")),
        ("60 mutations without aliases", format!("mutation {{ {} }}", CREATE.repeat(60))),
        ("fragments that double 25 times", fragment_bomb(25)),
        ("fragments that double 2,000 times", fragment_bomb(2_000)),
        ("fragments that double 25 times without the last fragment", unarmed_bomb(25)),
        (
            "fragments that double 25 times in a cycle",
            format!("{} fragment F25 on Query {{ ...F0 }}", unarmed_bomb(25)),
        ),
        ("600 fragments without a spread", format!("{{ __typename }} {unspread}")),
        (
            "fragments in a cycle",
            "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }".to_owned(),
        ),
        (
            "fragments that double 25 times in an operation that is not executed",
            format!("query B {}", fragment_bomb(25)),
        ),
        (
            "5,000 directives on a field",
            format!("{{ __typename {} }}", "@skip(if: false) ".repeat(5_000)),
        ),
        ("200 directives that do not exist", format!("{{ __typename {} }}", "@a ".repeat(200))),
        ("pages within pages within pages", pages.to_owned()),
        (
            "a page of 2 billion elements",
            "{ agents(first: 2147483647) { nodes { id } } }".to_owned(),
        ),
        ("a document of 900 kB", format!("{{ __typename }} #{}", "x".repeat(900_000))),
        ("a string of 90 kB that does not end", format!("{{ a(b: \"{}", "x".repeat(90_000))),
        ("400 lists within a string that does not end", {
            let lists = nested(400, "[", "", "]");
            format!("{{ a(b: [\"\"\" \" {lists}]) }}")
        }),
        ("6,000 strings", format!("{{ a(b: [{}]) }}", string.repeat(6_000))),
        ("a field with a name of 90 kB", format!("{{ {} }}", "x".repeat(90_000))),
        ("4,000 fields that do not exist", format!("{{ viewer {{ {unknown_fields} }} }}")),
        (
            "a field with 2,400 arguments",
            format!("{{ agents({unknown_arguments}) {{ totalCount }} }}"),
        ),
        ("one field 4,000 times", format!("{{ viewer {{ {} }} }}", "tokenName ".repeat(4_000))),
        ("NUL in a document", "{ \u{0} }".to_owned()),
        (
            "a lone surrogate in a document's string",
            "{ crmStep(id: \"\\ud800\") { id } }".to_owned(),
        ),
    ]
}

/// Deeply nested documents, with every construct that can nest.
fn deep_documents() -> Vec<(&'static str, String)> {
    let filter = |levels| {
        let filter = nested(levels, "{ not: ", "{}", " }");
        format!("{{ crmSteps(filter: {filter}) {{ totalCount }} }}")
    };
    let types = |levels| {
        let types = nested(levels, "fields { type { ", "name", " } }");
        format!("{{ __schema {{ types {{ {types} }} }} }}")
    };
    vec![
        ("100 nested fields", nested(100, "{ a ", "", "}")),
        ("100,000 opening brackets", "{".repeat(100_000)),
        ("1,000 nested lists", format!("{{ a(b: {}) }}", nested(1_000, "[", "", "]"))),
        ("1,000 nested objects", format!("{{ a(b: {}) }}", nested(1_000, "{ c: ", "1", " }"))),
        ("1,000 nested inline fragments", nested(1_000, "{ ... ", "{ a }", "}")),
        (
            "500 fragments, each three levels deep in the previous one",
            nested_fragments(499, 3, "... "),
        ),
        (
            "20 fragments, each a hundred levels deep in the previous one",
            nested_fragments(19, 100, "... "),
        ),
        (
            "a variable's type of 1,000 lists",
            format!("query($a: {}) {{ a }}", nested(1_000, "[", "Int", "]")),
        ),
        ("a filter 20 levels deep", filter(20)),
        ("a filter 31 levels deep", filter(31)),
        ("a filter 120 levels deep", filter(120)),
        ("introspection of the types of fields, 3 levels deep", types(3)),
        ("introspection of the types of fields, 12 levels deep", types(12)),
    ]
}

fn bodies() -> Vec<(&'static str, Sent)> {
    let variables = |variables: &str| {
        format!("{{\"query\":\"{{ __typename }}\",\"variables\":{variables}}}").into_bytes()
    };
    let create = |name: &str| {
        let query = json!(
            "mutation($input: CreateAgentInput!) {
                createAgent(input: $input) { agent { id } userErrors { code } } }"
        );
        format!("{{\"query\":{query},\"variables\":{{\"input\":{{\"name\":\"{name}\"}}}}}}")
            .into_bytes()
    };
    let uses = |count: usize, value: &Json| {
        let query = format!(
            "mutation($v: StringMap) {{ createCrmStep(input: {{
                name: \"a\", scenarioId: \"b\", webhookHeader: {{ c: [{}] }} }}) {{ replayed }} }}",
            "$v ".repeat(count)
        );
        json!({ "query": query, "variables": { "v": value } }).to_string().into_bytes()
    };
    let with_variable = |ty: &str, fields: &str, value: &Json| {
        let query = format!("query($v: {ty}) {{ {fields} }}");
        json!({ "query": query, "variables": { "v": value } }).to_string().into_bytes()
    };
    let filter = json!({ "or": vec![json!({ "or": vec![json!({}); 1_000] }); 290] });
    let below_none = format!(
        "crmScenarios(first: 0) {{ nodes {{ {} }} }}",
        "steps(after: $v) { totalCount } ".repeat(500)
    );
    let not = |levels| (0..levels).fold(json!({}), |inner, _| json!({ "not": inner }));
    let steps_within = |levels| {
        format!("crmSteps(filter: {}) {{ __typename }}", nested(levels, "{ not: ", "$v", " }"))
    };
    let request = json!({ "query": "{ __typename }" });
    let numbers: BTreeMap<String, usize> = (0..10_000).map(|n| (format!("a{n}"), n)).collect();
    let list = json!({ "a": vec![0; 100_000] }).to_string();
    vec![
        ("a body of 30 MB", Bytes(vec![b' '; 30_000_000])),
        ("a list of 1,000 requests", Bytes(json!(vec![request; 1_000]).to_string().into_bytes())),
        ("JSON that does not end", Bytes(b"{\"query\":\"{ __typename }".to_vec())),
        ("400,000 opening brackets of JSON", Bytes(vec![b'['; 400_000])),
        (
            "1,000 nested objects in a variable",
            Bytes(variables(&nested(1_000, "{\"a\":", "1", "}"))),
        ),
        ("10,000 variables", Bytes(variables(&json!(numbers).to_string()))),
        (
            "a text of 900 kB in a variable that is used 4,900 times",
            Bytes(uses(4_900, &json!("x".repeat(900_000)))),
        ),
        (
            "lists with 1,000,000 elements in total in a variable that is used 100 times",
            Bytes(uses(100, &json!(vec![vec![0; 1_000]; 1_000]))),
        ),
        (
            "lists with 1,000,000 elements in total in a variable that is used once",
            Bytes(uses(1, &json!(vec![vec![0; 1_000]; 1_000]))),
        ),
        (
            "a filter of 290,000 tests in a variable that is used 1,400 times",
            Bytes(with_variable(
                "CrmStepFilter",
                &"crmSteps(filter: $v) { __typename } ".repeat(1_400),
                &filter,
            )),
        ),
        (
            "a text of 900 kB in a variable that is used 500 times within a page of 0 elements",
            Bytes(with_variable("String", &below_none, &json!("x".repeat(900_000)))),
        ),
        (
            "a filter 31 levels deep in a variable within one of 31 levels",
            Bytes(with_variable("CrmStepFilter", &steps_within(31), &not(31))),
        ),
        (
            "a filter 120 levels deep in a variable",
            Bytes(with_variable("CrmStepFilter", &steps_within(1), &not(120))),
        ),
        ("a list of 100,000 elements in a variable", Bytes(variables(&list))),
        (
            "a number of 100,000 digits",
            Bytes(variables(&format!("{{\"a\":{}}}", "9".repeat(100_000)))),
        ),
        ("bytes that are not UTF-8", Bytes(b"{\"query\":\"{ \xff\xfe }\"}".to_vec())),
        ("a lone surrogate in JSON", Bytes(b"{\"query\":\"{ \\ud800 }\"}".to_vec())),
        ("a key twice in one JSON object", Bytes(variables("{\"a\":[{\"b\":1,\"b\":2}]}"))),
        ("NUL in a name", Bytes(create("a\\u0000b"))),
        ("a name of 900,000 characters", Bytes(create(&"x".repeat(900_000)))),
        ("an empty body", Bytes(vec![])),
    ]
}

fn others() -> Vec<(&'static str, Sent)> {
    const JSON: (&str, &str) = ("content-type", "application/json");
    const CREATE: &[u8] =
        b"{\"query\":\"mutation { createAgent(input: { name: \\\"a\\\" }) { agent { id } } }\"}";
    const CHANGES: &[u8] = b"{\"query\":\"subscription { changes { cursor } }\"}";
    const EVENTS: (&str, &str) = ("accept", "text/event-stream");
    let post = |headers: &[(&str, &str)], body: &[u8]| {
        other(Method::POST, "/graphql", headers, body.to_vec())
    };
    let rest = |body: Vec<u8>| other(Method::POST, "/crm/step", &[JSON], body);
    let get = |path: &str| other(Method::GET, path, &[], vec![]);
    let typed = |media_type| post(&[("content-type", media_type)], CREATE);
    let encoded = |coding, body| post(&[JSON, ("content-encoding", coding)], body);
    let in_url =
        "/graphql?query=mutation%7BcreateAgent(input%3A%7Bname%3A%22a%22%7D)%7Breplayed%7D%7D";
    // The beginning of a gzip file; the service does not decompress it.
    let gzip = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    let keys: BTreeMap<String, usize> = (0..50_000).map(|n| (format!("a{n}"), n)).collect();
    vec![
        ("a mutation as plain text", typed("text/plain")),
        ("a mutation as a form", typed("application/x-www-form-urlencoded")),
        ("a mutation as a multipart form", typed("multipart/form-data; boundary=a")),
        ("a mutation without a media type", post(&[], CREATE)),
        ("a mutation in UTF-16", typed("application/json; charset=utf-16")),
        ("a mutation by GET", get(in_url)),
        ("a gzip bomb", encoded("gzip", &gzip)),
        ("a body that claims to be brotli", encoded("br", CREATE)),
        (
            "an Accept header without a supported media type",
            post(&[JSON, ("accept", "image/png")], CREATE),
        ),
        (
            "two tokens in one header",
            post(&[JSON, ("authorization", "Bearer a, Bearer b")], CREATE),
        ),
        (
            "a list of requests with a subscription",
            post(&[JSON], b"[{\"query\":\"subscription { changes { cursor } }\"}]"),
        ),
        ("a subscription as JSON", post(&[JSON, ("accept", "application/json")], CHANGES)),
        (
            "a subscription that resumes after 10 kB",
            post(&[JSON, EVENTS, ("last-event-id", &"x".repeat(10_000))], CHANGES),
        ),
        (
            "a subscription to two fields",
            post(
                &[JSON, EVENTS],
                b"{\"query\":\"subscription { a: changes { cursor } b: changes { cursor } }\"}",
            ),
        ),
        ("a REST body of nested lists", rest(nested(100_000, "[", "", "]").into_bytes())),
        ("a REST body of 50,000 unknown keys", rest(json!(keys).to_string().into_bytes())),
        ("a REST body that is not UTF-8", rest(b"{\"name\":\"\xff\"}".to_vec())),
        ("a REST id of 60 kB", get(&format!("/crm/step?scenarioId={}", "a".repeat(60_000)))),
        ("a REST id with NUL", get("/crm/scenario/%00")),
        ("a path that leaves its folder", get("/assets/..%2f..%2fCargo.toml")),
    ]
}

async fn each_request_gets_the_response_of_the_table_and_changes_nothing(app: App) {
    let ana = app.member_of("Horizonte").await;
    let before = app.contents().await;
    let mut rows = vec![];
    let documents = large_documents().into_iter().chain(deep_documents());
    let documents = documents.map(|(what, document)| {
        (what, Bytes(json!({ "query": document }).to_string().into_bytes()))
    });
    for (what, sent) in documents.chain(bodies()).chain(others()) {
        let answer = match sent {
            Bytes(body) => ana.post(body).await,
            Sent::Request(request) if request.headers().contains_key(header::AUTHORIZATION) => {
                app.with_authorization(None).send(*request).await
            }
            Sent::Request(request) => ana.send(*request).await,
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
            "{what}: the response has {} bytes",
            answer.text.len()
        );
    }
    assert_eq!(rows, table(0), "\n{}\n", rows.join("\n"));
    assert_eq!(app.contents().await, before);
    assert_eq!(
        ana.query("{ __typename }").await["__typename"],
        "Query",
        "the service still responds"
    );
}

on_both_databases!(each_request_gets_the_response_of_the_table_and_changes_nothing);
