//! updateCrmSteps.

use crm_steps::domain::access_token::Scope;
use serde_json::{Value, json};

use super::{bulk, expected, message};
use crate::support::{App, on_both_databases, violations};

async fn one_patch_changes_all_steps(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, agent) = (ana.scenario("Sales").await, ana.agent("Sofia").await);
    let ids = ana.steps(&scenario, "a b c").await;
    let call =
        format!("updateCrmSteps(, input: {{ agentId: \"{agent}\", defaultTags: [\" new \"] }})");
    let select = "crmSteps { name prompt version agent { name } defaultTags } diagnostics { code }";
    let selected = [ids[2].clone(), ids[0].clone()];
    let payload = bulk(&ana, &call, &selected, select).await;
    let step = |name| {
        json!({
            "name": name, "prompt": "Greet.", "version": 2,
            "agent": { "name": "Sofia" }, "defaultTags": ["new"],
        })
    };
    assert_eq!(payload["crmSteps"], json!([step("c"), step("a")]));
    assert_eq!(payload["crmScenario"]["revision"], 5, "one revision for all");
    let before = app.contents().await;
    let again = bulk(&ana, &call, &selected, select).await;
    assert_eq!(again["crmSteps"], payload["crmSteps"]);
    assert_eq!(app.contents().await, before, "nothing has changed");
}

async fn a_rule_is_reported_once_for_each_step_that_breaks_it(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (_, ids) = ana
        .pipeline(
            "Sales",
            json!([
                { "name": "a" },
                { "name": "b", "trigger": "Asks." },
                { "name": "c", "isConversationRemovalStep": true },
            ]),
        )
        .await;
    let before = app.contents().await;
    let call = format!(
        "updateCrmSteps(, input: {{ prompt: null, autoNextStepId: \"{}\", autoNextTime: 5, agentId: \"nobody\" }})",
        ids[1]
    );
    let payload = bulk(&ana, &call, &ids, "crmSteps { id }").await;
    let broken: Vec<_> = violations(&payload)
        .into_iter()
        .zip(payload["userErrors"].as_array().expect("errors"))
        .map(|((field, code), error)| {
            let params = error["params"].as_array().expect("params").iter();
            let id = params.clone().find(|param| param["name"] == "id").expect("the step");
            let step = ids.iter().position(|step| id["value"] == step.as_str());
            (field, code, ["a", "b", "c"][step.expect("a step of the call")])
        })
        .collect();
    let of = |field: &str, code: &str, step| (format!("input.{field}"), code.to_owned(), step);
    assert_eq!(
        broken,
        [
            of("agentId", "NOT_FOUND", "a"),
            of("trigger", "TRIGGER_OR_PROMPT_REQUIRED", "a"),
            of("agentId", "NOT_FOUND", "b"),
            of("autoNextStepId", "SELF_REFERENCE", "b"),
            of("agentId", "NOT_FOUND", "c"),
            of("trigger", "TRIGGER_OR_PROMPT_REQUIRED", "c"),
            of("isConversationRemovalStep", "REMOVAL_STEP_CONFLICT", "c"),
        ]
    );
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn only_one_step_gets_a_key(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b").await;
    let before = app.contents().await;
    let call = "updateCrmSteps(, input: { key: \"lead\" })";
    let payload = bulk(&ana, call, &ids, "crmSteps { key }").await;
    assert_eq!(violations(&payload), expected(&[("input.key", "KEY_TAKEN")]));
    assert_eq!(payload["userErrors"][0]["params"], json!([{ "name": "id", "value": ids[1] }]));
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
    let of_one_step = "key can be given to one step only; leave it out, or change one step.";
    assert_eq!(message(&payload), of_one_step);
    let payload = bulk(&ana, call, &ids[1..], "crmSteps { key }").await;
    assert_eq!(payload["crmSteps"], json!([{ "key": "lead" }]));
    let payload = bulk(&ana, call, &ids, "crmSteps { key }").await;
    assert_eq!(payload["userErrors"][0]["params"], json!([{ "name": "id", "value": ids[0] }]));
    assert_eq!(message(&payload), of_one_step);
    let payload = bulk(&ana, call, &ids[..1], "crmSteps { key }").await;
    assert_eq!(message(&payload), "key is the key of something else; choose another one.");
}

async fn masks_stand_for_the_secret_of_each_step(app: App) {
    let ana = app.member_of("Horizonte").await;
    let header =
        |value| json!({ "webhookUrl": "https://example.com", "webhookHeader": { "X": value } });
    let (_, ids) = ana.pipeline("Sales", json!([header("one"), header("two")])).await;
    let writer = app.bearer("Horizonte", &[Scope::Read, Scope::Write]).await;
    let types = "($ids: [ID!]!, $headers: StringMap)";
    let field = "updateCrmSteps(ids: $ids, input: { webhookHeader: $headers }) { crmSteps { webhookHeader } }";
    let update = async |headers: Value| {
        writer.call(types, field, json!({ "ids": ids, "headers": headers })).await
    };
    let payload = update(json!({ "X": "***", "Y": "new" })).await;
    assert_eq!(violations(&payload), []);
    let masked = json!({ "webhookHeader": { "X": "***", "Y": "***" } });
    assert_eq!(payload["crmSteps"], json!([masked, masked]));
    let read = format!(
        "{{ nodes(ids: [\"{}\", \"{}\"]) {{ ... on CrmStep {{ webhookHeader }} }} }}",
        ids[0], ids[1]
    );
    let stored = |value| json!({ "webhookHeader": { "X": value, "Y": "new" } });
    assert_eq!(ana.query(&read).await["nodes"], json!([stored("one"), stored("two")]));
    let unknown = violations(&update(json!({ "Z": "***" })).await);
    assert_eq!(unknown, expected(&[("input.webhookHeader.Z", "MASKED_HEADER_VALUE"); 2]));
}

on_both_databases!(
    one_patch_changes_all_steps,
    a_rule_is_reported_once_for_each_step_that_breaks_it,
    only_one_step_gets_a_key,
    masks_stand_for_the_secret_of_each_step,
);
