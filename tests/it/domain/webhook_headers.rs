//! Headers of webhooks.

use serde_json::json;

use super::codes;

const NONE: [&str; 0] = [];

/// The violations of a webhook with this header.
fn of_header(name: &str, value: &str) -> Vec<&'static str> {
    codes(json!({ "webhookUrl": "https://example.com", "webhookHeader": { name: value } }))
}

#[test]
fn header_values_are_visible_ascii_with_inner_spaces_and_tabs() {
    for value in ["", "v", "a b", "a\tb", "a  \t b", "Bearer x=~!{}\"\\,;", "***x", "*"] {
        assert_eq!(of_header("X", value), NONE, "{value:?}");
    }
    for value in [
        " ",
        "\t",
        " v",
        "v ",
        "\tv",
        "v\t",
        "a\nb",
        "a\rb",
        "a\r\nX: b",
        "v\n",
        "\0",
        "a\0b",
        "\u{1}",
        "a\u{1f}b",
        "a\u{7f}b",
        "a\u{80}b",
        "é",
        "v\u{a0}",
        "“v”",
        "a\u{200b}b",
        "🌞",
    ] {
        assert_eq!(of_header("X", value), ["INVALID_HEADER_VALUE"], "{value:?}");
    }
}

/// U+212A, the Kelvin sign, is a K of another code point.
#[test]
fn header_names_are_compared_without_regard_to_case() {
    assert_eq!(of_header("\u{212a}eep-Alive", "v"), ["HEADER_NOT_ALLOWED"]);
    let header = json!({ "K": "v", "\u{212a}": "v" });
    let step = json!({ "webhookUrl": "https://example.com", "webhookHeader": header });
    assert_eq!(codes(step), ["INVALID_HEADER_NAME", "DUPLICATE_VALUE"]);
}

#[test]
fn header_names_are_tokens() {
    for name in ["X", "x-api-key", "X_Key", "1", "!#$%&'*+-.^_`|~"] {
        assert_eq!(of_header(name, "v"), NONE, "{name}");
    }
    for name in
        ["", " ", "X ", " X", "a b", "X:", "a/b", "a(b)", "é", "a\0", "a\nb", "\"a\"", "a@b"]
    {
        assert_eq!(of_header(name, "v"), ["INVALID_HEADER_NAME"], "{name:?}");
    }
}
