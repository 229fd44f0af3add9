//! Lists of documents, as tools for clients write them: a JSON object from the SHA-256 of each to its text.

use std::{collections::HashMap, io, sync::Arc};

use sha2::{Digest as _, Sha256};

/// The SHA-256 of a document.
pub(super) type Hash = [u8; 32];

/// Documents by their hash.
pub(super) type DocumentList = HashMap<Hash, Arc<str>>;

/// Parses a list. Fails if it has another form, or a hash that is not that of its document.
pub(super) fn parse(json: &[u8]) -> io::Result<DocumentList> {
    let documents: HashMap<String, String> = serde_json::from_slice(json)
        .map_err(|_| io::Error::other("it is not a JSON object from hashes to documents"))?;
    let hashed = |(hash, document): (String, String)| {
        let actual: Hash = Sha256::digest(&document).into();
        match parse_hash(hash.strip_prefix("sha256:").unwrap_or(&hash)) {
            Some(hash) if hash == actual => Ok((actual, document.into())),
            _ => Err(io::Error::other(format!("{hash} is not the SHA-256 of its document"))),
        }
    };
    documents.into_iter().map(hashed).collect()
}

/// Parses the hexadecimal digits of a hash.
pub(super) fn parse_hash(text: &str) -> Option<Hash> {
    let mut hash = Hash::default();
    hex::decode_to_slice(text, &mut hash).ok().map(|()| hash)
}
