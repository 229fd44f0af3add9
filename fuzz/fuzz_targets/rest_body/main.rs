//! Bodies of `/crm/step`: whatever comes, the service does not fail; it refuses in the one form
//! that this door has, or takes what was sent, and takes back what it has answered.

#![no_main]

mod door;
#[path = "../mutation.rs"]
mod mutation;

use std::sync::LazyLock;

use axum::http::{Method, StatusCode};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use serde_json::Value as Json;

use self::door::{Answer, Door};

static DOOR: LazyLock<Door> = LazyLock::new(Door::open);

/// The answer fields of the API reference.
const STEP_FIELDS: usize = 35;

/// Texts that are stored as they were sent.
const TEXTS: [&str; 9] = [
    "trigger",
    "prompt",
    "initialMessage",
    "zapiPhoneNumber",
    "zapiMessage",
    "whatsappTemplateName",
    "whatsappTemplateLanguageCode",
    "whatsappTemplateText",
    "webhookUrl",
];

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutation::mutate(data, size, max_size, seed)
});

fuzz_target!(|body: &[u8]| {
    create(body);
    let sent: Option<Json> = serde_json::from_slice(body).ok();
    // Without an id it is hardly looked at.
    if sent.is_some_and(|sent| sent.get("id").is_some()) {
        update(body);
    }
});

fn create(body: &[u8]) {
    let created = DOOR.call(&Method::POST, body);
    if created.status != StatusCode::CREATED {
        return check_problem(&created);
    }
    check_step(&created.body, body);
    // A client may send back what it has got, with masks where there are secrets.
    let text = created.body.to_string();
    let same = DOOR.call(&Method::PUT, text.as_bytes());
    assert_eq!((same.status, &same.body), (StatusCode::OK, &created.body));
    let deleted = DOOR.call(&Method::DELETE, text.as_bytes());
    assert_eq!((deleted.status, &deleted.body), (StatusCode::OK, &created.body));
}

fn update(body: &[u8]) {
    let updated = DOOR.call(&Method::PUT, body);
    if updated.status != StatusCode::OK {
        return check_problem(&updated);
    }
    check_step(&updated.body, body);
    DOOR.restore(&updated.body);
}

/// A step that came of a body has all fields, and texts are those that were sent.
fn check_step(step: &Json, body: &[u8]) {
    assert_eq!(step.as_object().map(|step| step.len()), Some(STEP_FIELDS), "{step:#}");
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    let sent: Json = serde_json::from_slice(body).expect("what is taken is JSON");
    for field in TEXTS {
        if sent.get(field).is_some() {
            assert_eq!(step[field], sent[field], "{field}");
        }
    }
    if let Some(name) = sent["name"].as_str() {
        assert_eq!(step["name"], name.trim());
    }
}

/// What is refused is refused in the form of RFC 9457, and is never a fault of the service.
fn check_problem(answer: &Answer) {
    let Answer { status, headers, body } = answer;
    assert!(status.is_client_error(), "{status} {body:#}");
    assert_eq!(headers["content-type"], "application/problem+json");
    let fields: Vec<&str> =
        body.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(fields, ["title", "status", "requestId", "code", "detail", "errors"]);
    assert_eq!(body["status"], status.as_u16());
    assert_eq!(body["requestId"], headers["x-request-id"].to_str().expect("text"));
    assert!(body["detail"].as_str().expect("a text").ends_with('.'), "{body:#}");
    let errors = body["errors"].as_array().expect("a list");
    assert_eq!(errors.is_empty(), body["code"] != "RULES_BROKEN", "{body:#}");
    for error in errors {
        let message = error["message"].as_str().expect("a text");
        assert!(message.ends_with('.'), "{message}");
        assert!(error["field"][0].is_string() && error["code"].is_string(), "{error:#}");
    }
}
