//! GraphQL over HTTP: methods, media types and statuses. `tests/clients` runs the specification's
//! own audit besides.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use serde_json::json;

use crate::support::{Answer, App, Client, on_both_databases};

const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";

async fn get(client: &Client, parameters: &[(&str, &str)], accept: &str) -> Answer {
    let query =
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    let request = Request::get(format!("/graphql?{query}")).header(header::ACCEPT, accept);
    client.send(request.body(Body::empty()).expect("a request")).await
}

async fn post(client: &Client, query: &str, accept: &str) -> Answer {
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, accept)
        .body(json!({ "query": query }).to_string().into());
    client.send(request.expect("a request")).await
}

async fn queries_may_be_asked_by_get(app: App) {
    let ana = app.member_of("Horizonte").await;
    ana.agent("Sofia").await;
    let query = "query Agents($first: Int!) { agents(first: $first) { nodes { name } } } query Other { __typename }";
    let parameters =
        [("query", query), ("operationName", "Agents"), ("variables", r#"{"first":1}"#)];
    let answer = get(&ana, &parameters, "*/*").await;
    assert_eq!(answer.data(), json!({ "agents": { "nodes": [{ "name": "Sofia" }] } }));
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    for parameters in [
        &[][..],
        &[("query", "")],
        &[("query", "{ __typename }"), ("variables", "nonsense")],
        &[("query", "{ __typename }"), ("variables", "[]")],
        &[("query", "{ __typename }"), ("extensions", "7")],
    ] {
        let answer = get(&ana, parameters, "*/*").await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{parameters:?}");
        assert_eq!(answer.error_code(), "BAD_USER_INPUT");
    }
}

async fn nothing_is_changed_by_get(app: App) {
    let ana = app.member_of("Horizonte").await;
    let before = app.contents().await;
    let mutation = "mutation { createAgent(input: { name: \"a\" }) { agent { id } } }";
    let answer = get(&ana, &[("query", mutation)], "*/*").await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.headers[header::ALLOW], "POST");
    assert_eq!(app.contents().await, before);
}

async fn the_status_is_the_answer_s_unless_the_client_asks_for_plain_json(app: App) {
    let ana = app.member_of("Horizonte").await;
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nonsense }", "GRAPHQL_VALIDATION_FAILED"),
        ("query($a: ID!) { crmStep(id: $a) { id } }", "BAD_USER_INPUT"),
    ] {
        for (accept, media_type, status) in [
            (GRAPHQL_RESPONSE, GRAPHQL_RESPONSE, StatusCode::BAD_REQUEST),
            ("*/*", "application/json", StatusCode::BAD_REQUEST),
            ("application/*;q=0.1", "application/json", StatusCode::BAD_REQUEST),
            ("application/json", "application/json", StatusCode::OK),
            ("application/json, */*;q=0.1", "application/json", StatusCode::OK),
        ] {
            let answer = post(&ana, query, accept).await;
            assert_eq!((answer.status, answer.error_code().as_str()), (status, code), "{accept}");
            assert_eq!(answer.headers[header::CONTENT_TYPE], media_type, "{accept}");
            assert_eq!(answer.json().get("data"), None, "nothing was executed");
        }
    }
    let answer = post(&ana, "{ __typename }", "text/html").await;
    assert_eq!(answer.status, StatusCode::NOT_ACCEPTABLE);
    let stranger = app.with_token("crm_unknown");
    let answer = post(&stranger, "{ __typename }", "application/json").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "which is no matter of the document");
}

async fn what_a_browser_sends_for_any_page_changes_nothing(app: App) {
    let ana = app.member_of("Horizonte").await;
    let before = app.contents().await;
    let body =
        json!({ "query": "mutation { createAgent(input: { name: \"a\" }) { agent { id } } }" })
            .to_string();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/plain"),
        (header::CONTENT_TYPE, "application/x-www-form-urlencoded"),
        (header::CONTENT_TYPE, "multipart/form-data; boundary=a"),
        (header::CONTENT_TYPE, "application/json; charset=utf-16"),
        (header::CONTENT_ENCODING, "gzip"),
    ] {
        let mut request = Request::post("/graphql").header(&name, value);
        if name != header::CONTENT_TYPE {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let answer = ana.send(request.body(body.clone().into()).expect("a request")).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{name}: {value}");
    }
    assert_eq!(app.contents().await, before);
}

