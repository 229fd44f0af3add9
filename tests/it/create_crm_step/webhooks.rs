//! Webhook URLs and headers.

use serde_json::{Value, json};

use super::Fixture;
use crate::support::{App, in_input, on_both_databases};

async fn a_webhook_calls_a_public_url(app: App) {
    let fixture = Fixture::new(&app).await;
    for url in [
        "https://example.com/hook?a=b",
        "HTTP://EXAMPLE.com:8080",
        "https://example.com./{{lead}}",
        "https://bücher.example/",
        "",
        " ",
        "\u{16fe4}",
    ] {
        fixture.accepts(json!({ "webhookUrl": url })).await;
    }
    let longest = format!("https://example.com/{}", "a".repeat(2_048 - 20));
    fixture.accepts(json!({ "webhookUrl": longest })).await;
    let before = app.contents().await;
    for url in [
        "example.com",
        "ftp://example.com",
        "https://user:secret@example.com",
        "https://",
        "https://a..example.com/",
        "https://{{x}}.example.com/",
        "https://example.com:0/",
        "https://ex\u{200b}ample.com/",
        "https://metadata.goog../",
        "\u{600}",
    ] {
        fixture.rejects(json!({ "webhookUrl": url }), &[("webhookUrl", "INVALID_URL")]).await;
    }
    for url in [
        "http://localhost/",
        "http://127.1/",
        "http://2130706433/",
        "http://[::1]/",
        "http://169.254.169.254/",
        "http://metadata.google.internal/",
        "http://printer.local/",
        "http://metadata.goog/",
        "http://metadata.goog./",
        "http://metadata.tencentyun.com/",
        "http://kubernetes.default/",
        "http://api.prod.svc/",
        "http://localhost4.localdomain4/",
        "http://localhost6.localdomain6/",
        "http://x.localdomain4/",
        "http://x.localhost4/",
        "http://x.localhost6/",
        "http://nas.lan/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://１２７.0.0.1/",
    ] {
        fixture.rejects(json!({ "webhookUrl": url }), &[("webhookUrl", "URL_NOT_ALLOWED")]).await;
    }
    fixture
        .rejects(json!({ "webhookUrl": format!("{longest}a") }), &[("webhookUrl", "TOO_LONG")])
        .await;
    fixture
        .rejects(
            json!({ "webhookUrl": "https://example.com/\u{0}" }),
            &[("webhookUrl", "INVALID_CHARACTER")],
        )
        .await;
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn the_operator_may_allow_all_webhook_hosts(app: App) {
    use crm_steps::domain::url::WebhookHosts;
    let permissive = App::open_with(&app.url, app.database.engine(), WebhookHosts::Any).await;
    let fixture = Fixture::new(&permissive).await;
    fixture.accepts(json!({ "webhookUrl": "http://10.0.0.1:9000/hook" })).await;
    fixture
        .rejects(json!({ "webhookUrl": "10.0.0.1:9000" }), &[("webhookUrl", "INVALID_URL")])
        .await;
}

async fn the_operator_may_allow_single_webhook_hosts(app: App) {
    use crm_steps::config::Cli;
    let flags =
        ["crm-steps", "--allow-webhook-hosts", "LAN,10.1.0.0/16", "--allow-webhook-hosts=db"];
    let config = Cli::read(flags.map(Into::into)).expect("the flags are valid").serve;
    let app = App::open_with(&app.url, app.database.engine(), config.rules.webhook_hosts()).await;
    let fixture = Fixture::new(&app).await;
    for url in ["http://nas.lan/", "http://10.1.2.3/", "http://db:5984/", "https://example.com/"] {
        fixture.accepts(json!({ "webhookUrl": url })).await;
    }
    for url in ["http://xlan/", "http://nas.xlan.local/", "http://10.2.0.1/", "http://mydb/"] {
        fixture.rejects(json!({ "webhookUrl": url }), &[("webhookUrl", "URL_NOT_ALLOWED")]).await;
    }
    fixture
        .rejects(json!({ "webhookUrl": "http://a..lan/" }), &[("webhookUrl", "INVALID_URL")])
        .await;
}

async fn webhook_headers_are_valid_http_headers(app: App) {
    const FIELD: &str = "webhookHeader";
    let fixture = Fixture::new(&app).await;
    let with = |header: Value| json!({ "webhookUrl": "https://example.com", FIELD: header });
    fixture
        .accepts(with(json!({ "X-Api-Key": "a b\tc", "Authorization": "Bearer x", "x-empty": "" })))
        .await;
    fixture.accepts(with(json!({}))).await;
    fixture.accepts(json!({ FIELD: {} })).await;
    let step =
        fixture.ana.crm_step(&fixture.input(&with(json!({ "Z": "1", "A": "2", "M": "3" })))).await;
    let order: Vec<_> = step[FIELD].as_object().expect("headers").keys().cloned().collect();
    assert_eq!(order, ["Z", "A", "M"], "in the order in which they were sent");
    let thirty: Value =
        (0..30).map(|n| (format!("X-{n}"), "v".into())).collect::<serde_json::Map<_, _>>().into();
    fixture.accepts(with(thirty)).await;
    fixture.accepts(with(json!({ "X": "v".repeat(8 * 1024 - 1) }))).await;

    let before = app.contents().await;
    fixture.rejects(json!({ FIELD: { "X": "v" } }), &[(FIELD, "HEADERS_WITHOUT_URL")]).await;
    for header in [json!([]), json!("X: v"), json!(7), json!(true)] {
        fixture.rejects(with(header), &[(FIELD, "INVALID_TYPE")]).await;
    }
    for name in ["", "a b", "é", "X:", "a\u{0}"] {
        let path = format!("{FIELD}.{name}");
        fixture.rejects(with(json!({ name: "v" })), &[(&path, "INVALID_HEADER_NAME")]).await;
    }
    fixture
        .rejects(
            with(json!({ "X-A": "v", "x-a": "v" })),
            &[("webhookHeader.x-a", "DUPLICATE_VALUE")],
        )
        .await;
    for value in [
        json!(7),
        json!(null),
        json!(true),
        json!(["v"]),
        json!({}),
        json!("a\r\nX-Evil: b"),
        json!("a\u{0}"),
        json!("a\u{1}"),
        json!("a\u{7f}"),
        json!("é"),
        json!("a\u{a0}b"),
        json!(" a"),
        json!("a "),
        json!("\ta"),
        json!("a\t"),
        json!(" "),
    ] {
        fixture
            .rejects(with(json!({ "X": value })), &[("webhookHeader.X", "INVALID_HEADER_VALUE")])
            .await;
    }
    for name in [
        "Host",
        "content-length",
        "Content-Type",
        "TRANSFER-ENCODING",
        "Connection",
        "TE",
        "Trailer",
        "Upgrade",
        "Expect",
        "Keep-Alive",
        "Proxy-Authorization",
        "Webhook-Id",
        "webhook-timestamp",
        "WEBHOOK-SIGNATURE",
    ] {
        let path = format!("{FIELD}.{name}");
        fixture.rejects(with(json!({ name: "v" })), &[(&path, "HEADER_NOT_ALLOWED")]).await;
    }
    let many: Value =
        (0..31).map(|n| (format!("X-{n}"), "v".into())).collect::<serde_json::Map<_, _>>().into();
    fixture.rejects(with(many), &[(FIELD, "TOO_MANY")]).await;
    fixture.rejects(with(json!({ "X": "v".repeat(8 * 1024) })), &[(FIELD, "TOO_LONG")]).await;
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn header_values_in_a_document_are_strings(app: App) {
    let fixture = Fixture::new(&app).await;
    let create = |header: &str| {
        format!(
            "mutation {{ createCrmStep(input: {{ scenarioId: \"{}\", name: \"A\", prompt: \"b\",
                webhookUrl: \"https://example.com\", webhookHeader: {header} }}) {{
                crmStep {{ webhookHeader }} userErrors {{ field code }} }} }}",
            fixture.scenario
        )
    };
    let accepted = fixture.ana.query(&create("{ X_Key: \"v\" }")).await;
    assert_eq!(accepted["createCrmStep"]["crmStep"]["webhookHeader"], json!({ "X_Key": "v" }));
    let refused = fixture.ana.graphql(&create("{ X_Key: v }"), json!({})).await;
    let expected = in_input(&[("webhookHeader.X_Key", "INVALID_HEADER_VALUE")]);
    assert_eq!(refused.violations(), expected);
    for literal in ["X_Key", "\"X\"", "7", "true", "[]", "[{ X: \"v\" }]"] {
        let refused = fixture.ana.graphql(&create(literal), json!({})).await;
        let expected = in_input(&[("webhookHeader", "INVALID_TYPE")]);
        assert_eq!(refused.violations(), expected, "{literal}");
    }
}

on_both_databases!(
    a_webhook_calls_a_public_url,
    the_operator_may_allow_all_webhook_hosts,
    the_operator_may_allow_single_webhook_hosts,
    webhook_headers_are_valid_http_headers,
    header_values_in_a_document_are_strings,
);
