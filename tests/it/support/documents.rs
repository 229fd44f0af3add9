//! Documents that requests name by their hash.

use crm_steps::http::PersistedQueries;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The hash of a document, as requests and lists have it.
pub fn hash(document: &str) -> String {
    hex::encode(Sha256::digest(document))
}

/// The trusted documents of a file with this list, or why it is none.
pub fn trusted(documents: &Value) -> Result<PersistedQueries, String> {
    let folder = tempfile::tempdir().expect("a folder is made");
    let file = folder.path().join("documents.json");
    std::fs::write(&file, documents.to_string()).expect("it is written");
    PersistedQueries::trusted(&file).map_err(|error| error.to_string())
}
