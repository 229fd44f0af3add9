//! Plans of changes.

use crm_steps::domain::{
    change::FieldChange,
    flow::{
        export::Pipeline,
        plan::{CrmScenarioPlan, CrmStepPlan, PlanAction, PlanCounts},
        spec::PipelineSpec,
    },
};
use insta::assert_json_snapshot;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::pipelines::{directory, id, plan_for, spec, stored, stored_pipeline, valid_spec};

/// A step as tests read it: its action, what it is, and the names of its changed fields.
fn shown(step: &CrmStepPlan) -> String {
    let fields: Vec<_> = step.fields.iter().map(|change| change.name.as_str()).collect();
    let moved = if step.is_moved { " moved" } else { "" };
    let index =
        |index: Option<usize>| index.map_or_else(|| "-".to_owned(), |index| index.to_string());
    format!(
        "{:?}{moved} {} {}>{} [{}]",
        step.action,
        step.key,
        index(step.index_before),
        index(step.index_after),
        fields.join(" ")
    )
}

fn steps(plan: &CrmScenarioPlan) -> Vec<String> {
    plan.steps.iter().map(shown).collect()
}

#[test]
fn a_plan_has_each_step_with_its_changes() {
    let before = stored(json!([
        { "key": "a", "name": "A", "prompt": "p" },
        { "key": "b", "name": "B", "prompt": "p" },
        { "key": "c", "name": "C", "prompt": "p", "agentId": id(0xa1) },
        { "key": "d", "name": "D", "prompt": "p", "autoNextTime": 5, "autoNextStepKey": "a" },
    ]));
    let spec = spec(json!([
        { "key": "d", "name": "D", "prompt": "p", "autoNextTime": 5, "autoNextStepKey": "e" },
        { "key": "a", "name": "A", "prompt": "p" },
        { "key": "e", "name": "E", "prompt": "p" },
        { "key": "c", "name": "C", "trigger": "t", "agentName": "Clara" },
    ]));
    let (plan, _) = plan_for(Some(&before), &spec, true);
    assert_eq!(
        steps(&plan),
        [
            "Update moved d 3>0 [autoNextStepKey]",
            "Unchanged a 0>1 []",
            "Create e ->2 [key name prompt]",
            "Update c 2>3 [agentName trigger prompt]",
            "Delete b 1>- [key name prompt]",
        ]
    );
    let counts = PlanCounts { created: 1, updated: 2, moved: 1, deleted: 1, unchanged: 1 };
    assert_eq!(plan.counts(), counts);
    assert_eq!((plan.revision, plan.action, plan.is_empty()), (7, PlanAction::Unchanged, false));
}

