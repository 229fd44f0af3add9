//! The documents that the console sends by their hash alone, so that it works with a list of trusted documents.

use std::{
    io,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard},
};

use super::document_list::{self, DocumentList, Hash};
use crate::http::pages::Pages;

/// The documents of the console.
#[derive(Default)]
pub(super) struct ConsoleDocuments {
    pages: Option<Pages>,
    documents: RwLock<DocumentList>,
}

impl ConsoleDocuments {
    /// Reads the documents that belong to these pages; none if they are not built. Fails if the build is damaged.
    pub(super) fn read(pages: Pages) -> io::Result<Self> {
        let documents = read(&pages)?.into();
        Ok(Self { pages: Some(pages), documents })
    }

    /// The document with this hash. If the pages may have been built again since the start, they are read again when
    /// the hash is unknown.
    pub(super) fn get(&self, hash: &Hash) -> Option<Arc<str>> {
        let known = self.all().get(hash).cloned();
        let pages = self.pages.as_ref().filter(|pages| pages.may_change());
        known.or_else(|| {
            // While the build writes the file, it may be incomplete.
            let documents = read(pages?).ok()?;
            let document = documents.get(hash).cloned();
            *self.documents.write().unwrap_or_else(PoisonError::into_inner) = documents;
            document
        })
    }

    /// All of them.
    pub(super) fn all(&self) -> RwLockReadGuard<'_, DocumentList> {
        self.documents.read().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read(pages: &Pages) -> io::Result<DocumentList> {
    pages.documents().map_or_else(|| Ok(DocumentList::new()), |file| document_list::parse(&file))
}
