//! The description of this door, in OpenAPI 3.1, with the types and texts of the GraphQL schema.

use serde_json::{Map, Value as Json, json};

use super::{
    contract::{Contract, reference},
    scenario,
    step::{self, NESTED},
    view::{SCENARIO, STEP},
};
use crate::http::IDEMPOTENCY_KEY;

/// The whole document.
pub(super) fn document(contract: &Contract) -> Json {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "crm-steps",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Pipelines of steps for AI chat agents. This is the REST part; all of \
                            the service is at POST /graphql. Keys of a body that are not described \
                            here are ignored, except in zapi and whatsapp; a key that comes twice \
                            in one object is refused.",
        },
        "servers": [{ "url": "/" }],
        "security": [{ "bearer": [] }],
        "paths": {
            "/crm/step": step_paths(),
            "/crm/scenario": scenario_paths(),
            "/crm/scenario/{id}": scenario_by_path(),
        },
        "components": {
            "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" } },
            "schemas": schemas(contract),
        },
    })
}

fn json_content(schema: &Json) -> Json {
    json!({ "application/json": { "schema": schema } })
}

fn body(schema: &str) -> Json {
    json!({ "required": true, "content": json_content(&reference(schema)) })
}

/// An operation that answers with this status and schema, or with a problem.
fn operation(id: &str, summary: &str, status: &str, answer: &Json, more: Json) -> Json {
    let mut responses = Map::new();
    let success = json!({ "description": "Done.", "content": json_content(answer) });
    responses.insert(status.to_owned(), success);
    for (status, description) in [
        ("400", "The request breaks rules: all of them, each with its field."),
        ("401", "There is no valid token."),
        ("403", "The token lacks the scope."),
        ("404", "An id is unknown, or another organization's."),
        ("409", "Others have changed it in the meantime, or have the key."),
        ("413", "The body is too large."),
        ("415", "The body is not JSON."),
        ("429", "The token has sent too many requests; Retry-After says when to go on."),
        ("500", "Something broke; the problem says nothing but the request's id."),
        ("503", "The service has too much to do, or the request took too long."),
    ] {
        let content = json!({ "application/problem+json": { "schema": reference("Problem") } });
        let problem = json!({ "description": description, "content": content });
        responses.insert(status.to_owned(), problem);
    }
    let mut operation = json!({ "operationId": id, "summary": summary, "responses": responses });
    if let (Some(operation), Json::Object(more)) = (operation.as_object_mut(), more) {
        operation.extend(more);
    }
    operation
}

fn idempotency_key() -> Json {
    json!({
        "name": IDEMPOTENCY_KEY.as_str(),
        "in": "header",
        "description": "A text of your choice, up to 255 characters. For 24 hours a operation with the \
                        same key and the same body is answered as the first one was, and nothing \
                        is done twice.",
        "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
    })
}

/// A parameter of the query string. One that is empty is not given.
fn query(name: &str, description: &str, required: bool) -> Json {
    let mut schema = json!({ "type": "string" });
    if required {
        schema["minLength"] = 1.into();
    }
    json!({
        "name": name,
        "in": "query",
        "description": description,
        "required": required,
        "schema": schema,
    })
}

fn step_paths() -> Json {
    let step = reference("CrmStep");
    let wanted = [
        query("scenarioId", "The scenario's id.", true),
        query("agentId", "Only the steps in which this agent takes over.", false),
    ];
    let steps = json!({ "type": "array", "items": step });
    json!({
        "get": operation("listCrmSteps", "The steps of a scenario, in their order.", "200", &steps,
            json!({ "parameters": wanted })),
        "post": operation("createCrmStep", "Creates a step, behind all others.", "201", &step,
            json!({ "parameters": [idempotency_key()], "requestBody": body(step::CREATE_INPUT) })),
        "put": operation("updateCrmStep",
            "Changes a step. What is left out stays, and null clears.", "200", &step,
            json!({ "parameters": [idempotency_key()], "requestBody": body(step::UPDATE_INPUT) })),
        "delete": operation("deleteCrmStep",
            "Deletes a step and answers with what it was.", "200",
            &json!({ "anyOf": [step, reference("ById")] }),
            json!({ "parameters": [idempotency_key()], "requestBody": body("ById") })),
    })
}

fn updated() -> Json {
    json!({
        "type": "object",
        "required": ["message", "scenario"],
        "properties": { "message": { "type": "string" }, "scenario": reference("CrmScenario") },
    })
}

fn deleted() -> Json {
    json!({
        "type": "object",
        "required": ["message", "scenario", "user"],
        "properties": {
            "message": { "type": "string" },
            "scenario": reference("CrmScenario"),
            "user": { "type": "string", "description": "The id of the token that did it." },
        },
    })
}

