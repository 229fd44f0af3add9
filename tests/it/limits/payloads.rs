//! Limits in the payloads of mutations: they take nothing that is committed out of a response.

use serde_json::{Value, json};

use super::cost;
use crate::support::{App, on_both_databases};

async fn long_texts_take_no_committed_step_out_of_a_payload(app: App) {
    let ana = app.member_of("Horizonte").await;
    let step = json!({ "name": "a", "prompt": "b" });
    let (_, ids) = ana.pipeline("Sales", vec![step; 100].into()).await;
    let update = async |prompt: &str, select: &str| {
        let query = format!(
            "mutation($ids: [ID!]!, $input: UpdateCrmStepInput!) {{
                updateCrmSteps(ids: $ids, input: $input) {{ {select} }} }}"
        );
        let input = json!({ "prompt": prompt.repeat(20_000) });
        ana.graphql(&query, json!({ "ids": ids, "input": input })).await
    };
    update("🌞", "replayed").await.data();
    // The values of these fields have 24 million bytes.
    let answer = update("🙂", "crmSteps { history(last: 2) { nodes { fields { name } } } }").await;
    let steps = answer.data()["updateCrmSteps"]["crmSteps"].clone();
    let prompt = json!({ "fields": [{ "name": "prompt" }] });
    let expected = json!({ "history": { "nodes": [prompt, prompt] } });
    assert_eq!(steps, Value::from(vec![expected; 100]));
    // A query has a limit for them, and so has a field that may be null.
    let fields =
        "{ crmSteps(first: 100) { nodes { history(last: 2) { nodes { fields { name } } } } } }";
    assert_eq!(ana.graphql(fields, json!({})).await.error_code(), "QUERY_TOO_LARGE");
    let answer = update("🌞", "crmSteps { a: prompt b: prompt c: prompt }").await;
    assert_eq!(answer.error_code(), "QUERY_TOO_LARGE");
    let steps = answer.json()["data"]["updateCrmSteps"]["crmSteps"].clone();
    assert_eq!(steps.as_array().map(Vec::len), Some(100));
    assert_eq!(steps[99]["c"], Value::Null);
}

async fn the_steps_whose_timers_change_count_as_a_hundred(app: App) {
    let ana = app.member_of("Horizonte").await;
    for (field, complexity) in [
        ("deleteCrmStep(id: \"a\") { crmStepsWithoutTimer { id } }", 102),
        ("deleteCrmSteps(ids: [\"a\", \"b\"]) { crmStepsWithoutTimer { id } }", 203),
        ("restoreCrmStep(id: \"a\") { crmStepsWithTimer { id name } }", 202),
    ] {
        let found = cost(&ana, &format!("mutation {{ {field} }}"), json!({})).await;
        assert_eq!(found["complexity"], complexity, "{field}");
    }
}

on_both_databases!(
    long_texts_take_no_committed_step_out_of_a_payload,
    the_steps_whose_timers_change_count_as_a_hundred,
);
