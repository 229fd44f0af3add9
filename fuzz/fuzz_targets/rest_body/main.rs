//! Bodies of `/crm/step`: for any body the service responds with problem details, or stores the step as it
//! was sent and accepts its own response as the body of an update. It never fails.

#![no_main]

#[path = "../mutation.rs"]
mod mutation;
mod service;

use std::sync::LazyLock;

use axum::http::{Method, StatusCode};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use serde_json::Value as Json;

use self::service::{Answer, Service};

static SERVICE: LazyLock<Service> = LazyLock::new(Service::open);

/// The number of fields of a response, from the API reference.
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
    // Without an id the body is rejected early.
    if sent.is_some_and(|sent| sent.get("id").is_some()) {
        update(body);
    }
});

fn create(body: &[u8]) {
    let created = SERVICE.call(&Method::POST, body);
    if created.status != StatusCode::CREATED {
        return check_problem(&created);
    }
    check_step(&created.body, body);
    // A client may send back a response, with masks for secrets.
    let text = created.body.to_string();
    let same = SERVICE.call(&Method::PUT, text.as_bytes());
    assert_eq!((same.status, &same.body), (StatusCode::OK, &created.body));
    let deleted = SERVICE.call(&Method::DELETE, text.as_bytes());
    assert_eq!((deleted.status, &deleted.body), (StatusCode::OK, &created.body));
}

fn update(body: &[u8]) {
    let updated = SERVICE.call(&Method::PUT, body);
    if updated.status != StatusCode::OK {
        return check_problem(&updated);
    }
    check_step(&updated.body, body);
    SERVICE.restore(&updated.body);
}

/// Checks that the step has all fields, and its texts as they were sent.
fn check_step(step: &Json, body: &[u8]) {
    assert_eq!(step.as_object().map(|step| step.len()), Some(STEP_FIELDS), "{step:#}");
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    let sent: Json = serde_json::from_slice(body).expect("an accepted body is JSON");
    for field in TEXTS {
        if sent.get(field).is_some() {
            assert_eq!(step[field], sent[field], "{field}");
        }
    }
    if let Some(name) = sent["name"].as_str() {
        assert_eq!(step["name"], name.trim());
    }
}

/// Checks that an error has the form of RFC 9457, and is not an internal error.
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
