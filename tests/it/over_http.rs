//! GraphQL over HTTP: methods, media types and statuses. `tests/clients` runs the specification's
//! own audit besides.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use serde_json::json;

use crate::support::{App, Client, TestResponse, on_both_databases};

const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";

async fn get(client: &Client, parameters: &[(&str, &str)], accept: &str) -> TestResponse {
    let query =
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    let request = Request::get(format!("/graphql?{query}")).header(header::ACCEPT, accept);
    client.send(request.body(Body::empty()).expect("a request")).await
}

async fn post(client: &Client, query: &str, accept: &str) -> TestResponse {
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, accept)
        .body(json!({ "query": query }).to_string().into());
    client.send(request.expect("a request")).await
}

async fn queries_may_be_sent_by_get(app: App) {
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

async fn an_empty_parameter_counts_as_absent(app: App) {
    let ana = app.member_of("Horizonte").await;
    for value in ["", " ", "null"] {
        for name in ["variables", "extensions", "operationName", "documentId"] {
            if value == "null" && ["operationName", "documentId"].contains(&name) {
                continue;
            }
            let answer =
                get(&ana, &[("query", "query A { __typename }"), (name, value)], "*/*").await;
            assert_eq!(answer.data(), json!({ "__typename": "Query" }), "{name}={value}");
        }
    }
    let marked = [
        ("query", "query($a: Int) { agents(first: $a) { totalCount } }"),
        ("variables", "\u{feff}{\"a\":1}"),
    ];
    assert_eq!(get(&ana, &marked, "*/*").await.data()["agents"]["totalCount"], 0);
    let no_value = Request::get("/graphql?query=%7B__typename%7D&variables&extensions&a=%ff");
    ana.send(no_value.body(Body::empty()).expect("a request")).await.data();
}

async fn an_invalid_parameter_is_rejected_with_a_reason(app: App) {
    let ana = app.member_of("Horizonte").await;
    for (parameter, message) in [
        (
            "variables=%7B",
            "The parameter variables is not JSON: it ends too early, in line 1, column 1.",
        ),
        (
            "variables=%7B%0A'a'",
            "The parameter variables is not JSON: its syntax breaks in line 2, column 1.",
        ),
        ("variables=%7B%22a%22:%22%ff%22%7D", "The parameter variables is not UTF-8."),
        (
            "variables=%7B%22a%22:1,%22a%22:2%7D",
            "The parameter variables has the key \"a\" twice in one object, in line 1, column 10.",
        ),
        ("query=%ff", "The parameter query is not UTF-8."),
        ("variables=%5B%5D", "variables must be an object; it is a list."),
        ("variables=%22a%22", "variables must be an object; it is a text."),
        ("extensions=7", "extensions must be an object; it is a number."),
        (
            "query=",
            "The request has no document. Send it as the text query, and with it the object variables and the text operationName where they are needed.",
        ),
    ] {
        let query = if parameter.starts_with("query") { "" } else { "query=%7B__typename%7D&" };
        let request = Request::get(format!("/graphql?{query}{parameter}")).body(Body::empty());
        let answer = ana.send(request.expect("a request")).await;
        assert_eq!(
            (answer.status, answer.error_code().as_str()),
            (StatusCode::BAD_REQUEST, "BAD_USER_INPUT")
        );
        assert_eq!(answer.json()["errors"][0]["message"], message);
    }
}

/// Posts with these Accept headers.
async fn accepting(client: &Client, lines: &[&[u8]], query: &str) -> TestResponse {
    let mut request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
    for line in lines {
        request = request.header(header::ACCEPT, *line);
    }
    let body = json!({ "query": query }).to_string().into();
    client.send(request.body(body).expect("a request")).await
}

async fn the_accept_header_selects_the_media_type(app: App) {
    const JSON: &str = "application/json";
    let ana = app.member_of("Horizonte").await;
    // `application/json`: errors of the document have the status 200.
    for lines in [
        &["application/json; charset=utf-8"][..],
        &["application/json;charset=UTF-8"],
        &["Application/JSON; Charset=\"utf-8\""],
        &["application/json;charset=\"UTF-8\";q=0.9"],
        &["application/json; q=0.5; charset=utf-8"],
        &["application/json; indent=4"],
        &["application/json;a=\"b,c;q=0\""],
        &["application/json; a=\"b\\\"c,d\""],
        &["application/json;"],
        &["application/json;;charset=utf-8; ;q=1.000"],
        &["application/json; charset"],
        &["application/json; profile=https://example.com/a"],
        &["application/json\t;\tq=.5"],
        &["application/json;q=0.5;ext=1"],
        &["application/json; Q=\"0.5\""],
        &["application/json; charset=utf-16"],
        &["application/json, text/plain, */*"],
        &["application/json,,"],
        &[",,\t, application/json ,"],
        &["text/html, image/gif", "application/json"],
        &["text/html", "", "application/json;q=0.1"],
        &["application/json", "application/graphql-response+json"],
        &["application/graphql-response+json;q=0, application/json"],
        &["application/graphql-response+json;q=0.5, application/json;charset=utf-8"],
        &["application/json;q=0.2, application/*;q=0.1"],
        &["nonsense, application/json"],
        &["application/json;q=0, application/json;indent=4"],
        &["text/html;a=\", application/json", "application/json"],
    ] {
        let bytes: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
        let answer = accepting(&ana, &bytes, "{ nonsense }").await;
        assert_eq!(answer.status, StatusCode::OK, "{lines:?}");
        assert_eq!(answer.headers[header::CONTENT_TYPE], JSON, "{lines:?}");
    }
    for lines in [
        &["application/graphql-response+json"][..],
        &["application/graphql-response+json; charset=utf-8, application/json; charset=utf-8"],
        &["APPLICATION/GraphQL-Response+JSON;charset=\"UTF-8\";q=0.9"],
        &["application/graphql-response+json, */*"],
        &["application/json;q=0.9", "application/graphql-response+json"],
        &["application/json;q=0, */*"],
        &["application/json;q=0, application/*;q=0.1"],
    ] {
        let bytes: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
        let answer = accepting(&ana, &bytes, "{ nonsense }").await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{lines:?}");
        assert_eq!(answer.headers[header::CONTENT_TYPE], GRAPHQL_RESPONSE, "{lines:?}");
    }
    for lines in [
        &[][..],
        &[&b""[..]],
        &[b" \t"],
        &[b",, ,"],
        &[b"*/*"],
        &[b"*/*;q=0.1, text/html"],
        &[b"application/*"],
        &[b"APPLICATION/*;q=0.001"],
        &[b"text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"],
        // Without any valid media type.
        &[b"*"],
        &[b"nonsense"],
        &[b"application/"],
        &[b"/json"],
        &[b"*/json"],
        &[b"application/js on"],
        &[b"text/html; charset"],
        &[b"text/html; a=\""],
        &[b"text/html;q=high"],
        &[b"application/json;q=2"],
        &[b"application/json;q=-1"],
        &[b"application/json;q="],
        &[b"application/json;q=nan"],
        &[b"\xe9\xff"],
    ] {
        let answer = accepting(&ana, lines, "{ nonsense }").await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{lines:?}");
        assert_eq!(answer.headers[header::CONTENT_TYPE], JSON, "{lines:?}");
    }
    for lines in [
        &["text/html"][..],
        &["text/html, application/xml;q=0.9"],
        &["text/html", "image/*"],
        &["text/html, *;q=0.2"],
        &["application/json;q=0"],
        &["application/json;q=0.0, application/graphql-response+json;q=0.000"],
        &["*/*;q=0"],
        &["application/jsonx, application/json-patch+json"],
        &["application/json;charset=utf-8;q=0, text/plain"],
    ] {
        let bytes: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
        let answer = accepting(&ana, &bytes, "{ __typename }").await;
        assert_eq!(answer.status, StatusCode::NOT_ACCEPTABLE, "{lines:?}");
        assert_eq!(answer.error_code(), "BAD_USER_INPUT");
    }
}

async fn mutations_by_get_are_rejected(app: App) {
    let ana = app.member_of("Horizonte").await;
    let before = app.contents().await;
    let mutation = "mutation { createAgent(input: { name: \"a\" }) { agent { id } } }";
    let answer = get(&ana, &[("query", mutation)], "*/*").await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.headers[header::ALLOW], "POST");
    assert_eq!(app.contents().await, before);
}

