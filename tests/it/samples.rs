//! The samples: realistic pipelines are stored, returned and exported as they were sent.

use std::path::Path;

use crm_steps::pipeline_file::to_yaml;
use serde_json::{Map, Value, json};

use crate::support::{
    App, Client, STEP_FIELDS, Sample, command, on_both_databases, sample, samples,
};

/// Applies a specification. Returns whether its plan is empty, and the number of created steps.
async fn apply(client: &Client, sample: &Sample) -> Value {
    let apply = "applyCrmScenario(input: $input) { plan { isEmpty created } }";
    let variables = json!({ "input": sample.spec });
    client.done("($input: ApplyCrmScenarioInput!)", apply, variables).await["plan"].clone()
}

async fn the_plan_of_the_sample_of_a_new_demo_is_empty(app: App) {
    let demo = app.demo().await;
    let before = app.contents().await;
    let plan = apply(&demo, &sample("vendas")).await;
    assert_eq!(plan, json!({ "isEmpty": true, "created": 0 }));
    assert_eq!(app.contents().await, before);
}

async fn the_demo_has_the_agents_and_the_people_of_all_samples(app: App) {
    let demo = app.demo().await;
    for sample in samples() {
        apply(&demo, &sample).await;
        let again = apply(&demo, &sample).await;
        assert_eq!(again, json!({ "isEmpty": true, "created": 0 }), "{:?}", sample.spec.key);
    }
}

/// The ids of all agents or memberships, by this field.
async fn ids(client: &Client, list: &str, field: &str) -> Map<String, Value> {
    let found = client.query(&format!("{{ {list} {{ nodes {{ id {field} }} }} }}")).await;
    let nodes = found[list]["nodes"].as_array().expect("nodes").iter();
    nodes
        .map(|node| (node[field].as_str().expect("a text").to_owned(), node["id"].clone()))
        .collect()
}

/// The steps of a sample as inputs of createCrmSteps, which refer to agents and people by their ids.
async fn inputs(client: &Client, sample: &Sample, scenario: &str) -> Vec<Map<String, Value>> {
    let agents = ids(client, "agents", "name").await;
    let people = ids(client, "memberships", "email").await;
    let input = |step| {
        let step = serde_json::to_value(step).expect("JSON");
        let fields = step.as_object().expect("an object").iter();
        let mut input: Map<_, _> = fields
            .map(|(name, value)| match name.as_str() {
                "autoNextStepKey" => ("autoNextStepRef".to_owned(), value.clone()),
                "selectedMembershipEmails" => {
                    let emails = value.as_array().expect("a list").iter();
                    let ids = emails.map(|email| people[email.as_str().expect("text")].clone());
                    ("selectedMembershipIdsForAssignee".to_owned(), ids.collect())
                }
                name => match name.strip_suffix("gentName") {
                    Some(agent) => {
                        (format!("{agent}gentId"), agents[value.as_str().expect("text")].clone())
                    }
                    None => (name.to_owned(), value.clone()),
                },
            })
            .collect();
        input.insert("ref".to_owned(), input["key"].clone());
        input.insert("scenarioId".to_owned(), scenario.into());
        input
    };
    sample.spec.steps.iter().map(input).collect()
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
        "autoNextStepId",
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
        let is_returned =
            step.get(field).is_some() || ["ref", "autoNextStepRef"].contains(&&**field);
        assert!(is_returned, "{field} was sent and not returned");
    }
}

async fn every_step_of_every_sample_is_returned_as_it_was_sent(app: App) {
    let demo = app.demo().await;
    for sample in samples() {
        let scenario = demo.scenario(&sample.spec.name).await;
        let inputs = inputs(&demo, &sample, &scenario).await;
        let create = format!(
            "createCrmSteps(inputs: $inputs) {{ crmSteps {{ {STEP_FIELDS} autoNextStep {{ key }} }} }}"
        );
        let variables = json!({ "inputs": inputs });
        let created = demo.done("($inputs: [CreateCrmStepsInput!]!)", &create, variables).await;
        let steps = created["crmSteps"].as_array().expect("steps");
        for (index, (step, input)) in steps.iter().zip(&inputs).enumerate() {
            assert_as_sent(step, input);
            assert_eq!(step["index"], index);
            assert_eq!(step["scenario"]["id"], scenario);
            assert_eq!(step["agent"]["id"], step["agentId"]);
            let target = input.get("autoNextStepRef").unwrap_or(&Value::Null);
            assert_eq!(step["autoNextStep"]["key"], *target);
            let read = format!(
                "{{ crmStep(id: {}) {{ {STEP_FIELDS} autoNextStep {{ key }} }} }}",
                step["id"]
            );
            assert_eq!(demo.query(&read).await["crmStep"], *step, "a second read is the same");
        }
        assert_eq!(steps.len(), sample.spec.steps.len());
    }
}

on_both_databases!(
    the_plan_of_the_sample_of_a_new_demo_is_empty,
    the_demo_has_the_agents_and_the_people_of_all_samples,
    every_step_of_every_sample_is_returned_as_it_was_sent,
);

#[test]
fn samples_are_written_as_an_export_writes_them_but_for_comments() {
    for Sample { text, spec } in samples() {
        let lines = text.split_inclusive('\n').filter(|line| !line.trim_start().starts_with('#'));
        assert_eq!(lines.collect::<String>(), to_yaml(&spec).expect("it is written"));
    }
}

/// The standard output and the standard error of a command in the project's folder, which must succeed.
fn run(arguments: &[&str]) -> [String; 2] {
    let mut command = command(Path::new(env!("CARGO_MANIFEST_DIR")));
    let output = command.args(arguments).output().expect("the program runs");
    assert!(output.status.success(), "{output:?}");
    [output.stdout, output.stderr].map(|text| String::from_utf8(text).expect("text"))
}

#[test]
fn a_check_finds_nothing_in_the_samples() {
    let [report, summary] = run(&["pipeline", "check", "--fail-on", "info", "samples"]);
    assert_eq!(report, "");
    assert!(summary.ends_with(" files checked: nothing found\n"), "{summary}");
}

#[test]
fn the_schema_beside_the_samples_is_what_the_program_prints() {
    let [schema, _] = run(&["pipeline", "schema"]);
    assert_eq!(
        schema,
        include_str!("../../samples/pipeline.schema.json"),
        "`just schema` writes it"
    );
}

#[test]
fn the_picture_of_the_readme_is_what_the_program_draws() {
    let [picture, _] = run(&["pipeline", "flow", "samples/vendas.yaml"]);
    assert_eq!(picture, include_str!("../../docs/pipeline.svg"), "`just schema` writes it");
}
