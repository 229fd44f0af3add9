//! A message through Z-API, sent on entering.

use uuid::Uuid;

use super::{CrmStepInput, References};
use crate::domain::{
    text::{MESSAGE_MAX, check_optional, check_text, is_given},
    violation::{Rule, Violations},
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

pub(super) fn check(
    violations: &mut Violations,
    input: &CrmStepInput,
    known: &References,
) -> Option<Zapi> {
    let agent_id = input.zapi_agent_id.as_deref();
    let phone_number = input.zapi_phone_number.as_deref();
    let message = input.zapi_message.as_deref();
    let group = [(AGENT_ID, agent_id), (PHONE_NUMBER, phone_number), (MESSAGE, message)];
    let is_wanted = group.iter().any(|(_, value)| is_given(*value));
    if is_wanted {
        for (field, _) in group.iter().filter(|(_, value)| !is_given(*value)) {
            violations.add(*field, Rule::ZapiIncomplete);
        }
    }
    let agent = known.agent_of_group(violations, AGENT_ID, agent_id);
    if let Some(phone_number) = phone_number
        && check_text(violations, PHONE_NUMBER, phone_number, PHONE_MAX)
        && is_given(Some(phone_number))
        && !is_phone_number(phone_number)
    {
        violations.add(PHONE_NUMBER, Rule::InvalidPhone);
    }
    check_optional(violations, MESSAGE, message, MESSAGE_MAX);

    let (phone_number, message) = (phone_number.map(str::to_owned), message.map(str::to_owned));
    if is_wanted {
        Some(Zapi::Message { agent_id: agent?, phone_number: phone_number?, message: message? })
    } else {
        Some(Zapi::None { phone_number, message })
    }
}

/// Longest spelling of a phone number, in characters: 15 digits, each with a separator or two.
const PHONE_MAX: usize = 50;

/// 8 to 15 digits (the most that ITU-T E.164 has), with an optional + in front, and spaces,
/// parentheses, hyphens and dots wherever the writer likes them.
fn is_phone_number(text: &str) -> bool {
    let text = text.trim_matches(' ');
    let number = text.strip_prefix('+').unwrap_or(text);
    let digits = number.chars().filter(char::is_ascii_digit).count();
    (8..=15).contains(&digits)
        && number.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '-' | '.'))
}

#[cfg(test)]
mod tests {
    use super::is_phone_number;

    #[test]
    fn people_write_phone_numbers_in_many_ways() {
        for number in
            ["12345678", "+5511955550102", "+55 (11) 95555-0102", "555.123.4567", "123456789012345"]
        {
            assert!(is_phone_number(number), "{number}");
        }
    }

    #[test]
    fn what_is_no_phone_number_is_seen() {
        for number in [
            "1234567",
            "1234567890123456",
            "+",
            "++5511955550102",
            "5511+955550102",
            "tel:5511955550102",
            "٠١٢٣٤٥٦٧٨",
            "12345678\n",
        ] {
            assert!(!is_phone_number(number), "{number}");
        }
    }
}
