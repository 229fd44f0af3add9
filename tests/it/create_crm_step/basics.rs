//! Name, trigger, prompt, initial message, ids and the defaults of a conversation.

use serde_json::json;

use super::{Desk, long};
use crate::support::{App, on_both_databases};

async fn a_name_is_one_line_with_something_to_see(app: App) {
    let desk = Desk::new(&app).await;
    desk.takes(json!({ "name": "Lead 🌞 — «x»" })).await;
    desk.takes(json!({ "name": long(255) })).await;
    let trimmed = desk.ana.crm_step(&desk.input(&json!({ "name": " \t Lead \n" }))).await;
    assert_eq!(trimmed["name"], "Lead");
    for drawn in ["\u{600}", "\u{6dd}", "\u{70f}", "\u{8e2}", "\u{110bd}"] {
        desk.takes(json!({ "name": drawn, "trigger": drawn, "prompt": null })).await;
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
        desk.refuses(json!({ "name": blank }), &[("name", "BLANK")]).await;
    }
    desk.refuses(json!({ "name": long(256) }), &[("name", "TOO_LONG")]).await;
    for broken in ["a\nb", "a\u{0}b", "a\u{7f}b", "a\u{85}b", "a\u{2028}b"] {
        desk.refuses(json!({ "name": broken }), &[("name", "INVALID_CHARACTER")]).await;
    }
    let both = format!("{}\n{}", long(200), long(200));
    let expected = [("name", "INVALID_CHARACTER"), ("name", "TOO_LONG")];
    desk.refuses(json!({ "name": both }), &expected).await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
}

async fn a_trigger_or_a_prompt_is_needed(app: App) {
    let desk = Desk::new(&app).await;
    desk.takes(json!({ "trigger": "Asks for a price.", "prompt": null })).await;
    desk.takes(json!({ "trigger": null, "prompt": "Greet." })).await;
    desk.takes(json!({ "trigger": "  ", "prompt": "Greet.\n\tTwice." })).await;
    desk.takes(json!({ "trigger": long(2_000), "prompt": long(20_000) })).await;
    let before = app.contents().await;
    for (trigger, prompt) in [
        (json!(null), json!(null)),
        (json!(" "), json!("\u{200b}")),
        (json!("\u{1d159}"), json!("\u{13441}\u{16fe4}")),
    ] {
        let fields = json!({ "trigger": trigger, "prompt": prompt });
        desk.refuses(fields, &[("trigger", "TRIGGER_OR_PROMPT_REQUIRED")]).await;
    }
    desk.refuses(json!({ "trigger": long(2_001) }), &[("trigger", "TOO_LONG")]).await;
    desk.refuses(json!({ "prompt": long(20_001) }), &[("prompt", "TOO_LONG")]).await;
    desk.refuses(json!({ "trigger": "a\u{0}" }), &[("trigger", "INVALID_CHARACTER")]).await;
    desk.refuses(json!({ "prompt": "a\u{0}" }), &[("prompt", "INVALID_CHARACTER")]).await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
}

async fn an_initial_message_is_as_long_as_whatsapp_takes(app: App) {
    let desk = Desk::new(&app).await;
    desk.takes(json!({ "initialMessage": long(4_096) })).await;
    desk.takes(json!({ "initialMessage": "" })).await;
    let before = app.contents().await;
    desk.refuses(json!({ "initialMessage": long(4_097) }), &[("initialMessage", "TOO_LONG")]).await;
    desk.refuses(json!({ "initialMessage": "\u{0}" }), &[("initialMessage", "INVALID_CHARACTER")])
        .await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
}

async fn ids_name_what_exists(app: App) {
    let desk = Desk::new(&app).await;
    desk.takes(json!({ "agentId": desk.agent })).await;
    let before = app.contents().await;
    let unknown = "019a0000-0000-7000-8000-00000000ffff";
    let braced = format!("{{{}}}", desk.agent);
    for id in [unknown, "", "nonsense", "'; DROP TABLE agent", "a\u{0}b", &desk.scenario, &braced] {
        desk.refuses(json!({ "agentId": id }), &[("agentId", "NOT_FOUND")]).await;
    }
    for id in [unknown, "", "nonsense", &desk.agent] {
        desk.refuses(json!({ "scenarioId": id }), &[("scenarioId", "NOT_FOUND")]).await;
    }
    for id in [unknown, "", "nonsense", &desk.agent] {
        let timer = json!({ "autoNextStepId": id, "autoNextTime": 1 });
        desk.refuses(timer, &[("autoNextStepId", "NOT_FOUND")]).await;
    }
    desk.refuses(json!({ "agentId": 7 }), &[("agentId", "NOT_FOUND")]).await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
}

async fn an_id_may_be_written_in_capitals(app: App) {
    let desk = Desk::new(&app).await;
    let step =
        desk.ana.crm_step(&desk.input(&json!({ "agentId": desk.agent.to_uppercase() }))).await;
    assert_eq!(step["agentId"], *desk.agent);
}

async fn defaults_are_kept_in_all_their_states(app: App) {
    let desk = Desk::new(&app).await;
    for status in ["RESOLVED", "UNRESOLVED", "HUMAN_REQUESTED"] {
        desk.takes(json!({ "defaultStatus": status })).await;
    }
    for priority in ["LOW", "MEDIUM", "HIGH"] {
        desk.takes(json!({ "defaultPriority": priority })).await;
    }
    for state in [json!(true), json!(false), json!(null)] {
        desk.takes(json!({
            "defaultAiControl": state, "isRequired": state, "isConversationRemovalStep": state,
            "requestContact": { "name": state, "email": null, "phone": true },
        }))
        .await;
    }
    desk.takes(json!({ "defaultStatus": null, "defaultPriority": null, "requestContact": null }))
        .await;
    let empty = desk.ana.crm_step(&desk.input(&json!({ "requestContact": {} }))).await;
    assert_eq!(empty["requestContact"], json!({ "name": null, "email": null, "phone": null }));
}

on_both_databases!(
    a_name_is_one_line_with_something_to_see,
    a_trigger_or_a_prompt_is_needed,
    an_initial_message_is_as_long_as_whatsapp_takes,
    ids_name_what_exists,
    an_id_may_be_written_in_capitals,
    defaults_are_kept_in_all_their_states,
);
