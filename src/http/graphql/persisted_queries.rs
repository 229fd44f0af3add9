//! Documents that requests name by their hash: trusted documents of the operator, or automatic persisted
//! queries.

use std::{collections::HashMap, io, path::Path, sync::Arc};

use quick_cache::{Weighter, sync::Cache};
use sha2::{Digest as _, Sha256};

use super::{DocumentRejected, ErrorCode, Problem, own_documents::OWN_DOCUMENTS};
use crate::{config::Limits, graphql::engine};

/// The SHA-256 of a document.
pub(super) type Hash = [u8; 32];

/// The documents that a request can name by their hash.
pub enum PersistedQueries {
    /// Trusted documents, and those of the service's own clients; no others are executed.
    Trusted(HashMap<Hash, Arc<str>>),
    /// Automatic persisted queries, as Apollo defines them: documents that were sent with their hash.
    Automatic(Cache<Hash, Arc<str>, Bytes>),
    /// Persisted queries are turned off.
    None,
}

/// The weight of a document: its size in bytes.
#[derive(Debug, Clone)]
pub struct Bytes;

impl Weighter<Hash, Arc<str>> for Bytes {
    fn weight(&self, hash: &Hash, document: &Arc<str>) -> u64 {
        let bytes = hash.len() + document.len();
        bytes.try_into().unwrap_or(u64::MAX)
    }
}

impl PersistedQueries {
    /// Reads trusted documents from a file: a JSON object from the SHA-256 of each to its text, as tools
    /// for clients write it. The documents of the service's own clients are trusted as well. Fails if
    /// the file cannot be read, has another form, or has a hash that is not that of its document.
    pub fn trusted(file: &Path) -> io::Result<Self> {
        let documents: HashMap<String, String> = serde_json::from_slice(&std::fs::read(file)?)
            .map_err(|_| io::Error::other("it is not a JSON object from hashes to documents"))?;
        let hashed = |(hash, document): (String, String)| {
            let actual: Hash = Sha256::digest(&document).into();
            match parse_hash(hash.strip_prefix("sha256:").unwrap_or(&hash)) {
                Some(hash) if hash == actual => Ok((actual, document.into())),
                _ => Err(io::Error::other(format!("{hash} is not the SHA-256 of its document"))),
            }
        };
        let own =
            OWN_DOCUMENTS.iter().map(|text| Ok((Sha256::digest(text).into(), (*text).into())));
        Ok(Self::Trusted(documents.into_iter().map(hashed).chain(own).collect::<Result<_, _>>()?))
    }

    /// Logs each trusted document that is not valid with these limits, and why: it may be written for
    /// another version of the schema.
    pub fn log_invalid(&self, limits: &Limits) {
        let Self::Trusted(documents) = self else { return };
        let engine = engine(limits.into());
        let mut invalid: Vec<_> = documents
            .iter()
            .filter_map(|(hash, document)| Some((hex::encode(hash), engine.read(document).err()?)))
            .collect();
        invalid.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (hash, DocumentRejected { faults, .. }) in invalid {
            let reason = faults.first().map(|fault| &*fault.message);
            tracing::warn!(
                hash,
                reason,
                "a trusted document is not valid; requests for it are rejected"
            );
        }
    }

    /// Automatic persisted queries of up to so many bytes together; 0 turns them off.
    #[must_use]
    pub fn automatic(max_bytes: u64) -> Self {
        /// The typical size of a document, to estimate their number.
        const TYPICAL_BYTES: u64 = 1_000;
        let count = usize::try_from(max_bytes / TYPICAL_BYTES).unwrap_or(usize::MAX);
        match max_bytes {
            0 => Self::None,
            _ => Self::Automatic(Cache::with_weighter(count, max_bytes, Bytes)),
        }
    }

    /// The document that a request contains or names, and the hash that was sent with it.
    pub(super) fn find(
        &self,
        query: Option<String>,
        hash: Option<&str>,
    ) -> Result<(Arc<str>, Option<Hash>), Problem> {
        if query.is_none() && hash.is_none() {
            let message = "The request has no document. Send it as the text query, and with it the \
                           object variables and the text operationName where they are needed.";
            return Err(Problem::new(ErrorCode::BadUserInput, message));
        }
        let unknown = || Problem::new(ErrorCode::PersistedQueryNotFound, "PersistedQueryNotFound");
        let hash = hash.map(|hash| parse_hash(hash).ok_or_else(unknown)).transpose()?;
        match (self, query, hash) {
            (Self::Trusted(trusted), query, hash) => {
                let hash = query.map(|query| Sha256::digest(query).into()).or(hash);
                let document = hash.and_then(|hash| trusted.get(&hash)).ok_or_else(|| {
                    let message = "This service executes only trusted documents, and this is none \
                                   of them.";
                    Problem::new(ErrorCode::Forbidden, message)
                })?;
                Ok((Arc::clone(document), None))
            }
            (_, Some(query), hash) => {
                if hash.is_some_and(|hash| Hash::from(Sha256::digest(&query)) != hash) {
                    let message = "The hash is not the SHA-256 of the document.";
                    return Err(Problem::new(ErrorCode::BadUserInput, message));
                }
                Ok((query.into(), hash))
            }
            (Self::Automatic(known), None, hash) => {
                let document = hash.and_then(|hash| known.get(&hash)).ok_or_else(unknown)?;
                Ok((document, None))
            }
            (Self::None, None, _) => Err(Problem::new(
                ErrorCode::PersistedQueryNotSupported,
                "PersistedQueryNotSupported",
            )),
        }
    }

    /// Caches a valid document that was sent with its hash.
    pub(super) fn keep(&self, document: &Arc<str>, hash: Option<Hash>) {
        if let (Self::Automatic(known), Some(hash)) = (self, hash) {
            known.insert(hash, Arc::clone(document));
        }
    }
}

fn parse_hash(text: &str) -> Option<Hash> {
    let mut hash = Hash::default();
    hex::decode_to_slice(text, &mut hash).ok().map(|()| hash)
}
