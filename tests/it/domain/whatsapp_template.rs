//! Names and language codes of WhatsApp templates.

use serde_json::json;

use super::{AGENT, codes};

const NONE: [&str; 0] = [];

/// The violations of a step with this template.
fn of_template(name: &str, language_code: &str) -> Vec<&'static str> {
    codes(json!({
        "whatsappTemplateAgentId": AGENT,
        "whatsappTemplateName": name,
        "whatsappTemplateLanguageCode": language_code,
    }))
}

#[test]
fn a_template_needs_its_name_and_its_language_code() {
    assert_eq!(of_template("", "en"), ["TEMPLATE_INCOMPLETE"]);
    assert_eq!(of_template("a", ""), ["TEMPLATE_INCOMPLETE"]);
}

#[test]
fn language_codes_have_the_form_of_whatsapp() {
    for code in ["en", "fil", "pt_BR", "zh_HK", "es_419"] {
        assert_eq!(of_template("a", code), NONE, "{code}");
    }
    for code in ["e", "EN", "pt-BR", "pt_br", "pt_", "_BR", "engl", "pt_BRA", "pt_BR_x"] {
        assert_eq!(of_template("a", code), ["INVALID_LANGUAGE_CODE"], "{code}");
    }
}

#[test]
fn template_names_have_the_form_of_whatsapp() {
    for name in ["a", "lembrete_mensal_v2", &"x".repeat(512)] {
        assert_eq!(of_template(name, "en"), NONE, "{name}");
    }
    for name in ["Hello", "a b", "a-b", "é", &"x".repeat(513)] {
        assert_eq!(of_template(name, "en"), ["INVALID_TEMPLATE_NAME"], "{name}");
    }
}
