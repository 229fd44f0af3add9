//! What specifications mean for stored pipelines, and which are rejected.

use crm_steps::domain::{
    conflict::{check_deletions, check_revision},
    flow::{
        export::Pipeline,
        resolve::{StepChange, Target, check, resolve},
        spec::{PipelineSpec, StepSpec},
    },
    url::WebhookHosts,
    violation::Violations,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    pipelines::{
        any_spec, at, broken, codes, directory, id, resolve_for, spec, stored, stored_pipeline,
    },
    specification::whole,
};

#[test]
fn keys_are_valid_and_given_once() {
    let step = |key: &str| json!({ "key": key, "name": "A", "prompt": "p" });
    let steps = json!([step("a"), step("A"), step("b"), step("a"), step(""), step("A")]);
    assert_eq!(
        broken(steps),
        at([
            ("steps.1.key", "INVALID_KEY"),
            ("steps.3.key", "DUPLICATE_VALUE"),
            ("steps.4.key", "INVALID_KEY"),
            ("steps.5.key", "DUPLICATE_VALUE"),
            ("steps.5.key", "INVALID_KEY"),
        ])
    );
}

#[test]
fn the_scenario_is_checked_as_well() {
    let spec = PipelineSpec {
        key: Some("x_y".to_owned()),
        name: " ".to_owned(),
        description: Some("d".repeat(2_001)),
        steps: vec![StepSpec::default()],
    };
    let broken = resolve_for(None, &spec, true).map_err(codes).expect_err("it is invalid");
    assert_eq!(
        broken,
        at([
            ("name", "BLANK"),
            ("description", "TOO_LONG"),
            ("key", "INVALID_KEY"),
            ("steps.0.name", "BLANK"),
            ("steps.0.trigger", "TRIGGER_OR_PROMPT_REQUIRED"),
        ])
    );
}

#[test]
fn the_steps_are_counted_and_the_first_ones_checked() {
    let steps = vec![json!({ "name": "A" }); 52];
    let broken = broken(steps.into());
    assert_eq!(broken[0], ("steps".to_owned(), "TOO_MANY"));
    assert_eq!(broken.len(), 51);
}

#[test]
fn the_key_of_another_scenario_is_taken() {
    let (directory, hosts) = (directory(), WebhookHosts::Public);
    let target = Target {
        stored: None,
        is_key_taken: true,
        directory: &directory,
        hosts: &hosts,
        reads_secrets: true,
        max_steps: 50,
    };
    let broken = resolve(&spec(json!([])), &target, Uuid::nil).map_err(codes);
    assert_eq!(broken.expect_err("it is taken"), at([("key", "KEY_TAKEN")]));
}

/// A stored pipeline whose only step calls a webhook.
fn with_webhook() -> Pipeline {
    stored(json!([{
        "key": "a",
        "name": "A",
        "prompt": "p",
        "webhookUrl": "https://hooks.example.com/a",
        "webhookHeader": { "X-Key": "secret" },
    }]))
}

/// The headers after applying this URL and these headers to that pipeline.
fn headers_after(
    url: &str,
    header: Value,
    reads_secrets: bool,
) -> Result<Value, Vec<(String, &'static str)>> {
    let mut step = json!({ "key": "a", "name": "A", "prompt": "p", "webhookUrl": url });
    step["webhookHeader"] = header;
    let resolved = resolve_for(Some(&with_webhook()), &spec(json!([step])), reads_secrets);
    let mut after = resolved.map_err(codes)?.after;
    Ok(after.steps.remove(0).input.webhook_header.unwrap_or_default())
}

