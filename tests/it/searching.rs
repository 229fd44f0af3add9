//! Finding steps by what their texts say, and memberships by their email.

use serde_json::{Value, json};

use crate::support::{App, Client, on_both_databases};

/// The names of the elements of a list that a filter finds.
async fn found(client: &Client, list: &str, filter: &str) -> String {
    let query = format!("{{ {list}(filter: {{ {filter} }}) {{ totalCount nodes {{ name }} }} }}");
    let found = client.query(&query).await[list].clone();
    let nodes = found["nodes"].as_array().expect("nodes");
    assert_eq!(found["totalCount"], nodes.len());
    nodes.iter().map(|node| node["name"].as_str().expect("a name")).collect::<Vec<_>>().join(" ")
}

async fn steps(client: &Client, text: &str) -> String {
    found(client, "crmSteps", &format!("text: {{ {text} }}")).await
}

async fn each_text_of_a_step_is_searched(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, sofia) = (ana.scenario("Sales").await, ana.agent("Sofia").await);
    for (name, fields) in [
        ("needle-1", json!({})),
        ("b", json!({ "trigger": "a needle" })),
        ("c", json!({ "prompt": "a\nneedle" })),
        ("d", json!({ "initialMessage": "NEEDLE" })),
        (
            "e",
            json!({ "zapiAgentId": sofia, "zapiPhoneNumber": "12345678", "zapiMessage": "needle" }),
        ),
        (
            "f",
            json!({
                "whatsappTemplateAgentId": sofia, "whatsappTemplateName": "a",
                "whatsappTemplateLanguageCode": "en", "whatsappTemplateText": "needle",
            }),
        ),
        ("g", json!({ "webhookUrl": "https://example.com/needle" })),
        (
            "none",
            json!({
                "webhookUrl": "https://example.com", "webhookHeader": { "X-Needle": "needle" },
                "defaultTags": ["needle"], "key": "needle", "whatsappTemplateAgentId": sofia,
                "whatsappTemplateName": "needle", "whatsappTemplateLanguageCode": "en",
            }),
        ),
    ] {
        let mut input = json!({ "scenarioId": scenario, "name": name, "prompt": "-" });
        input.as_object_mut().expect("an object").extend(fields.as_object().cloned().expect("one"));
        ana.crm_step(&input).await;
    }
    let eve = app.member_of("Evil").await;
    let theirs = eve.scenario("Eve's").await;
    eve.steps(&theirs, "needle").await;
    assert_eq!(steps(&ana, "contains: \"needle\"").await, "needle-1 b c d e f g");
    assert_eq!(steps(&ana, "startsWith: \"needle\"").await, "needle-1 d e f");
    assert_eq!(steps(&ana, "eq: \"needle\"").await, "d e f");
    assert_eq!(steps(&ana, "contains: \"needle\", startsWith: \"a\"").await, "b c");
    assert_eq!(found(&ana, "crmSteps", "not: { text: { contains: \"needle\" } }").await, "none");
    assert_eq!(steps(&ana, "eq: \"\"").await, "", "null is not an empty text");
}

async fn a_search_ignores_case_and_unicode_form_and_knows_no_wildcards(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    for (name, prompt) in [("a", "SA\u{303}O: STRAẞE"), ("b", "100%_\\"), ("c", "sao 100")] {
        ana.crm_step(&json!({ "scenarioId": scenario, "name": name, "prompt": prompt })).await;
    }
    for (text, expected) in [
        ("são: strasse", "a"),
        ("sao", "c"),
        ("00%", "b"),
        ("%_", "b"),
        ("_", "b"),
        ("\\", "b"),
        ("1%0", ""),
        ("SA_O", ""),
        ("00", "b c"),
        // The character that separates the texts of a step where they are searched.
        ("\u{FDD0}", ""),
        ("0\u{FDD0}", ""),
    ] {
        assert_eq!(steps(&ana, &format!("contains: {}", json!(text))).await, expected, "{text}");
    }
}

async fn a_search_finds_what_has_changed_since_the_last_one(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b").await;
    assert_eq!(steps(&ana, "contains: \"greet\"").await, "a b");
    let update = async |id: &str, input: Value| {
        let field = "updateCrmStep(id: $id, input: $input) { crmStep { version } }";
        let types = "($id: ID!, $input: UpdateCrmStepInput!)";
        let payload = ana.done(types, field, json!({ "id": id, "input": input })).await;
        payload["crmStep"]["version"].clone()
    };
    assert_eq!(update(&ids[0], json!({ "prompt": "Part." })).await, 2);
    assert_eq!(update(&ids[1], json!({ "trigger": "Parts." })).await, 2);
    assert_eq!(steps(&ana, "contains: \"greet\"").await, "b");
    assert_eq!(steps(&ana, "contains: \"part\"").await, "a b");
    assert_eq!(update(&ids[1], json!({ "trigger": null })).await, 3);
    assert_eq!(steps(&ana, "contains: \"part\"").await, "a");
    // A search does not change a step: the same texts again are no change either.
    assert_eq!(update(&ids[1], json!({ "name": "b" })).await, 3);
    // Another program, or a replica of an earlier version, changes a text.
    app.execute("UPDATE crm_step SET prompt = 'Rest.' WHERE name = 'a'").await;
    assert_eq!(steps(&ana, "contains: \"part\"").await, "");
    assert_eq!(steps(&ana, "eq: \"REST.\"").await, "a");
    ana.steps(&scenario, "resting").await;
    assert_eq!(steps(&ana, "startsWith: \"rest\"").await, "a resting");
    let delete = format!("deleteCrmStep(id: \"{}\") {{ replayed }}", ids[0]);
    ana.done("", &delete, json!({})).await;
    assert_eq!(steps(&ana, "startsWith: \"rest\"").await, "resting");
    let restore = format!("restoreCrmStep(id: \"{}\") {{ replayed }}", ids[0]);
    ana.done("", &restore, json!({})).await;
    assert_eq!(steps(&ana, "startsWith: \"rest\"").await, "a resting");
}

async fn memberships_are_found_by_their_email(app: App) {
    let ana = app.member_of("Horizonte").await;
    let mut ids = vec![];
    for (name, email) in [("Ana", "Ana@example.com"), ("Bia", "bia_1@example.org")] {
        let input = json!({ "name": name, "email": email, "role": "USER" });
        ids.push(ana.create("createMembership", "membership", &input).await);
    }
    let members =
        async |email: &str| found(&ana, "memberships", &format!("email: {{ {email} }}")).await;
    assert_eq!(members("eq: \"ANA@EXAMPLE.COM\"").await, "Ana");
    assert_eq!(members("contains: \"@example\"").await, "Ana Bia");
    assert_eq!(members("contains: \"_\"").await, "Bia");
    assert_eq!(members("startsWith: \"example\"").await, "");
    assert_eq!(found(&ana, "memberships", "not: { email: { startsWith: \"ana\" } }").await, "Bia");
    let field = "updateMembership(id: $id, input: { email: \"eva@example.net\" }) {
        membership { version } }";
    ana.done("($id: ID!)", field, json!({ "id": ids[0] })).await;
    assert_eq!(members("contains: \"ana\"").await, "");
    assert_eq!(members("eq: \"Eva@example.net\"").await, "Ana");
}

on_both_databases!(
    each_text_of_a_step_is_searched,
    a_search_ignores_case_and_unicode_form_and_knows_no_wildcards,
    a_search_finds_what_has_changed_since_the_last_one,
    memberships_are_found_by_their_email,
);
