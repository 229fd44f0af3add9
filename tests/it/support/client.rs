//! A client of the service.

use std::collections::BTreeSet;

use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, Method, Request, Response, StatusCode, header},
};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::rejected::Rejected;

/// A client that sends requests, with or without a token.
#[derive(Clone)]
pub struct Client {
    router: Router,
    authorization: Option<String>,
}

/// A response, read completely.
#[derive(Debug)]
pub struct TestResponse {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl TestResponse {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// The `data` of a response without errors.
    pub fn data(&self) -> Value {
        let body = self.json();
        assert!(body.get("errors").is_none(), "unexpected errors: {body:#}");
        body["data"].clone()
    }

    /// The code of the errors of a response, which must be the same for all of them. Also checks that
    /// their extensions are the code and the request id.
    pub fn error_code(&self) -> String {
        let body = self.json();
        let errors = body["errors"].as_array().expect("there are errors");
        let code = &errors[0]["extensions"]["code"];
        let id = self.headers["x-request-id"].to_str().expect("the header is text");
        for error in errors {
            assert_eq!(error["extensions"], json!({ "code": code, "requestId": id }), "{body:#}");
        }
        code.as_str().expect("there is a code").to_owned()
    }

    /// The payload of the one mutation that was called.
    pub fn payload(&self) -> Value {
        let data = self.data();
        data.as_object().and_then(|data| data.values().next()).expect("a payload").clone()
    }

    /// The violations in the payload of a mutation: path and code, in their order.
    pub fn violations(&self) -> Vec<(String, String)> {
        violations(&self.payload())
    }
}

/// The violations in a payload: path and code, in their order.
pub fn violations(payload: &Value) -> Vec<(String, String)> {
    let errors = payload["userErrors"].as_array().expect("userErrors were selected");
    let path = |error: &Value| {
        let path = error["field"].as_array().expect("a path").iter();
        path.filter_map(Value::as_str).collect::<Vec<_>>().join(".")
    };
    let code = |error: &Value| error["code"].as_str().expect("a code").to_owned();
    errors.iter().map(|error| (path(error), code(error))).collect()
}

/// Violations of the input to compare with [`violations`], from fields and codes.
pub fn in_input(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(field, code)| (format!("input.{field}"), (*code).to_owned())).collect()
}

/// All fields of a step, with a few fields of each related object.
pub const STEP_FIELDS: &str = "
    id index organizationId createdAt updatedAt
    name key scenarioId agentId trigger prompt initialMessage
    autoNextStepId autoNextTime autoNextTimeUnit
    defaultStatus defaultPriority defaultAiControl
    assigneeLogicType selectedMembershipIdsForAssignee
    isRequired isConversationRemovalStep defaultTags defaultTagsToRemove
    requestContact { name email phone }
    zapiAgentId zapiPhoneNumber zapiMessage
    whatsappTemplateAgentId whatsappTemplateName whatsappTemplateLanguageCode whatsappTemplateText
    webhookUrl webhookHeader
    autoNextDelaySeconds
    agent { id name iconUrl } scenario { id name description organizationId }
    autoNextStep { id name } zapiAgent { id } whatsappTemplateAgent { id }
    selectedMembershipsForAssignee { id name email role }
";

impl Client {
    pub(super) fn new(router: Router, authorization: Option<String>) -> Self {
        Self { router, authorization }
    }

    pub(super) fn at(&self, router: Router) -> Self {
        Self { router, authorization: self.authorization.clone() }
    }

    /// The value of the Authorization header.
    pub fn authorization(&self) -> &str {
        self.authorization.as_deref().unwrap_or_default()
    }

    /// Sends any request to which the response is text.
    pub async fn send(&self, request: Request<Body>) -> TestResponse {
        let (parts, body) = self.receive(request).await.into_parts();
        let text = String::from_utf8(body.to_vec()).expect("the body is text");
        TestResponse { status: parts.status, headers: parts.headers, text }
    }

    /// Sends any request.
    pub async fn receive(&self, mut request: Request<Body>) -> Response<Bytes> {
        if let Some(authorization) = &self.authorization {
            let value = authorization.parse().expect("the header can be sent");
            request.headers_mut().insert(header::AUTHORIZATION, value);
        }
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("the body arrives").to_bytes();
        Response::from_parts(parts, body)
    }

