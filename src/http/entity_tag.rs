//! Entity tags, by which a client asks whether what it has is still current.

use axum::http::{HeaderMap, header};

/// A strong entity tag of contents with this hash.
pub(super) fn entity_tag(hash: &[u8]) -> String {
    format!("\"{}\"", hex::encode(hash))
}

/// A weak entity tag of contents with this hash: it is the same for all encodings of them.
pub(super) fn weak_entity_tag(hash: &[u8]) -> String {
    format!("W/{}", entity_tag(hash))
}

/// Whether the header If-None-Match has this tag. It compares weakly: a proxy that compresses a response makes its tag
/// weak.
pub(super) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let tag = tag.trim_start_matches("W/");
    let known = headers.get_all(header::IF_NONE_MATCH).iter();
    let known = known.filter_map(|tags| tags.to_str().ok()).flat_map(|tags| tags.split(','));
    let mut known = known.map(str::trim);
    known.any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}
