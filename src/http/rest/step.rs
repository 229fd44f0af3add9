//! `/crm/step`.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::{Map, Value as Json, json};

use super::{
    Rest,
    operation::{Operation, check, object, take_id},
    rejection::{FieldError, Rejection},
    scenario::pages,
    view::{STEP, selection},
};
use crate::{domain::id::parse_id, http::body::JsonBody};

/// The input types of the mutations.
pub(super) const CREATE_INPUT: &str = "CreateCrmStepInput";
pub(super) const UPDATE_INPUT: &str = "UpdateCrmStepInput";

/// Objects in a body whose fields are fields of the step: what each is called there and in the
/// step.
pub(super) const NESTED: [(&str, &[(&str, &str)]); 2] = [
    (
        "zapi",
        &[
            ("agentId", "zapiAgentId"),
            ("phoneNumber", "zapiPhoneNumber"),
            ("message", "zapiMessage"),
        ],
    ),
    (
        "whatsapp",
        &[
            ("templateAgentId", "whatsappTemplateAgentId"),
            ("templateName", "whatsappTemplateName"),
            ("templateLanguageCode", "whatsappTemplateLanguageCode"),
            ("templateText", "whatsappTemplateText"),
        ],
    ),
];

/// Most unknown keys of a nested object that are reported, so that an answer is not many times as
/// large as its request. Several times as many as such an object has fields.
const UNKNOWN_KEYS_MAX: usize = 20;

/// Lists the steps of the scenario `scenarioId` in their order; with an `agentId` those in which it
/// takes over.
pub(super) async fn list(
    State(rest): State<Rest>,
    operation: Operation,
) -> Result<axum::Json<Vec<Json>>, Rejection> {
    let Some(scenario_id) = operation.parameter("scenarioId") else {
        return Err(Rejection::Violations(vec![FieldError::required("scenarioId")]));
    };
    let document = format!(
        "query($id: ID!, $after: String) {{ crmScenario(id: $id) {{ \
         steps(first: 100, after: $after) {{ nodes {} pageInfo {{ hasNextPage endCursor }} }} }} }}",
        selection(STEP)
    );
    let variables = json!({ "id": scenario_id });
    let at = ("/crmScenario/steps", "scenarioId");
    let mut steps = pages(&rest, &operation, &document, at, &variables).await?;
    if let Some(agent_id) = operation.parameter("agentId") {
        // As the service writes it; what is no id is in no step.
        let wanted = parse_id(&agent_id).map(|id| id.to_string()).unwrap_or_default();
        steps.retain(|step| step["agentId"] == wanted.as_str());
    }
    Ok(axum::Json(steps))
}

/// Creates a step.
pub(super) async fn create(
    State(rest): State<Rest>,
    operation: Operation,
    JsonBody(body): JsonBody,
) -> Result<Response, Rejection> {
    let mut body = object(body)?;
    // The API reference has ids only in answers.
    body.remove("id");
    let mut violations = Vec::new();
    let nested = NestedFields::flatten(&mut body, &mut violations);
    let input = rest.contract.take(CREATE_INPUT, &mut body, &mut violations);
    check(violations).map_err(|rejection| nested.locate(rejection))?;
    let mut payload = operation
        .mutate(
            &rest,
            "$input: CreateCrmStepInput!",
            "createCrmStep(input: $input",
            &format!("crmStep {}", selection(STEP)),
            json!({ "input": input }),
        )
        .await
        .map_err(|rejection| nested.locate(rejection))?;
    Ok((StatusCode::CREATED, axum::Json(payload["crmStep"].take())).into_response())
}

/// Changes the step whose id is in the body. What is left out stays, null clears.
pub(super) async fn update(
    State(rest): State<Rest>,
    operation: Operation,
    JsonBody(body): JsonBody,
) -> Result<axum::Json<Json>, Rejection> {
    let mut body = object(body)?;
    let mut violations = Vec::new();
    let id = take_id(&mut body, &mut violations);
    let nested = NestedFields::flatten(&mut body, &mut violations);
    let input = rest.contract.take(UPDATE_INPUT, &mut body, &mut violations);
    check(violations).map_err(|rejection| nested.locate(rejection))?;
    let mut payload = operation
        .mutate(
            &rest,
            "$id: ID!, $input: UpdateCrmStepInput!",
            "updateCrmStep(id: $id, input: $input",
            &format!("crmStep {}", selection(STEP)),
            json!({ "id": id, "input": input }),
        )
        .await
        .map_err(|rejection| nested.locate(rejection))?;
    Ok(axum::Json(payload["crmStep"].take()))
}

