//! Realistic pipelines are stored and returned as they were sent.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::support::{App, Client, on_both_databases};

const SAMPLES: &str = include_str!("../../src/demo/pipelines.json");

/// Replaces references like `{{agent:sofia}}` by ids; `None` if an id is not known yet.
fn resolve(value: &Value, ids: &HashMap<String, String>) -> Option<Value> {
    Some(match value {
        Value::String(text) => match text.strip_prefix("{{").and_then(|t| t.strip_suffix("}}")) {
            Some(reference) => Value::String(ids.get(reference)?.clone()),
            None => value.clone(),
        },
        Value::Array(items) => {
            items.iter().map(|item| resolve(item, ids)).collect::<Option<_>>()?
        }
        Value::Object(entries) => {
            let entries =
                entries.iter().map(|(key, value)| Some((key.clone(), resolve(value, ids)?)));
            Value::Object(entries.collect::<Option<_>>()?)
        }
        other => other.clone(),
    })
}

fn without_ref(value: &Value) -> Value {
    let entries = value.as_object().expect("an object").iter();
    let entries = entries.filter(|(key, _)| *key != "ref");
    Value::Object(entries.map(|(key, value)| (key.clone(), value.clone())).collect())
}

async fn create_all(
    ana: &Client,
    samples: &Value,
    list: &str,
    resource: &str,
    prefix: &str,
) -> HashMap<String, String> {
    let mutation = format!("create{}{}", resource[..1].to_uppercase(), &resource[1..]);
    let mut ids = HashMap::new();
    for sample in samples[list].as_array().expect("a list") {
        let input = if list == "scenarios" { sample["input"].clone() } else { without_ref(sample) };
        let id = ana.create(&mutation, resource, &input).await;
        ids.insert(format!("{prefix}:{}", sample["ref"].as_str().expect("a ref")), id);
    }
    ids
}

/// Checks that `step` has every field that was sent with its value, and null in all others.
fn assert_as_sent(step: &Value, input: &Map<String, Value>) {
    let computed = [
        "id",
        "index",
        "organizationId",
        "createdAt",
        "updatedAt",
        "autoNextDelaySeconds",
        "agent",
        "scenario",
        "autoNextStep",
        "zapiAgent",
        "whatsappTemplateAgent",
        "selectedMembershipsForAssignee",
    ];
    for (field, value) in step.as_object().expect("an object") {
        if computed.contains(&field.as_str()) {
            continue;
        }
        let mut sent = input.get(field).cloned().unwrap_or(Value::Null);
        if field == "requestContact" && sent.is_object() {
            for part in ["name", "email", "phone"] {
                sent[part] = sent.get(part).cloned().unwrap_or(Value::Null);
            }
        }
        assert_eq!(*value, sent, "{field}");
    }
    for field in input.keys() {
        assert!(step.get(field).is_some(), "{field} was sent and not returned");
    }
}

async fn every_step_of_every_pipeline_is_returned_as_it_was_sent(app: App) {
    let ana = app.member_of("Horizonte").await;
    let samples: Value = serde_json::from_str(SAMPLES).expect("the samples are JSON");
    let mut ids = create_all(&ana, &samples, "agents", "agent", "agent").await;
    ids.extend(create_all(&ana, &samples, "memberships", "membership", "member").await);
    ids.extend(create_all(&ana, &samples, "scenarios", "crmScenario", "scenario").await);

    for pipeline in samples["scenarios"].as_array().expect("scenarios") {
        let mut open: Vec<&Value> = pipeline["steps"].as_array().expect("steps").iter().collect();
        let mut created = 0;
        // The target of a timer must exist, so steps whose target is known are created first.
        while !open.is_empty() {
            let before = open.len();
            let mut later = Vec::new();
            for sample in open {
                let Some(input) = resolve(&sample["input"], &ids) else {
                    later.push(sample);
                    continue;
                };
                let step = ana.crm_step(&input).await;
                assert_as_sent(&step, input.as_object().expect("an object"));
                assert_eq!(step["index"], created);
                assert_eq!(step["scenario"]["id"], input["scenarioId"]);
                assert_eq!(step["agent"]["id"], step["agentId"].clone());
                assert_eq!(step["autoNextStep"]["id"], step["autoNextStepId"]);
                created += 1;
                let id = step["id"].as_str().expect("an id").to_owned();

                let again = ana
                    .query(&format!(
                        "{{ crmStep(id: \"{id}\") {{ {} }} }}",
                        crate::support::STEP_FIELDS
                    ))
                    .await;
                assert_eq!(again["crmStep"], step, "a second read returns the same");
                ids.insert(format!("step:{}", sample["ref"].as_str().expect("a ref")), id);
            }
            open = later;
            assert!(open.len() < before, "the timers of a sample form no cycle");
        }
        let scenario = &ids[&format!("scenario:{}", pipeline["ref"].as_str().expect("a ref"))];
        let listed = ana.query(&format!("{{ crmScenario(id: \"{scenario}\") {{ steps {{ totalCount nodes {{ index }} }} }} }}")).await;
        let expected: Vec<Value> = (0..created).map(|index| json!({ "index": index })).collect();
        assert_eq!(
            listed["crmScenario"]["steps"],
            json!({ "totalCount": created, "nodes": expected })
        );
    }
}

on_both_databases!(every_step_of_every_pipeline_is_returned_as_it_was_sent);
