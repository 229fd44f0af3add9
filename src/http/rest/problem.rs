//! Errors of the REST API: problems as RFC 9457 defines them.

use axum::{
    Extension,
    extract::Request,
    http::{HeaderValue, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::{
    domain::violation::{ViolationCategory, ViolationCode},
    graphql::error::ErrorCode,
    http::{
        IDEMPOTENCY_KEY,
        error::{Problem, write_body},
        request_id::RequestId,
    },
};

/// The media type of RFC 9457.
const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// Longest key that a message shows, in characters.
const SHOWN_MAX: usize = 64;

/// A broken rule, as a member of `errors`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FieldError {
    /// The path of the field in the body.
    pub(super) field: Vec<String>,
    pub(super) code: String,
    pub(super) message: String,
    params: Vec<Json>,
}

impl FieldError {
    /// A required field is missing.
    pub(super) fn required(path: &[String]) -> Self {
        Self::of_type(path, format!("{} is required.", path.join(".")))
    }

    /// A value has another type than the expected one.
    pub(super) fn type_mismatch(path: &[String], expected: &str) -> Self {
        Self::of_type(path, format!("{} must be {expected}.", path.join(".")))
    }

    /// An object of the body has another key than the known ones.
    pub(super) fn unknown_key(object: &str, key: String, known: &[&str]) -> Self {
        let shown: String = key.chars().take(SHOWN_MAX).collect();
        let more = if shown.len() < key.len() { "…" } else { "" };
        let known = known.join(", ");
        let message =
            format!("{object}.{shown}{more} is unknown; the keys of {object} are {known}.");
        Self::of_type(&[object.to_owned(), key], message)
    }

    /// The idempotency key is not visible ASCII.
    pub(super) fn invalid_idempotency_key() -> Self {
        let message = format!("{IDEMPOTENCY_KEY} must consist of visible ASCII characters.");
        Self::new(ViolationCode::InvalidCharacter, &[IDEMPOTENCY_KEY.to_string()], message)
    }

    /// A field or parameter has an id that is unknown in the organization.
    pub(super) fn not_found(name: &str) -> Self {
        let message = format!("{name} is unknown; this organization has nothing with this id.");
        Self::new(ViolationCode::NotFound, &[name.to_owned()], message)
    }

    fn of_type(path: &[String], message: String) -> Self {
        Self::new(ViolationCode::InvalidType, path, message)
    }

    fn new(code: ViolationCode, path: &[String], message: String) -> Self {
        let code: &str = code.into();
        Self { field: path.to_vec(), code: code.to_owned(), message, params: Vec::new() }
    }
}

/// Why a request is not executed.
#[derive(Debug, Clone)]
pub(super) enum Rejection {
    /// It breaks rules.
    Errors(Vec<FieldError>),
    /// Anything else.
    Problem(Problem),
}

impl Rejection {
    /// Whether a cursor is invalid, if all else is valid.
    pub(super) fn is_of_a_cursor(&self) -> bool {
        matches!(self, Self::Problem(Problem { code: ErrorCode::BadUserInput, .. }))
    }
}

/// Rejects the request if there are errors.
pub(super) fn check(errors: Vec<FieldError>) -> Result<(), Rejection> {
    if errors.is_empty() { Ok(()) } else { Err(Rejection::Errors(errors)) }
}

impl From<FieldError> for Rejection {
    fn from(error: FieldError) -> Self {
        Self::Errors(vec![error])
    }
}

impl From<Problem> for Rejection {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl IntoResponse for Rejection {
    /// A response without a body, which [`write()`] adds.
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            Self::Errors(errors) => {
                let status = status_of_codes(errors.iter().map(|error| error.code.as_str()));
                (status, Extension(errors)).into_response()
            }
        }
    }
}

/// The status of the response to a request that breaks rules with these codes.
pub(in crate::http) fn status_of_codes<'a>(
    mut codes: impl Iterator<Item = &'a str> + Clone,
) -> StatusCode {
    if codes.clone().all(|code| code == "NOT_FOUND") {
        StatusCode::NOT_FOUND
    } else if codes.all(|code| code.parse().is_ok_and(is_conflict)) {
        StatusCode::CONFLICT
    } else {
        StatusCode::BAD_REQUEST
    }
}

/// Whether a rule is broken because of what other calls have done.
fn is_conflict(code: ViolationCode) -> bool {
    match code.category() {
        ViolationCategory::Conflict | ViolationCategory::Retry => true,
        ViolationCategory::Rule => code == ViolationCode::ScenarioFull,
    }
}

/// Writes the body of each error: those of handlers, and those of the layers around them.
pub(super) async fn write(
    Extension(id): Extension<RequestId>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let extensions = response.extensions_mut();
    let (code, detail, errors) = if let Some(problem) = extensions.remove::<Problem>() {
        (problem.code.into(), problem.message, Vec::new())
    } else if let Some(errors) = extensions.remove::<Vec<FieldError>>() {
        let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        ("RULES_BROKEN", messages.join(" ").into(), errors)
    } else {
        return response;
    };
    let status = response.status();
    let body = json!({
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "requestId": id.0.to_string(),
        "code": code,
        "detail": detail,
        "errors": errors,
    });
    write_body(&mut response, &body, PROBLEM_JSON);
    response
}
