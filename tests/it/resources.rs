//! createCrmScenario, createAgent, createMembership.

use serde_json::{Value, json};

use crate::support::{App, Client, in_input, on_both_databases};

/// A create mutation, and a client that calls it.
struct Create {
    app: App,
    ana: Client,
    mutation: &'static str,
    resource: &'static str,
}

impl Create {
    async fn new(app: App, mutation: &'static str, resource: &'static str) -> Self {
        Self { ana: app.member_of("Horizonte").await, app, mutation, resource }
    }

    /// Expects that the resource is created with these fields.
    async fn accepts(&self, input: Value) {
        let fields: Vec<_> = input.as_object().expect("an object").keys().cloned().collect();
        let fields = fields.join(" ");
        let answer = self.ana.mutate(self.mutation, self.resource, &fields, &input).await;
        assert_eq!(answer.violations(), [], "{input}");
        assert_eq!(answer.data()[self.mutation][self.resource], input);
    }

    /// Expects that the input is rejected with exactly these violations: field and code.
    async fn rejects(&self, input: Value, expected: &[(&str, &str)]) {
        let before = self.app.contents().await;
        let answer = self.ana.mutate(self.mutation, self.resource, "id", &input).await;
        assert_eq!(answer.violations(), in_input(expected), "{input}");
        assert_eq!(answer.data()[self.mutation][self.resource], Value::Null);
        assert_eq!(self.app.contents().await, before, "rejected calls change nothing");
    }
}

async fn a_scenario_has_a_name_and_an_optional_description(app: App) {
    let create = Create::new(app, "createCrmScenario", "crmScenario").await;
    create.accepts(json!({ "name": "Sales", "description": "From lead\nto contract" })).await;
    create.accepts(json!({ "name": "é".repeat(255), "description": null })).await;
    create.accepts(json!({ "name": "Sales", "description": "é".repeat(2_000) })).await;
    let both = json!({ "name": " ", "description": "é".repeat(2_001) });
    create.rejects(both, &[("name", "BLANK"), ("description", "TOO_LONG")]).await;
    let nul = json!({ "name": "Sales", "description": "\u{0}" });
    create.rejects(nul, &[("description", "INVALID_CHARACTER")]).await;
}

async fn an_agent_has_a_name_and_an_optional_icon(app: App) {
    let create = Create::new(app, "createAgent", "agent").await;
    for url in
        [json!("https://cdn.example.com/a.png"), json!(null), json!(""), json!("http://cdn/a.png")]
    {
        create.accepts(json!({ "name": "Sofia", "iconUrl": url })).await;
    }
    let nul = json!({ "name": "Sofia", "iconUrl": "\u{0}" });
    create.rejects(nul, &[("iconUrl", "INVALID_CHARACTER")]).await;
    for url in ["http://a..example.com/", "http://{{x}}.example.com/", "http://example.com:0/"] {
        let input = json!({ "name": "Sofia", "iconUrl": url });
        create.rejects(input, &[("iconUrl", "INVALID_URL")]).await;
    }
    let both = json!({ "name": "a\nb", "iconUrl": "javascript:alert(1)" });
    create.rejects(both, &[("name", "INVALID_CHARACTER"), ("iconUrl", "INVALID_URL")]).await;
}

async fn a_membership_has_a_name_an_email_address_and_a_role(app: App) {
    let create = Create::new(app, "createMembership", "membership").await;
    for role in ["OWNER", "ADMIN", "USER"] {
        let input = json!({ "name": "Ana", "email": "ana.prado+x@example.com", "role": role });
        create.accepts(input).await;
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
        create.rejects(input, &[("email", "INVALID_EMAIL")]).await;
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
    a_scenario_has_a_name_and_an_optional_description,
    an_agent_has_a_name_and_an_optional_icon,
    a_membership_has_a_name_an_email_address_and_a_role,
    validate_only_stores_none_of_them,
);
