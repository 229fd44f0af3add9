//! Agents by name, people by email, and steps by key.

use serde_json::{Value, json};

use super::pipelines::{at, broken, broken_step, id, resolve_for, spec};

#[test]
fn an_agent_is_found_by_its_name_as_text_compares() {
    for (fields, expected) in [
        (json!({ "agentName": "sofia — VENDAS" }), at([])),
        (json!({ "agentName": "Sofia" }), at([("steps.0.agentName", "NOT_FOUND")])),
        (json!({ "agentName": "" }), at([("steps.0.agentName", "NOT_FOUND")])),
        (json!({ "agentName": "duo" }), at([("steps.0.agentName", "AMBIGUOUS_NAME")])),
        // A name that looks like the id of another one is a name.
        (json!({ "agentName": id(0xa1) }), at([("steps.0.agentName", "NOT_FOUND")])),
        (json!({ "agentId": id(0xa3) }), at([])),
        (json!({ "agentId": "Clara" }), at([("steps.0.agentId", "NOT_FOUND")])),
        (json!({ "agentId": " ", "agentName": "Clara" }), at([])),
        (json!({ "agentId": id(0xa1), "agentName": "" }), at([])),
        (
            json!({ "agentId": id(0xa1), "agentName": "Clara" }),
            at([("steps.0.agentName", "CONFLICTING_FIELDS")]),
        ),
        (
            json!({ "agentId": "x", "agentName": "y" }),
            at([
                ("steps.0.agentName", "CONFLICTING_FIELDS"),
                ("steps.0.agentName", "NOT_FOUND"),
                ("steps.0.agentId", "NOT_FOUND"),
            ]),
        ),
        (
            json!({ "zapiAgentName": "duo", "zapiMessage": "m" }),
            at([
                ("steps.0.zapiAgentName", "AMBIGUOUS_NAME"),
                ("steps.0.zapiPhoneNumber", "ZAPI_INCOMPLETE"),
            ]),
        ),
        (
            json!({ "zapiPhoneNumber": "12345678", "zapiMessage": "m" }),
            at([("steps.0.zapiAgentId", "ZAPI_INCOMPLETE")]),
        ),
        (
            json!({ "zapiAgentName": " ", "zapiPhoneNumber": "12345678", "zapiMessage": "m" }),
            at([("steps.0.zapiAgentName", "ZAPI_INCOMPLETE")]),
        ),
        (
            json!({ "whatsappTemplateAgentName": "x", "whatsappTemplateName": "a" }),
            at([
                ("steps.0.whatsappTemplateLanguageCode", "TEMPLATE_INCOMPLETE"),
                ("steps.0.whatsappTemplateAgentName", "NOT_FOUND"),
            ]),
        ),
    ] {
        assert_eq!(broken_step(fields.clone()), expected, "{fields}");
    }
}

/// The sentences about a step with these fields.
fn sentences(fields: &Value) -> String {
    let mut step = json!({ "name": "A", "prompt": "p" });
    step.as_object_mut().expect("an object").extend(fields.as_object().expect("fields").clone());
    let broken = resolve_for(None, &spec(json!([step])), true).expect_err("it is invalid");
    broken.into_iter().map(|violation| violation.report().message + "\n").collect()
}