/// The fields of a step for which the body has a nested object and no value outside of it.
struct NestedFields(Vec<NestedField>);

struct NestedField {
    object: &'static str,
    /// What it is called in the object.
    name: &'static str,
    /// What it is called in the step.
    in_step: &'static str,
}

impl NestedFields {
    /// Puts the fields of the nested objects beside the others, where one of the same name is
    /// stronger. Other keys are refused: with one that is misspelled, the step would be stored
    /// without its message.
    fn flatten(body: &mut Map<String, Json>, violations: &mut Vec<FieldError>) -> Self {
        let mut used = Vec::new();
        for (object, fields) in NESTED {
            let mut nested = match body.remove(object) {
                None => continue,
                Some(Json::Null) => {
                    // Nothing of it is left.
                    for (_, in_step) in fields {
                        body.entry(*in_step).or_insert(Json::Null);
                    }
                    continue;
                }
                Some(Json::Object(nested)) => nested,
                Some(_) => {
                    violations.push(FieldError::of_type(&[object.to_owned()], "an object"));
                    continue;
                }
            };
            for &(name, in_step) in fields {
                // Taken and not removed, so that the order of the others stays.
                let value = nested.get_mut(name).map(Json::take);
                if !body.contains_key(in_step) {
                    used.push(NestedField { object, name, in_step });
                    body.extend(value.map(|value| (in_step.to_owned(), value)));
                }
            }
            let known: Vec<_> = fields.iter().map(|(name, _)| *name).collect();
            let unknown = nested.into_iter().filter(|(key, _)| !known.contains(&key.as_str()));
            let unknown = unknown.take(UNKNOWN_KEYS_MAX);
            violations.extend(unknown.map(|(key, _)| FieldError::unknown_key(object, key, &known)));
        }
        Self(used)
    }

    /// The same refusal, of fields as the client has written them.
    fn locate(&self, rejection: Rejection) -> Rejection {
        match rejection {
            Rejection::Violations(mut violations) => {
                for violation in &mut violations {
                    self.locate_one(violation);
                }
                Rejection::Violations(violations)
            }
            problem @ Rejection::Problem(_) => problem,
        }
    }

    fn locate_one(&self, violation: &mut FieldError) {
        let is_at = |field: &&NestedField| {
            violation.field.first().is_some_and(|first| first == field.in_step)
        };
        let Some(NestedField { object, name, .. }) = self.0.iter().find(is_at) else { return };
        violation.field.splice(..1, [*object, *name].map(str::to_owned));
        // Sentences about these fields quote nothing of the client's that could have such a name.
        for NestedField { object, name, in_step } in &self.0 {
            violation.message = violation.message.replace(in_step, &format!("{object}.{name}"));
        }
    }
}

/// Deletes the step whose id is in the body, and answers with what it was.
pub(super) async fn delete(
    State(rest): State<Rest>,
    operation: Operation,
    JsonBody(body): JsonBody,
) -> Result<axum::Json<Json>, Rejection> {
    let mut body = object(body)?;
    let mut violations = Vec::new();
    let id = take_id(&mut body, &mut violations);
    check(violations)?;
    let document = format!("query($id: ID!) {{ crmStep(id: $id) {} }}", selection(STEP));
    let mut data = operation.query_to_change(&rest, &document, json!({ "id": id })).await?;
    operation
        .mutate(&rest, "$id: ID!", "deleteCrmStep(id: $id", "deletedCrmStepId", json!({ "id": id }))
        .await?;
    // Nothing was there before a call that has been answered earlier and was sent again.
    let step = data["crmStep"].take();
    if !step.is_null() {
        return Ok(axum::Json(step));
    }
    let id = id.as_str().and_then(parse_id).map(|id| id.to_string());
    Ok(axum::Json(json!({ "id": id })))
}
