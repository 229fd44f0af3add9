//! The handlers that read, create, update and delete one object.

use axum::{
    extract::{Path, rejection::PathRejection},
    http::StatusCode,
};
use serde_json::{Map, Value as Json, json};

use super::{
    nested::NestedFields,
    operation::{Operation, check, found, object, take_id},
    problem::{FieldError, Rejection},
};
use crate::{
    domain::{access_token::Scope, id::parse_id},
    http::body::JsonBody,
};

/// The id in a path, if the route has one.
type PathId = Result<Option<Path<String>>, PathRejection>;

type JsonResponse = Result<axum::Json<Json>, Rejection>;

/// Responds with the scenario whose id is in the path.
pub(super) async fn read_scenario(operation: Operation, path: PathId) -> JsonResponse {
    let by_id = json!({ "id": in_path(path)? });
    let mut data = operation.execute(Scope::Read, "ReadCrmScenario", by_id).await?;
    Ok(axum::Json(found(data["object"].take(), "id")?))
}

/// Creates an object and responds with it.
pub(super) async fn create(
    operation: Operation,
    JsonBody(body): JsonBody,
) -> Result<(StatusCode, axum::Json<Json>), Rejection> {
    let mut body = object(body)?;
    // The API reference has ids only in responses.
    body.remove("id");
    let created = write(&operation, "Create", Json::Null, body, Vec::new()).await?;
    Ok((StatusCode::CREATED, axum::Json(created)))
}

/// Updates the object whose id is in the path or the body. A field that is absent stays, and null
/// clears one.
pub(super) async fn update(
    operation: Operation,
    path: PathId,
    JsonBody(body): JsonBody,
) -> JsonResponse {
    let mut body = object(body)?;
    let mut errors = Vec::new();
    let id = match path {
        Ok(None) => take_id(&mut body).map_err(|error| errors.push(error)).unwrap_or_default(),
        path => in_path(path)?,
    };
    let updated = write(&operation, "Update", id, body, errors).await?;
    Ok(axum::Json((operation.resource.kind.updated)(updated)))
}

/// Executes the mutation with this verb and the fields of a body, unless there are errors, to which
/// those of the body are added. Returns the created or updated object.
async fn write(
    operation: &Operation,
    verb: &str,
    id: Json,
    mut body: Map<String, Json>,
    mut errors: Vec<FieldError>,
) -> Result<Json, Rejection> {
    let kind = operation.resource.kind;
    let name = format!("{verb}{}", kind.type_name);
    let nested = NestedFields::flatten(kind.nested, &mut body, &mut errors);
    let contract = operation.resource.contract;
    let input = contract.take(&format!("{name}Input"), &mut body, &mut errors);
    let written = async {
        check(errors)?;
        operation.mutate(&name, json!({ "id": id, "input": input })).await
    };
    let mut payload = written.await.map_err(|rejection| nested.locate(rejection))?;
    Ok(payload["object"].take())
}

/// Deletes the step whose id is in the body, and responds with what it was.
pub(super) async fn delete_step(operation: Operation, JsonBody(body): JsonBody) -> JsonResponse {
    let id = take_id(&mut object(body)?)?;
    let by_id = json!({ "id": id });
    // A caller that may change an object also receives what it was.
    let mut data = operation.execute(Scope::Write, "ReadCrmStep", by_id.clone()).await?;
    operation.mutate("DeleteCrmStep", by_id).await?;
    let step = data["object"].take();
    if !step.is_null() {
        return Ok(axum::Json(step));
    }
    // A repeated request with an idempotency key: its step has been deleted before.
    let id = id.as_str().and_then(parse_id).map(|id| id.to_string());
    Ok(axum::Json(json!({ "id": id })))
}

/// Deletes the scenario whose id is in the body, with all its steps.
pub(super) async fn delete_scenario(
    operation: Operation,
    JsonBody(body): JsonBody,
) -> JsonResponse {
    delete_with_steps(&operation, take_id(&mut object(body)?)?).await
}

/// Deletes the scenario whose id is in the path, with all its steps.
pub(super) async fn delete_scenario_at(operation: Operation, path: PathId) -> JsonResponse {
    delete_with_steps(&operation, in_path(path)?).await
}

async fn delete_with_steps(operation: &Operation, id: Json) -> JsonResponse {
    let by_id = json!({ "id": id });
    let mut data = operation.execute(Scope::Write, "ReadCrmScenarioAndStepCount", by_id).await?;
    let scenario = found(data["object"].take(), "id")?;
    // Clients do not send how many steps they expect. The mutation has no idempotency key: a repeated
    // request could have another count, which would be a mismatch.
    let count = data["count"]["steps"]["totalCount"].take();
    operation.mutate("DeleteCrmScenario", json!({ "id": id, "count": count })).await?;
    let user = operation.caller.token_id;
    Ok(axum::Json(json!({ "message": "Scenario deleted", "scenario": scenario, "user": user })))
}

/// The id in a path. One that is not UTF-8 is unknown.
fn in_path(path: PathId) -> Result<Json, Rejection> {
    let id = path.ok().flatten();
    found(id.map_or(Json::Null, |Path(id)| id.into()), "id")
}
