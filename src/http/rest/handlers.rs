//! The handlers that read, create, update and delete one object.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
};
use serde_json::{Map, Value as Json, json};

use super::{
    nested::NestedFields,
    operation::{Operation, check, found, object, take_id},
    problem::{FieldError, Rejection},
    resource::{Documents, Resource, Write},
};
use crate::{
    domain::id::parse_id,
    http::{body::JsonBody, error::Problem},
};

/// The id in a path, if the route has one.
type PathId = Result<Option<Path<String>>, PathRejection>;

type JsonResponse = Result<axum::Json<Json>, Rejection>;

/// Responds with the object whose id is in the path.
pub(super) async fn read(
    State(resource): State<Resource>,
    operation: Operation,
    path: PathId,
) -> JsonResponse {
    let id = in_path(path)?;
    let mut data = operation.query(&resource.documents.read, json!({ "id": id })).await?;
    Ok(axum::Json(found(data["object"].take(), "id")?))
}

/// Creates an object and responds with it.
pub(super) async fn create(
    State(resource): State<Resource>,
    operation: Operation,
    JsonBody(body): JsonBody,
) -> Result<(StatusCode, axum::Json<Json>), Rejection> {
    let mut body = object(body)?;
    // The API reference has ids only in responses.
    body.remove("id");
    let create = &resource.documents.create;
    let created = write(create, &resource, &operation, Json::Null, body, Vec::new()).await?;
    Ok((StatusCode::CREATED, axum::Json(created)))
}

/// Updates the object whose id is in the path or the body. A field that is absent stays, and null
/// clears one.
pub(super) async fn update(
    State(resource): State<Resource>,
    operation: Operation,
    path: PathId,
    JsonBody(body): JsonBody,
) -> JsonResponse {
    let mut body = object(body)?;
    let mut errors = Vec::new();
    let id = match path {
        Ok(None) => take_id(&mut body, &mut errors),
        path => in_path(path)?,
    };
    let update = &resource.documents.update;
    let updated = write(update, &resource, &operation, id, body, errors).await?;
    Ok(axum::Json((resource.kind.updated)(updated)))
}

/// Executes a mutation with the fields of a body, unless there are errors, to which those of the body
/// are added. Returns the created or updated object.
async fn write(
    write: &Write,
    resource: &Resource,
    operation: &Operation,
    id: Json,
    mut body: Map<String, Json>,
    mut errors: Vec<FieldError>,
) -> Result<Json, Rejection> {
    let nested = NestedFields::flatten(resource.kind.nested, &mut body, &mut errors);
    let input = resource.contract.take(&write.input_type, &mut body, &mut errors);
    let written = async {
        check(errors)?;
        operation.mutate(&write.document, json!({ "id": id, "input": input })).await
    };
    let mut payload = written.await.map_err(|rejection| nested.locate(rejection))?;
    Ok(payload["object"].take())
}

/// Deletes the step whose id is in the body, and responds with what it was.
pub(super) async fn delete_step(
    State(documents): State<Arc<Documents>>,
    operation: Operation,
    JsonBody(body): JsonBody,
) -> JsonResponse {
    let id = id_in(body)?;
    let by_id = json!({ "id": id });
    let mut data = operation.query_to_change(&documents.before_deletion, by_id.clone()).await?;
    operation.mutate(&documents.delete, by_id).await?;
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
    State(documents): State<Arc<Documents>>,
    operation: Operation,
    JsonBody(body): JsonBody,
) -> JsonResponse {
    delete_with_steps(&documents, operation, id_in(body)?).await
}

/// Deletes the scenario whose id is in the path, with all its steps.
pub(super) async fn delete_scenario_at(
    State(documents): State<Arc<Documents>>,
    operation: Operation,
    path: PathId,
) -> JsonResponse {
    delete_with_steps(&documents, operation, in_path(path)?).await
}

async fn delete_with_steps(documents: &Documents, operation: Operation, id: Json) -> JsonResponse {
    // Clients do not send how many steps they expect, so this reads the count first. A repeated
    // request could have another count, which would be a mismatch under the same idempotency key.
    let operation = operation.without_key();
    let by_id = json!({ "id": id });
    let mut data = operation.query_to_change(&documents.before_deletion, by_id).await?;
    let scenario = found(data["object"].take(), "id")?;
    let count = data["count"]["steps"]["totalCount"].take();
    operation.mutate(&documents.delete, json!({ "id": id, "count": count })).await?;
    let user = operation.caller.token_id;
    Ok(axum::Json(json!({ "message": "Scenario deleted", "scenario": scenario, "user": user })))
}

/// The id in a path. One that is not UTF-8 is unknown.
fn in_path(path: PathId) -> Result<Json, Rejection> {
    let id = path.ok().flatten();
    found(id.map_or(Json::Null, |Path(id)| id.into()), "id")
}

/// The id in a body.
fn id_in(body: Result<Bytes, Problem>) -> Result<Json, Rejection> {
    let mut errors = Vec::new();
    let id = take_id(&mut object(body)?, &mut errors);
    check(errors)?;
    Ok(id)
}