#[test]
fn sentences_name_the_fields_of_the_specification() {
    let steps = [
        json!({ "autoNextStepKey": "b" }),
        json!({ "isConversationRemovalStep": true, "autoNextTime": 1 }),
        json!({ "zapiAgentName": "Clara", "zapiMessage": "m" }),
        json!({ "zapiPhoneNumber": "12345678", "zapiMessage": "m" }),
        json!({ "agentName": "Nobody" }),
    ];
    insta::assert_snapshot!(steps.each_ref().map(sentences).concat(), @r"
    steps[0].autoNextStepKey names no step of the specification.
    steps[0].autoNextTime is missing; autoNextStepKey needs a time to wait.
    steps[0].isConversationRemovalStep is true, so the conversation leaves the scenario here and the step cannot have a timer; drop autoNextStepKey and autoNextTime, or isConversationRemovalStep.
    steps[0].zapiPhoneNumber is missing; zapiAgentName, zapiPhoneNumber and zapiMessage go together.
    steps[0].zapiAgentId is missing; zapiAgentId, zapiPhoneNumber and zapiMessage go together.
    steps[0].agentName names nothing that exists in this organization.
    ");
}

#[test]
fn people_are_found_by_their_emails() {
    for (emails, expected) in [
        (json!(["ANA@example.com", "bruno@example.com"]), at([])),
        (json!([]), at([("steps.0.selectedMembershipEmails", "ASSIGNEES_REQUIRED")])),
        (
            json!(["nobody@example.com", "twin@example.com", "ana@example.com", "Ana@example.com"]),
            at([
                ("steps.0.selectedMembershipEmails.1", "AMBIGUOUS_NAME"),
                ("steps.0.selectedMembershipEmails.0", "NOT_FOUND"),
                ("steps.0.selectedMembershipEmails.3", "DUPLICATE_VALUE"),
            ]),
        ),
        (
            json!(["x", "y", "X"]),
            at([
                ("steps.0.selectedMembershipEmails.0", "NOT_FOUND"),
                ("steps.0.selectedMembershipEmails.1", "NOT_FOUND"),
                ("steps.0.selectedMembershipEmails.2", "NOT_FOUND"),
                ("steps.0.selectedMembershipEmails.2", "DUPLICATE_VALUE"),
            ]),
        ),
    ] {
        let step =
            json!({ "assigneeLogicType": "random_selected", "selectedMembershipEmails": emails });
        assert_eq!(broken_step(step), expected, "{emails}");
    }
}

#[test]
fn a_repeated_email_is_shown_as_it_was_sent() {
    let steps = json!([{
        "name": "A",
        "prompt": "p",
        "assigneeLogicType": "random_selected",
        "selectedMembershipEmails": ["ana@example.com", "ANA@example.com"],
    }]);
    let broken = resolve_for(None, &spec(steps), true).expect_err("it is repeated");
    let report = broken.within("input").into_iter().next().expect("a violation").report();
    assert_eq!(report.field, ["input", "steps", "0", "selectedMembershipEmails", "1"]);
    assert_eq!(report.params, [("value".to_owned(), "ANA@example.com".to_owned())]);
    assert_eq!(
        report.message,
        "steps[0].selectedMembershipEmails[1] repeats an earlier value of the list."
    );
}

#[test]
fn ids_and_emails_of_people_exclude_each_other() {
    let both = |ids: Value, emails: Value| {
        broken_step(json!({
            "assigneeLogicType": "random_selected",
            "selectedMembershipIdsForAssignee": ids,
            "selectedMembershipEmails": emails,
        }))
    };
    assert_eq!(both(json!([id(0xb1)]), json!([])), at([]));
    assert_eq!(both(json!([]), json!(["ana@example.com"])), at([]));
    assert_eq!(
        both(json!([id(0xb1), "x"]), json!(["ana@example.com", "y"])),
        at([
            ("steps.0.selectedMembershipEmails", "CONFLICTING_FIELDS"),
            ("steps.0.selectedMembershipEmails.1", "NOT_FOUND"),
            ("steps.0.selectedMembershipIdsForAssignee.1", "NOT_FOUND"),
        ])
    );
}

#[test]
fn of_too_many_people_the_first_100_are_looked_up() {
    let mut emails: Vec<_> = (0..100).map(|number| format!("{number}@example.com")).collect();
    emails.push("twin@example.com".to_owned());
    let step =
        json!({ "assigneeLogicType": "random_selected", "selectedMembershipEmails": emails });
    let broken = broken_step(step);
    assert_eq!(broken[0], ("steps.0.selectedMembershipEmails".to_owned(), "TOO_MANY"));
    assert!(broken[1..].iter().all(|(_, code)| *code == "NOT_FOUND"), "{broken:?}");
    assert_eq!(broken.len(), 101);
}

#[test]
fn a_timer_leads_to_a_step_of_the_specification() {
    let target = |key: &str| {
        broken(json!([
            { "key": "a", "name": "A", "prompt": "p", "autoNextTime": 1, "autoNextStepKey": key },
            { "name": "Lead frio", "prompt": "p" },
        ]))
    };
    assert_eq!(target("lead-frio"), at([]));
    assert_eq!(target("LEAD-frio"), at([]), "keys compare as other text");
    assert_eq!(target("a"), at([("steps.0.autoNextStepKey", "SELF_REFERENCE")]));
    assert_eq!(target("b"), at([("steps.0.autoNextStepKey", "NOT_FOUND")]));
    assert_eq!(target(""), at([("steps.0.autoNextStepKey", "NOT_FOUND")]));
    assert_eq!(
        broken_step(json!({ "autoNextStepKey": "b" })),
        at([
            ("steps.0.autoNextStepKey", "NOT_FOUND"),
            ("steps.0.autoNextTime", "AUTO_NEXT_INCOMPLETE"),
        ])
    );
}
