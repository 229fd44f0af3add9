//! The files of the pages: those that are embedded in the program, or those of a folder.

use std::{borrow::Cow, path::PathBuf};

use rust_embed::{EmbeddedFile, RustEmbed};

use crate::http::{encoding::Encoding, entity_tag::entity_tag};

/// The embedded files. A debug build reads them from the folder at run time. A build without Node has
/// none.
#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct BuiltIn;

/// The file with the documents that the console sends, by their hash. It is not served.
const DOCUMENTS: &str = "console-documents.json";

/// The files of the pages.
#[derive(Debug, Clone, Default)]
pub struct Pages {
    /// The folder of the files, as the build of `web/` makes it, or an empty one; `None` for the embedded files.
    pub folder: Option<PathBuf>,
}

/// A file, in the form in which it is sent.
pub(super) struct File {
    pub(super) contents: Cow<'static, [u8]>,
    /// How it is compressed.
    pub(super) encoding: Option<Encoding>,
    /// Its entity tag. Each form has its own.
    pub(super) tag: String,
}

impl Pages {
    /// Whether the pages are built.
    #[must_use]
    pub fn exist(&self) -> bool {
        self.read(super::CONSOLE).is_some()
    }

    /// Whether the files may change while the program runs.
    pub(in crate::http) fn may_change(&self) -> bool {
        self.folder.is_some() || cfg!(debug_assertions)
    }

    /// The documents that the console sends, as its build has written them.
    pub(in crate::http) fn documents(&self) -> Option<Cow<'static, [u8]>> {
        self.read(DOCUMENTS).map(|file| file.data)
    }

    /// The file of this name, in the first of these forms that there is, or else as it is.
    pub(super) fn file(&self, name: &str, accepted: &[Encoding]) -> Option<File> {
        let compressed = accepted.iter().find_map(|&encoding| {
            let file = self.read(&format!("{name}.{}", encoding.extension()))?;
            Some((file, Some(encoding)))
        });
        let (file, encoding) = compressed.or_else(|| Some((self.read(name)?, None)))?;
        let tag = entity_tag(&file.metadata.sha256_hash());
        Some(File { contents: file.data, encoding, tag })
    }

    fn read(&self, name: &str) -> Option<EmbeddedFile> {
        match &self.folder {
            Some(folder) => rust_embed::utils::read_file_from_fs(&folder.join(name)).ok(),
            None => BuiltIn::get(name),
        }
    }
}
