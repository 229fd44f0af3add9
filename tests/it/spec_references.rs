//! What a step of a specification refers to: by an id, or by a name or an email, but not by both.

use serde_json::{Value, json};

use crate::support::{App, Client, on_both_databases, violations};

/// The violations of a specification of a valid step with these fields.
async fn of_step(client: &Client, fields: Value) -> Vec<(String, String)> {
    let mut step = json!({ "name": "Lead", "prompt": "Greet." });
    step.as_object_mut().expect("an object").extend(fields.as_object().expect("fields").clone());
    let input = json!({ "name": "Sales", "steps": [step] });
    let field = "applyCrmScenario(input: $input, validateOnly: true) { replayed }";
    let payload =
        client.call("($input: ApplyCrmScenarioInput!)", field, json!({ "input": input })).await;
    let violations = violations(&payload).into_iter();
    violations.map(|(path, code)| (path.replace("input.steps.0.", ""), code)).collect()
}

/// Violations of a step, from fields and codes.
fn expected(violations: &[(&str, &str)]) -> Vec<(String, String)> {
    violations.iter().map(|(path, code)| ((*path).to_owned(), (*code).to_owned())).collect()
}

async fn an_agent_is_given_by_its_id_or_by_its_name(app: App) {
    let ana = app.member_of("Horizonte").await;
    let sofia = ana.agent("Sofia").await;
    let with = |agent: Value, name: Value| {
        json!({
            "agentId": agent, "agentName": name, "zapiAgentId": agent, "zapiAgentName": name,
            "zapiPhoneNumber": "12345678", "zapiMessage": "Hi", "whatsappTemplateAgentId": agent,
            "whatsappTemplateAgentName": name, "whatsappTemplateName": "a",
            "whatsappTemplateLanguageCode": "en",
        })
    };
    for (id, name) in
        [(json!(sofia), json!(null)), (json!(null), json!("sofia")), (json!(" "), json!("Sofia"))]
    {
        assert_eq!(of_step(&ana, with(id, name)).await, []);
    }
    let conflicts = expected(&[
        ("agentName", "CONFLICTING_FIELDS"),
        ("whatsappTemplateAgentName", "CONFLICTING_FIELDS"),
        ("zapiAgentName", "CONFLICTING_FIELDS"),
    ]);
    let mut found = of_step(&ana, with(json!(sofia), json!("Sofia"))).await;
    found.sort();
    assert_eq!(found, conflicts);
}

async fn candidates_are_given_by_ids_or_by_emails(app: App) {
    let ana = app.member_of("Horizonte").await;
    let bruno = ana.membership("Bruno").await;
    let with = |ids: Value, emails: Value| {
        json!({
            "assigneeLogicType": "random_selected", "selectedMembershipIdsForAssignee": ids,
            "selectedMembershipEmails": emails,
        })
    };
    for (ids, emails) in [
        (json!([bruno]), json!(null)),
        (json!([]), json!(["Somebody@example.com"])),
        (json!([bruno]), json!([])),
    ] {
        assert_eq!(of_step(&ana, with(ids, emails)).await, []);
    }
    let twice = json!(["somebody@example.com", "Somebody@example.com"]);
    assert_eq!(
        of_step(&ana, with(json!([bruno]), twice)).await,
        expected(&[
            ("selectedMembershipEmails", "CONFLICTING_FIELDS"),
            ("selectedMembershipEmails.1", "DUPLICATE_VALUE"),
        ])
    );
    let many = json!(vec!["somebody@example.com"; 101]);
    let found = of_step(&ana, with(json!([bruno]), many)).await;
    assert!(found.contains(&("selectedMembershipEmails".to_owned(), "TOO_MANY".to_owned())));
    assert_eq!(found.len(), 2 + 99, "those beyond the limit are not checked");
}

on_both_databases!(
    an_agent_is_given_by_its_id_or_by_its_name,
    candidates_are_given_by_ids_or_by_emails,
);
