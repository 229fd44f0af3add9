//! Cursors of the history.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use crm_steps::{
    domain::id::OrganizationId,
    store::history::cursor::{decode, decode_of_any_version, encode},
};
use uuid::Uuid;

const OURS: OrganizationId = OrganizationId(Uuid::from_u128(1));
const OTHERS: OrganizationId = OrganizationId(Uuid::from_u128(2));

fn encoded(json: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(json)
}

#[test]
fn a_cursor_is_read_in_its_organization_alone() {
    let cursor = encode(OURS, 42);
    assert_eq!(decode(OURS, &cursor), Some(42));
    assert_eq!(decode(OTHERS, &cursor), None);
    assert_eq!(decode_of_any_version(OURS, &cursor), Some(42));
    assert_eq!(decode_of_any_version(OTHERS, &cursor), None);
}

#[test]
fn versions_read_the_cursors_of_each_other() {
    let of_0_1 = encoded(r#"{"order":"sequence","keys":[{"Number":42}]}"#);
    assert_eq!(decode_of_any_version(OURS, &of_0_1), Some(42));
    assert_eq!(decode(OURS, &of_0_1), None, "it may be of any organization");
    // Version 0.1 takes any further field.
    let of_today = r#"{"order":"sequence","keys":[{"Number":42}],"of":"00000000-0000-0000-0000-000000000001"}"#;
    assert_eq!(encode(OURS, 42), encoded(of_today));
}

#[test]
fn what_is_no_position_in_a_history_is_rejected() {
    for json in [
        "",
        "[]",
        r#"{"order":"created_at,id","keys":[{"Number":42}]}"#,
        r#"{"order":"-sequence","keys":[{"Number":42}]}"#,
        r#"{"order":"sequence","keys":[]}"#,
        r#"{"order":"sequence","keys":[{"Number":42},{"Number":42}]}"#,
        r#"{"order":"sequence","keys":[{"Number":-1}]}"#,
        r#"{"order":"sequence","keys":[{"Number":9223372036854775808}]}"#,
        r#"{"order":"sequence","keys":[{"Text":"42"}]}"#,
        r#"{"order":"sequence","keys":[{"Number":42}],"of":"a"}"#,
    ] {
        assert_eq!(decode_of_any_version(OURS, &encoded(json)), None, "{json}");
    }
    assert_eq!(decode_of_any_version(OURS, "not base64 !"), None);
}
