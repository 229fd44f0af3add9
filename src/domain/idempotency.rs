//! Keys by which a client can send a call again without doing its work twice.

use chrono::TimeDelta;

use super::{
    checks::check_text,
    text::is_blank,
    violation::{ViolationKind, Violations},
};

/// How long the outcome of a call is kept under its key.
pub const KEPT: TimeDelta = TimeDelta::hours(24);

/// Longest key, in characters: the room that other services give to it.
pub const KEY_MAX: usize = 255;

/// The argument that holds the key.
pub const ARGUMENT: &str = "idempotencyKey";

/// What tells one call from another: a SHA-256 over the operation and its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint {
    /// Over what the arguments mean. This one is kept with the outcome.
    pub current: [u8; 32],
    /// Those that version 0.1 may have kept, which took the arguments as they were written.
    ///
    /// Outcomes are kept for 24 hours, so these are needed until a day after the last replica of
    /// 0.1 has stopped. Remove them in the release after the next one.
    pub former: [[u8; 32]; 2],
}

impl Fingerprint {
    /// Whether an outcome that was kept with this fingerprint is the one of this call.
    #[must_use]
    pub fn is(&self, kept: &[u8]) -> bool {
        kept == self.current || self.former.iter().any(|former| kept == former)
    }
}

/// A key that a client chose for a call, and which call that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    key: String,
    fingerprint: Fingerprint,
}

impl IdempotencyKey {
    /// Checks the key: text that is not blank and not too long.
    pub fn check(key: String, fingerprint: Fingerprint) -> Result<Self, Violations> {
        let mut violations = Violations::default();
        if is_blank(&key) {
            violations.add(ARGUMENT, ViolationKind::Blank);
        }
        check_text(&mut violations, ARGUMENT, &key, KEY_MAX);
        if violations.is_empty() { Ok(Self { key, fingerprint }) } else { Err(violations) }
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The call that it stands for.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }
}