async fn the_status_reflects_the_result_unless_plain_json_is_accepted(app: App) {
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
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "the error is not one of the document");
}

async fn all_names_of_utf_8_are_accepted(app: App) {
    let ana = app.member_of("Horizonte").await;
    for media_type in [
        "application/json; charset=utf-8",
        "application/json;charset=UTF8",
        "application/json; charset=utf8; a=b",
        "APPLICATION/JSON; CHARSET=\"Utf-8\"",
        "application/json ; charset = utf-8",
        "application/json; boundary=\"charset=utf-16\"",
        "application/json; charset=",
        "application/json;",
        "application/json; charset",
    ] {
        for mark in ["", "\u{feff}"] {
            let request = Request::post("/graphql")
                .header(header::CONTENT_TYPE, media_type)
                .body(format!("{mark} {{\"query\":\"{{ __typename }}\"}}").into());
            let answer = ana.send(request.expect("a request")).await;
            assert_eq!(answer.status, StatusCode::OK, "{media_type}: {}", answer.text);
        }
    }
}

async fn lists_of_requests_are_accepted_only_if_enabled(app: App) {
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
    let query = |rest: &str| format!("[{{\"query\":\"{{ __typename }}\"}},{rest}]");
    for (refused, message) in [
        (batch(3), "The body has more than 2 requests."),
        ("[]".to_owned(), "The body is an empty list."),
        (query("7"), "Request 2 of the list must be a JSON object; it is a number."),
        (query("{\"query\":7}"), "Request 2 of the list: query must be a text; it is a number."),
    ] {
        let answer = ana.post(refused).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.json()["errors"][0]["message"], message);
    }
    let request = |accept: &str| {
        Request::post("/graphql")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, accept)
            .body(format!("\u{feff}{}", query("{\"query\":\"{ __typename }\"}")).into())
            .expect("a request")
    };
    for (accept, expected) in [("*/*", "application/json"), (GRAPHQL_RESPONSE, GRAPHQL_RESPONSE)] {
        let answer = ana.send(request(accept)).await;
        assert_eq!(answer.headers[header::CONTENT_TYPE], expected);
        assert_eq!(answer.json().as_array().map(Vec::len), Some(2));
    }
    assert_eq!(ana.query("{ agents { totalCount } }").await["agents"]["totalCount"], 1);
}

on_both_databases!(
    queries_may_be_sent_by_get,
    mutations_by_get_are_rejected,
    the_status_reflects_the_result_unless_plain_json_is_accepted,
    lists_of_requests_are_accepted_only_if_enabled,
    an_empty_parameter_counts_as_absent,
    an_invalid_parameter_is_rejected_with_a_reason,
    the_accept_header_selects_the_media_type,
    all_names_of_utf_8_are_accepted,
);
