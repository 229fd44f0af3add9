//! A message through Z-API, sent on entering.

use std::ops::RangeInclusive;

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{Dash, GeneralCategory},
};
use uuid::Uuid;

use super::{CrmStepInput, References};
use crate::domain::{
    checks::{check_optional, check_text},
    text::{MESSAGE_MAX, NAME_MAX, is_given, is_ignorable},
    violation::{PhoneFault, ViolationKind, Violations},
};

const AGENT_ID: &str = "zapiAgentId";
const PHONE_NUMBER: &str = "zapiPhoneNumber";
const MESSAGE: &str = "zapiMessage";

/// The message, whole or absent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the API reference")]
pub enum Zapi {
    /// No message. What was sent blank is kept as it came.
    None { phone_number: Option<String>, message: Option<String> },
    /// A message.
    Message { agent_id: Uuid, phone_number: String, message: String },
}

pub(super) fn check(violations: &mut Violations, input: &CrmStepInput, known: &References) -> Zapi {
    let agent_id = input.zapi_agent_id.as_deref();
    let phone_number = input.zapi_phone_number.as_deref();
    let message = input.zapi_message.as_deref();
    let group = [(AGENT_ID, agent_id), (PHONE_NUMBER, phone_number), (MESSAGE, message)];
    if group.iter().any(|(_, value)| is_given(*value)) {
        for (field, _) in group.iter().filter(|(_, value)| !is_given(*value)) {
            violations.add(*field, ViolationKind::ZapiIncomplete);
        }
    }
    let agent = known.agent_of_group(violations, AGENT_ID, agent_id);
    if let Some(phone_number) = phone_number
        && check_text(violations, PHONE_NUMBER, phone_number, PHONE_MAX)
        && is_given(Some(phone_number))
        && let Err(fault) = check_phone(phone_number)
    {
        violations.add(PHONE_NUMBER, ViolationKind::InvalidPhone(fault));
    }
    check_optional(violations, MESSAGE, message, MESSAGE_MAX);

    // By what is there, not by how much of it is visible: what is stored stays as it is.
    match (agent, phone_number.map(str::to_owned), message.map(str::to_owned)) {
        (Some(agent_id), Some(phone_number), Some(message)) => {
            Zapi::Message { agent_id, phone_number, message }
        }
        (_, phone_number, message) => Zapi::None { phone_number, message },
    }
}

/// Longest spelling of a phone number, in characters: as long as a name.
const PHONE_MAX: usize = NAME_MAX;

/// 8 digits at least, for numbers of small networks, and 15 at most (ITU-T E.164).
const DIGITS: RangeInclusive<usize> = 8..=15;

/// Checks a phone number as people write it, and as phones and contact books copy it: beside its
/// digits, one + in front of them, and parentheses, dots, slashes, dashes, spaces and ignorable
/// format characters anywhere do not count.
fn check_phone(text: &str) -> Result<(), PhoneFault> {
    let (mut digits, mut has_plus) = (0, false);
    for character in text.chars() {
        match character {
            '0'..='9' => digits += 1,
            '+' if digits == 0 && !has_plus => has_plus = true,
            _ if separates(character) => {}
            _ => return Err(PhoneFault::Character(character)),
        }
    }
    if DIGITS.contains(&digits) {
        return Ok(());
    }
    Err(PhoneFault::Digits { min: *DIGITS.start(), max: *DIGITS.end(), actual: digits })
}

fn separates(character: char) -> bool {
    matches!(character, '(' | ')' | '.' | '/')
        || CodePointSetData::new::<Dash>().contains(character)
        || is_ignorable(character)
        || CodePointMapData::<GeneralCategory>::new().get(character)
            == GeneralCategory::SpaceSeparator
}

#[cfg(test)]
mod tests {
    use super::{PhoneFault, check_phone};
    use crate::domain::violation::{Violation, ViolationKind};

    #[test]
    fn phone_numbers_come_as_people_and_contact_books_write_them() {
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
            // Marks of direction, as contact books put them around a number.
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
    fn the_first_character_that_does_not_belong_is_told() {
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
            assert_eq!(check_phone(number), Err(PhoneFault::Character(character)), "{number:?}");
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
    fn what_cannot_be_seen_is_told_by_its_code_point() {
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
            let rule = ViolationKind::InvalidPhone(PhoneFault::Character(character));
            let message = Violation::new("zapiPhoneNumber", rule).message();
            let begins = format!("zapiPhoneNumber has {shown} in it, which does not belong");
            assert!(message.starts_with(&begins), "{message}");
        }
    }
}
