//! `/crm/scenario`.

use std::collections::HashSet;

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::{Map, Value as Json, json};

use super::{
    Rest,
    operation::{Operation, check, found, object, take_id},
    rejection::{FieldError, Rejection},
    view::{SCENARIO, selection},
};
use crate::{
    graphql::error::ErrorCode,
    http::{body::JsonBody, error::Problem},
};

/// The input types of the mutations.
pub(super) const CREATE_INPUT: &str = "CreateCrmScenarioInput";
pub(super) const UPDATE_INPUT: &str = "UpdateCrmScenarioInput";

/// Where a list is that belongs to nothing, and the name of what it belongs to.
const LIST: (&str, &str) = ("/list", "id");

/// Lists scenarios, oldest first; with an `agentId` those in which it takes over in some step.
pub(super) async fn list(
    State(rest): State<Rest>,
    operation: Operation,
) -> Result<axum::Json<Vec<Json>>, Rejection> {
    let with_agent = match operation.parameter("agentId") {
        None => None,
        Some(agent_id) => Some(with_agent(&rest, &operation, &agent_id).await?),
    };
    let fields = selection(SCENARIO);
    let document = format!(
        "query($after: String) {{ list: crmScenarios(first: 100, after: $after) {{ nodes {fields} \
         pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    let mut scenarios = pages(&rest, &operation, &document, LIST, &json!({})).await?;
    if let Some(wanted) = with_agent {
        scenarios.retain(|scenario| scenario["id"].as_str().is_some_and(|id| wanted.contains(id)));
    }
    Ok(axum::Json(scenarios))
}

/// The ids of the scenarios with a step of this agent.
async fn with_agent(
    rest: &Rest,
    operation: &Operation,
    agent_id: &str,
) -> Result<HashSet<String>, Rejection> {
    let document = "query($after: String, $agentId: ID!) {
        list: crmSteps(first: 100, after: $after, filter: { agentId: { eq: $agentId } }) {
            nodes { scenarioId } pageInfo { hasNextPage endCursor } } }";
    let steps = pages(rest, operation, document, LIST, &json!({ "agentId": agent_id })).await?;
    let ids = steps.iter().filter_map(|step| step["scenarioId"].as_str().map(str::to_owned));
    Ok(ids.collect())
}

/// Most bytes of the texts in a list together. This door has no pages, so it has to end somewhere.
const LIST_BYTES_MAX: usize = 50_000_000;

/// About how many bytes a value takes.
fn text_bytes(value: &Json) -> usize {
    /// What even the smallest value takes.
    const LEAST: usize = 8;
    LEAST
        + match value {
            Json::String(text) => text.len(),
            Json::Array(elements) => elements.iter().map(text_bytes).sum(),
            Json::Object(fields) => {
                fields.iter().map(|(name, field)| name.len() + text_bytes(field)).sum()
            }
            _ => 0,
        }
}

/// All elements of a list, page by page. `at` is where the list is in the data, and the field or
/// parameter that names what it belongs to; there is no list when that does not exist.
pub(super) async fn pages(
    rest: &Rest,
    operation: &Operation,
    document: &str,
    (at, owner): (&str, &str),
    variables: &Json,
) -> Result<Vec<Json>, Rejection> {
    let mut variables = variables.clone();
    let (mut elements, mut bytes) = (Vec::new(), 0);
    loop {
        let mut data = operation.query(rest, document, variables.clone()).await?;
        let mut page = found(data.pointer_mut(at).map(Json::take).unwrap_or_default(), owner)?;
        if let Json::Array(nodes) = page["nodes"].take() {
            bytes += nodes.iter().map(text_bytes).sum::<usize>();
            elements.extend(nodes);
        }
        if bytes > LIST_BYTES_MAX {
            let message = "The list is too long for one answer; GraphQL gives it in pages.";
            return Err(Problem::new(ErrorCode::QueryTooLarge, message).into());
        }
        if page["pageInfo"]["hasNextPage"] != true {
            return Ok(elements);
        }
        variables["after"] = page["pageInfo"]["endCursor"].take();
    }
}

/// A scenario.
pub(super) async fn get(
    State(rest): State<Rest>,
    operation: Operation,
    id: Result<Path<String>, PathRejection>,
) -> Result<axum::Json<Json>, Rejection> {
    let id = in_path(id)?;
    let document = format!("query($id: ID!) {{ crmScenario(id: $id) {} }}", selection(SCENARIO));
    let mut data = operation.query(&rest, &document, json!({ "id": id })).await?;
    Ok(axum::Json(found(data["crmScenario"].take(), "id")?))
}

