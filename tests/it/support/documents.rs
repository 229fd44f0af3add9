//! Documents that requests name by their hash.

use std::{collections::HashMap, fs, path::Path};

use crm_steps::http::{Pages, PersistedQueries};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// The hash of a document, as requests and lists have it.
pub fn hash(document: &str) -> String {
    hex::encode(Sha256::digest(document))
}

/// The trusted documents of a file with this list, or why it is none.
pub fn trusted(documents: &Value) -> Result<PersistedQueries, String> {
    let folder = tempfile::tempdir().expect("a folder is made");
    let file = folder.path().join("documents.json");
    fs::write(&file, documents.to_string()).expect("it is written");
    PersistedQueries::trusted(&file).map_err(|error| error.to_string())
}

/// Pages in this folder whose console sends these documents.
pub fn pages_sending(documents: &[&str], folder: &Path) -> Pages {
    let documents: HashMap<_, _> = documents.iter().map(|text| (hash(text), text)).collect();
    let file = folder.join("console-documents.json");
    fs::write(file, json!(documents).to_string()).expect("the file is written");
    Pages { folder: Some(folder.to_owned()) }
}
