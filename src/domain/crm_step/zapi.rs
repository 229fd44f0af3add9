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
            let kind = ViolationKind::ZapiIncomplete;
            violations.add_reading(*field, kind, &[AGENT_ID, PHONE_NUMBER, MESSAGE]);
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
