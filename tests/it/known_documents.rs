//! A document that has been answered before is not checked as a whole again: what its variables
//! bring is refused as it is the first time.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Answer, App, on_both_databases};

const CREATE: &str = "mutation(
    $input: CreateCrmStepInput!, $to: CrmStepPlacement, $validateOnly: Boolean, $key: String
) {
    createCrmStep(input: $input, to: $to, validateOnly: $validateOnly, idempotencyKey: $key) {
        crmStep { index name } userErrors { code } replayed
    }
}";

const FIND: &str =
    "query($id: ID!, $first: Int, $filter: CrmStepFilter, $text: String, $named: Boolean!) {
    crmScenario(id: $id) { id name @include(if: $named) }
    crmSteps(first: $first, filter: $filter) { nodes { name } }
    agents(filter: { name: { contains: $text } }) { nodes { name } }
}";

/// What an answer says, without what is another one each time.
fn what(answer: &Answer) -> Value {
    let mut json = answer.json();
    for error in json["errors"].as_array_mut().into_iter().flatten() {
        error["extensions"]["requestId"].take();
    }
    json
}

async fn is_refused_as_one_that_is_new(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let input = json!({ "scenarioId": scenario, "name": "Lead", "prompt": "Greet." });
    let with = |field: &str, value: Value| {
        let mut input = input.clone();
        input[field] = value;
        json!({ "input": input })
    };
    let without = |field: &str| {
        let mut input = input.clone();
        input.as_object_mut().expect("an object").remove(field);
        json!({ "input": input })
    };
    let of_create = vec![
        json!({}),
        json!({ "input": null }),
        json!({ "input": "Lead" }),
        json!({ "input": [input] }),
        without("name"),
        without("scenarioId"),
        with("name", Value::Null),
        with("name", json!(7)),
        with("name", json!("")),
        with("scenarioId", json!(7)),
        with("colour", json!("red")),
        with("autoNextTime", json!("5")),
        with("autoNextTime", json!(5.5)),
        with("autoNextTime", json!(3_000_000_000_u32)),
        with("autoNextTimeUnit", json!("s")),
        with("autoNextTimeUnit", json!(1)),
        with("defaultStatus", json!("resolved")),
        with("defaultAiControl", json!("true")),
        with("defaultTags", json!(["lead", null])),
        with("defaultTags", json!([["lead"]])),
        with("requestContact", json!({ "name": "yes" })),
        with("requestContact", json!({ "age": true })),
        with("webhookHeader", json!("X-Source: crm")),
        with("webhookHeader", json!({ "X-Source": 1 })),
        json!({ "input": input, "to": { "first": true, "last": true } }),
        json!({ "input": input, "to": {} }),
        json!({ "input": input, "to": { "index": "0" } }),
        json!({ "input": input, "validateOnly": "no" }),
        json!({ "input": input, "key": 5 }),
        json!({ "input": input, "key": "" }),
    ];
    let of_find = vec![
        json!({ "named": true }),
        json!({ "id": null, "named": true }),
        json!({ "id": [], "named": true }),
        json!({ "id": scenario }),
        json!({ "id": scenario, "named": null }),
        json!({ "id": scenario, "named": "true" }),
        json!({ "id": scenario, "named": true, "first": "2" }),
        json!({ "id": scenario, "named": true, "first": 2.5 }),
        json!({ "id": scenario, "named": true, "first": 3_000_000_000_u32 }),
        json!({ "id": scenario, "named": true, "first": 0 }),
        json!({ "id": scenario, "named": true, "text": 5 }),
        json!({ "id": scenario, "named": true, "text": { "a": 1 } }),
        json!({ "id": scenario, "named": true, "filter": { "colour": {} } }),
        json!({ "id": scenario, "named": true, "filter": { "name": { "eq": 5 } } }),
        json!({ "id": scenario, "named": true, "filter": { "createdAt": { "lt": "then" } } }),
        json!({ "id": scenario, "named": true, "filter": { "id": { "in": [[]] } } }),
    ];
    let find = json!({
        "id": scenario, "named": true, "first": 2, "text": "a",
        "filter": { "createdAt": { "gt": "2026-01-01T00:00:00Z" } },
    });
    for (document, sound, faults) in
        [(CREATE, json!({ "input": input }), of_create), (FIND, find, of_find)]
    {
        for _ in 0..3 {
            let answer = ana.graphql(document, sound.clone()).await;
            assert!(!answer.text.contains("\"errors\""), "{}", answer.text);
        }
        let before = ana.names(&scenario).await;
        for (number, variables) in faults.into_iter().enumerate() {
            let new = format!("{document}{}", " ".repeat(number + 1));
            let expected = ana.graphql(&new, variables.clone()).await;
            let actual = ana.graphql(document, variables.clone()).await;
            assert_eq!((actual.status, what(&actual)), (expected.status, what(&expected)));
            let is_refused = actual.text.contains("\"errors\"") || actual.text.contains("\"code\"");
            assert!(is_refused, "{variables} {}", actual.text);
        }
        assert_eq!(ana.names(&scenario).await, before, "nothing was created");
    }
}

async fn one_that_is_not_valid_is_never_taken_for_valid(app: App) {
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

on_both_databases!(is_refused_as_one_that_is_new, one_that_is_not_valid_is_never_taken_for_valid,);
