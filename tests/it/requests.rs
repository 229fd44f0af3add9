//! Invalid requests and the response to each: a status, a code and a message, without internals of
//! the service.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use serde_json::{Value, json};

use crate::support::{App, Client, TestResponse, on_both_databases};

/// Checks that a response contains no text of a driver, of SQL, of a path or of Rust.
fn assert_reveals_nothing(answer: &TestResponse) {
    let text = answer.text.to_lowercase();
    for internal in [
        "sql",
        "sea_orm",
        "seaorm",
        "dberr",
        "no such table",
        "relation \\\"",
        "constraint",
        "panick",
        ".rs",
        "src/",
        "/tmp",
        "serde",
        "at line",
        "unwrap",
        "some(",
        "none)",
        "err(",
        "rust",
        "uuid",
    ] {
        assert!(!text.contains(internal), "{internal:?} is in {}", answer.text);
    }
}

/// Checks that a body is rejected, and returns the sentence.
pub(crate) async fn refuses(
    client: &Client,
    body: impl Into<Body>,
    status: StatusCode,
    code: &str,
) -> String {
    let answer = client.post(body).await;
    assert_eq!((answer.status, answer.error_code().as_str()), (status, code), "{}", answer.text);
    assert_reveals_nothing(&answer);
    answer.json()["errors"][0]["message"].as_str().expect("a sentence").to_owned()
}

fn request(query: &str, variables: &Value) -> String {
    json!({ "query": query, "variables": variables }).to_string()
}