#[test]
fn a_mask_stands_for_the_stored_value_as_in_an_update() {
    let (same, other) = ("https://hooks.example.com/b", "https://other.example.com");
    let masked = json!({ "X-KEY": "***" });
    let kept = Ok(json!({ "X-KEY": "secret" }));
    assert_eq!(headers_after(same, masked.clone(), false), kept);
    assert_eq!(headers_after(other, masked.clone(), true), kept);
    let rejected = Err(at([("steps.0.webhookHeader.X-KEY", "MASKED_HEADER_VALUE")]));
    assert_eq!(headers_after(other, masked, false), rejected);
    let unknown = Err(at([("steps.0.webhookHeader.X-New", "MASKED_HEADER_VALUE")]));
    assert_eq!(headers_after(same, json!({ "X-New": "***" }), true), unknown);
    assert_eq!(headers_after(same, json!(null), false), Ok(json!(null)));
}

#[test]
fn the_order_of_headers_is_not_a_change() {
    let headers = |header: Value| {
        let url = "https://hooks.example.com/a";
        json!([{ "key": "a", "name": "A", "prompt": "p", "webhookUrl": url, "webhookHeader": header }])
    };
    let pipeline = stored(headers(json!({ "X-A": "a", "X-B": "b" })));
    let turned = spec(headers(json!({ "X-B": "***", "X-A": "***" })));
    let after = resolve_for(Some(&pipeline), &turned, true).expect("it is valid").after;
    let text = |pipeline: &Pipeline| format!("{:?}", pipeline.steps[0].input.webhook_header);
    assert_eq!(text(&after), text(&pipeline));
}

/// A value that an earlier version accepted does not prevent changes of other fields.
#[test]
fn a_kept_step_is_checked_as_an_update_is() {
    let mut pipeline = with_webhook();
    pipeline.steps[0].input.webhook_url = Some("http://localhost/".to_owned());
    let mut spec = pipeline.export(&directory(), true);
    spec.steps[0].name = "B".to_owned();
    assert!(resolve_for(Some(&pipeline), &spec, true).is_ok());
    spec.steps[0].webhook_url = Some("http://localhost/b".to_owned());
    let broken = resolve_for(Some(&pipeline), &spec, true).map_err(codes).expect_err("it changes");
    assert_eq!(broken, at([("steps.0.webhookUrl", "URL_NOT_ALLOWED")]));
}

#[test]
fn steps_are_found_by_their_keys_and_keep_their_ids() {
    let mut pipeline = stored(json!([
        { "key": "a", "name": "A", "prompt": "p" },
        { "name": "Lead frio", "prompt": "p" },
        { "key": "c", "name": "C", "prompt": "p" },
    ]));
    pipeline.steps[1].input.key = None;
    let spec = spec(json!([
        { "name": "Lead frio", "prompt": "q" },
        { "key": "d", "name": "C", "prompt": "p", "autoNextTime": 1, "autoNextStepKey": "a" },
        { "key": "a", "name": "Renamed", "prompt": "p" },
    ]));
    let resolved = resolve_for(Some(&pipeline), &spec, true).expect("it is valid");
    let [one, other] = [0, 1].map(|index| pipeline.steps[index].id);
    let ids: Vec<_> = resolved.after.steps.iter().map(|step| step.id).collect();
    assert_eq!([ids[0], ids[2]], [other, one]);
    assert_eq!(resolved.after.steps[1].input.auto_next_step_id, Some(one.to_string()));
    let before = |change: &StepChange| match change {
        StepChange::Create(_) => None,
        StepChange::Keep(kept) => Some((kept.index_before, kept.is_moved, kept.update.is_some())),
    };
    let before: Vec<_> = resolved.steps.iter().map(before).collect();
    assert_eq!(before, [Some((1, true, true)), None, Some((0, false, true))]);
    assert_eq!(resolved.deleted, [2]);
    let keys: Vec<_> =
        resolved.after.steps.iter().filter_map(|step| step.input.key.as_deref()).collect();
    assert_eq!(keys, ["lead-frio", "d", "a"]);
}

