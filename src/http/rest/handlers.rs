//! The handlers that read, create, update and delete one object.

use axum::http::StatusCode;
use serde_json::{Value as Json, json};

use super::{
    body::Body,
    contract,
    nested::NestedFields,
    operation::{Operation, found},
    problem::{Rejection, check},
};
use crate::domain::{access_token::Scope, id::parse_id};

type JsonResponse = Result<axum::Json<Json>, Rejection>;

/// Responds with the scenario whose id is in the path.
pub(super) async fn read_scenario(operation: Operation) -> JsonResponse {
    let by_id = json!({ "id": operation.path_id });
    let mut data = operation.execute(Scope::Read, "ReadCrmScenario", by_id).await?;
    Ok(axum::Json(found(data["object"].take(), "id")?))
}

/// Creates an object and responds with it.
pub(super) async fn create(
    operation: Operation,
    mut body: Body,
) -> Result<(StatusCode, axum::Json<Json>), Rejection> {
    // The API reference has ids only in responses.
    body.fields.remove("id");
    let created = write(&operation, "Create", Json::Null, body).await?;
    Ok((StatusCode::CREATED, axum::Json(created)))
}

/// Updates the object whose id is in the path or the body. A field that is absent stays, and null
/// clears one.
pub(super) async fn update(operation: Operation, mut body: Body) -> JsonResponse {
    let id = operation.path_id.clone().map_or_else(|| body.take_id(), Json::from);
    let updated = write(&operation, "Update", id, body).await?;
    Ok(axum::Json((operation.resource.kind.updated)(updated)))
}

/// Executes the mutation with this verb and the fields of a body, unless the body has errors. Returns
/// the created or updated object.
async fn write(
    operation: &Operation,
    verb: &str,
    id: Json,
    mut body: Body,
) -> Result<Json, Rejection> {
    let kind = operation.resource.kind;
    let name = format!("{verb}{}", kind.type_name);
    let nested = NestedFields::flatten(kind.nested, &mut body);
    let input = contract::take(&format!("{name}Input"), &mut body);
    let written = async {
        check(body.errors)?;
        operation.mutate(&name, json!({ "id": id, "input": input })).await
    };
    let mut payload = written.await.map_err(|rejection| nested.locate(rejection))?;
    Ok(payload["object"].take())
}

/// Deletes the step whose id is in the body, and responds with what it was.
pub(super) async fn delete_step(operation: Operation, body: Body) -> JsonResponse {
    let by_id = json!({ "id": body.into_id()? });
    // A caller that may change an object also receives what it was.
    let mut data = operation.execute(Scope::Write, "ReadCrmStep", by_id.clone()).await?;
    operation.mutate("DeleteCrmStep", by_id.clone()).await?;
    let step = data["object"].take();
    if !step.is_null() {
        return Ok(axum::Json(step));
    }
    // A repeated request with an idempotency key: its step has been deleted before.
    let id = by_id["id"].as_str().and_then(parse_id).map(|id| id.to_string());
    Ok(axum::Json(json!({ "id": id })))
}

/// Deletes the scenario whose id is in the path or the body, with all its steps. With an id in the path
/// there may be no body.
pub(super) async fn delete_scenario(
    operation: Operation,
    body: Result<Body, Rejection>,
) -> JsonResponse {
    let id = match &operation.path_id {
        Some(id) => id.as_str().into(),
        None => body?.into_id()?,
    };
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
