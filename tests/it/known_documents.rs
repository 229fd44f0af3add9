//! A document that was executed before is not validated again, but its variables are: invalid ones are
//! rejected as for a new document.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{App, TestResponse, on_both_databases};

const CREATE: &str = "mutation(
    $input: CreateCrmStepInput!, $to: CrmStepPlacement, $validateOnly: Boolean, $key: String
) {
    createCrmStep(input: $input, to: $to, validateOnly: $validateOnly, idempotencyKey: $key) {
        crmStep { index name } userErrors { code } replayed
    }
}";

const CREATE_TWO: &str = "mutation($a: CreateAgentInput!, $b: CreateAgentInput!) {
    a: createAgent(input: $a, validateOnly: true) { userErrors { code } }
    b: createAgent(input: $b, validateOnly: true) { userErrors { code } }
}";

const FIND: &str = "query($id: ID!, $first: Int = 5, $filter: CrmStepFilter, $named: Boolean!) {
    crmScenario(id: $id) { id name @include(if: $named) }
    crmSteps(first: $first, filter: $filter) { nodes { name } }
}";

const FIND_NAMED: &str = "query($text: String) {
    agents(filter: { name: { contains: $text } }) { nodes { name } }
}";

/// The body without the request ids, which differ each time.
fn comparable(answer: &TestResponse) -> Value {
    let mut json = answer.json();
    for error in json["errors"].as_array_mut().into_iter().flatten() {
        error["extensions"]["requestId"].take();
    }
    json
}

/// These variables with another value at a path.
fn with(valid: &Value, path: &str, value: Value) -> Value {
    let mut variables = valid.clone();
    let (parent, name) = path.rsplit_once('/').expect("a path");
    variables.pointer_mut(parent).expect("it is there")[name] = value;
    variables
}

/// These variables without the value at a path.
fn without(valid: &Value, path: &str) -> Value {
    let mut variables = valid.clone();
    let (parent, name) = path.rsplit_once('/').expect("a path");
    let parent = variables.pointer_mut(parent).expect("it is there");
    parent.as_object_mut().expect("an object").remove(name);
    variables
}

async fn invalid_variables_are_rejected_as_for_a_new_document(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let create = json!({ "input": { "scenarioId": scenario, "name": "Lead", "prompt": "Greet." } });
    let of_create = [
        without(&create, "/input"),
        with(&create, "/input", Value::Null),
        with(&create, "/input", json!("Lead")),
        with(&create, "/input", json!([create["input"]])),
        without(&create, "/input/name"),
        without(&create, "/input/scenarioId"),
        with(&create, "/input/name", Value::Null),
        with(&create, "/input/name", json!(7)),
        with(&create, "/input/name", json!("")),
        with(&create, "/input/scenarioId", json!(7)),
        with(&create, "/input/colour", json!("red")),
        with(&create, "/input/autoNextTime", json!("5")),
        with(&create, "/input/autoNextTime", json!(5.5)),
        with(&create, "/input/autoNextTime", json!(3_000_000_000_u32)),
        with(&create, "/input/autoNextTimeUnit", json!("s")),
        with(&create, "/input/autoNextTimeUnit", json!(1)),
        with(&create, "/input/defaultStatus", json!("resolved")),
        with(&create, "/input/defaultAiControl", json!("true")),
        with(&create, "/input/defaultTags", json!(["lead", null])),
        with(&create, "/input/defaultTags", json!([["lead"]])),
        with(&create, "/input/requestContact", json!({ "name": "yes" })),
        with(&create, "/input/requestContact", json!({ "age": true })),
        with(&create, "/input/webhookHeader", json!("X-Source: crm")),
        with(&create, "/input/webhookHeader", json!({ "X-Source": 1 })),
        with(&create, "/to", json!({ "first": true, "last": true })),
        with(&create, "/to", json!({})),
        with(&create, "/to", json!({ "index": "0" })),
        with(&create, "/validateOnly", json!("no")),
        with(&create, "/validateOnly", Value::Null),
        with(&create, "/key", json!(5)),
        with(&create, "/key", json!("")),
    ];
    let two = json!({ "a": { "name": "A" }, "b": { "name": "B" } });
    let of_two = [
        with(&two, "/b", json!("B")),
        with(&two, "/b", json!([])),
        with(&two, "/b/name", Value::Null),
        with(&two, "/b/colour", json!("red")),
        without(&two, "/b"),
        without(&two, "/b/name"),
    ];
    let find = json!({ "id": scenario, "named": true, "filter": { "name": { "contains": "e" } } });
    let of_find = [
        without(&find, "/id"),
        with(&find, "/id", Value::Null),
        with(&find, "/id", json!([])),
        without(&find, "/named"),
        with(&find, "/named", Value::Null),
        with(&find, "/named", json!("true")),
        with(&find, "/named", json!([true])),
        with(&find, "/first", json!("2")),
        with(&find, "/first", json!(2.5)),
        with(&find, "/first", json!(3_000_000_000_u32)),
        with(&find, "/first", json!(0)),
        with(&find, "/filter/colour", json!({})),
        with(&find, "/filter/name", json!({ "eq": 5 })),
        with(&find, "/filter/createdAt", json!({ "lt": "then" })),
        with(&find, "/filter/id", json!({ "in": [[]] })),
    ];
    let named = json!({ "text": "a" });
    let of_named = [with(&named, "/text", json!(5)), with(&named, "/text", json!({ "a": 1 }))];
    for (document, valid, invalid) in [
        (CREATE, create, &of_create[..]),
        (CREATE_TWO, two, &of_two),
        (FIND, find, &of_find),
        (FIND_NAMED, named, &of_named),
    ] {
        for _ in 0..3 {
            let answer = ana.graphql(document, valid.clone()).await;
            assert!(!answer.text.contains("\"errors\""), "{}", answer.text);
        }
        let before = app.contents().await;
        for (number, variables) in invalid.iter().enumerate() {
            let new = format!("{document}{}", " ".repeat(number + 1));
            let expected = ana.graphql(&new, variables.clone()).await;
            let actual = ana.graphql(document, variables.clone()).await;
            assert_eq!(
                (actual.status, comparable(&actual)),
                (expected.status, comparable(&expected))
            );
            let is_rejected =
                actual.text.contains("\"errors\"") || actual.text.contains("\"code\"");
            assert!(is_rejected, "{variables} {}", actual.text);
        }
        assert_eq!(app.contents().await, before, "nothing was stored");
    }
}

async fn an_invalid_document_is_not_cached_as_valid(app: App) {
    let ana = app.member_of("Horizonte").await;
    for _ in 0..3 {
        for document in [
            "{ agents { nodes { nose } } }",
            "{ agents { nodes } }",
            "query($a: Int) { __typename }",
        ] {
            let answer = ana.graphql(document, json!({})).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
        }
    }
}

on_both_databases!(
    invalid_variables_are_rejected_as_for_a_new_document,
    an_invalid_document_is_not_cached_as_valid
);
