//! The WhatsApp template that is sent when a conversation enters the step.

use uuid::Uuid;

use super::StepCheck;
use crate::domain::{
    rules::{
        TEMPLATE_NAME_MAX,
        across::TEMPLATE,
        fields::{TEMPLATE_LANGUAGE_CODE, TEMPLATE_NAME, TEMPLATE_TEXT},
    },
    violation::ViolationKind,
};

/// The agent that sends the template, if there is one.
pub(super) fn check(check: &mut StepCheck) -> Option<Uuid> {
    let input = check.input;
    let agent_id = input.whatsapp_template_agent_id.as_deref();
    let name = input.whatsapp_template_name.as_deref();
    let language_code = input.whatsapp_template_language_code.as_deref();
    let text = input.whatsapp_template_text.as_deref();
    let values = [agent_id, name, language_code, text];
    let agent_id = check.message(&TEMPLATE, values, &ViolationKind::TemplateIncomplete);
    let malformed = ViolationKind::InvalidTemplateName { max: TEMPLATE_NAME_MAX };
    check.violations.check_pattern(&TEMPLATE_NAME, name, malformed);
    let malformed = ViolationKind::InvalidLanguageCode;
    check.violations.check_pattern(&TEMPLATE_LANGUAGE_CODE, language_code, malformed);
    check.violations.check_optional(&TEMPLATE_TEXT, text);
    agent_id
}