fn scenario_paths() -> Json {
    let scenario = reference("CrmScenario");
    let wanted =
        query("agentId", "Only the scenarios in which this agent takes over in some step.", false);
    let scenarios = json!({ "type": "array", "items": scenario });
    json!({
        "get": operation("listCrmScenarios", "All scenarios, oldest first.", "200", &scenarios,
            json!({ "parameters": [wanted] })),
        "post": operation("createCrmScenario", "Creates a scenario.", "201", &scenario,
            json!({ "parameters": [idempotency_key()], "requestBody": body(scenario::CREATE_INPUT) })),
        "put": operation("updateCrmScenario",
            "Changes a scenario. What is left out stays, and null clears.", "200", &updated(),
            json!({ "parameters": [idempotency_key()], "requestBody": body(scenario::UPDATE_INPUT) })),
        "delete": operation("deleteCrmScenario", "Deletes a scenario with all its steps.", "200",
            &deleted(), json!({ "requestBody": body("ById") })),
    })
}

fn scenario_by_path() -> Json {
    let id = json!({
        "name": "id",
        "in": "path",
        "required": true,
        "description": "The scenario's id.",
        "schema": { "type": "string" },
    });
    let change = |id: &str| {
        operation(
            id,
            "Changes a scenario. What is left out stays, and null clears.",
            "200",
            &updated(),
            json!({ "parameters": [idempotency_key()], "requestBody": body("CrmScenarioFields") }),
        )
    };
    json!({
        "parameters": [id],
        "get": operation("getCrmScenario", "A scenario.", "200", &reference("CrmScenario"), json!({})),
        "put": change("updateCrmScenarioAt"),
        "patch": change("patchCrmScenarioAt"),
        "delete": operation("deleteCrmScenarioAt", "Deletes a scenario with all its steps.", "200",
            &deleted(), json!({})),
    })
}

fn schemas(contract: &Contract) -> Json {
    let mut create_step = contract.input_schema(step::CREATE_INPUT);
    if let Some(properties) = create_step["properties"].as_object_mut() {
        properties.remove("id");
    }
    let update_step = with_id(contract.input_schema(step::UPDATE_INPUT));
    let update_scenario = contract.input_schema(scenario::UPDATE_INPUT);
    let mut schemas = json!({
        "CrmStep": contract.output_schema("CrmStep", STEP),
        "CrmScenario": contract.output_schema("CrmScenario", SCENARIO),
        (step::CREATE_INPUT): with_nested(create_step),
        (step::UPDATE_INPUT): with_nested(update_step),
        (scenario::CREATE_INPUT): contract.input_schema(scenario::CREATE_INPUT),
        (scenario::UPDATE_INPUT): with_id(update_scenario.clone()),
        "CrmScenarioFields": update_scenario,
        "ById": with_id(json!({ "type": "object", "properties": {}, "required": [] })),
        "Problem": problem(),
    });
    let enums = contract.enum_schemas(&schemas);
    if let Some(schemas) = schemas.as_object_mut() {
        schemas.extend(enums);
    }
    schemas
}

/// The schema of a step's fields with the objects in which some of them may be sent.
fn with_nested(mut step: Json) -> Json {
    for (object, fields) in NESTED {
        let nested: Map<String, Json> = fields
            .iter()
            .map(|(name, in_step)| ((*name).to_owned(), step["properties"][in_step].clone()))
            .collect();
        step["properties"][object] = json!({
            "type": ["object", "null"],
            "description": "The fields of the same meaning, under shorter names. Where both are \
                            given, those outside of this object count. Other keys are refused.",
            "properties": nested,
            "additionalProperties": false,
        });
    }
    step
}

/// A schema with an id that is required.
fn with_id(mut schema: Json) -> Json {
    schema["properties"]["id"] = json!({ "type": "string", "description": "Its id." });
    schema["required"] = json!(["id"]);
    schema
}

/// What RFC 9457 makes of an error.
fn problem() -> Json {
    json!({
        "type": "object",
        "required": ["title", "status", "code", "detail", "requestId", "errors"],
        "properties": {
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "code": { "type": "string", "description": "RULES_BROKEN, or what else is wrong." },
            "detail": { "type": "string", "description": "What is wrong, in sentences." },
            "requestId": { "type": "string", "description": "Quote it when you report a fault." },
            "errors": {
                "type": "array",
                "description": "All broken rules.",
                "items": {
                    "type": "object",
                    "required": ["field", "code", "message", "params"],
                    "properties": {
                        "field": {
                            "type": "array",
                            "items": { "type": "string" },
                            "description": "The path of the field in the body.",
                        },
                        "code": { "type": "string" },
                        "message": { "type": "string" },
                        "params": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "required": ["name", "value"],
                                "properties": {
                                    "name": { "type": "string" },
                                    "value": { "type": "string" },
                                },
                            },
                        },
                    },
                },
            },
        },
    })
}
