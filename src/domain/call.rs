//! Calls that change data.

use chrono::{DateTime, Utc};

use super::{access_token::Caller, idempotency::IdempotencyKey};

/// Who makes a call, when and how.
#[derive(Debug, Clone)]
pub struct Call {
    /// The caller. Only rows of its organization are read and written.
    pub caller: Caller,
    /// The time of the call.
    pub now: DateTime<Utc>,
    /// The idempotency key that the client chose.
    pub key: Option<IdempotencyKey>,
    /// Whether the call is only validated: it changes nothing, and nothing is stored or replayed.
    pub validate_only: bool,
}
