//! The REST API. `tests/clients` also tests it with a client of that API.

mod openapi;
mod rejections;
mod steps;

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use serde_json::{Value, json};

use crate::support::{App, Client, TestResponse, on_both_databases};

async fn send(client: &Client, method: Method, path: &str, body: &Value) -> TestResponse {
    let body = if body.is_null() { Body::empty() } else { body.to_string().into() };
    send_body(client, method, path, body).await
}

/// Sends these bytes as JSON.
async fn send_body(
    client: &Client,
    method: Method,
    path: &str,
    body: impl Into<Body>,
) -> TestResponse {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/json")
        .body(body.into());
    client.send(request.expect("a request")).await
}

/// Calls `/crm/step` with an idempotency key.
async fn send_with_key(client: &Client, method: Method, body: &Value, key: &str) -> TestResponse {
    let request = Request::builder()
        .method(method)
        .uri("/crm/step")
        .header(header::CONTENT_TYPE, "application/json")
        .header("Idempotency-Key", key)
        .body(body.to_string().into());
    client.send(request.expect("a request")).await
}

/// The body of a response that must have this status.
async fn done(client: &Client, method: Method, path: &str, body: Value, status: u16) -> Value {
    let answer = send(client, method, path, &body).await;
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json");
    answer.json()
}

/// The violations of a request that must be rejected with this status: path and code; or the code of the
/// problem, if it has no violations.
async fn rejected(
    client: &Client,
    method: Method,
    path: &str,
    body: Value,
    status: u16,
) -> Vec<String> {
    let answer = send(client, method, path, &body).await;
    let problem = answer.json();
    assert_eq!(answer.status.as_u16(), status, "{problem}");
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!(problem["status"], status);
    assert_eq!(problem["requestId"], answer.headers["x-request-id"].to_str().expect("text"));
    let path = |error: &Value| {
        let path = error["field"].as_array().expect("a path").iter().filter_map(Value::as_str);
        path.collect::<Vec<_>>().join(".")
    };
    let errors = problem["errors"].as_array().expect("a list").iter();
    let errors =
        errors.map(|error| format!("{} {}", path(error), error["code"].as_str().expect("a code")));
    let errors: Vec<_> = errors.collect();
    if errors.is_empty() {
        vec![problem["code"].as_str().expect("a code").to_owned()]
    } else {
        errors
    }
}

async fn scenarios_are_created_listed_updated_and_deleted(app: App) {
    let ana = app.member_of("Horizonte").await;
    let body = json!({ "name": "Sales", "description": "a", "agentId": "ignored" });
    let sales = done(&ana, Method::POST, "/crm/scenario", body, 201).await;
    assert_eq!(sales.as_object().expect("an object").len(), 6);
    let support =
        done(&ana, Method::POST, "/crm/scenario", json!({ "name": "Support" }), 201).await;
    let all = done(&ana, Method::GET, "/crm/scenario", Value::Null, 200).await;
    assert_eq!(all, json!([sales, support]));
    let agent = ana.agent("Sofia").await;
    ana.crm_step(
        &json!({ "scenarioId": support["id"], "name": "a", "prompt": "b", "agentId": agent }),
    )
    .await;
    let of_agent = format!("/crm/scenario?agentId={agent}");
    assert_eq!(done(&ana, Method::GET, &of_agent, Value::Null, 200).await, json!([support]));

    let by_id = json!({ "id": sales["id"], "name": "Vendas", "description": null });
    let updated = done(&ana, Method::PUT, "/crm/scenario", by_id, 200).await;
    assert_eq!(updated["message"], "Scenario updated");
    assert_eq!(
        (&updated["scenario"]["name"], &updated["scenario"]["description"]),
        (&json!("Vendas"), &Value::Null)
    );
    let path = format!("/crm/scenario/{}", support["id"].as_str().expect("an id"));
    assert_eq!(done(&ana, Method::GET, &path, Value::Null, 200).await, support);
    let renamed = done(&ana, Method::PATCH, &path, json!({ "name": "Suporte" }), 200).await;
    assert_eq!(renamed["scenario"]["name"], "Suporte");
    let deleted = done(&ana, Method::DELETE, &path, Value::Null, 200).await;
    assert_eq!(
        (&deleted["message"], &deleted["scenario"]["name"]),
        (&json!("Scenario deleted"), &json!("Suporte"))
    );
    assert_eq!(rejected(&ana, Method::DELETE, &path, Value::Null, 404).await, ["id NOT_FOUND"]);
    assert_eq!(
        rejected(&ana, Method::GET, "/crm/scenario/%ff", Value::Null, 404).await,
        ["id NOT_FOUND"]
    );
    done(&ana, Method::DELETE, "/crm/scenario", json!({ "id": sales["id"] }), 200).await;
    assert_eq!(done(&ana, Method::GET, "/crm/scenario", Value::Null, 200).await, json!([]));
}

