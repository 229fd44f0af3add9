//! The message that is sent through Z-API when a conversation enters the step.

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{Dash, GeneralCategory},
};
use uuid::Uuid;

use super::StepCheck;
use crate::domain::{
    checks::is_given,
    rules::{
        PHONE_DIGITS_MAX, PHONE_DIGITS_MIN,
        across::ZAPI,
        fields::{ZAPI_AGENT_ID, ZAPI_MESSAGE, ZAPI_PHONE_NUMBER},
    },
    text::is_ignorable,
    violation::{PhoneFault, ViolationKind},
};

/// The agent that sends the message, if there is one.
pub(super) fn check(check: &mut StepCheck) -> Option<Uuid> {
    let phone_number = check.input.zapi_phone_number.as_deref();
    let message = check.input.zapi_message.as_deref();
    let values = [check.input.zapi_agent_id.as_deref(), phone_number, message];
    let incomplete = ViolationKind::ZapiIncomplete { agent: ZAPI_AGENT_ID.name() };
    let agent_id = check.message(&ZAPI, values, &incomplete);
    if let Some(phone_number) = phone_number
        && check.violations.check_text(&ZAPI_PHONE_NUMBER, &ZAPI_PHONE_NUMBER, phone_number)
        && is_given(Some(phone_number))
        && let Err(fault) = check_phone(phone_number)
    {
        check.violations.add(&ZAPI_PHONE_NUMBER, ViolationKind::InvalidPhone(fault));
    }
    check.violations.check_optional(&ZAPI_MESSAGE, message);
    agent_id
}

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
    let (min, max) = (PHONE_DIGITS_MIN, PHONE_DIGITS_MAX);
    if (min..=max).contains(&digits) {
        return Ok(());
    }
    Err(PhoneFault::Digits { min, max, actual: digits })
}

fn separates(character: char) -> bool {
    matches!(character, '(' | ')' | '.' | '/')
        || CodePointSetData::new::<Dash>().contains(character)
        || is_ignorable(character)
        || CodePointMapData::<GeneralCategory>::new().get(character)
            == GeneralCategory::SpaceSeparator
}
