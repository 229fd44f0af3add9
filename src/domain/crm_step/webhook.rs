//! The webhook that is called when a conversation enters the step.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{CrmStepInput, StepCheck};
use crate::domain::{
    checks::is_given,
    fold::without_case,
    rules::{
        HEADERS_BYTES_MAX, HEADERS_MAX,
        across::HEADERS_NEED_URL,
        fields::{HEADER_NAME, HEADER_VALUE, WEBHOOK_HEADER, WEBHOOK_URL},
    },
    secret::MASK,
    url::{WebhookHosts, same_origin},
    violation::{Field, ViolationKind, Violations},
};

/// Checks the URL, which the service itself calls from inside the operator's network, and the headers.
pub(super) fn check(StepCheck { input, violations, .. }: &mut StepCheck, hosts: &WebhookHosts) {
    let url = input.webhook_url.as_deref();
    if let Some(url) = url {
        violations.check_url(&WEBHOOK_URL, url, hosts);
    }
    match &input.webhook_header {
        None | Some(Value::Null) => {}
        Some(Value::Object(header)) => {
            check_headers(violations, header);
            let given = [!header.is_empty(), is_given(url)];
            violations.check_given(&HEADERS_NEED_URL, &given, &ViolationKind::HeadersWithoutUrl);
        }
        Some(_) => violations.add(&WEBHOOK_HEADER, ViolationKind::InvalidType),
    }
}

fn check_headers(violations: &mut Violations, header: &Map<String, Value>) {
    violations.check_count(&WEBHOOK_HEADER, header.len());
    let bytes: usize =
        header.iter().map(|(name, value)| name.len() + value.as_str().map_or(0, str::len)).sum();
    if bytes > HEADERS_BYTES_MAX {
        let kind = ViolationKind::TooLong { unit: "bytes", max: HEADERS_BYTES_MAX, actual: bytes };
        violations.add(&WEBHOOK_HEADER, kind);
    }
    let mut seen = HashSet::new();
    // Up to the limit, so that the number of violations stays bounded.
    for (name, value) in header.iter().take(HEADERS_MAX) {
        let field = || Field::from(&HEADER_NAME).key(name);
        let folded = without_case(name);
        if HEADER_NAME.not_one_of.contains(&folded.as_str()) {
            violations.add(field(), ViolationKind::HeaderNotAllowed);
        } else if !HEADER_NAME.matches(name) {
            violations.add(field(), ViolationKind::InvalidHeaderName);
        }
        if !seen.insert(folded) {
            violations.add(field(), ViolationKind::DuplicateValue { value: name.clone() });
        }
        if !value.as_str().is_some_and(|value| HEADER_VALUE.matches(value)) {
            violations.add(field(), ViolationKind::InvalidHeaderValue);
        } else if value.as_str() == Some(MASK) {
            // A mask stands for the stored value only while the URL leads to the same server.
            violations.add_reading(field(), ViolationKind::MaskedHeaderValue, WEBHOOK_URL.path);
        }
    }
}

impl CrmStepInput {
    /// This stored input after a patch, which is based on what the caller reads: for callers that may
    /// not read secrets, header values are masks. Masks that the patch leaves or sends are
    /// [replaced](Self::unmasked).
    #[must_use]
    pub fn patched(&self, reads_secrets: bool, patch: impl FnOnce(&mut Self)) -> Self {
        let mut input = self.clone();
        if !reads_secrets && let Some(Value::Object(header)) = &mut input.webhook_header {
            header.values_mut().for_each(|value| *value = MASK.into());
        }
        patch(&mut input);
        input.unmasked(self, reads_secrets)
    }

    /// This input, with the stored values of headers in place of their masks. Callers that may not
    /// read secrets must not redirect them to another server either: then the masks stay, and the
    /// rules reject them.
    #[must_use]
    pub fn unmasked(mut self, stored: &Self, reads_secrets: bool) -> Self {
        let is_redirected =
            !same_origin(stored.webhook_url.as_deref(), self.webhook_url.as_deref());
        if let (Some(Value::Object(header)), Some(Value::Object(stored))) =
            (&mut self.webhook_header, &stored.webhook_header)
            && (reads_secrets || !is_redirected)
        {
            let masked = header.iter_mut().filter(|(_, value)| value.as_str() == Some(MASK));
            for (name, value) in masked {
                let same = stored.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
                if let Some((_, known)) = same {
                    *value = known.clone();
                }
            }
        }
        self
    }

    /// Whether the headers are those of another input, in the same order.
    #[must_use]
    pub fn has_headers_of(&self, other: &Self) -> bool {
        let text = |input: &Self| input.webhook_header.as_ref().map(Value::to_string);
        text(self) == text(other)
    }
}
