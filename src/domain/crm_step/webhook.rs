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

/// The limit of all headers counts a stored value that the caller may not read as the next multiple of
/// this many bytes, so that trying the limit does not tell how long a secret is. The largest number of
/// headers with such values is within the limit.
const UNREAD_BYTES: usize = 256;

/// Checks the URL, which the service itself calls from inside the operator's network, and the headers.
/// `padding` counts as well for the limit of all headers.
pub(super) fn check(
    StepCheck { input, violations, .. }: &mut StepCheck,
    hosts: &WebhookHosts,
    padding: usize,
) {
    let url = input.webhook_url.as_deref();
    if let Some(url) = url {
        violations.check_url(&WEBHOOK_URL, url, hosts);
    }
    match &input.webhook_header {
        None | Some(Value::Null) => {}
        Some(Value::Object(header)) => {
            check_headers(violations, header, padding);
            let given = [!header.is_empty(), is_given(url)];
            violations.check_given(&HEADERS_NEED_URL, &given, &ViolationKind::HeadersWithoutUrl);
        }
        Some(_) => violations.add(&WEBHOOK_HEADER, ViolationKind::InvalidType),
    }
}

fn check_headers(violations: &mut Violations, header: &Map<String, Value>, padding: usize) {
    violations.check_count(&WEBHOOK_HEADER, header.len());
    let lengths =
        header.iter().map(|(name, value)| name.len() + value.as_str().map_or(0, str::len));
    let bytes = lengths.sum::<usize>() + padding;
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

/// The stored step that an update is based on, as its caller knows it.
#[derive(Debug, Clone, Copy)]
pub struct StoredStep<'a> {
    /// Its input.
    pub input: &'a CrmStepInput,
    /// Whether the caller may read the values of headers, and so must not be able to guess them.
    pub reads_secrets: bool,
}

impl StoredStep<'_> {
    /// The step as the caller reads it: with masks in place of header values that it may not read.
    #[must_use]
    pub fn as_read(&self) -> CrmStepInput {
        let mut input = self.input.clone();
        if !self.reads_secrets
            && let Some(Value::Object(header)) = &mut input.webhook_header
        {
            header.values_mut().for_each(|value| *value = MASK.into());
        }
        input
    }

    /// Whether a header that is sent has values, and not only masks, although the caller may not read the
    /// stored ones. They count as changed even if they are the stored ones, because the caller could
    /// confirm guesses otherwise.
    #[must_use]
    pub fn has_unread_values(&self, sent: Option<&Value>) -> bool {
        let header = sent.and_then(Value::as_object);
        let mut values = header.into_iter().flat_map(|header| header.values());
        !self.reads_secrets && values.any(|value| value.as_str() != Some(MASK))
    }

    /// Whether headers are the stored ones, in the same order.
    pub(super) fn has_headers(&self, headers: Option<&Value>) -> bool {
        let text = |headers: Option<&Value>| headers.map(Value::to_string);
        text(headers) == text(self.input.webhook_header.as_ref())
    }

    /// Puts the stored values of headers in place of their masks, and returns what the limit of all
    /// headers adds to their lengths. A caller that may not read secrets must not redirect them to
    /// another server either: then the masks stay, and the rules reject them.
    pub(super) fn unmask(&self, sent: &mut CrmStepInput) -> usize {
        let (from, to) = (self.input.webhook_url.as_deref(), sent.webhook_url.as_deref());
        let (Some(Value::Object(header)), Some(Value::Object(stored))) =
            (&mut sent.webhook_header, &self.input.webhook_header)
        else {
            return 0;
        };
        if !self.reads_secrets && !same_origin(from, to) {
            return 0;
        }
        let mut padding = 0;
        for (name, value) in header.iter_mut().filter(|(_, value)| value.as_str() == Some(MASK)) {
            let same = stored.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            let Some((_, known)) = same else { continue };
            value.clone_from(known);
            if !self.reads_secrets {
                let length = known.as_str().map_or(0, str::len);
                padding += length.max(1).next_multiple_of(UNREAD_BYTES) - length;
            }
        }
        padding
    }
}
