//! The WhatsApp template that is sent when a conversation enters the step.

use uuid::Uuid;

use super::StepCheck;
use crate::domain::{
    checks::is_given,
    text::MESSAGE_MAX,
    violation::{ViolationKind, Violations},
};

const AGENT_ID: &str = "whatsappTemplateAgentId";
const NAME: &str = "whatsappTemplateName";
const LANGUAGE_CODE: &str = "whatsappTemplateLanguageCode";
const TEXT: &str = "whatsappTemplateText";
const GROUP: [&str; 4] = [AGENT_ID, NAME, LANGUAGE_CODE, TEXT];

/// Longest template name, in characters (WhatsApp's limit).
const NAME_MAX: usize = 512;

/// The agent that sends the template, if there is one.
pub(super) fn check(check: &mut StepCheck) -> Option<Uuid> {
    let input = check.input;
    let agent_id = input.whatsapp_template_agent_id.as_deref();
    let name = input.whatsapp_template_name.as_deref();
    let language_code = input.whatsapp_template_language_code.as_deref();
    let text = input.whatsapp_template_text.as_deref();
    let fields = [(AGENT_ID, agent_id), (NAME, name), (LANGUAGE_CODE, language_code), (TEXT, text)];
    let agent_id = check.message(&fields, 3, &ViolationKind::TemplateIncomplete, &GROUP);
    let violations = &mut check.violations;
    check_format(violations, NAME, name, is_template_name, ViolationKind::InvalidTemplateName);
    check_format(
        violations,
        LANGUAGE_CODE,
        language_code,
        is_language_code,
        ViolationKind::InvalidLanguageCode,
    );
    violations.check_optional(TEXT, text, MESSAGE_MAX);
    agent_id
}

/// Checks a text whose format bounds its length and excludes NUL.
fn check_format(
    violations: &mut Violations,
    field: &'static str,
    text: Option<&str>,
    is_well_formed: fn(&str) -> bool,
    kind: ViolationKind,
) {
    match text {
        Some(text) if is_given(Some(text)) => {
            if text.contains('\0') {
                violations.add(field, ViolationKind::InvalidCharacter);
            } else if !is_well_formed(text) {
                violations.add(field, kind);
            }
        }
        // A blank one is stored as it was sent, so it has to be fit to be stored.
        blank => violations.check_optional(field, blank, NAME_MAX),
    }
}

/// Lower-case letters, digits and underscores (WhatsApp's rule).
fn is_template_name(text: &str) -> bool {
    (1..=NAME_MAX).contains(&text.len())
        && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}

/// An ISO 639 language in two or three small letters, and after an underscore perhaps an
/// ISO 3166 country in two capitals or a UN M49 region in three digits.
fn is_language_code(text: &str) -> bool {
    let (language, region) = match text.split_once('_') {
        Some((language, region)) => (language, Some(region)),
        None => (text, None),
    };
    let is_region = |region: &str| match region.len() {
        2 => region.bytes().all(|b| b.is_ascii_uppercase()),
        3 => region.bytes().all(|b| b.is_ascii_digit()),
        _ => false,
    };
    (2..=3).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_lowercase())
        && region.is_none_or(is_region)
}
