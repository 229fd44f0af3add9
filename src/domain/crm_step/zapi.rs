//! The message that is sent through Z-API when a conversation enters the step.

use std::ops::RangeInclusive;

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{Dash, GeneralCategory},
};
use uuid::Uuid;

use super::StepCheck;
use crate::domain::{
    checks::is_given,
    text::{MESSAGE_MAX, NAME_MAX, is_ignorable},
    violation::{PhoneFault, ViolationKind},
};

const AGENT_ID: &str = "zapiAgentId";
const PHONE_NUMBER: &str = "zapiPhoneNumber";
const MESSAGE: &str = "zapiMessage";
const GROUP: [&str; 3] = [AGENT_ID, PHONE_NUMBER, MESSAGE];

/// The agent that sends the message, if there is one.
pub(super) fn check(check: &mut StepCheck) -> Option<Uuid> {
    let agent_id = check.input.zapi_agent_id.as_deref();
    let phone_number = check.input.zapi_phone_number.as_deref();
    let message = check.input.zapi_message.as_deref();
    let fields = [(AGENT_ID, agent_id), (PHONE_NUMBER, phone_number), (MESSAGE, message)];
    let agent_id = check.message(&fields, fields.len(), &ViolationKind::ZapiIncomplete, &GROUP);
    if let Some(phone_number) = phone_number
        && check.violations.check_text(PHONE_NUMBER, phone_number, PHONE_MAX)
        && is_given(Some(phone_number))
        && let Err(fault) = check_phone(phone_number)
    {
        check.violations.add(PHONE_NUMBER, ViolationKind::InvalidPhone(fault));
    }
    check.violations.check_optional(MESSAGE, message, MESSAGE_MAX);
    agent_id
}

/// Longest spelling of a phone number, in characters: as long as a name.
const PHONE_MAX: usize = NAME_MAX;

/// 8 digits at least, for numbers of small networks, and 15 at most (ITU-T E.164).
const DIGITS: RangeInclusive<usize> = 8..=15;

/// Checks a phone number in the forms that people write and that phones and contact books copy: its
/// digits, with an optional + before them, and any parentheses, dots, slashes, dashes, spaces and
/// default ignorable characters.
fn check_phone(text: &str) -> Result<(), PhoneFault> {
    let (mut digits, mut has_plus) = (0, false);
    for character in text.chars() {
        match character {
            '0'..='9' => digits += 1,
            '+' if digits == 0 && !has_plus => has_plus = true,
            _ if separates(character) => {}
            _ => return Err(PhoneFault::Character { character }),
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
