//! Exports, and that applying one changes nothing.

use crm_steps::domain::flow::{Flow, spec::PipelineSpec};
use insta::assert_json_snapshot;
use proptest::prelude::*;
use serde_json::json;

use super::pipelines::{directory, id, plan_for, resolve_for, stored, stored_pipeline, valid_spec};

#[test]
fn an_export_has_names_keys_and_masks() {
    let mut pipeline = stored(json!([
        {
            "key": "novo-lead",
            "name": "Novo lead",
            "agentId": id(0xa1),
            "prompt": "Cumprimente.\nPergunte.",
            "autoNextTime": 36,
            "autoNextTimeUnit": "h",
            "autoNextStepKey": "lead-frio",
            "assigneeLogicType": "random_selected",
            "selectedMembershipIdsForAssignee": [id(0xb1), id(0xb2)],
            "requestContact": { "phone": true },
            "webhookUrl": "https://hooks.example.com/novo",
            "webhookHeader": { "X-Key": "secret" },
        },
        { "name": "Lead frio", "trigger": "", "prompt": "p", "defaultTags": [] },
    ]));
    pipeline.key = None;
    pipeline.steps[1].input.key = None;
    assert_json_snapshot!(pipeline.export(&directory(), false), @r#"
    {
      "key": "vendas",
      "name": "Vendas",
      "steps": [
        {
          "key": "novo-lead",
          "name": "Novo lead",
          "agentName": "Sofia — Vendas",
          "prompt": "Cumprimente.\nPergunte.",
          "autoNextStepKey": "lead-frio",
          "autoNextTime": 36,
          "autoNextTimeUnit": "h",
          "assigneeLogicType": "random_selected",
          "selectedMembershipEmails": [
            "ana@example.com",
            "bruno@example.com"
          ],
          "requestContact": {
            "phone": true
          },
          "webhookUrl": "https://hooks.example.com/novo",
          "webhookHeader": {
            "X-Key": "***"
          }
        },
        {
          "key": "lead-frio",
          "name": "Lead frio",
          "trigger": "",
          "prompt": "p",
          "defaultTags": []
        }
      ]
    }
    "#);
    let header = |spec: PipelineSpec| spec.steps[0].webhook_header.clone();
    assert_eq!(header(pipeline.export(&directory(), true)), Some(json!({ "X-Key": "secret" })));
}

#[test]
fn what_several_have_is_not_a_name() {
    let pipeline = stored(json!([{
        "name": "A",
        "prompt": "p",
        "agentId": id(0xa3),
        "zapiAgentId": id(0xa2),
        "zapiPhoneNumber": "12345678",
        "zapiMessage": "Oi",
        "assigneeLogicType": "random_selected",
        "selectedMembershipIdsForAssignee": [id(0xb1), id(0xb4)],
    }]));
    let step = pipeline.export(&directory(), true).steps.remove(0);
    assert_eq!((step.agent_name, step.agent_id), (None, Some(id(0xa3).to_string())));
    assert_eq!(step.zapi_agent_name.as_deref(), Some("Clara"));
    assert_eq!(step.selected_membership_emails, None);
    let ids = [id(0xb1), id(0xb4)].map(|id| id.to_string());
    assert_eq!(step.selected_membership_ids_for_assignee, Some(ids.into()));
}

proptest! {
    /// Export, apply elsewhere, export: the same file.
    #[test]
    fn an_export_makes_the_same_pipeline_elsewhere(pipeline in stored_pipeline(false)) {
        let spec = pipeline.export(&directory(), true);
        let copy = resolve_for(None, &spec, true).expect("an export is valid").after;
        prop_assert_eq!(copy.export(&directory(), true), spec);
    }

    #[test]
    fn applying_an_export_changes_nothing(pipeline in stored_pipeline(true), reads_secrets: bool) {
        let spec = pipeline.export(&directory(), reads_secrets);
        let (plan, after) = plan_for(Some(&pipeline), &spec, reads_secrets);
        prop_assert!(plan.is_empty(), "{:#?}", plan);
        prop_assert_eq!(after, pipeline);
    }

    #[test]
    fn applying_an_export_stores_the_keys_that_it_gave(pipeline in stored_pipeline(false)) {
        let spec = pipeline.export(&directory(), false);
        let (plan, after) = plan_for(Some(&pipeline), &spec, false);
        let fields = plan.steps.iter().flat_map(|step| &step.fields).chain(&plan.fields);
        let fields: Vec<_> = fields.map(|change| (change.name.as_str(), &change.before)).collect();
        let missing = pipeline.steps.iter().filter(|step| step.input.key.is_none()).count();
        let missing = missing + usize::from(pipeline.key.is_none());
        prop_assert_eq!(fields, vec![("key", &json!(null)); missing]);
        prop_assert_eq!(after.export(&directory(), false), spec);
    }

    /// The same specification twice is nothing the second time.
    #[test]
    fn applying_again_changes_nothing(pipeline in stored_pipeline(false), spec in valid_spec()) {
        let after = plan_for(Some(&pipeline), &spec, true).1;
        prop_assert!(plan_for(Some(&after), &spec, true).0.is_empty());
    }

    #[test]
    fn the_flow_of_a_pipeline_is_that_of_its_export(pipeline in stored_pipeline(false)) {
        let (flow, exported) = (pipeline.flow(), pipeline.export(&directory(), true).flow());
        let shape = |flow: &Flow| -> Vec<_> {
            (0..flow.steps.len()).map(|index| (flow.steps[index].key.clone(), flow.timer(index))).collect()
        };
        prop_assert_eq!(shape(&flow), shape(&exported));
    }
}