    /// Posts a body to the GraphQL endpoint.
    pub async fn post(&self, body: impl Into<Body>) -> TestResponse {
        let request = Request::builder()
            .method(Method::POST)
            .uri("/graphql")
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.into());
        self.send(request.expect("the request can be built")).await
    }

    /// Executes a document.
    pub async fn graphql(&self, query: &str, variables: Value) -> TestResponse {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let response = self.post(body).await;
        Rejected::record_call(query, &variables, &response);
        response
    }

    /// Executes a document without variables and expects no errors.
    pub async fn query(&self, query: &str) -> Value {
        self.graphql(query, json!({})).await.data()
    }

    /// The names of the fields, or the input fields, of a type of the schema.
    pub async fn fields_of(&self, name: &str) -> BTreeSet<String> {
        let query = format!(
            "{{ __type(name: \"{name}\") {{ fields {{ name }} inputFields {{ name }} }} }}"
        );
        let of_type = self.query(&query).await["__type"].clone();
        let lists = [&of_type["fields"], &of_type["inputFields"]];
        let fields = lists.into_iter().filter_map(Value::as_array).flatten();
        fields.map(|field| field["name"].as_str().expect("a name").to_owned()).collect()
    }

    /// Calls one mutation, given the types of its variables, and the field with arguments and selection;
    /// adds `userErrors` and `replayed` to the selection, and returns the payload.
    pub async fn call(&self, types: &str, field: &str, variables: Value) -> Value {
        let field = field.strip_suffix('}').expect("a selection");
        let query = format!(
            "mutation{types} {{ {field} userErrors {{ field code message params {{ name value }} }} replayed }} }}"
        );
        self.graphql(&query, variables).await.payload()
    }

    /// The same as [`call`](Self::call) for a mutation that must succeed.
    pub async fn done(&self, types: &str, field: &str, variables: Value) -> Value {
        let payload = self.call(types, field, variables).await;
        assert_eq!(violations(&payload), [], "{payload}");
        payload
    }

    /// Creates steps of a scenario, one per word in `names`; returns their ids.
    pub async fn steps(&self, scenario: &str, names: &str) -> Vec<String> {
        let mut ids = vec![];
        for name in names.split_whitespace() {
            let input = json!({ "scenarioId": scenario, "name": name, "prompt": "Greet." });
            ids.push(self.crm_step(&input).await["id"].as_str().expect("an id").to_owned());
        }
        ids
    }

    /// Creates a scenario of steps with these fields, each with the fields that it lacks of a name and a
    /// prompt, and its index as `ref`. Returns the ids of the scenario and of its steps.
    pub async fn pipeline(&self, name: &str, steps: Value) -> (String, Vec<String>) {
        let scenario = self.scenario(name).await;
        let input = |(index, fields): (usize, &Value)| {
            let mut input = json!({
                "scenarioId": scenario, "ref": index.to_string(),
                "name": format!("Step {index}"), "prompt": "Greet.",
            });
            let fields = fields.as_object().expect("an object").clone();
            input.as_object_mut().expect("an object").extend(fields);
            input
        };
        let inputs: Vec<_> =
            steps.as_array().expect("a list").iter().enumerate().map(input).collect();
        let create = "createCrmSteps(inputs: $inputs) { crmSteps { id } }";
        let types = "($inputs: [CreateCrmStepsInput!]!)";
        let created = self.done(types, create, json!({ "inputs": inputs })).await;
        let steps = created["crmSteps"].as_array().expect("steps").iter();
        let id = |step: &Value| step["id"].as_str().expect("an id").to_owned();
        (scenario, steps.map(id).collect())
    }

    /// The names of the steps of a scenario in their order. Checks that their indexes are dense.
    pub async fn names(&self, scenario: &str) -> String {
        let query = format!(
            "{{ crmScenario(id: \"{scenario}\") {{ steps(first: 100) {{ totalCount nodes {{ index name }} }} }} }}"
        );
        let steps = self.query(&query).await["crmScenario"]["steps"].clone();
        let nodes = steps["nodes"].as_array().expect("nodes");
        for (index, step) in nodes.iter().enumerate() {
            assert_eq!(step["index"], index);
        }
        assert_eq!(steps["totalCount"], nodes.len());
        let names: Vec<_> = nodes.iter().filter_map(|step| step["name"].as_str()).collect();
        names.join(" ")
    }

    /// Calls createCrmStep with this input and selects all fields.
    pub async fn create_crm_step(&self, input: &Value) -> TestResponse {
        self.crm_step_mutation(input, false).await
    }

    /// Calls createCrmStep with this input and `validateOnly`.
    pub async fn validate_crm_step(&self, input: &Value) -> TestResponse {
        self.crm_step_mutation(input, true).await
    }

    async fn crm_step_mutation(&self, input: &Value, validate_only: bool) -> TestResponse {
        let query = format!(
            "mutation($input: CreateCrmStepInput!, $validateOnly: Boolean!) {{
                createCrmStep(input: $input, validateOnly: $validateOnly) {{
                    crmStep {{ {STEP_FIELDS} }}
                    crmStepEdge {{ cursor node {{ id }} }}
                    userErrors {{ field code message params {{ name value }} }}
                }}
            }}"
        );
        self.graphql(&query, json!({ "input": input, "validateOnly": validate_only })).await
    }

    /// Creates a step from a valid input; returns all of its fields.
    pub async fn crm_step(&self, input: &Value) -> Value {
        let answer = self.create_crm_step(input).await;
        assert_eq!(answer.violations(), [], "{}", answer.text);
        answer.data()["createCrmStep"]["crmStep"].clone()
    }

    /// Creates a scenario; returns its id.
    pub async fn scenario(&self, name: &str) -> String {
        let input = json!({ "name": name });
        self.create("createCrmScenario", "crmScenario", &input).await
    }

    /// Creates an agent; returns its id.
    pub async fn agent(&self, name: &str) -> String {
        let input = json!({ "name": name });
        self.create("createAgent", "agent", &input).await
    }

    /// Creates a membership; returns its id.
    pub async fn membership(&self, name: &str) -> String {
        let input = json!({ "name": name, "email": "somebody@example.com", "role": "USER" });
        self.create("createMembership", "membership", &input).await
    }

    /// Creates a resource by a mutation; returns its id.
    pub async fn create(&self, mutation: &str, resource: &str, input: &Value) -> String {
        let answer = self.mutate(mutation, resource, "id", input).await;
        assert_eq!(answer.violations(), [], "{}", answer.text);
        answer.data()[mutation][resource]["id"].as_str().expect("an id").to_owned()
    }

    /// Calls a create mutation and selects `fields` of the created resource.
    pub async fn mutate(
        &self,
        mutation: &str,
        resource: &str,
        fields: &str,
        input: &Value,
    ) -> TestResponse {
        let input_type = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let query = format!(
            "mutation($input: {input_type}!) {{
                {mutation}(input: $input) {{
                    {resource} {{ {fields} }}
                    userErrors {{ field code message params {{ name value }} }}
                }}
            }}"
        );
        self.graphql(&query, json!({ "input": input })).await
    }
}
