//! Ids: UUIDs, which clients write as text.

use uuid::Uuid;

/// The organization of a request. Every query takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OrganizationId(pub Uuid);

/// A new id: a UUID of version 7, so that ids sort by their time of creation.
#[must_use]
pub fn new_id() -> Uuid {
    #[expect(clippy::disallowed_methods, reason = "this is where ids come from")]
    Uuid::now_v7()
}

/// Parses an id. Only the hyphenated form is one, in either case; any other text is an id that does
/// not exist.
#[must_use]
pub fn parse_id(text: &str) -> Option<Uuid> {
    /// 32 digits and 4 hyphens. `Uuid` parses three other forms, which the service has never sent.
    const HYPHENATED: usize = 36;
    (text.len() == HYPHENATED).then(|| Uuid::try_parse(text).ok()).flatten()
}