async fn lists_of_requests_are_taken_only_where_the_operator_says_so(app: App) {
    let ana = app.member_of("Horizonte").await;
    let create =
        json!({ "query": "mutation { createAgent(input: { name: \"a\" }) { agent { name } } }" });
    let batch = |count: usize| json!(vec![create.clone(); count]).to_string();
    let answer = ana.post(batch(1)).await;
    assert_eq!(
        (answer.status, answer.error_code().as_str()),
        (StatusCode::BAD_REQUEST, "BAD_USER_INPUT")
    );

    let ana = app.set_up(&["--max-batch", "2"]).member_of("Horizonte").await;
    let mixed = json!([create, { "query": "{ nonsense }" }]).to_string();
    let answer = ana.post(mixed).await;
    assert_eq!(answer.status, StatusCode::OK);
    let answers = answer.json();
    assert_eq!(answers[0]["data"], json!({ "createAgent": { "agent": { "name": "a" } } }));
    assert_eq!(answers[1]["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    for refused in [batch(3), "[]".to_owned(), "[7]".to_owned()] {
        assert_eq!(ana.post(refused).await.status, StatusCode::BAD_REQUEST);
    }
    assert_eq!(ana.query("{ agents { totalCount } }").await["agents"]["totalCount"], 1);
}

async fn pages_of_listed_origins_may_call(app: App) {
    let preflight = |origin: &str| {
        Request::builder()
            .method(Method::OPTIONS)
            .uri("/graphql")
            .header(header::ORIGIN, origin)
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
            .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization,content-type")
            .body(Body::empty())
            .expect("a request")
    };
    let page = app.set_up(&["--cors-origin", "https://app.example.com"]).with_authorization(None);
    let allowed = page.send(preflight("https://app.example.com")).await;
    assert_eq!(allowed.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "https://app.example.com");
    let other = page.send(preflight("https://evil.example.com")).await;
    assert_eq!(other.headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN), None);
    let closed = app.with_authorization(None).send(preflight("https://app.example.com")).await;
    assert_eq!(closed.headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN), None, "none is listed");

    let request = Request::post("/graphql").header(header::ORIGIN, "https://app.example.com");
    let refused = page.send(request.body(Body::empty()).expect("a request")).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        refused.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN],
        "https://app.example.com",
        "the page learns why"
    );
}

async fn the_page_is_graphiql_and_loads_nothing_from_elsewhere(app: App) {
    let anybody = app.with_authorization(None);
    let get = |path: &str| Request::get(path).body(Body::empty()).expect("a request");
    let page = anybody.send(get("/")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
    if page.text.contains("built without its own GraphiQL") {
        return;
    }
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
    assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
    assert!(!page.text.contains("http://") && !page.text.contains("https://"), "{}", page.text);
    let script = page
        .text
        .split('"')
        .find(|part| part.starts_with("/graphiql/") && part.contains(".js"))
        .expect("a script");
    let file = anybody.send(get(script)).await;
    assert_eq!(file.headers[header::CONTENT_TYPE], "text/javascript");
    assert_eq!(file.headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    for missing in ["/graphiql/nonsense.js", "/graphiql/..%2findex.html", "/graphiql/%ff"] {
        assert!(anybody.send(get(missing)).await.status.is_client_error(), "{missing}");
    }
}

on_both_databases!(
    queries_may_be_asked_by_get,
    nothing_is_changed_by_get,
    the_status_is_the_answer_s_unless_the_client_asks_for_plain_json,
    what_a_browser_sends_for_any_page_changes_nothing,
    lists_of_requests_are_taken_only_where_the_operator_says_so,
    pages_of_listed_origins_may_call,
    the_page_is_graphiql_and_loads_nothing_from_elsewhere,
);
