//! Requests of pages of other origins: which ones change nothing, and what listed origins may do.

use std::collections::BTreeSet;

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use serde_json::json;

use crate::support::{App, on_both_databases};

const PAGE: &str = "https://app.example.com";

async fn simple_cross_origin_requests_change_nothing(app: App) {
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
        (header::CONTENT_TYPE, "application/json; charset=\"iso-8859-1\""),
        (header::CONTENT_TYPE, "application/json; charset=utf-8; charset=utf-16"),
        (header::CONTENT_TYPE, "application/json, text/plain"),
        (header::CONTENT_TYPE, "application/*"),
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

fn preflight(path: &str, origin: &str, method: &str, headers: &str) -> Request<Body> {
    Request::builder()
        .method(Method::OPTIONS)
        .uri(path)
        .header(header::ORIGIN, origin)
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, method)
        .header(header::ACCESS_CONTROL_REQUEST_HEADERS, headers)
        .body(Body::empty())
        .expect("a request")
}

async fn listed_origins_may_send_any_header(app: App) {
    let unauthenticated = app.set_up(&["--cors-origin", PAGE]).with_authorization(None);
    let headers =
        "apollo-require-preflight,authorization,content-type,idempotency-key,traceparent,x-a";
    for (path, method) in [
        ("/graphql", "POST"),
        ("/graphql", "GET"),
        ("/crm/step", "PUT"),
        ("/crm/step", "DELETE"),
        ("/crm/scenario/a", "PATCH"),
        ("/openapi.json", "GET"),
        ("/health/ready", "GET"),
        ("/nonsense", "GET"),
    ] {
        let allowed = unauthenticated.send(preflight(path, PAGE, method, headers)).await;
        assert_eq!(allowed.status, StatusCode::OK);
        assert_eq!(allowed.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], PAGE, "{path}");
        assert_eq!(allowed.headers[header::ACCESS_CONTROL_ALLOW_HEADERS], headers, "{path}");
        let methods = allowed.headers[header::ACCESS_CONTROL_ALLOW_METHODS].to_str().expect("text");
        assert!(methods.split(',').any(|allowed| allowed == method), "{path}: {methods}");
        let varies = allowed.headers[header::VARY].to_str().expect("text");
        for name in ["origin", "access-control-request-headers"] {
            assert!(varies.contains(name), "{varies}");
        }
        let origin = "https://evil.example.com";
        let other = unauthenticated.send(preflight(path, origin, method, headers)).await;
        assert_eq!(other.headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN), None);
        let closed =
            app.with_authorization(None).send(preflight(path, PAGE, method, headers)).await;
        assert_eq!(closed.headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN), None, "none is listed");
    }
    for path in ["/metrics", "/"] {
        let answer = unauthenticated.send(preflight(path, PAGE, "GET", headers)).await;
        assert_eq!(answer.headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN), None, "{path}");
    }
}

/// Pages may read every response, with all headers but those that browsers handle themselves.
async fn response_headers_are_exposed_to_listed_origins(app: App) {
    /// Headers that every page may read, and those that are of no use to one.
    const OTHERS: [&str; 10] = [
        "access-control-allow-origin",
        "access-control-expose-headers",
        "cache-control",
        "content-length",
        "content-type",
        "vary",
        "x-content-type-options",
        // In responses to a preflight.
        "access-control-allow-headers",
        "access-control-allow-methods",
        "access-control-max-age",
    ];
    let flags = ["--cors-origin", PAGE, "--rate-limit-per-minute=7", "--max-body-bytes=500"];
    let set_up = app.set_up(&flags);
    let ana = set_up.member_of("Horizonte").await;
    let unauthenticated = set_up.with_authorization(None);
    let request = |method: Method, path: &str, body: &str| {
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::ORIGIN, PAGE)
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.to_owned().into())
            .expect("a request")
    };
    let large = " ".repeat(501);
    let query = "{\"query\":\"{ __typename }\"}";
    let mutation = "/graphql?query=mutation%7BdeleteAgent(id:1)%7Breplayed%7D%7D";
    let mut told = BTreeSet::new();
    for (client, request, status) in [
        (&ana, request(Method::POST, "/graphql", query), 200),
        (&ana, request(Method::POST, "/graphql", "{"), 400),
        (&ana, request(Method::POST, "/graphql", &large), 413),
        (&ana, request(Method::POST, "/crm/step", &large), 413),
        (&ana, request(Method::GET, mutation, ""), 405),
        (&ana, request(Method::PUT, "/graphql", ""), 405),
        (&ana, request(Method::GET, "/crm/scenario/a", ""), 404),
        (&ana, request(Method::GET, "/crm/scenario/a", ""), 429),
        (&ana, request(Method::POST, "/graphql", query), 429),
        (&unauthenticated, request(Method::POST, "/graphql", query), 401),
        (&unauthenticated, request(Method::GET, "/crm/step", ""), 401),
        (&unauthenticated, request(Method::PUT, "/crm/nonsense", ""), 404),
        (&unauthenticated, request(Method::GET, "/openapi.json", ""), 200),
        (&unauthenticated, request(Method::POST, "/openapi.json", ""), 405),
        (&unauthenticated, request(Method::GET, "/health/ready", ""), 200),
    ] {
        let what = format!("{} {}", request.method(), request.uri());
        let answer = client.send(request).await;
        assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.text);
        assert_eq!(answer.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], PAGE, "{what}");
        let mut varies = answer.headers.get_all(header::VARY).iter();
        assert!(varies.any(|value| value.as_bytes().starts_with(b"origin")), "{what}");
        let exposed = answer.headers[header::ACCESS_CONTROL_EXPOSE_HEADERS].to_str().expect("text");
        for name in answer.headers.keys().map(header::HeaderName::as_str) {
            if !OTHERS.contains(&name) {
                assert!(exposed.split(',').any(|exposed| exposed == name), "{what}: {name}");
                told.insert(name.to_owned());
            }
        }
    }
    let told: Vec<_> = told.iter().map(String::as_str).collect();
    let all = [
        "allow",
        "ratelimit",
        "ratelimit-policy",
        "retry-after",
        "www-authenticate",
        "x-request-id",
    ];
    assert_eq!(told, all);

    // Internal errors too.
    let panicking = app.set_up_and_observed(&flags, |_| panic!("on purpose"));
    let answer =
        panicking.with_token("crm_unknown").send(request(Method::POST, "/graphql", query)).await;
    assert_eq!(
        (answer.status, answer.error_code().as_str()),
        (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL")
    );
    assert_eq!(answer.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], PAGE);
    let answer =
        panicking.with_token("crm_unknown").send(request(Method::GET, "/crm/step", "")).await;
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!(answer.json()["code"], "INTERNAL");
}

on_both_databases!(
    simple_cross_origin_requests_change_nothing,
    listed_origins_may_send_any_header,
    response_headers_are_exposed_to_listed_origins,
);