#[test]
fn a_change_has_both_values_and_null_for_an_absent_one() {
    let before = stored(json!([{ "key": "a", "name": "A", "prompt": "p", "agentId": id(0xa1) }]));
    let spec = spec(json!([{ "key": "a", "name": "A", "trigger": "t", "agentId": id(0xa3) }]));
    let (plan, _) = plan_for(Some(&before), &spec, true);
    assert_json_snapshot!(plan.steps[0].fields, @r#"
    [
      {
        "name": "agentId",
        "before": null,
        "after": "00000000-0000-0000-0000-0000000000a3"
      },
      {
        "name": "agentName",
        "before": "Sofia — Vendas",
        "after": null
      },
      {
        "name": "trigger",
        "before": null,
        "after": "t"
      },
      {
        "name": "prompt",
        "before": "p",
        "after": null
      }
    ]
    "#);
}

#[test]
fn a_new_pipeline_is_all_new() {
    let (plan, after) = plan_for(None, &spec(json!([{ "name": "A", "prompt": "p" }])), true);
    assert_eq!(steps(&plan), ["Create a ->0 [key name prompt]"]);
    assert_eq!(plan.steps[0].step_id, after.steps[0].id);
    assert_eq!((plan.revision, plan.action), (0, PlanAction::Create));
    let fields: Vec<_> = plan.fields.iter().map(|change| change.name.as_str()).collect();
    assert_eq!(fields, ["key", "name"]);
}

#[test]
fn the_scenario_has_an_action_of_its_own() {
    let before = Pipeline { key: None, ..stored(json!([])) };
    let spec = PipelineSpec { description: Some("d".to_owned()), ..spec(json!([])) };
    let (plan, _) = plan_for(Some(&before), &spec, true);
    let change = |name: &str, after: &str| FieldChange {
        name: name.to_owned(),
        before: Value::Null,
        after: after.into(),
    };
    assert_eq!(plan.fields, [change("key", "vendas"), change("description", "d")]);
    assert_eq!(plan.action, PlanAction::Update);
    assert!(!plan.is_empty());
}

/// The plan for a step with these headers, of which the stored ones are X-Key: secret.
fn headers(header: Value, reads_secrets: bool) -> Vec<FieldChange> {
    let with = |header: Value| json!([{ "key": "a", "name": "A", "prompt": "p", "webhookUrl": "https://example.com/a", "webhookHeader": header }]);
    let before = stored(with(json!({ "X-Key": "secret" })));
    plan_for(Some(&before), &spec(with(header)), reads_secrets).0.steps.remove(0).fields
}

#[test]
fn a_plan_never_shows_or_confirms_the_value_of_a_header() {
    let masked = json!({ "X-Key": "***" });
    let changed = |after: Value| {
        vec![FieldChange { name: "webhookHeader".to_owned(), before: masked.clone(), after }]
    };
    for reads_secrets in [true, false] {
        assert_eq!(headers(masked.clone(), reads_secrets), []);
        let other = json!({ "X-Key": "other" });
        assert_eq!(headers(other, reads_secrets), changed(masked.clone()));
        let more = json!({ "X-Key": "***", "X-More": "more" });
        let both = json!({ "X-Key": "***", "X-More": "***" });
        assert_eq!(headers(more, reads_secrets), changed(both));
        assert_eq!(headers(Value::Null, reads_secrets), changed(Value::Null));
    }
    let guess = json!({ "X-Key": "secret" });
    assert_eq!(headers(guess.clone(), true), []);
    assert_eq!(headers(guess, false), changed(masked.clone()));
}

/// The export of each step as JSON, without secrets.
fn exports(pipeline: &Pipeline) -> Vec<Map<String, Value>> {
    let spec = pipeline.export(&directory(), false);
    let spec = serde_json::to_value(spec).expect("JSON");
    let steps = spec["steps"].as_array().expect("steps").iter();
    steps.map(|step| step.as_object().expect("a step").clone()).collect()
}

/// The fields of an export after the changes of a plan, which have to start from these.
fn changed(mut fields: Map<String, Value>, changes: &[FieldChange]) -> Map<String, Value> {
    for FieldChange { name, before, after } in changes {
        let was = fields.remove(name).unwrap_or_default();
        assert_eq!(was, *before, "{name}");
        if !after.is_null() {
            fields.insert(name.clone(), after.clone());
        }
    }
    fields
}

proptest! {
    /// The plan leads from the export before to the one afterwards.
    #[test]
    fn a_plan_is_the_difference_of_the_exports(
        before in stored_pipeline(false),
        spec in valid_spec(),
        reads_secrets: bool,
    ) {
        let (plan, after) = plan_for(Some(&before), &spec, reads_secrets);
        let mut exports_before = exports(&before);
        let exports_after = exports(&after);
        for (step, stored) in exports_before.iter_mut().zip(&before.steps) {
            let is_kept = after.steps.iter().any(|step| step.id == stored.id);
            if stored.input.key.is_none() && is_kept {
                step.remove("key");
            }
        }
        for (place, step) in plan.steps.iter().enumerate() {
            let from = step.index_before.map(|index| exports_before[index].clone());
            let to = step.index_after.map(|index| exports_after[index].clone());
            let is_same = step.fields.is_empty();
            let names = step.fields.iter().map(|change| &change.name);
            if let (None, Some(all)) | (Some(all), None) = (&from, &to) {
                prop_assert!(names.eq(all.keys()), "all fields in the order of an export");
            }
            match step.action {
                PlanAction::Create => prop_assert!(from.is_none() && to.is_some()),
                PlanAction::Delete => prop_assert!(from.is_some() && to.is_none()),
                PlanAction::Update => prop_assert!(from.is_some() && to.is_some() && !is_same),
                PlanAction::Unchanged => prop_assert!(from.is_some() && to.is_some() && is_same),
            }
            prop_assert_eq!(changed(from.unwrap_or_default(), &step.fields), to.unwrap_or_default());
            let ids = [(&before, step.index_before), (&after, step.index_after)];
            for (pipeline, index) in ids {
                prop_assert!(index.is_none_or(|index| pipeline.steps[index].id == step.step_id));
            }
            prop_assert!(step.index_after.is_none_or(|index| index == place));
        }
        let deleted: Vec<_> = plan.steps.iter().filter(|step| step.index_after.is_none()).collect();
        prop_assert!(deleted.is_sorted_by_key(|step| step.index_before));
        prop_assert_eq!(plan.steps.len(), after.steps.len() + deleted.len());
        let stay = plan.steps.iter().filter(|step| step.index_after.is_some() && !step.is_moved);
        let places: Vec<_> = stay.filter_map(|step| step.index_before).collect();
        prop_assert!(places.is_sorted(), "what is not moved keeps its order: {:?}", places);
        prop_assert_eq!(plan.is_empty(), after == before && !plan.steps.iter().any(|step| !step.fields.is_empty()));
    }
}
