//! Idempotency keys: a client can send a call again without repeating its effect.

use chrono::TimeDelta;

use super::{rules::fields::IDEMPOTENCY_KEY, violation::Violations};

/// How long the outcome of a call is stored under its key.
pub const STORED_FOR: TimeDelta = TimeDelta::hours(24);

/// The argument of the key.
pub const ARGUMENT: &str = IDEMPOTENCY_KEY.name();

/// The fingerprint of a call: a SHA-256 over the operation and its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint {
    /// Over the values of the arguments. It is stored with the outcome.
    pub current: [u8; 32],
    /// Those that version 0.1 may have stored, over the text of the arguments.
    ///
    /// Outcomes are stored for 24 hours, so these are needed until a day after the last replica of
    /// 0.1 has stopped. Remove them in the release after the next one.
    pub former: [[u8; 32]; 2],
}

impl Fingerprint {
    /// Whether a stored fingerprint is the one of this call.
    #[must_use]
    pub fn is(&self, stored: &[u8]) -> bool {
        stored == self.current || self.former.iter().any(|former| stored == former)
    }
}

/// A checked key, and the fingerprint of its call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    key: String,
    fingerprint: Fingerprint,
}

impl IdempotencyKey {
    /// Checks a key: text that is not blank and not too long.
    pub fn check(key: String, fingerprint: Fingerprint) -> Result<Self, Violations> {
        let mut violations = Violations::default();
        if violations.check_text(&IDEMPOTENCY_KEY, &IDEMPOTENCY_KEY, &key) {
            Ok(Self { key, fingerprint })
        } else {
            Err(violations)
        }
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The fingerprint of its call.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }
}
