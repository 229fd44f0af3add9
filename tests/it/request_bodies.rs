//! Bodies that are no requests.

use axum::http::StatusCode;
use serde_json::json;

use crate::{
    requests::refuses,
    support::{App, on_both_databases},
};

async fn a_body_that_is_not_a_request_is_rejected(app: App) {
    let ana = app.member_of("Horizonte").await;
    let lone_surrogate = r#"{"query":"{ __typename }","variables":{"a":"\ud800"}}"#;
    for body in [
        &b""[..],
        b"{",
        b"null",
        b"7",
        b"\"{ __typename }\"",
        b"[]",
        b"{}",
        b"[\"{ __typename }\"]",
        b"{\"query\":\" \"}",
        b"{\"query\":7}",
        b"[{\"query\":\"{ __typename }\"}]",
        b"{\"query\":\"{ __typename }\",\"variables\":7}",
        b"{\"query\":\"\xff\"}",
        b"\0",
        lone_surrogate.as_bytes(),
        "[".repeat(500_000).as_bytes(),
        "{\"variables\":".repeat(70_000).as_bytes(),
    ] {
        refuses(&ana, body.to_vec(), StatusCode::BAD_REQUEST, "BAD_USER_INPUT").await;
    }
}

async fn an_unreadable_body_is_rejected_with_reason_and_position(app: App) {
    let ana = app.member_of("Horizonte").await;
    let deep = format!("{{\"variables\":{}}}", "[".repeat(200));
    let long_key = "k".repeat(60);
    let long_keys = format!("{{\"variables\":{{\"{long_key}\":1,\"{long_key}\":2}}}}");
    for (body, message) in [
        (&b""[..], "The body is empty, where JSON is needed."),
        (b" \n\t", "The body is empty, where JSON is needed."),
        (b"\xef\xbb\xbf", "The body is empty, where JSON is needed."),
        (b"{", "The body is not JSON: it ends too early, in line 1, column 1."),
        (b"{\"query\":\"{ a }", "The body is not JSON: it ends too early, in line 1, column 15."),
        (b"{\"query\":\n  'a'}", "The body is not JSON: its syntax breaks in line 2, column 3."),
        (
            "{\"query\":\"ação\", b}".as_bytes(),
            "The body is not JSON: its syntax breaks in line 1, column 18.",
        ),
        (b"{\"query\":\"a\",}", "The body is not JSON: its syntax breaks in line 1, column 14."),
        (b"{\"query\":\"a\"} b", "The body is not JSON: its syntax breaks in line 1, column 15."),
        (b"query=a", "The body is not JSON: its syntax breaks in line 1, column 1."),
        (
            b"{\"query\":\"\xff\"}",
            "The body is not UTF-8: byte 11 belongs to no character (line 1, column 11).",
        ),
        (
            b"\xef\xbb\xbf{\n\"\xc3\xa3\xe3o\":1}",
            "The body is not UTF-8: byte 9 belongs to no character (line 2, column 3).",
        ),
        // UTF-16 with a byte order mark.
        (
            b"\xff\xfe{\0}\0",
            "The body is not UTF-8: byte 1 belongs to no character (line 1, column 1).",
        ),
        (
            b"{\"query\":\"\xc3",
            "The body is not UTF-8: byte 11 belongs to no character (line 1, column 11).",
        ),
        (b"null", "The body must be a JSON object; it is null."),
        (b"7", "The body must be a JSON object; it is a number."),
        (b"true", "The body must be a JSON object; it is true or false."),
        (b"\"{ __typename }\"", "The body must be a JSON object; it is a text."),
        (b"[]", "This service accepts one request at a time, not a list."),
        (b"{\"query\":7}", "query must be a text; it is a number."),
        (b"{\"query\":\"a\",\"operationName\":[]}", "operationName must be a text; it is a list."),
        (b"{\"query\":\"a\",\"variables\":[]}", "variables must be an object; it is a list."),
        (b"{\"query\":\"a\",\"variables\":\"{}\"}", "variables must be an object; it is a text."),
        (
            b"{\"query\":\"a\",\"extensions\":true}",
            "extensions must be an object; it is true or false.",
        ),
        (
            b"{\"query\":\"a\",\"query\":\"b\"}",
            "The body has the key \"query\" twice in one object, in line 1, column 20.",
        ),
        (
            b"{\"variables\":{\"a\":[{\"b\\n\":1,\n\"b\\n\":1}]}}",
            "The body has the key \"b\\n\" twice in one object, in line 2, column 5.",
        ),
        (
            long_keys.as_bytes(),
            &format!(
                "The body has the key \"{}\"… twice in one object, in line 1, column 141.",
                &long_key[..50]
            ),
        ),
        (
            b"{\"variables\":{\"a\":1e999}}",
            "The body has a number that is too large, in line 1, column 23.",
        ),
        (
            b"{\"query\":\"\\ud800\"}",
            "The body has a text with half of a surrogate pair in it, in line 1, column 17.",
        ),
        (deep.as_bytes(), "The body nests too deeply, in line 1, column 140."),
    ] {
        let refused = refuses(&ana, body.to_vec(), StatusCode::BAD_REQUEST, "BAD_USER_INPUT").await;
        assert_eq!(refused, message, "{}", String::from_utf8_lossy(body));
    }
    let no_document = "The request has no document. Send it as the text query, and with it the \
                       object variables and the text operationName where they are needed.";
    for body in [&b"{}"[..], b"{\"query\":null}", b"{\"query\":\" \"}", b"{\"documentId\":\"\"}"] {
        let refused = refuses(&ana, body.to_vec(), StatusCode::BAD_REQUEST, "BAD_USER_INPUT").await;
        assert_eq!(refused, no_document);
    }
    for fields in
        ["", ",\"variables\":null", ",\"extensions\":null,\"operationName\":null", ",\"a\":[{}]"]
    {
        let body = format!("\u{feff}\r\n{{\"query\":\"{{ __typename }}\"{fields}}}\n");
        assert_eq!(ana.post(body).await.data(), json!({ "__typename": "Query" }));
    }
}

on_both_databases!(
    a_body_that_is_not_a_request_is_rejected,
    an_unreadable_body_is_rejected_with_reason_and_position,
);