async fn a_document_that_is_not_graphql_is_rejected(app: App) {
    let ana = app.member_of("Horizonte").await;
    for query in [
        "#",
        "{",
        "{ a",
        "}",
        "nonsense",
        "{ a(b: \"c) }",
        "{ a(b: \u{0}) }",
        "{ a(b) }",
        "{ a(b: \"\n\") }",
    ] {
        refuses(&ana, request(query, &json!({})), StatusCode::BAD_REQUEST, "GRAPHQL_PARSE_FAILED")
            .await;
    }
    let answer = ana.graphql("{\n  viewer {\n}", json!({})).await;
    insta::allow_duplicates! {
        insta::assert_json_snapshot!(answer.json()["errors"][0], { ".extensions.requestId" => "[id]" }, @r#"
    {
      "message": "Syntax error: expected at least one Selection in Selection Set, found `}`.",
      "locations": [
        {
          "line": 3,
          "column": 1
        }
      ],
      "extensions": {
        "code": "GRAPHQL_PARSE_FAILED",
        "requestId": "[id]"
      }
    }
    "#);
    };
}

async fn a_document_that_does_not_match_the_schema_is_rejected(app: App) {
    let ana = app.member_of("Horizonte").await;
    for query in [
        "{ nonsense }",
        "{ viewer }",
        "{ viewer { nonsense } }",
        "{ crmStep { id } }",
        "{ crmStep(id: { a: 1 }) { id } }",
        "{ agents(first: \"1\") { totalCount } }",
        "type A { b: C }",
        "query A { __typename } query A { __typename }",
        "query($a: Nonsense) { agents(first: $a) { totalCount } }",
        "query($a: Int) { __typename }",
        "{ agents(first: $a) { totalCount } }",
        "{ ...A } fragment A on Query { ...A }",
        "query A { __typename } query B { __typename }",
        "subscription { a }",
        "mutation { createAgent(input: { name: \"a\", nonsense: 1 }) { agent { id } } }",
        "mutation { createAgent(input: { name: null }) { agent { id } } }",
        "mutation { createAgent(input: {}) { agent { id } } }",
        "mutation { createMembership(input: { name: \"a\", email: \"a@b.cd\", role: KING }) { membership { id } } }",
    ] {
        refuses(
            &ana,
            request(query, &json!({})),
            StatusCode::BAD_REQUEST,
            "GRAPHQL_VALIDATION_FAILED",
        )
        .await;
    }
    let unknown = json!({ "query": "query A { __typename }", "operationName": "B" }).to_string();
    refuses(&ana, unknown, StatusCode::BAD_REQUEST, "GRAPHQL_VALIDATION_FAILED").await;
}

async fn a_variable_of_the_wrong_type_is_bad_user_input(app: App) {
    let ana = app.member_of("Horizonte").await;
    let create =
        "mutation($input: CreateCrmStepInput!) { createCrmStep(input: $input) { crmStep { id } } }";
    let before = app.contents().await;
    let step = |fields: Value| {
        let mut input = json!({ "scenarioId": "a", "name": "b", "prompt": "c" });
        input
            .as_object_mut()
            .expect("an object")
            .extend(fields.as_object().expect("an object").clone());
        json!({ "input": input })
    };
    for variables in [
        json!({}),
        json!({ "input": null }),
        json!({ "input": "text" }),
        json!({ "input": [] }),
        json!({ "input": {} }),
        json!({ "input": { "name": "a" } }),
        step(json!({ "name": null })),
        step(json!({ "name": 7 })),
        step(json!({ "nonsense": 7 })),
        step(json!({ "autoNextTime": "1" })),
        step(json!({ "autoNextTime": 1.5 })),
        step(json!({ "autoNextTime": 4_000_000_000_u64 })),
        step(json!({ "autoNextTimeUnit": "weeks" })),
        step(json!({ "defaultStatus": "resolved" })),
        step(json!({ "isRequired": "yes" })),
        step(json!({ "defaultTags": [null] })),
        step(json!({ "defaultTags": [["a"]] })),
        step(json!({ "requestContact": { "fax": true } })),
        step(json!({ "selectedMembershipIdsForAssignee": [null] })),
    ] {
        refuses(&ana, request(create, &variables), StatusCode::BAD_REQUEST, "BAD_USER_INPUT").await;
    }
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn an_absent_variable_counts_as_an_absent_argument(app: App) {
    let ana = app.member_of("Horizonte").await;
    let create = "mutation($icon: String, $only: Boolean) {
        createAgent(input: { name: \"a\", iconUrl: $icon }, validateOnly: $only) { agent { name iconUrl } } }";
    let created = ana.graphql(create, json!({})).await.data();
    assert_eq!(created["createAgent"]["agent"], json!({ "name": "a", "iconUrl": null }));
}

async fn an_invalid_argument_stops_the_mutations_before_it(app: App) {
    let ana = app.member_of("Horizonte").await;
    let before = app.contents().await;
    let first = "a: createAgent(input: { name: \"a\" }) { agent { id } }";
    let scenario = "scenarioId: \"a\", name: \"b\", prompt: \"c\"";
    for second in [
        format!("createCrmStep(input: {{ {scenario}, autoNextTime: 99999999999 }}) {{ replayed }}"),
        "deleteAgent(id: \"a\", expectedVersion: -2147483649) { replayed }".to_owned(),
        format!("createCrmSteps(inputs: [{{ {scenario}, autoNextTime: 2147483648 }}]) {{ replayed }}"),
        format!("createCrmSteps(inputs: {{ {scenario}, autoNextTime: 2147483648 }}) {{ replayed }}"),
        "...F } fragment F on Mutation { deleteAgent(id: \"a\", expectedVersion: 4000000000) { replayed }".to_owned(),
    ] {
        let body = request(&format!("mutation {{ {first} b: {second} }}").replace("b: ...", "..."), &json!({}));
        refuses(&ana, body, StatusCode::BAD_REQUEST, "GRAPHQL_VALIDATION_FAILED").await;
    }
    // Values other than objects for an input object, and null for a non-null one.
    for input in ["\"s\"", "[]", "1"] {
        let document =
            format!("mutation {{ {first} b: createAgent(input: {input}) {{ replayed }} }}");
        let body = request(&document, &json!({}));
        refuses(&ana, body, StatusCode::BAD_REQUEST, "GRAPHQL_VALIDATION_FAILED").await;
    }
    let by_variable = format!(
        "mutation($v: CreateAgentInput!) {{ {first} b: createAgent(input: $v) {{ replayed }} }}"
    );
    for value in [json!("s"), json!([]), json!([{ "name": "b" }]), json!(1)] {
        let body = request(&by_variable, &json!({ "v": value }));
        refuses(&ana, body, StatusCode::BAD_REQUEST, "BAD_USER_INPUT").await;
    }
    let by_variable = format!(
        "mutation($v: Int) {{ {first} b: deleteAgent(id: \"a\", expectedVersion: $v) {{ replayed }} }}"
    );
    let body = request(&by_variable, &json!({ "v": 4_000_000_000_u64 }));
    refuses(&ana, body, StatusCode::BAD_REQUEST, "BAD_USER_INPUT").await;
    assert_eq!(app.contents().await, before, "nothing was executed");
    ana.query("{ node(id: 99999999999) { id } }").await;
}

async fn an_empty_operation_name_counts_as_absent(app: App) {
    let ana = app.member_of("Horizonte").await;
    let body = json!({ "query": "query A { __typename }", "operationName": "" }).to_string();
    assert_eq!(ana.post(body).await.data(), json!({ "__typename": "Query" }));
}

async fn too_large_and_too_deep_requests_are_rejected(app: App) {
    let ana = app.member_of("Horizonte").await;
    let large = request("{ __typename }", &json!({ "a": "x".repeat(5_000_000) }));
    refuses(&ana, large, StatusCode::PAYLOAD_TOO_LARGE, "QUERY_TOO_LARGE").await;
    for bracket in ["{a", "{ ... ", "{a(b:[", "{a(b:{c:", "query($a:[", "{a(b:\"\"c:["] {
        // The most that fits into a body, where some characters take two bytes.
        let bytes = json!(bracket).to_string().len() - "\"\"".len();
        let body = json!({ "query": bracket.repeat(900_000 / bytes) }).to_string();
        refuses(&ana, body, StatusCode::BAD_REQUEST, "QUERY_TOO_LARGE").await;
    }
    for depth in [64, 100, 127] {
        let nested = format!("{}a{}", "{a".repeat(depth), "}".repeat(depth));
        let answer = ana.graphql(&nested, json!({})).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    }
}

async fn nested_fragments_are_counted_before_they_are_expanded(app: App) {
    let ana = app.member_of("Horizonte").await;
    let bomb = |levels: usize| {
        let fragments = (0..levels)
            .map(|level| format!("fragment F{level} on Query {{ ...F{0} ...F{0} }}", level + 1));
        let fragments: String = fragments.collect();
        format!("{{ ...F0 }} {fragments} fragment F{levels} on Query {{ __typename }}")
    };
    let harmless = ana.graphql(&bomb(5), json!({})).await;
    assert_eq!(harmless.data(), json!({ "__typename": "Query" }));
    for levels in [14, 24, 10_000] {
        let body = request(&bomb(levels), &json!({}));
        refuses(&ana, body, StatusCode::BAD_REQUEST, "QUERY_TOO_LARGE").await;
        let beside = format!("query A {{ __typename }} query B {}", bomb(levels));
        let body = json!({ "query": beside, "operationName": "A" }).to_string();
        refuses(&ana, body, StatusCode::BAD_REQUEST, "QUERY_TOO_LARGE").await;
    }
}

async fn other_methods_and_paths_are_rejected(app: App) {
    let ana = app.member_of("Horizonte").await;
    let body = request("{ __typename }", &json!({}));
    for content_type in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=a"),
        Some("application/jsonx"),
    ] {
        let mut request =
            Request::post("/graphql").body(Body::from(body.clone())).expect("a request");
        if let Some(content_type) = content_type {
            request
                .headers_mut()
                .insert(header::CONTENT_TYPE, content_type.parse().expect("a value"));
        }
        let answer = ana.send(request).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{content_type:?}");
        assert_eq!(answer.error_code(), "BAD_USER_INPUT");
    }
    for (method, path, status) in [
        (Method::PUT, "/graphql", StatusCode::METHOD_NOT_ALLOWED),
        (Method::POST, "/", StatusCode::METHOD_NOT_ALLOWED),
        (Method::GET, "/nonsense", StatusCode::NOT_FOUND),
        (Method::POST, "/graphql/", StatusCode::NOT_FOUND),
        (Method::GET, "/../../etc/passwd", StatusCode::NOT_FOUND),
    ] {
        let request =
            Request::builder().method(&method).uri(path).body(Body::empty()).expect("a request");
        let answer = ana.send(request).await;
        assert_eq!(answer.status, status, "{method} {path}");
        assert_eq!(answer.error_code(), "BAD_USER_INPUT");
        assert_reveals_nothing(&answer);
    }
}

async fn a_response_has_the_accepted_media_type(app: App) {
    let ana = app.member_of("Horizonte").await;
    for (accept, expected) in [
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        (
            "application/graphql-response+json, application/json;q=0.9",
            "application/graphql-response+json",
        ),
    ] {
        let request = Request::post("/graphql")
            .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
            .header(header::ACCEPT, accept)
            .body(Body::from(request("{ __typename }", &json!({}))));
        let answer = ana.send(request.expect("a request")).await;
        assert_eq!(answer.headers[header::CONTENT_TYPE], expected, "{accept}");
        assert_eq!(answer.data(), json!({ "__typename": "Query" }));
    }
}

async fn an_internal_error_reveals_only_the_request_id(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    app.execute("ALTER TABLE crm_scenario RENAME TO gone").await;
    for query in [
        "{ crmScenarios { totalCount nodes { id } } }".to_owned(),
        format!("{{ crmScenario(id: \"{scenario}\") {{ id }} }}"),
        "mutation { createCrmScenario(input: { name: \"a\" }) { crmScenario { id } } }".to_owned(),
        format!(
            "mutation {{ createCrmStep(input: {{ scenarioId: \"{scenario}\", name: \"a\", prompt: \"b\" }}) {{ crmStep {{ id }} }} }}"
        ),
    ] {
        let body = request(&query, &json!({}));
        let message = refuses(&ana, body, StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL").await;
        assert_eq!(
            message,
            "The service could not answer. Quote the requestId when you report this."
        );
    }
    let partly = "mutation { createAgent(input: { name: \"a\" }) { agent { name } }
        createCrmScenario(input: { name: \"a\" }) { crmScenario { id } } }";
    let answer = ana.graphql(partly, json!({})).await;
    assert_eq!(answer.status, StatusCode::OK, "part of the response succeeded");
    assert_eq!(answer.error_code(), "INTERNAL");
    let expected =
        json!({ "createAgent": { "agent": { "name": "a" } }, "createCrmScenario": null });
    assert_eq!(answer.json()["data"], expected);

    app.execute("ALTER TABLE access_token RENAME TO gone_too").await;
    // A client whose token is not cached.
    let ana = app.on(app.database.clone()).with_token_of(&ana);
    refuses(
        &ana,
        request("{ __typename }", &json!({})),
        StatusCode::INTERNAL_SERVER_ERROR,
        "INTERNAL",
    )
    .await;
}

async fn the_introspection_query_of_graphiql_is_executed(app: App) {
    let ana = app.member_of("Horizonte").await;
    let type_reference =
        (0..9).fold("kind name".to_owned(), |inner, _| format!("kind name ofType {{ {inner} }}"));
    let query = format!(
        "query IntrospectionQuery {{ __schema {{
            description queryType {{ name kind }} mutationType {{ name kind }} subscriptionType {{ name kind }}
            types {{ kind name description specifiedByURL
                fields(includeDeprecated: true) {{ name description
                    args(includeDeprecated: true) {{ name description type {{ {type_reference} }} defaultValue }}
                    type {{ {type_reference} }} isDeprecated deprecationReason }}
                inputFields(includeDeprecated: true) {{ name description type {{ {type_reference} }} defaultValue }}
                interfaces {{ {type_reference} }}
                enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }}
                possibleTypes {{ {type_reference} }} }}
            directives {{ name description isRepeatable locations args(includeDeprecated: true) {{ name type {{ {type_reference} }} }} }}
        }} }}"
    );
    let schema = ana.query(&query).await;
    assert_eq!(schema["__schema"]["queryType"]["name"], "Query");
}

on_both_databases!(
    a_document_that_is_not_graphql_is_rejected,
    a_document_that_does_not_match_the_schema_is_rejected,
    a_variable_of_the_wrong_type_is_bad_user_input,
    an_absent_variable_counts_as_an_absent_argument,
    an_invalid_argument_stops_the_mutations_before_it,
    an_empty_operation_name_counts_as_absent,
    too_large_and_too_deep_requests_are_rejected,
    nested_fragments_are_counted_before_they_are_expanded,
    other_methods_and_paths_are_rejected,
    a_response_has_the_accepted_media_type,
    an_internal_error_reveals_only_the_request_id,
    the_introspection_query_of_graphiql_is_executed,
);
