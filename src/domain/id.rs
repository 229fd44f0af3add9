//! Ids: UUIDs, written as text by clients.

use std::fmt;

use uuid::Uuid;

/// The tenant that a request acts for. Every query takes it first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OrganizationId(pub Uuid);

impl fmt::Display for OrganizationId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A new id: a UUID of version 7, so ids sort by when they were made.
#[must_use]
pub fn new_id() -> Uuid {
    #[expect(clippy::disallowed_methods, reason = "this is where ids come from")]
    Uuid::now_v7()
}

/// Reads an id that a client sent. Only the hyphenated form is one, in either case; any other
/// text is simply an id that does not exist.
#[must_use]
pub fn parse_id(text: &str) -> Option<Uuid> {
    /// 32 digits and 4 hyphens. `Uuid` reads three more spellings, which clients never got from us.
    const HYPHENATED: usize = 36;
    (text.len() == HYPHENATED).then(|| Uuid::try_parse(text).ok()).flatten()
}
