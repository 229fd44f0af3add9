//! createCrmScenario, createAgent, createMembership.

use serde_json::{Value, json};

use crate::support::{App, Client, on_both_databases};

async fn takes(ana: &Client, mutation: &str, resource: &str, input: Value) {
    let fields =
        input.as_object().expect("an object").keys().cloned().collect::<Vec<_>>().join(" ");
    let answer = ana.mutate(mutation, resource, &fields, &input).await;
    assert_eq!(answer.violations(), [], "{input}");
    assert_eq!(answer.data()[mutation][resource], input);
}

async fn refuses(
    app: &App,
    ana: &Client,
    mutation: &str,
    resource: &str,
    input: Value,
    expected: &[(&str, &str)],
) {
    let before = app.contents().await;
    let answer = ana.mutate(mutation, resource, "id", &input).await;
    let expected: Vec<_> = expected
        .iter()
        .map(|(field, code)| (format!("input.{field}"), (*code).to_owned()))
        .collect();
    assert_eq!(answer.violations(), expected, "{input}");
    assert_eq!(answer.data()[mutation][resource], Value::Null);
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn a_scenario_has_a_name_and_perhaps_a_description(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (mutation, resource) = ("createCrmScenario", "crmScenario");
    takes(
        &ana,
        mutation,
        resource,
        json!({ "name": "Sales", "description": "From lead\nto contract" }),
    )
    .await;
    takes(&ana, mutation, resource, json!({ "name": "é".repeat(255), "description": null })).await;
    takes(&ana, mutation, resource, json!({ "name": "Sales", "description": "é".repeat(2_000) }))
        .await;
    let both = json!({ "name": " ", "description": "é".repeat(2_001) });
    refuses(
        &app,
        &ana,
        mutation,
        resource,
        both,
        &[("name", "BLANK"), ("description", "TOO_LONG")],
    )
    .await;
    let nul = json!({ "name": "Sales", "description": "\u{0}" });
    refuses(&app, &ana, mutation, resource, nul, &[("description", "INVALID_CHARACTER")]).await;
}

async fn an_agent_has_a_name_and_perhaps_an_icon(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (mutation, resource) = ("createAgent", "agent");
    takes(
        &ana,
        mutation,
        resource,
        json!({ "name": "Sofia", "iconUrl": "https://cdn.example.com/a.png" }),
    )
    .await;
    takes(&ana, mutation, resource, json!({ "name": "Sofia", "iconUrl": null })).await;
    takes(&ana, mutation, resource, json!({ "name": "Sofia", "iconUrl": "" })).await;
    takes(&ana, mutation, resource, json!({ "name": "Sofia", "iconUrl": "http://cdn/a.png" }))
        .await;
    let nul = json!({ "name": "Sofia", "iconUrl": "\u{0}" });
    refuses(&app, &ana, mutation, resource, nul, &[("iconUrl", "INVALID_CHARACTER")]).await;
    for url in ["http://a..example.com/", "http://{{x}}.example.com/", "http://example.com:0/"] {
        let input = json!({ "name": "Sofia", "iconUrl": url });
        refuses(&app, &ana, mutation, resource, input, &[("iconUrl", "INVALID_URL")]).await;
    }
    let both = json!({ "name": "a\nb", "iconUrl": "javascript:alert(1)" });
    refuses(
        &app,
        &ana,
        mutation,
        resource,
        both,
        &[("name", "INVALID_CHARACTER"), ("iconUrl", "INVALID_URL")],
    )
    .await;
}

async fn a_membership_has_a_name_an_email_address_and_a_role(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (mutation, resource) = ("createMembership", "membership");
    for role in ["OWNER", "ADMIN", "USER"] {
        takes(
            &ana,
            mutation,
            resource,
            json!({ "name": "Ana", "email": "ana.prado+x@example.com", "role": role }),
        )
        .await;
    }
    for email in [
        "",
        "ana",
        "ana@",
        "@example.com",
        "ana@localhost",
        "ana prado@example.com",
        "Ana <ana@example.com>",
        "a\u{0}@example.com",
    ] {
        let input = json!({ "name": "Ana", "email": email, "role": "USER" });
        refuses(&app, &ana, mutation, resource, input, &[("email", "INVALID_EMAIL")]).await;
    }
}

async fn validate_only_stores_none_of_them(app: App) {
    let ana = app.member_of("Horizonte").await;
    let before = app.contents().await;
    let query = "mutation {
        createAgent(input: { name: \"a\" }, validateOnly: true) { agent { id } agentEdge { cursor } userErrors { code } }
        createCrmScenario(input: { name: \"\" }, validateOnly: true) { crmScenario { id } userErrors { code } }
        createMembership(input: { name: \"a\", email: \"a@example.com\", role: USER }, validateOnly: true) { membership { id } userErrors { code } }
    }";
    assert_eq!(
        ana.query(query).await,
        json!({
            "createAgent": { "agent": null, "agentEdge": null, "userErrors": [] },
            "createCrmScenario": { "crmScenario": null, "userErrors": [{ "code": "BLANK" }] },
            "createMembership": { "membership": null, "userErrors": [] },
        })
    );
    assert_eq!(app.contents().await, before);
}

on_both_databases!(
    a_scenario_has_a_name_and_perhaps_a_description,
    an_agent_has_a_name_and_perhaps_an_icon,
    a_membership_has_a_name_an_email_address_and_a_role,
    validate_only_stores_none_of_them,
);
