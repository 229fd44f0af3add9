//! Name, trigger, prompt, initial message, ids and the defaults of a conversation.

use serde_json::{Value, json};

use super::{Fixture, long};
use crate::support::{App, on_both_databases};

async fn a_name_is_a_single_line_with_a_visible_character(app: App) {
    let fixture = Fixture::new(&app).await;
    fixture.accepts(json!({ "name": "Lead 🌞 — «x»" })).await;
    fixture.accepts(json!({ "name": long(255) })).await;
    let trimmed = fixture.ana.crm_step(&fixture.input(&json!({ "name": " \t Lead \n" }))).await;
    assert_eq!(trimmed["name"], "Lead");
    for drawn in ["\u{600}", "\u{6dd}", "\u{70f}", "\u{8e2}", "\u{110bd}"] {
        fixture.accepts(json!({ "name": drawn, "trigger": drawn, "prompt": null })).await;
    }
    let before = app.contents().await;
    for blank in [
        "",
        "   ",
        "\u{200b}\u{feff}",
        "\u{3164}",
        "\u{2800}",
        "\u{1d159}",
        "\u{13441} \u{13442}",
        "\u{16fe4}",
        "\u{ad}",
        "\u{e0001}",
    ] {
        fixture.rejects(json!({ "name": blank }), &[("name", "BLANK")]).await;
    }
    fixture.rejects(json!({ "name": long(256) }), &[("name", "TOO_LONG")]).await;
    for broken in ["a\nb", "a\u{0}b", "a\u{7f}b", "a\u{85}b", "a\u{2028}b"] {
        fixture.rejects(json!({ "name": broken }), &[("name", "INVALID_CHARACTER")]).await;
    }
    let both = format!("{}\n{}", long(200), long(200));
    let expected = [("name", "INVALID_CHARACTER"), ("name", "TOO_LONG")];
    fixture.rejects(json!({ "name": both }), &expected).await;
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn a_trigger_or_a_prompt_is_required(app: App) {
    let fixture = Fixture::new(&app).await;
    fixture.accepts(json!({ "trigger": "Asks for a price.", "prompt": null })).await;
    fixture.accepts(json!({ "trigger": null, "prompt": "Greet." })).await;
    fixture.accepts(json!({ "trigger": "  ", "prompt": "Greet.\n\tTwice." })).await;
    fixture.accepts(json!({ "trigger": long(2_000), "prompt": long(20_000) })).await;
    let before = app.contents().await;
    for (trigger, prompt) in [
        (json!(null), json!(null)),
        (json!(" "), json!("\u{200b}")),
        (json!("\u{1d159}"), json!("\u{13441}\u{16fe4}")),
    ] {
        let fields = json!({ "trigger": trigger, "prompt": prompt });
        fixture.rejects(fields, &[("trigger", "TRIGGER_OR_PROMPT_REQUIRED")]).await;
    }
    fixture.rejects(json!({ "trigger": long(2_001) }), &[("trigger", "TOO_LONG")]).await;
    fixture.rejects(json!({ "prompt": long(20_001) }), &[("prompt", "TOO_LONG")]).await;
    fixture.rejects(json!({ "trigger": "a\u{0}" }), &[("trigger", "INVALID_CHARACTER")]).await;
    fixture.rejects(json!({ "prompt": "a\u{0}" }), &[("prompt", "INVALID_CHARACTER")]).await;
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn an_initial_message_has_the_length_limit_of_whatsapp(app: App) {
    let fixture = Fixture::new(&app).await;
    fixture.accepts(json!({ "initialMessage": long(4_096) })).await;
    fixture.accepts(json!({ "initialMessage": "" })).await;
    let before = app.contents().await;
    fixture
        .rejects(json!({ "initialMessage": long(4_097) }), &[("initialMessage", "TOO_LONG")])
        .await;
    fixture
        .rejects(json!({ "initialMessage": "\u{0}" }), &[("initialMessage", "INVALID_CHARACTER")])
        .await;
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

/// Each text that the schema has, so that none is forgotten.
async fn every_text_has_a_length_limit_and_no_nul(app: App) {
    let fixture = Fixture::new(&app).await;
    let query = "{ __type(name: \"CreateCrmStepInput\") {
        inputFields { name type { name ofType { name } } } } }";
    let fields = fixture.ana.query(query).await["__type"]["inputFields"].clone();
    let is_text = |field: &&Value| field["type"].to_string().contains("\"String\"");
    let texts: Vec<&Value> = fields.as_array().expect("fields").iter().filter(is_text).collect();
    assert!(texts.len() > 5, "{texts:?}");
    for field in texts {
        let name = field["name"].as_str().expect("a name");
        for text in ["a\u{0}".to_owned(), long(20_001)] {
            let input = fixture.input(&json!({ name: text }));
            let response = fixture.ana.create_crm_step(&input).await;
            let path = format!("input.{name}");
            let is_rejected = response.violations().iter().any(|(broken, _)| *broken == path);
            assert!(is_rejected, "{}", response.text);
        }
    }
}

async fn ids_refer_to_existing_rows(app: App) {
    let fixture = Fixture::new(&app).await;
    fixture.accepts(json!({ "agentId": fixture.agent })).await;
    let before = app.contents().await;
    let unknown = "019a0000-0000-7000-8000-00000000ffff";
    let braced = format!("{{{}}}", fixture.agent);
    for id in
        [unknown, "", "nonsense", "'; DROP TABLE agent", "a\u{0}b", &fixture.scenario, &braced]
    {
        fixture.rejects(json!({ "agentId": id }), &[("agentId", "NOT_FOUND")]).await;
    }
    for id in [unknown, "", "nonsense", &fixture.agent] {
        fixture.rejects(json!({ "scenarioId": id }), &[("scenarioId", "NOT_FOUND")]).await;
    }
    for id in [unknown, "", "nonsense", &fixture.agent] {
        let timer = json!({ "autoNextStepId": id, "autoNextTime": 1 });
        fixture.rejects(timer, &[("autoNextStepId", "NOT_FOUND")]).await;
    }
    fixture.rejects(json!({ "agentId": 7 }), &[("agentId", "NOT_FOUND")]).await;
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn an_id_may_be_written_in_capitals(app: App) {
    let fixture = Fixture::new(&app).await;
    let step = fixture
        .ana
        .crm_step(&fixture.input(&json!({ "agentId": fixture.agent.to_uppercase() })))
        .await;
    assert_eq!(step["agentId"], *fixture.agent);
}

async fn defaults_are_stored_in_all_their_states(app: App) {
    let fixture = Fixture::new(&app).await;
    for status in ["RESOLVED", "UNRESOLVED", "HUMAN_REQUESTED"] {
        fixture.accepts(json!({ "defaultStatus": status })).await;
    }
    for priority in ["LOW", "MEDIUM", "HIGH"] {
        fixture.accepts(json!({ "defaultPriority": priority })).await;
    }
    for state in [json!(true), json!(false), json!(null)] {
        fixture
            .accepts(json!({
                "defaultAiControl": state, "isRequired": state, "isConversationRemovalStep": state,
                "requestContact": { "name": state, "email": null, "phone": true },
            }))
            .await;
    }
    fixture
        .accepts(json!({ "defaultStatus": null, "defaultPriority": null, "requestContact": null }))
        .await;
    let empty = fixture.ana.crm_step(&fixture.input(&json!({ "requestContact": {} }))).await;
    assert_eq!(empty["requestContact"], json!({ "name": null, "email": null, "phone": null }));
}

on_both_databases!(
    a_name_is_a_single_line_with_a_visible_character,
    a_trigger_or_a_prompt_is_required,
    an_initial_message_has_the_length_limit_of_whatsapp,
    every_text_has_a_length_limit_and_no_nul,
    ids_refer_to_existing_rows,
    an_id_may_be_written_in_capitals,
    defaults_are_stored_in_all_their_states,
);
