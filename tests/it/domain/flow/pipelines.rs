//! Pipelines and specifications for the tests, written down and random.

use crm_steps::domain::{
    flow::{
        directory::Directory,
        export::Pipeline,
        plan::CrmScenarioPlan,
        resolve::{Resolved, Target, resolve},
        spec::PipelineSpec,
    },
    url::WebhookHosts,
    violation::Violations,
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// Agents; the last two have the same name.
pub(crate) const AGENTS: [(u128, &str); 4] =
    [(0xa1, "Sofia — Vendas"), (0xa2, "Clara"), (0xa3, "Duo"), (0xa4, "DUO")];

/// Memberships; the last two have the same email.
pub(crate) const MEMBERSHIPS: [(u128, &str); 5] = [
    (0xb1, "ana@example.com"),
    (0xb2, "bruno@example.com"),
    (0xb3, "carla@example.com"),
    (0xb4, "twin@example.com"),
    (0xb5, "Twin@example.com"),
];

/// The id with this number.
pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(crate) fn directory() -> Directory {
    let all = |list: &[(u128, &str)]| -> Vec<_> {
        list.iter().map(|(number, name)| (id(*number), (*name).to_owned())).collect()
    };
    Directory::new(all(&AGENTS), all(&MEMBERSHIPS))
}

/// A specification of steps with these fields.
pub(crate) fn spec(steps: Value) -> PipelineSpec {
    let mut spec = json!({ "key": "vendas", "name": "Vendas" });
    spec["steps"] = steps;
    serde_json::from_value(spec).expect("a specification")
}

/// What a specification means for a stored pipeline, if there is one.
pub(crate) fn resolve_for(
    stored: Option<&Pipeline>,
    spec: &PipelineSpec,
    reads_secrets: bool,
) -> Result<Resolved, Violations> {
    let target = Target {
        stored,
        is_key_taken: false,
        directory: &directory(),
        hosts: &WebhookHosts::Public,
        reads_secrets,
        max_steps: 50,
    };
    let taken: Vec<_> =
        stored.iter().flat_map(|stored| &stored.steps).map(|step| step.id).collect();
    let mut ids = (0xe000..).map(id).filter(|id| !taken.contains(id));
    resolve(spec, &target, || ids.next().expect("enough ids"))
}

/// The plan of a specification for a stored pipeline, and the pipeline afterwards.
pub(crate) fn plan_for(
    stored: Option<&Pipeline>,
    spec: &PipelineSpec,
    reads_secrets: bool,
) -> (CrmScenarioPlan, Pipeline) {
    let resolved = resolve_for(stored, spec, reads_secrets).expect("it is valid");
    (CrmScenarioPlan::new(stored, &resolved, &directory()), resolved.after)
}

/// The stored pipeline that a specification makes.
pub(crate) fn stored(steps: Value) -> Pipeline {
    let after = resolve_for(None, &spec(steps), true).expect("it is valid").after;
    Pipeline { revision: 7, ..after }
}

/// The paths and codes of violations.
pub(crate) fn codes(violations: Violations) -> Vec<(String, &'static str)> {
    let reports = violations.into_iter().map(|violation| violation.report());
    reports.map(|report| (report.field.join("."), report.code.into())).collect()
}

/// The paths and codes of what is wrong with these steps of a new pipeline.
pub(crate) fn broken(steps: Value) -> Vec<(String, &'static str)> {
    resolve_for(None, &spec(steps), true).err().map(codes).unwrap_or_default()
}

/// The same of a single step.
pub(crate) fn broken_step(fields: Value) -> Vec<(String, &'static str)> {
    let Value::Object(fields) = fields else { panic!("these are no fields: {fields}") };
    let mut step = json!({ "name": "A", "prompt": "p" });
    step.as_object_mut().expect("an object").extend(fields);
    broken(json!([step]))
}

/// Paths and codes as tests write them.
pub(crate) fn at<const N: usize>(
    expected: [(&str, &'static str); N],
) -> Vec<(String, &'static str)> {
    expected.map(|(path, code)| (path.to_owned(), code)).into()
}

/// Parts of a step: of each group it has one.
fn parts() -> Vec<Vec<Value>> {
    let [sofia, clara, duo] = [0xa1, 0xa2, 0xa4].map(id);
    let [ana, bruno, twin] = [0xb1, 0xb2, 0xb5].map(id);
    let nothing = || json!({});
    vec![
        ["Lead", "LEAD ", "Qualificação", "Qualificac\u{327}a\u{303}o", "🌞", "Lead 2"]
            .map(|name| json!({ "name": name }))
            .into(),
        vec![
            json!({ "trigger": "asks" }),
            json!({ "prompt": "Be kind.\nAsk." }),
            json!({ "trigger": "", "prompt": "Ask", "initialMessage": "Oi" }),
        ],
        vec![
            nothing(),
            json!({ "agentId": sofia }),
            json!({ "agentName": "SOFIA — vendas" }),
            json!({ "agentId": duo }),
            json!({ "agentId": "", "agentName": "Clara" }),
        ],
        vec![
            nothing(),
            json!({ "isConversationRemovalStep": true }),
            json!({ "autoNextTime": 36, "autoNextTimeUnit": "h", "isConversationRemovalStep": false }),
            json!({ "autoNextTime": 90, "autoNextStepKey": "?" }),
        ],
        vec![
            nothing(),
            json!({ "defaultStatus": "HUMAN_REQUESTED", "defaultAiControl": false }),
            json!({ "defaultPriority": "LOW", "isRequired": true }),
        ],
        vec![
            nothing(),
            json!({ "assigneeLogicType": "clear", "selectedMembershipEmails": [] }),
            json!({ "assigneeLogicType": "single_user", "selectedMembershipIdsForAssignee": [ana] }),
            json!({ "assigneeLogicType": "random_selected", "selectedMembershipEmails": ["BRUNO@example.com", "ana@example.com"] }),
            json!({ "assigneeLogicType": "fair_distribution_selected", "selectedMembershipIdsForAssignee": [bruno, twin] }),
        ],
        vec![
            nothing(),
            json!({ "defaultTags": ["São ", "b"], "defaultTagsToRemove": [] }),
            json!({ "requestContact": { "name": true } }),
            json!({ "requestContact": {} }),
        ],
        vec![
            nothing(),
            json!({ "zapiAgentName": "clara", "zapiPhoneNumber": "12345678", "zapiMessage": "Oi" }),
            json!({ "zapiAgentId": "", "zapiMessage": "" }),
        ],
        vec![
            nothing(),
            json!({ "whatsappTemplateAgentId": clara, "whatsappTemplateName": "a", "whatsappTemplateLanguageCode": "pt_BR" }),
        ],
        vec![
            nothing(),
            json!({ "webhookUrl": "https://hooks.example.com/a", "webhookHeader": { "X-Key": "secret", "X-B": "b" } }),
            json!({ "webhookUrl": "https://hooks.example.com/b", "webhookHeader": { "x-key": "another" } }),
            json!({ "webhookUrl": "https://other.example.com/", "webhookHeader": {} }),
        ],
    ]
}

/// Parts that break rules, alone or together with others.
fn wrong_parts() -> Vec<Value> {
    vec![
        json!({ "name": " " }),
        json!({ "key": "A b" }),
        json!({ "trigger": null, "prompt": null }),
        json!({ "agentId": "x", "agentName": "Clara" }),
        json!({ "agentName": "" }),
        json!({ "agentName": "duo", "zapiAgentName": "nobody", "zapiMessage": "a" }),
        json!({ "agentId": id(0xff), "whatsappTemplateAgentName": " " }),
        json!({ "autoNextStepKey": "nowhere" }),
        json!({ "autoNextStepKey": "", "autoNextTime": 0 }),
        json!({ "autoNextTimeUnit": "d", "autoNextTime": 400 }),
        json!({ "autoNextTime": i32::MAX, "autoNextTimeUnit": "d" }),
        json!({ "isConversationRemovalStep": true, "autoNextTime": 1 }),
        json!({ "selectedMembershipEmails": ["twin@example.com", "TWIN@example.com", "", "nobody"] }),
        json!({ "selectedMembershipEmails": ["ana@example.com"], "selectedMembershipIdsForAssignee": [id(0xb1)] }),
        json!({ "selectedMembershipEmails": vec!["nobody"; 101], "selectedMembershipIdsForAssignee": null }),
        json!({ "selectedMembershipIdsForAssignee": ["", "x", "x"], "selectedMembershipEmails": [] }),
        json!({ "defaultTags": ["A", "a"], "defaultTagsToRemove": ["a"] }),
        json!({ "webhookHeader": { "X": "***", "Y": 1 } }),
        json!({ "webhookHeader": [] }),
        json!({ "webhookUrl": "http://localhost", "webhookHeader": { "X": "***" } }),
    ]
}

/// The fields of a step, with one of each group of parts, and these in their place.
fn fields(others: impl Strategy<Value = Vec<Value>>) -> impl Strategy<Value = Value> {
    let groups: Vec<_> = parts().into_iter().map(select).collect();
    (groups, others).prop_map(|(parts, others)| {
        let mut step = Map::new();
        for part in parts.into_iter().chain(others) {
            step.extend(part.as_object().cloned().unwrap_or_default());
        }
        step.into()
    })
}

/// Steps in which some have a key of their own, and timers lead to the step of an index.
fn steps(fields: impl Strategy<Value = Value>) -> impl Strategy<Value = PipelineSpec> {
    let step = (option::weighted(0.8, 0..12_u8), fields, 0..10_usize);
    let about = option::of(select(vec!["", "About leads", "🌞"]));
    (vec(step, 0..10), about).prop_map(|(steps, description)| {
        let mut free: Vec<u8> = (0..12).collect();
        let mut all = Vec::new();
        for (key, step, _) in &steps {
            let mut step = step.clone();
            if let Some(at) = free.iter().position(|free| Some(free) == key.as_ref()) {
                step["key"] = format!("k{}", free.remove(at)).into();
            }
            all.push(step);
        }
        let keys = spec(all.clone().into()).step_keys();
        for (index, (step, (_, _, target))) in all.iter_mut().zip(&steps).enumerate() {
            if step.get("autoNextStepKey") == Some(&json!("?")) {
                let others = keys.len().saturating_sub(1).max(1);
                let target = &keys[(index + 1 + target % others) % keys.len()];
                step["autoNextStepKey"] = json!((*target != keys[index]).then_some(target));
            }
        }
        PipelineSpec { description: description.map(str::to_owned), ..spec(all.into()) }
    })
}

/// A valid specification.
pub(crate) fn valid_spec() -> impl Strategy<Value = PipelineSpec> {
    steps(fields(Just(Vec::new())))
}

/// A specification that may break rules.
pub(crate) fn any_spec() -> impl Strategy<Value = PipelineSpec> {
    let names = ["key", "name", "agentName", "zapiAgentName", "autoNextStepKey", "webhookUrl"];
    let text =
        (select(names.to_vec()), any::<String>()).prop_map(|(name, text)| json!({ name: text }));
    steps(fields(vec(prop_oneof![3 => select(wrong_parts()), 1 => text], 0..3)))
}

/// A stored pipeline. Some of its steps have no key, unless all shall have one.
pub(crate) fn stored_pipeline(have_keys: bool) -> impl Strategy<Value = Pipeline> {
    (valid_spec(), vec(any::<bool>(), 10), any::<bool>()).prop_map(
        move |(spec, keyed, is_keyed)| {
            let mut pipeline = resolve_for(None, &spec, true).expect("it is valid").after;
            pipeline.revision = 7;
            for (step, is_keyed) in pipeline.steps.iter_mut().zip(keyed) {
                step.input.key = step.input.key.take().filter(|_| have_keys || is_keyed);
            }
            pipeline.key = pipeline.key.filter(|_| have_keys || is_keyed);
            pipeline
        },
    )
}