/// Creates a scenario.
pub(super) async fn create(
    State(rest): State<Rest>,
    operation: Operation,
    JsonBody(body): JsonBody,
) -> Result<Response, Rejection> {
    let mut body = object(body)?;
    let mut violations = Vec::new();
    let input = rest.contract.take(CREATE_INPUT, &mut body, &mut violations);
    check(violations)?;
    let mut payload = operation
        .mutate(
            &rest,
            "$input: CreateCrmScenarioInput!",
            "createCrmScenario(input: $input",
            &format!("crmScenario {}", selection(SCENARIO)),
            json!({ "input": input }),
        )
        .await?;
    Ok((StatusCode::CREATED, axum::Json(payload["crmScenario"].take())).into_response())
}

/// Changes the scenario whose id is in the body.
pub(super) async fn update(
    State(rest): State<Rest>,
    operation: Operation,
    JsonBody(body): JsonBody,
) -> Result<axum::Json<Json>, Rejection> {
    let mut body = object(body)?;
    let mut violations = Vec::new();
    let id = take_id(&mut body, &mut violations);
    change(&rest, &operation, id, body, violations).await
}

/// Changes the scenario whose id is in the path.
pub(super) async fn update_at(
    State(rest): State<Rest>,
    operation: Operation,
    id: Result<Path<String>, PathRejection>,
    JsonBody(body): JsonBody,
) -> Result<axum::Json<Json>, Rejection> {
    let body = object(body)?;
    change(&rest, &operation, in_path(id)?, body, Vec::new()).await
}

async fn change(
    rest: &Rest,
    operation: &Operation,
    id: Json,
    mut body: Map<String, Json>,
    mut violations: Vec<FieldError>,
) -> Result<axum::Json<Json>, Rejection> {
    let input = rest.contract.take(UPDATE_INPUT, &mut body, &mut violations);
    check(violations)?;
    let payload = operation
        .mutate(
            rest,
            "$id: ID!, $input: UpdateCrmScenarioInput!",
            "updateCrmScenario(id: $id, input: $input",
            &format!("crmScenario {}", selection(SCENARIO)),
            json!({ "id": id, "input": input }),
        )
        .await?;
    let answer = json!({ "message": "Scenario updated", "scenario": payload["crmScenario"] });
    Ok(axum::Json(answer))
}

/// Deletes the scenario whose id is in the body, with all its steps.
pub(super) async fn delete(
    State(rest): State<Rest>,
    operation: Operation,
    JsonBody(body): JsonBody,
) -> Result<axum::Json<Json>, Rejection> {
    let mut body = object(body)?;
    let mut violations = Vec::new();
    let id = take_id(&mut body, &mut violations);
    check(violations)?;
    remove(&rest, operation, id).await
}

/// Deletes the scenario whose id is in the path, with all its steps.
pub(super) async fn delete_at(
    State(rest): State<Rest>,
    operation: Operation,
    id: Result<Path<String>, PathRejection>,
) -> Result<axum::Json<Json>, Rejection> {
    remove(&rest, operation, in_path(id)?).await
}

/// The id in a path. What is not even text is no id of anything.
fn in_path(id: Result<Path<String>, PathRejection>) -> Result<Json, Rejection> {
    found(id.map_or(Json::Null, |Path(id)| id.into()), "id")
}

async fn remove(
    rest: &Rest,
    operation: Operation,
    id: Json,
) -> Result<axum::Json<Json>, Rejection> {
    // This door does not ask how many steps the client has seen; those that are there go along.
    // As that is a part of the call, one that is sent again would be another one under the key.
    let operation = operation.without_key();
    let document = format!(
        "query($id: ID!) {{ crmScenario(id: $id) {} count: crmScenario(id: $id) {{ \
         steps {{ totalCount }} }} }}",
        selection(SCENARIO)
    );
    let mut data = operation.query_to_change(rest, &document, json!({ "id": id })).await?;
    let scenario = found(data["crmScenario"].take(), "id")?;
    let count = data["count"]["steps"]["totalCount"].take();
    operation
        .mutate(
            rest,
            "$id: ID!, $count: Int!",
            "deleteCrmScenario(id: $id, expectedStepCount: $count",
            "deletedCrmScenarioId",
            json!({ "id": id, "count": count }),
        )
        .await?;
    let user = operation.caller.token_id;
    Ok(axum::Json(json!({ "message": "Scenario deleted", "scenario": scenario, "user": user })))
}
