//! Zapi messages and WhatsApp templates.

use serde_json::{Value, json};

use super::{Desk, long};
use crate::support::{App, on_both_databases};

async fn a_zapi_message_is_whole_or_absent(app: App) {
    let desk = Desk::new(&app).await;
    let agent = &desk.agent;
    let (phone, message) = ("+55 (11) 95555-0102", "Hello");
    desk.takes(json!({ "zapiAgentId": agent, "zapiPhoneNumber": phone, "zapiMessage": message }))
        .await;
    let blank = json!({ "zapiAgentId": "", "zapiPhoneNumber": "", "zapiMessage": "" });
    assert_eq!(desk.ana.crm_step(&desk.input(&blank)).await["zapiAgentId"], Value::Null);
    desk.takes(json!({ "zapiAgentId": null, "zapiPhoneNumber": "", "zapiMessage": "  " })).await;
    for phone in [
        "+55\u{a0}(11)\u{202f}95555\u{2011}0102",
        "\u{202a}+55 11 95555-0102\u{202c}",
        "\u{2068}(+55) 11/95555.0102\u{2069}",
        " 030\u{2013}1234\u{ad}567 ",
        "12\u{200b}34\u{feff}56\u{2212}78",
    ] {
        desk.takes(
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
        desk.refuses(fields, &expected).await;
    }
    let whole = |field: &str, value: &str| {
        let mut fields =
            json!({ "zapiAgentId": agent, "zapiPhoneNumber": phone, "zapiMessage": message });
        fields[field] = value.into();
        fields
    };
    desk.refuses(whole("zapiAgentId", "nobody"), &[("zapiAgentId", "NOT_FOUND")]).await;
    for (number, told) in [
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
        desk.refuses(fields.clone(), &[("zapiPhoneNumber", "INVALID_PHONE")]).await;
        let answer = desk.ana.create_crm_step(&desk.input(&fields)).await.data();
        let message = answer["createCrmStep"]["userErrors"][0]["message"].as_str().expect("text");
        assert!(message.starts_with(&format!("zapiPhoneNumber {told}")), "{message}");
    }
    desk.refuses(
        whole("zapiPhoneNumber", "12345678\u{0}"),
        &[("zapiPhoneNumber", "INVALID_CHARACTER")],
    )
    .await;
    desk.refuses(whole("zapiMessage", "a\u{0}"), &[("zapiMessage", "INVALID_CHARACTER")]).await;
    desk.refuses(whole("zapiMessage", &long(4_097)), &[("zapiMessage", "TOO_LONG")]).await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
}

async fn a_whatsapp_template_is_whole_or_absent(app: App) {
    const AGENT: &str = "whatsappTemplateAgentId";
    const NAME: &str = "whatsappTemplateName";
    const LANGUAGE: &str = "whatsappTemplateLanguageCode";
    const TEXT: &str = "whatsappTemplateText";
    let desk = Desk::new(&app).await;
    let agent = &desk.agent;
    desk.takes(json!({ AGENT: agent, NAME: "welcome_2", LANGUAGE: "pt_BR", TEXT: "Olá!" })).await;
    desk.takes(json!({ AGENT: agent, NAME: "x", LANGUAGE: "fil", TEXT: null })).await;
    desk.takes(json!({ AGENT: null, NAME: "", LANGUAGE: " ", TEXT: "" })).await;
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
        desk.refuses(fields, &expected).await;
    }
    let whole = |field: &str, value: &str| {
        let mut fields = json!({ AGENT: agent, NAME: "x", LANGUAGE: "en", TEXT: "Hello" });
        fields[field] = value.into();
        fields
    };
    desk.refuses(whole(AGENT, "nobody"), &[(AGENT, "NOT_FOUND")]).await;
    for name in ["Welcome", "a b", "a-b", &"x".repeat(513)] {
        desk.refuses(whole(NAME, name), &[(NAME, "INVALID_TEMPLATE_NAME")]).await;
    }
    for code in ["english", "pt-BR", "PT_br", "e"] {
        desk.refuses(whole(LANGUAGE, code), &[(LANGUAGE, "INVALID_LANGUAGE_CODE")]).await;
    }
    desk.refuses(whole(NAME, "x\u{0}"), &[(NAME, "INVALID_CHARACTER")]).await;
    desk.refuses(whole(TEXT, "x\u{0}"), &[(TEXT, "INVALID_CHARACTER")]).await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
}

on_both_databases!(a_zapi_message_is_whole_or_absent, a_whatsapp_template_is_whole_or_absent,);
