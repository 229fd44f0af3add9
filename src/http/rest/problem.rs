//! Errors of this door, in the form of RFC 9457.

use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::http::{IDEMPOTENCY_KEY, error::Problem, request_id::RequestId};

/// The media type of RFC 9457.
const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// The codes that speak of what others have done in the meantime.
const CONFLICTS: [&str; 6] = [
    "STALE_VERSION",
    "STEP_COUNT_MISMATCH",
    "IN_USE",
    "ID_TAKEN",
    "IDEMPOTENCY_KEY_MISMATCH",
    "IDEMPOTENCY_KEY_IN_USE",
];

/// How much of a key is shown, in characters.
const SHOWN_MAX: usize = 64;

/// A rule that was broken, as this door tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FieldError {
    /// The path of the field in the body.
    pub(super) field: Vec<String>,
    pub(super) code: String,
    pub(super) message: String,
    pub(super) params: Vec<Json>,
}

impl FieldError {
    /// A field that has to be there.
    pub(super) fn required(name: &str) -> Self {
        Self::new(&[name.to_owned()], format!("{name} is required."))
    }

    /// A value of another type than it has to be.
    pub(super) fn of_type(path: &[String], expected: &str) -> Self {
        Self::new(path, format!("{} must be {expected}.", path.join(".")))
    }

    /// A key of an object of the body that has these keys alone.
    pub(super) fn unknown_key(object: &str, key: String, known: &[&str]) -> Self {
        let shown: String = key.chars().take(SHOWN_MAX).collect();
        let more = if shown.len() < key.len() { "…" } else { "" };
        let known = known.join(", ");
        let message =
            format!("{object}.{shown}{more} is unknown; the keys of {object} are {known}.");
        Self::new(&[object.to_owned(), key], message)
    }

    /// An idempotency key that cannot be one.
    pub(super) fn of_key() -> Self {
        let message = format!("{IDEMPOTENCY_KEY} must be made of visible characters of ASCII.");
        Self {
            code: "INVALID_CHARACTER".to_owned(),
            ..Self::new(&[IDEMPOTENCY_KEY.to_string()], message)
        }
    }

    fn new(path: &[String], message: String) -> Self {
        Self { field: path.to_vec(), code: "INVALID_TYPE".to_owned(), message, params: Vec::new() }
    }
}

/// Why a call is not carried out.
#[derive(Debug, Clone)]
pub(super) enum Rejection {
    /// It breaks rules.
    Violations(Vec<FieldError>),
    /// Anything else.
    Problem(Problem),
}

impl From<Problem> for Rejection {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl IntoResponse for Rejection {
    /// An answer without a body, which [`write()`] gives it.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl Rejection {
    fn status(&self) -> StatusCode {
        match self {
            Self::Problem(problem) => problem.status,
            Self::Violations(violations) => {
                status_of_codes(violations.iter().map(|violation| violation.code.as_str()))
            }
        }
    }
}

/// The status of an answer to a request that breaks rules with these codes.
pub(in crate::http) fn status_of_codes<'a>(
    mut codes: impl Iterator<Item = &'a str> + Clone,
) -> StatusCode {
    if codes.clone().all(|code| code == "NOT_FOUND") {
        StatusCode::NOT_FOUND
    } else if codes.all(|code| CONFLICTS.contains(&code)) {
        StatusCode::CONFLICT
    } else {
        StatusCode::BAD_REQUEST
    }
}

/// Writes the errors that come out: of this door, and of those before it.
pub(super) async fn write(id: RequestId, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let extensions = response.extensions_mut();
    let rejection = extensions
        .remove::<Rejection>()
        .or_else(|| extensions.remove::<Problem>().map(Rejection::Problem));
    let Some(rejection) = rejection else { return response };
    let status = response.status();
    let mut body = json!({
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "requestId": id.to_string(),
    });
    match rejection {
        Rejection::Problem(Problem { code, message, .. }) => {
            let code: &str = code.into();
            body["code"] = code.into();
            body["detail"] = message.into();
            body["errors"] = json!([]);
        }
        Rejection::Violations(violations) => {
            let all: Vec<&str> = violations.iter().map(|one| one.message.as_str()).collect();
            body["code"] = "RULES_BROKEN".into();
            body["detail"] = all.join(" ").into();
            body["errors"] = json!(violations);
        }
    }
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, PROBLEM_JSON);
    Response::from_parts(parts, body.to_string().into())
}
