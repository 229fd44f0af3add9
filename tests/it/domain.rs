//! The rules of `domain` through its public interface, one file per subject.

use crm_steps::domain::{
    crm_step::CrmStepInput,
    url::WebhookHosts,
    violation::{Violation, Violations},
};
use serde_json::{Value, json};

use crate::rules::{AGENT, SCENARIO, THIS, id, known, record};

mod access_token;
mod batch;
mod bulk;
mod erasure;
mod fewest_moves;
mod field_changes;
mod flow;
mod phone_number;
mod rank;
mod restore;
mod secret;
mod step_order;
mod text;
mod update;
mod url;
mod webhook_headers;
mod webhook_hosts;
mod whatsapp_template;

/// A step that is valid except for these fields.
fn step(fields: Value) -> CrmStepInput {
    let mut step = json!({ "name": "Lead", "scenarioId": SCENARIO, "trigger": "a" });
    let Value::Object(fields) = fields else { panic!("these are no fields: {fields}") };
    step.as_object_mut().expect("an object").extend(fields);
    serde_json::from_value(step).expect("a step")
}

fn violations_of(step: CrmStepInput, hosts: &WebhookHosts) -> Violations {
    let sent = serde_json::to_value(&step).expect("fields");
    let violations = step.check(id(THIS), &known(), hosts).err().unwrap_or_default();
    record(sent, &violations);
    violations
}

/// The violations of a step with these fields.
fn violations(fields: Value) -> Vec<Violation> {
    violations_of(step(fields), &WebhookHosts::Public).into_iter().collect()
}

/// The codes of the violations of a step with these fields.
fn codes(fields: Value) -> Vec<&'static str> {
    violations(fields).iter().map(|violation| violation.report().code.into()).collect()
}

/// Checks whether a webhook may call this URL; returns the code of the violation if not.
fn checked(url: &str, hosts: &WebhookHosts) -> Result<(), &'static str> {
    match violations_of(step(json!({ "webhookUrl": url })), hosts).into_iter().next() {
        None => Ok(()),
        Some(violation) => Err(violation.report().code.into()),
    }
}

/// The same if webhooks may call only public hosts.
fn allowed(url: &str) -> Result<(), &'static str> {
    checked(url, &WebhookHosts::Public)
}
