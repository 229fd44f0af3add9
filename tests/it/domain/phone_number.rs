//! Phone numbers of Z-API messages.

use crm_steps::domain::violation::{PhoneFault, Violation, ViolationKind};
use serde_json::json;

use super::{AGENT, violations};

/// The fault of a phone number, if it has one.
fn check_phone(number: &str) -> Result<(), PhoneFault> {
    let step = json!({ "zapiAgentId": AGENT, "zapiPhoneNumber": number, "zapiMessage": "Hi" });
    let kinds: Vec<_> = violations(step).into_iter().map(|violation| violation.kind).collect();
    match kinds.as_slice() {
        [] => Ok(()),
        [ViolationKind::InvalidPhone(fault)] => Err(*fault),
        others => panic!("{number:?} breaks other rules: {others:?}"),
    }
}

#[test]
fn phone_numbers_are_accepted_in_common_notations() {
    for number in [
        "12345678",
        "+5511955550102",
        "+55 (11) 95555-0102",
        "(+55) 11 95555 0102",
        "+(55)11.95555.0102",
        "555.123.4567",
        "030/1234567",
        "123456789012345",
        " 12345678 ",
        "(((12345678",
        "--12345678--",
        // No-break, narrow, ideographic, thin and figure spaces.
        "+55\u{a0}11\u{202f}95555\u{3000}01\u{2009}0\u{2007}2",
        // Hyphens and dashes of Unicode, the minus sign among them.
        "11\u{2010}95\u{2011}55\u{2012}55\u{2013}01\u{2014}02",
        "11\u{2015}95\u{2212}55\u{fe58}55\u{ff0d}01\u{fe63}02\u{30a0}\u{301c}",
        // Directional marks, as contact books put them around a number.
        "\u{202a}+55 11 95555\u{2011}0102\u{202c}",
        "\u{200e}+5511955550102\u{200f}",
        "\u{2068}+5511955550102\u{2069}",
        // Soft hyphen, zero-width space, word joiner, byte order mark, variation selector.
        "\u{feff}1234\u{ad}56\u{200b}7\u{2060}8\u{fe0f}",
    ] {
        assert_eq!(check_phone(number), Ok(()), "{number:?}");
    }
}

#[test]
fn the_first_invalid_character_is_reported() {
    for (number, character) in [
        ("++5511955550102", '+'),
        ("+55+11955550102", '+'),
        ("5511+955550102", '+'),
        ("5511955550102+", '+'),
        ("tel:5511955550102", 't'),
        ("5511955550102x7", 'x'),
        ("5511955550102 ext. 7", 'e'),
        ("5511955550102#7", '#'),
        ("5511955550102,7", ','),
        ("5511955550102;7", ';'),
        ("5511955550102*7", '*'),
        ("5511955550102@s.whatsapp.net", '@'),
        ("1-800-FLOWERS", 'F'),
        ("[55]11955550102", '['),
        ("55_11955550102", '_'),
        ("55~11955550102", '~'),
        ("55\\11955550102", '\\'),
        ("\u{ff0b}5511955550102", '\u{ff0b}'),
        ("٠١٢٣٤٥٦٧٨", '٠'),
        ("１２３４５６７８", '１'),
        ("12345678\n", '\n'),
        ("12345678\t", '\t'),
        ("12345678\r", '\r'),
        ("1234\u{2028}5678", '\u{2028}'),
        ("1234\u{2800}5678", '\u{2800}'),
        ("1234\u{600}5678", '\u{600}'),
        ("1234\u{301}5678", '\u{301}'),
        ("x12345678\n", 'x'),
        ("1\n", '\n'),
    ] {
        assert_eq!(check_phone(number), Err(PhoneFault::Character { character }), "{number:?}");
    }
}

#[test]
fn a_phone_number_has_8_to_15_digits() {
    for (number, actual) in
        [("1234567", 7), ("1234567890123456", 16), ("+", 0), ("(--)", 0), ("+1 2", 2)]
    {
        let fault = PhoneFault::Digits { min: 8, max: 15, actual };
        assert_eq!(check_phone(number), Err(fault), "{number:?}");
    }
}

#[test]
fn an_invisible_character_is_shown_by_its_code_point() {
    for (character, shown) in [
        ('x', "\"x\""),
        ('@', "\"@\""),
        ('٣', "\"٣\""),
        ('\n', "U+000A"),
        ('\t', "U+0009"),
        ('\u{85}', "U+0085"),
        ('\u{2028}', "U+2028"),
        ('\u{2800}', "U+2800"),
        ('\u{301}', "U+0301"),
        ('\u{e000}', "U+E000"),
        ('\u{ffff}', "U+FFFF"),
        ('\u{1d159}', "U+1D159"),
    ] {
        let kind = ViolationKind::InvalidPhone(PhoneFault::Character { character });
        let report = Violation::new("zapiPhoneNumber", kind).report();
        let begins = format!("zapiPhoneNumber has {shown} in it, which does not belong");
        assert!(report.message.starts_with(&begins), "{}", report.message);
        assert_eq!(report.params, [("character".to_owned(), character.to_string())]);
    }
}
