//! Z-API messages and WhatsApp templates.

use serde_json::{Value, json};

use super::{Fixture, long};
use crate::support::{App, on_both_databases};

async fn a_zapi_message_is_complete_or_absent(app: App) {
    let fixture = Fixture::new(&app).await;
    let agent = &fixture.agent;
    let (phone, message) = ("+55 (11) 95555-0102", "Hello");
    fixture
        .accepts(json!({ "zapiAgentId": agent, "zapiPhoneNumber": phone, "zapiMessage": message }))
        .await;
    let blank = json!({ "zapiAgentId": "", "zapiPhoneNumber": "", "zapiMessage": "" });
    assert_eq!(fixture.ana.crm_step(&fixture.input(&blank)).await["zapiAgentId"], Value::Null);
    fixture
        .accepts(json!({ "zapiAgentId": null, "zapiPhoneNumber": "", "zapiMessage": "  " }))
        .await;
    for phone in [
        "+55\u{a0}(11)\u{202f}95555\u{2011}0102",
        "\u{202a}+55 11 95555-0102\u{202c}",
        "\u{2068}(+55) 11/95555.0102\u{2069}",
        " 030\u{2013}1234\u{ad}567 ",
        "12\u{200b}34\u{feff}56\u{2212}78",
    ] {
        fixture
            .accepts(
                json!({ "zapiAgentId": agent, "zapiPhoneNumber": phone, "zapiMessage": message }),
            )
            .await;
    }
    let before = app.contents().await;
    for (fields, missing) in [
        (json!({ "zapiAgentId": agent }), vec!["zapiPhoneNumber", "zapiMessage"]),
        (json!({ "zapiPhoneNumber": phone }), vec!["zapiAgentId", "zapiMessage"]),
        (json!({ "zapiMessage": message }), vec!["zapiAgentId", "zapiPhoneNumber"]),
        (
            json!({ "zapiAgentId": "", "zapiPhoneNumber": phone, "zapiMessage": message }),
            vec!["zapiAgentId"],
        ),
        (
            json!({ "zapiAgentId": agent, "zapiPhoneNumber": " ", "zapiMessage": message }),
            vec!["zapiPhoneNumber"],
        ),
    ] {
        let expected: Vec<_> =
            missing.into_iter().map(|field| (field, "ZAPI_INCOMPLETE")).collect();
        fixture.rejects(fields, &expected).await;
    }
    let whole = |field: &str, value: &str| {
        let mut fields =
            json!({ "zapiAgentId": agent, "zapiPhoneNumber": phone, "zapiMessage": message });
        fields[field] = value.into();
        fields
    };
    fixture.rejects(whole("zapiAgentId", "nobody"), &[("zapiAgentId", "NOT_FOUND")]).await;
    for (number, problem) in [
        ("1234567", "needs 8 to 15 digits, with the country's code in front, and has 7."),
        ("1234567890123456", "needs 8 to 15 digits, with the country's code in front, and has 16."),
        ("call me", "has \"c\" in it"),
        ("+55+11955550102", "has \"+\" in it"),
        ("+5511955550102 ext. 7", "has \"e\" in it"),
        ("5511955550102@c.us", "has \"@\" in it"),
        ("5511955550102\n", "has U+000A in it"),
        ("55\t11955550102", "has U+0009 in it"),
        ("55\u{2800}11955550102", "has U+2800 in it"),
    ] {
        let fields = whole("zapiPhoneNumber", number);
        fixture.rejects(fields.clone(), &[("zapiPhoneNumber", "INVALID_PHONE")]).await;
        let answer = fixture.ana.create_crm_step(&fixture.input(&fields)).await.data();
        let message = answer["createCrmStep"]["userErrors"][0]["message"].as_str().expect("text");
        assert!(message.starts_with(&format!("zapiPhoneNumber {problem}")), "{message}");
    }
    fixture
        .rejects(
            whole("zapiPhoneNumber", "12345678\u{0}"),
            &[("zapiPhoneNumber", "INVALID_CHARACTER")],
        )
        .await;
    fixture.rejects(whole("zapiMessage", "a\u{0}"), &[("zapiMessage", "INVALID_CHARACTER")]).await;
    fixture.rejects(whole("zapiMessage", &long(4_097)), &[("zapiMessage", "TOO_LONG")]).await;
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn a_whatsapp_template_is_complete_or_absent(app: App) {
    const AGENT: &str = "whatsappTemplateAgentId";
    const NAME: &str = "whatsappTemplateName";
    const LANGUAGE: &str = "whatsappTemplateLanguageCode";
    const TEXT: &str = "whatsappTemplateText";
    let fixture = Fixture::new(&app).await;
    let agent = &fixture.agent;
    fixture
        .accepts(json!({ AGENT: agent, NAME: "welcome_2", LANGUAGE: "pt_BR", TEXT: "Olá!" }))
        .await;
    fixture.accepts(json!({ AGENT: agent, NAME: "x", LANGUAGE: "fil", TEXT: null })).await;
    fixture.accepts(json!({ AGENT: null, NAME: "", LANGUAGE: " ", TEXT: "" })).await;
    let before = app.contents().await;
    for (fields, missing) in [
        (json!({ AGENT: agent }), vec![NAME, LANGUAGE]),
        (json!({ NAME: "x" }), vec![AGENT, LANGUAGE]),
        (json!({ LANGUAGE: "en" }), vec![AGENT, NAME]),
        (json!({ TEXT: "Hello" }), vec![AGENT, NAME, LANGUAGE]),
        (json!({ AGENT: agent, NAME: "x", LANGUAGE: "" }), vec![LANGUAGE]),
    ] {
        let expected: Vec<_> =
            missing.into_iter().map(|field| (field, "TEMPLATE_INCOMPLETE")).collect();
        fixture.rejects(fields, &expected).await;
    }
    let whole = |field: &str, value: &str| {
        let mut fields = json!({ AGENT: agent, NAME: "x", LANGUAGE: "en", TEXT: "Hello" });
        fields[field] = value.into();
        fields
    };
    fixture.rejects(whole(AGENT, "nobody"), &[(AGENT, "NOT_FOUND")]).await;
    for name in ["Welcome", "a b", "a-b", &"x".repeat(513)] {
        fixture.rejects(whole(NAME, name), &[(NAME, "INVALID_TEMPLATE_NAME")]).await;
    }
    for code in ["english", "pt-BR", "PT_br", "e"] {
        fixture.rejects(whole(LANGUAGE, code), &[(LANGUAGE, "INVALID_LANGUAGE_CODE")]).await;
    }
    fixture.rejects(whole(NAME, "x\u{0}"), &[(NAME, "INVALID_CHARACTER")]).await;
    fixture.rejects(whole(TEXT, "x\u{0}"), &[(TEXT, "INVALID_CHARACTER")]).await;
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

on_both_databases!(a_zapi_message_is_complete_or_absent, a_whatsapp_template_is_complete_or_absent,);
