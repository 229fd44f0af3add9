//! Calls that change data.

use chrono::{DateTime, Utc};

use super::{access_token::Caller, idempotency::IdempotencyKey};

/// Who makes a call, and when.
#[derive(Debug, Clone)]
pub struct Call {
    /// The caller. Only rows of its organization are read and written.
    pub caller: Caller,
    /// The time of the call.
    pub now: DateTime<Utc>,
    /// The idempotency key that the client chose.
    pub key: Option<IdempotencyKey>,
}
