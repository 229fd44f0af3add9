//! Subscriptions as documents: which are valid, and what is executed for each event.

use std::collections::BTreeSet;

use apollo_compiler::{name, schema::ExtendedType};
use async_graphql::Variables;
use axum::http::{Request, StatusCode, header};
use crm_steps::{
    config::HttpConfig,
    graphql::{
        engine,
        engine::{DocumentRejected, OperationKind, Prepared, Reason},
        schema_index,
    },
};
use serde_json::json;

use crate::support::{App, on_both_databases};

/// What the engine makes of a document, and the variables that are left for its events.
fn prepare(
    document: &str,
    variables: serde_json::Value,
) -> Result<(Prepared, Variables), DocumentRejected> {
    let mut request =
        async_graphql::Request::new(document).variables(Variables::from_json(variables));
    let engine = engine((&HttpConfig::default().limits).into());
    let prepared = engine.prepare(&mut request)?;
    Ok((prepared, request.variables))
}

fn rejection(document: &str) -> (Reason, String) {
    let rejected = prepare(document, json!({})).expect_err(document);
    (rejected.reason, rejected.faults[0].message.clone())
}

#[test]
fn a_subscription_has_one_field_at_its_root() {
    for root in [
        "changes { cursor }",
        "a: changes { cursor }",
        "... { changes { cursor } }",
        "... on Subscription { changes { cursor } }",
        "...F } fragment F on Subscription { changes { cursor }",
        "changes { cursor } changes { node { id } }",
        "a: changes { cursor } ...F } fragment F on Subscription { a: changes { node { id } }",
    ] {
        let (prepared, _) = prepare(&format!("subscription {{ {root} }}"), json!({})).expect(root);
        assert_eq!(prepared.operation, OperationKind::Subscription);
    }
    for root in [
        "a: changes { cursor } b: changes { cursor }",
        "changes { cursor } ... { b: changes { cursor } }",
        "changes { cursor } ...F } fragment F on Subscription { b: changes { cursor }",
    ] {
        let (reason, message) = rejection(&format!("subscription {{ {root} }}"));
        assert_eq!(reason, Reason::Validation, "{root}");
        assert_eq!(message, "Anonymous subscription can only have one root field.", "{root}");
    }
}

#[test]
fn fields_of_one_key_at_the_root_have_equal_arguments() {
    let document = "subscription { changes { cursor } changes(after: \"a\") { cursor } }";
    assert_eq!(rejection(document).0, Reason::Validation);
}

#[test]
fn introspection_and_conditions_are_rejected_at_the_root() {
    for root in ["__typename", "__schema { description }", "__type(name: \"Agent\") { name }"] {
        let (reason, _) = rejection(&format!("subscription {{ {root} }}"));
        assert_eq!(reason, Reason::Validation, "{root}");
    }
    for root in [
        "changes @skip(if: false) { cursor }",
        "changes @include(if: true) { cursor }",
        "... @include(if: true) { changes { cursor } }",
        "...F @skip(if: false) } fragment F on Subscription { changes { cursor }",
        "... { changes @include(if: true) { cursor } }",
    ] {
        let (reason, message) = rejection(&format!("subscription {{ {root} }}"));
        assert_eq!(reason, Reason::Validation, "{root}");
        assert!(message.contains("@skip"), "{root}: {message}");
    }
    let below = "subscription { changes { cursor @include(if: true) __typename } }";
    prepare(below, json!({})).expect("conditions and introspection are allowed below the root");
}

#[test]
fn arguments_are_taken_out_of_what_events_execute() {
    let document = "subscription($after: String, $types: [ChangeSubjectType!], $id: ID = \"c\", $deep: Boolean!) {
        changes(after: $after, scenarioId: $id, subjectTypes: $types) {
            cursor node @include(if: $deep) { id }
        }
    }";
    let variables = json!({ "after": "a", "types": ["AGENT"], "deep": true });
    let (prepared, left) = prepare(document, variables).expect("it is valid");
    insta::assert_json_snapshot!(prepared.event_arguments, @r#"
    {
      "after": "a",
      "scenarioId": "c",
      "subjectTypes": [
        "AGENT"
      ]
    }
    "#);
    insta::assert_json_snapshot!(left, @r#"
    {
      "deep": true
    }
    "#);
    let (prepared, _) = prepare("{ viewer { tokenName } }", json!({})).expect("it is valid");
    assert_eq!(prepared.event_arguments, Variables::default());
}

#[test]
fn a_page_that_each_event_would_reject_is_rejected_at_the_start() {
    let page = |first: &str| {
        format!(
            "subscription {{ changes {{ node {{ subject {{
                ... on CrmScenario {{ steps(first: {first}) {{ nodes {{ id }} }} }}
            }} }} }} }}"
        )
    };
    prepare(&page("5"), json!({})).expect("it is valid");
    let message = "first is 0; it must be between 1 and 1000.".to_owned();
    assert_eq!(rejection(&page("0")), (Reason::VariableValue, message));
}

#[test]
fn the_cost_of_a_subscription_is_that_of_one_event() {
    let (prepared, _) =
        prepare("subscription { changes { cursor node { id } } }", json!({})).expect("it is valid");
    assert_eq!((prepared.cost.complexity, prepared.cost.depth), (4, 3));
}

/// Subscribers with the same scopes share the response to an event, so no field of it may show whose
/// token it is: `Viewer` is the type that does.
#[test]
fn nothing_of_an_event_is_about_the_token() {
    let schema = schema_index().valid();
    let mut reachable = BTreeSet::new();
    let mut next = vec![name!("ChangeEdge")];
    while let Some(name) = next.pop() {
        if !reachable.insert(name.clone()) {
            continue;
        }
        let fields = match schema.types.get(&name).expect("the schema is complete") {
            ExtendedType::Object(object) => &object.fields,
            ExtendedType::Interface(interface) => {
                next.extend(schema.implementers_map()[&name].iter().cloned());
                &interface.fields
            }
            _ => continue,
        };
        next.extend(fields.values().map(|field| field.ty.inner_named_type().clone()));
    }
    assert!(reachable.contains("Organization"), "{reachable:?}");
    assert!(!reachable.contains("Viewer"), "{reachable:?}");
}

async fn one_response_is_no_stream(app: App) {
    let ana = app.member_of("Horizonte").await;
    let request = Request::builder()
        .method("POST")
        .uri("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json")
        .body(json!({ "query": "subscription { changes { cursor } }" }).to_string().into())
        .expect("the request can be built");
    let response = ana.send(request).await;
    assert_eq!(response.status, StatusCode::NOT_ACCEPTABLE);
    assert_eq!(response.error_code(), "BAD_USER_INPUT");
}

on_both_databases!(one_response_is_no_stream);
