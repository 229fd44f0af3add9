//! Calls that create steps, in each form in which clients send them.

use axum::http::{Request, header};
use serde_json::{Value, json};

use super::client::{Client, STEP_FIELDS};

/// How a client sends a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// `createCrmStep`, with this placement or null.
    Single { to: Value },
    /// `createCrmSteps`, in this mode.
    Batch { mode: &'static str },
    /// `POST /crm/step`.
    Rest,
}

/// A call that creates one step, or several in a batch.
#[derive(Debug, Clone)]
pub struct Creation {
    pub form: Form,
    pub inputs: Vec<Value>,
    pub key: Option<String>,
}

/// The answer to a call, the same for GraphQL and REST.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The created steps; in place of a skipped one null.
    pub steps: Vec<Value>,
    /// The path and the code of each violation, or the code of the error.
    pub errors: Vec<String>,
    /// Whether the outcome is a stored one; null in REST, which does not say it.
    pub replayed: Value,
}

impl Answer {
    /// Whether another call is being executed with the key.
    pub fn is_in_use(&self) -> bool {
        self.errors == ["idempotencyKey IDEMPOTENCY_KEY_IN_USE"]
    }

    /// The ids of the created steps, without the skipped ones.
    pub fn ids(&self) -> Vec<String> {
        let ids = self.steps.iter().filter_map(|step| step["id"].as_str());
        ids.map(str::to_owned).collect()
    }

    /// For each step these fields, which REST has as well.
    pub fn parts(&self) -> Vec<Value> {
        let part =
            |step: &Value| json!([step["id"], step["index"], step["name"], step["createdAt"]]);
        self.steps.iter().map(part).collect()
    }
}

impl Creation {
    /// The request to a server at this URL, without a token.
    pub fn request<B: From<String>>(&self, server: &str) -> Request<B> {
        let (path, body) = match &self.form {
            Form::Single { to } => {
                let query = format!(
                    "mutation($input: CreateCrmStepInput!, $to: CrmStepPlacement, $key: String) {{
                        payload: createCrmStep(input: $input, to: $to, idempotencyKey: $key) {{
                            crmStep {{ {STEP_FIELDS} }} userErrors {{ field code }} replayed }} }}"
                );
                let variables = json!({ "input": self.inputs[0], "to": to, "key": self.key });
                ("/graphql", json!({ "query": query, "variables": variables }))
            }
            Form::Batch { mode } => {
                let query = format!(
                    "mutation($inputs: [CreateCrmStepsInput!]!, $mode: BatchMode!, $key: String) {{
                        payload: createCrmSteps(inputs: $inputs, mode: $mode, idempotencyKey: $key) {{
                            crmSteps {{ {STEP_FIELDS} }} userErrors {{ field code }} replayed }} }}"
                );
                let variables = json!({ "inputs": self.inputs, "mode": mode, "key": self.key });
                ("/graphql", json!({ "query": query, "variables": variables }))
            }
            Form::Rest => ("/crm/step", self.inputs[0].clone()),
        };
        let request = Request::post(format!("{server}{path}"));
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let request = match &self.key {
            Some(key) if self.form == Form::Rest => request.header("Idempotency-Key", key),
            _ => request,
        };
        request.body(body.to_string().into()).expect("the request can be built")
    }

    /// Reads the body of the response.
    pub fn answer(&self, body: &Value) -> Answer {
        let payload = &body["data"]["payload"];
        let (steps, violations) = match self.form {
            Form::Rest if body["id"].is_string() => (vec![body.clone()], &Value::Null),
            Form::Rest => (vec![], &body["errors"]),
            Form::Single { .. } if payload["crmStep"].is_null() => (vec![], &payload["userErrors"]),
            Form::Single { .. } => (vec![payload["crmStep"].clone()], &payload["userErrors"]),
            Form::Batch { .. } => {
                let steps = payload["crmSteps"].as_array().cloned();
                (steps.unwrap_or_default(), &payload["userErrors"])
            }
        };
        let violations = violations.as_array().into_iter().flatten();
        let mut errors: Vec<String> = violations.map(written).collect();
        if steps.is_empty() && errors.is_empty() {
            let code = if self.form == Form::Rest {
                &body["code"]
            } else {
                &body["errors"][0]["extensions"]["code"]
            };
            errors.push(code.as_str().unwrap_or_else(|| panic!("no outcome: {body}")).to_owned());
        }
        Answer { steps, errors, replayed: payload["replayed"].clone() }
    }

    /// Sends the call.
    pub async fn send(&self, client: &Client) -> Answer {
        self.answer(&client.send(self.request("")).await.json())
    }
}

/// A violation as its path and its code. REST has no argument `input` around the fields.
fn written(violation: &Value) -> String {
    let path = violation["field"].as_array().expect("a path").iter().filter_map(Value::as_str);
    let path = path.collect::<Vec<_>>().join(".");
    let code = violation["code"].as_str().expect("a code");
    format!("{} {code}", path.strip_prefix("input.").unwrap_or(&path))
}
