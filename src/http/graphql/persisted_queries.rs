//! Documents that requests name by their hash: trusted documents of the operator or automatic persisted
//! queries, and those of the console.

use std::{io, path::Path, sync::Arc};

use quick_cache::{Weighter, sync::Cache};
use sha2::{Digest as _, Sha256};

use super::{
    DocumentRejected, ErrorCode, Problem,
    console_documents::ConsoleDocuments,
    document_list::{self, DocumentList, Hash, parse_hash},
    own_documents::OWN_DOCUMENTS,
};
use crate::{config::Limits, graphql::engine, http::pages::Pages};

/// The documents that a request can name by their hash.
pub struct PersistedQueries {
    mode: Mode,
    /// These are known in each mode.
    console: ConsoleDocuments,
}

/// Which documents are known besides those of the console.
enum Mode {
    /// Trusted documents, and those of the service's own clients; no others are executed.
    Trusted(DocumentList),
    /// Automatic persisted queries, as Apollo defines them: documents that were sent with their hash.
    Automatic(Cache<Hash, Arc<str>, Bytes>),
    /// No other documents can be named.
    Off,
}

/// The weight of a document: its size in bytes.
#[derive(Clone)]
struct Bytes;

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
        let mut documents = document_list::parse(&std::fs::read(file)?)?;
        let own = OWN_DOCUMENTS.iter().map(|text| (Sha256::digest(text).into(), (*text).into()));
        documents.extend(own);
        Ok(Mode::Trusted(documents).into())
    }

    /// Automatic persisted queries of up to so many bytes together; 0 turns them off.
    #[must_use]
    pub fn automatic(max_bytes: u64) -> Self {
        /// The typical size of a document, to estimate their number.
        const TYPICAL_BYTES: u64 = 1_000;
        let count = usize::try_from(max_bytes / TYPICAL_BYTES).unwrap_or(usize::MAX);
        match max_bytes {
            0 => Mode::Off.into(),
            _ => Mode::Automatic(Cache::with_weighter(count, max_bytes, Bytes)).into(),
        }
    }

    /// The same, and the documents that the console of these pages sends. Fails if the build of the pages has a hash
    /// that is not that of its document.
    pub fn with_console(self, pages: &Pages) -> io::Result<Self> {
        Ok(Self { console: ConsoleDocuments::read(pages.clone())?, ..self })
    }

    /// Logs each known document that is not valid with these limits, and why: it may be written for
    /// another version of the schema.
    pub fn log_invalid(&self, limits: &Limits) {
        for (hash, reason) in self.invalid(limits) {
            tracing::warn!(
                hash,
                reason,
                "a trusted document is not valid; requests for it are rejected"
            );
        }
    }

    /// The hash of each trusted document, and of each one of the console, that is not valid with these limits, and the
    /// reason.
    #[must_use]
    pub fn invalid(&self, limits: &Limits) -> Vec<(String, String)> {
        let engine = engine(limits.into());
        let check = |(hash, document): (&Hash, &Arc<str>)| {
            let DocumentRejected { faults, .. } = engine.check(document).err()?;
            let reason = faults.into_iter().next().map(|fault| fault.message);
            Some((hex::encode(hash), reason.unwrap_or_default()))
        };
        let mut invalid: Vec<_> = self.console.all().iter().filter_map(check).collect();
        if let Mode::Trusted(documents) = &self.mode {
            invalid.extend(documents.iter().filter_map(check));
        }
        invalid.sort();
        invalid
    }

    /// The document that a request contains or names, and the hash that was sent with it.
    pub(super) fn find(
        &self,
        query: Option<String>,
        hash: Option<&str>,
    ) -> Result<(Arc<str>, Option<Hash>), Problem> {
        let unknown = || Problem::new(ErrorCode::PersistedQueryNotFound, "PersistedQueryNotFound");
        let hash = hash.map(|hash| parse_hash(hash).ok_or_else(unknown)).transpose()?;
        match (query, hash) {
            (None, None) => {
                let message = "The request has no document. Send it as the text query, and with it \
                               the object variables and the text operationName where they are \
                               needed.";
                Err(Problem::new(ErrorCode::BadUserInput, message))
            }
            (None, Some(hash)) => match (self.named(&hash), &self.mode) {
                (Some(document), _) => Ok((document, None)),
                (None, Mode::Off) => Err(Problem::new(
                    ErrorCode::PersistedQueryNotSupported,
                    "PersistedQueryNotSupported",
                )),
                (None, Mode::Trusted(_) | Mode::Automatic(_)) => Err(unknown()),
            },
            (Some(query), hash) => {
                self.check_text(&query, hash)?;
                Ok((query.into(), hash))
            }
        }
    }

    /// Rejects a text that is not trusted, or one that came with another hash.
    fn check_text(&self, text: &str, hash: Option<Hash>) -> Result<(), Problem> {
        let actual = || Hash::from(Sha256::digest(text));
        match &self.mode {
            Mode::Trusted(_) if self.named(&actual()).is_none() => {
                let message =
                    "This service executes only trusted documents, and this is none of them.";
                Err(Problem::new(ErrorCode::Forbidden, message))
            }
            Mode::Automatic(_) | Mode::Off if hash.is_some_and(|hash| hash != actual()) => {
                let message = "The hash is not the SHA-256 of the document.";
                Err(Problem::new(ErrorCode::BadUserInput, message))
            }
            Mode::Trusted(_) | Mode::Automatic(_) | Mode::Off => Ok(()),
        }
    }

    /// The known document with this hash.
    fn named(&self, hash: &Hash) -> Option<Arc<str>> {
        let known = match &self.mode {
            Mode::Trusted(documents) => documents.get(hash).cloned(),
            Mode::Automatic(documents) => documents.get(hash),
            Mode::Off => None,
        };
        known.or_else(|| self.console.get(hash))
    }

    /// Caches a valid document that was sent with its hash.
    pub(super) fn keep(&self, document: &Arc<str>, hash: Option<Hash>) {
        if let (Mode::Automatic(known), Some(hash)) = (&self.mode, hash) {
            known.insert(hash, Arc::clone(document));
        }
    }
}

impl From<Mode> for PersistedQueries {
    fn from(mode: Mode) -> Self {
        Self { mode, console: ConsoleDocuments::default() }
    }
}