#[test]
fn a_key_that_is_left_out_stays_stored() {
    let pipeline = stored(json!([]));
    let spec = PipelineSpec { key: None, ..spec(json!([])) };
    let resolved = resolve_for(Some(&pipeline), &spec, true).expect("it is valid");
    assert_eq!(resolved.after.key.as_deref(), Some("vendas"));
    assert!(resolved.scenario.is_none(), "nothing changes");
}

#[test]
fn the_expected_revision_is_the_present_one_and_is_needed_to_delete_steps() {
    let broken = |result: Result<(), Violations>| result.err().map(codes).unwrap_or_default();
    assert_eq!(broken(check_revision(Some(7), 7)), at([]));
    assert_eq!(broken(check_revision(None, 7)), at([]));
    assert_eq!(broken(check_revision(Some(0), 7)), at([("expectedRevision", "STALE_REVISION")]));
    assert_eq!(broken(check_revision(Some(7), 0)), at([("expectedRevision", "STALE_REVISION")]));
    let required = at([("expectedRevision", "EXPECTED_REVISION_REQUIRED")]);
    assert_eq!(broken(check_deletions(None, 1)), required);
    assert_eq!(broken(check_deletions(None, 0)), at([]));
    assert_eq!(broken(check_deletions(Some(7), 1)), at([]));
}

#[test]
fn everything_exists_for_a_check_without_a_database() {
    let step = json!({
        "name": "A",
        "prompt": "p",
        "agentName": "Anybody",
        "zapiAgentId": id(0xff),
        "zapiPhoneNumber": "12345678",
        "zapiMessage": "m",
        "assigneeLogicType": "random_selected",
        "selectedMembershipEmails": ["a@example.com", "b@example.com", "A@example.com"],
        "webhookUrl": "https://hooks.example.com/a",
        "webhookHeader": { "X-Key": "***", "X-B": "${B}", "Host": "x" },
    });
    let broken = check(&spec(json!([step])), &WebhookHosts::Public, 1_000);
    assert_eq!(
        codes(broken),
        at([
            ("steps.0.selectedMembershipEmails.2", "DUPLICATE_VALUE"),
            ("steps.0.webhookHeader.Host", "HEADER_NOT_ALLOWED"),
        ])
    );
}

proptest! {
    #[test]
    fn a_specification_is_resolved_or_rejected_with_paths_into_it(
        pipeline in prop::option::of(stored_pipeline(false)),
        spec in any_spec(),
        reads_secrets: bool,
    ) {
        match resolve_for(pipeline.as_ref(), &spec, reads_secrets) {
            Ok(resolved) => {
                let again = resolve_for(Some(&resolved.after), &spec, true).expect("it is valid");
                prop_assert_eq!(again.after, resolved.after);
            }
            Err(violations) => {
                for violation in violations {
                    let report = violation.report();
                    let path = report.field.iter().map(String::as_str).collect::<Vec<_>>();
                    let is_of_step = matches!(path.as_slice(), ["steps", index, field, ..]
                        if index.parse::<usize>().is_ok_and(|index| index < spec.steps.len())
                            && whole().get(field).is_some());
                    prop_assert!(is_of_step, "{:?}", report);
                    prop_assert!(!report.message.contains("autoNextStepId"), "{:?}", report);
                }
            }
        }
    }

    /// What a check without a database rejects, the service rejects for the same reasons, and for others
    /// only where it knows more.
    #[test]
    fn a_check_without_a_database_finds_what_needs_none(spec in any_spec()) {
        let offline = codes(check(&spec, &WebhookHosts::Public, 50));
        let mut all = resolve_for(None, &spec, true).err().map(codes).unwrap_or_default();
        for violation in &offline {
            let found = all.iter().position(|other| other == violation);
            prop_assert!(found.is_some(), "{:?} is not in {:?}", violation, all);
            all.remove(found.unwrap_or_default());
        }
        let needs_data = ["NOT_FOUND", "AMBIGUOUS_NAME", "MASKED_HEADER_VALUE"];
        prop_assert!(all.iter().all(|(_, code)| needs_data.contains(code)), "{:?}", all);
    }
}
