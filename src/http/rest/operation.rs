//! A call at this door: who makes it, what is in it, and how it is carried out.

use async_graphql::{Request, Value, Variables};
use axum::{
    body::Bytes,
    extract::FromRequestParts,
    http::{HeaderValue, Uri, request::Parts},
    response::IntoResponse as _,
};
use serde_json::{Map, Value as Json, json};
use url::form_urlencoded;

use super::{
    Rest, contract,
    rejection::{FieldError, Rejection},
};
use crate::{
    domain::access_token::{Caller, Scope},
    graphql::{engine, error::ErrorCode},
    http::{
        IDEMPOTENCY_KEY,
        error::{Problem, internal},
        json,
        request_id::RequestId,
    },
};

/// Who calls, and under which key.
pub(super) struct Operation {
    pub(super) caller: Caller,
    idempotency_key: Option<String>,
    uri: Uri,
}

impl<S: Sync> FromRequestParts<S> for Operation {
    type Rejection = axum::response::Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let Ok(id) = RequestId::from_request_parts(parts, state).await;
        let caller = parts.extensions.get::<Caller>().cloned().ok_or_else(|| {
            tracing::error!("a request came in without a caller");
            internal(id)
        })?;
        // What is not visible in ASCII may have become something else on its way here.
        let is_sound = |key: &HeaderValue| key.as_bytes().iter().all(u8::is_ascii_graphic);
        let key = parts.headers.get(IDEMPOTENCY_KEY);
        if !key.is_none_or(is_sound) {
            return Err(Rejection::Violations(vec![FieldError::of_key()]).into_response());
        }
        let idempotency_key = key.and_then(|key| key.to_str().ok()).map(str::to_owned);
        Ok(Self { caller, idempotency_key, uri: parts.uri.clone() })
    }
}

impl Operation {
    /// A parameter of the query string. One without a value is not given.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let mut all = form_urlencoded::parse(self.uri.query()?.as_bytes());
        let found = all.find(|(given, value)| given == name && !value.is_empty());
        found.map(|(_, value)| value.into_owned())
    }

    /// The same call without its key, for what may be sent again anyway.
    pub(super) fn without_key(self) -> Self {
        Self { idempotency_key: None, ..self }
    }

    /// Executes a query and answers with its data.
    pub(super) async fn query(
        &self,
        rest: &Rest,
        document: &str,
        variables: Json,
    ) -> Result<Json, Rejection> {
        Problem::unless_allowed(&self.caller, Scope::Read)?;
        self.execute(rest, document, variables).await
    }

    /// What is there before a mutation: whoever may change something may see what becomes of it.
    pub(super) async fn query_to_change(
        &self,
        rest: &Rest,
        document: &str,
        variables: Json,
    ) -> Result<Json, Rejection> {
        Problem::unless_allowed(&self.caller, Scope::Write)?;
        self.execute(rest, document, variables).await
    }

    /// Calls a mutation and answers with its payload. `operation` is the mutation with its arguments
    /// and `wanted` what is selected of its payload.
    pub(super) async fn mutate(
        &self,
        rest: &Rest,
        types: &str,
        operation: &str,
        wanted: &str,
        mut variables: Json,
    ) -> Result<Json, Rejection> {
        Problem::unless_allowed(&self.caller, Scope::Write)?;
        let document = format!(
            "mutation({types}, $key: String) {{ payload: {operation}, idempotencyKey: $key) {{ {wanted} \
             userErrors {{ field code message params {{ name value }} }} }} }}"
        );
        variables["key"] = json!(self.idempotency_key);
        let mut data = self.execute(rest, &document, variables).await?;
        let mut payload = data["payload"].take();
        let violations: Vec<FieldError> =
            serde_json::from_value(payload["userErrors"].take()).unwrap_or_default();
        if violations.is_empty() {
            return Ok(payload);
        }
        Err(Rejection::Violations(violations.into_iter().map(in_body).collect()))
    }

    async fn execute(
        &self,
        rest: &Rest,
        document: &str,
        variables: Json,
    ) -> Result<Json, Rejection> {
        let request = Request::new(document).variables(Variables::from_json(variables));
        let response = rest.endpoint.execute_own(request, self.caller.clone()).await.map_err(
            |engine::DocumentRejected { code, mut faults }| {
                Problem::new(code, faults.swap_remove(0).message)
            },
        )?;
        if let Some(error) = response.errors.into_iter().next() {
            let code = ErrorCode::of(&error).unwrap_or(ErrorCode::Internal);
            return Err(Problem::new(code, error.message).into());
        }
        Ok(response.data.into_json().unwrap_or_default())
    }
}

/// A violation with its path in the body, where there is no argument `input` around the fields.
fn in_body(mut violation: FieldError) -> FieldError {
    if violation.field.first().is_some_and(|first| first == "input") {
        violation.field.remove(0);
    }
    violation
}

/// The JSON object in a body.
pub(super) fn object(body: Result<Bytes, Problem>) -> Result<Map<String, Json>, Rejection> {
    let object = json::read_object("The body", &body?)?;
    let value = |value: Value| value.into_json().unwrap_or_default();
    Ok(object.into_iter().map(|(name, field)| (name.to_string(), value(field))).collect())
}

/// The id in a body.
pub(super) fn take_id(body: &mut Map<String, Json>, violations: &mut Vec<FieldError>) -> Json {
    match body.remove("id") {
        None | Some(Json::Null) => violations.push(FieldError::required("id")),
        Some(id) => match contract::id(id) {
            Some(id) => return id,
            None => violations.push(FieldError::of_type(&["id".to_owned()], "a text")),
        },
    }
    Json::Null
}

/// Nothing, or what was found wrong.
pub(super) fn check(violations: Vec<FieldError>) -> Result<(), Rejection> {
    if violations.is_empty() { Ok(()) } else { Err(Rejection::Violations(violations)) }
}

/// What there is under an id that the caller gave as this field or parameter.
pub(super) fn found(thing: Json, field: &str) -> Result<Json, Rejection> {
    if !thing.is_null() {
        return Ok(thing);
    }
    let message = format!("{field} is unknown; there is nothing with it in this organization.");
    let field = vec![field.to_owned()];
    let not_found = FieldError { field, code: "NOT_FOUND".to_owned(), message, params: Vec::new() };
    Err(Rejection::Violations(vec![not_found]))
}