async fn a_call_with_a_key_runs_once_over_rest_and_graphql(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let body = json!({ "scenarioId": scenario, "name": "A", "prompt": "b" });
    let post = async |body: &Value, key: &str| send_with_key(&ana, Method::POST, body, key).await;
    let delete =
        async |body: &Value, key: &str| send_with_key(&ana, Method::DELETE, body, key).await;
    let first = post(&body, "a").await.json();
    assert_eq!(post(&body, "a").await.json(), first);
    let call = "createCrmStep(input: $input, idempotencyKey: \"a\") { crmStep { id } }";
    let again = ana.done("($input: CreateCrmStepInput!)", call, json!({ "input": body })).await;
    assert_eq!((&again["crmStep"]["id"], &again["replayed"]), (&first["id"], &json!(true)));
    assert_eq!(ana.names(&scenario).await, "A");
    let other = json!({ "scenarioId": scenario, "name": "B", "prompt": "b" });
    let mismatch = post(&other, "a").await;
    assert_eq!(mismatch.status, StatusCode::CONFLICT);
    assert_eq!(mismatch.json()["errors"][0]["code"], "IDEMPOTENCY_KEY_MISMATCH");
    for key in ["", " ", "a b", "\u{e9}"] {
        let answer = post(&body, key).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{key:?}");
    }

    let by_id = json!({ "id": first["id"] });
    assert_eq!(delete(&by_id, "b").await.json()["name"], "A");
    let again = delete(&by_id, "b").await;
    assert_eq!((again.status, again.json()), (StatusCode::OK, by_id));
}

async fn ids_may_be_written_in_capitals(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (agent, scenario) = (ana.agent("Sofia").await, ana.scenario("Sales").await);
    let body = json!({ "scenarioId": scenario.to_uppercase(), "agentId": agent.to_uppercase(), "name": "A", "prompt": "b" });
    let step = done(&ana, Method::POST, "/crm/step", body, 201).await;
    assert_eq!((&step["scenarioId"], &step["agentId"]), (&json!(scenario), &json!(agent)));
    let (of_scenario, of_agent) = (scenario.to_uppercase(), agent.to_uppercase());
    for path in [
        format!("/crm/step?scenarioId={of_scenario}"),
        format!("/crm/step?scenarioId={of_scenario}&agentId={of_agent}"),
    ] {
        assert_eq!(done(&ana, Method::GET, &path, Value::Null, 200).await, json!([step]), "{path}");
    }
    let path = format!("/crm/scenario/{of_scenario}");
    let sales = done(&ana, Method::GET, &path, Value::Null, 200).await;
    let path = format!("/crm/scenario?agentId={of_agent}");
    assert_eq!(done(&ana, Method::GET, &path, Value::Null, 200).await, json!([sales]));
    let by_id = json!({ "id": step["id"].as_str().expect("an id").to_uppercase() });
    let delete = async || send_with_key(&ana, Method::DELETE, &by_id, "a").await.json();
    assert_eq!(delete().await, step);
    assert_eq!(delete().await, json!({ "id": step["id"] }), "sent again");
}

on_both_databases!(
    scenarios_are_created_listed_updated_and_deleted,
    a_call_with_a_key_runs_once_over_rest_and_graphql,
    ids_may_be_written_in_capitals,
);
