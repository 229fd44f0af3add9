//! The message that is sent through Z-API when a conversation enters the step.

use std::ops::RangeInclusive;

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{Dash, GeneralCategory},
};
use uuid::Uuid;

use super::{CrmStepInput, References, check_complete};
use crate::domain::{
    checks::{check_optional, check_text},
    text::{MESSAGE_MAX, NAME_MAX, is_given, is_ignorable},
    violation::{PhoneFault, ViolationKind, Violations},
};

const AGENT_ID: &str = "zapiAgentId";
const PHONE_NUMBER: &str = "zapiPhoneNumber";
const MESSAGE: &str = "zapiMessage";
const GROUP: [&str; 3] = [AGENT_ID, PHONE_NUMBER, MESSAGE];

/// The agent that sends the message, if there is one.
pub(super) fn check(
    violations: &mut Violations,
    input: &CrmStepInput,
    known: &References,
) -> Option<Uuid> {
    let agent_id = input.zapi_agent_id.as_deref();
    let phone_number = input.zapi_phone_number.as_deref();
    let message = input.zapi_message.as_deref();
    let group = [(AGENT_ID, agent_id), (PHONE_NUMBER, phone_number), (MESSAGE, message)];
    if group.iter().any(|(_, value)| is_given(*value)) {
        check_complete(violations, &group, &ViolationKind::ZapiIncomplete, &GROUP);
    }
    // A blank id counts as missing.
    let agent_id = agent_id.filter(|id| is_given(Some(id)));
    let agent_id = known.agent(violations, AGENT_ID, agent_id);
    if let Some(phone_number) = phone_number
        && check_text(violations, PHONE_NUMBER, phone_number, PHONE_MAX)
        && is_given(Some(phone_number))
        && let Err(fault) = check_phone(phone_number)
    {
        violations.add(PHONE_NUMBER, ViolationKind::InvalidPhone(fault));
    }
    check_optional(violations, MESSAGE, message, MESSAGE_MAX);
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
