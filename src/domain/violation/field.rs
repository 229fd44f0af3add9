//! Paths of values in an input.

use std::fmt::Write as _;

/// The path of a value: a field, an index or a key in it, and the arguments around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub(super) within: Vec<String>,
    pub(super) name: &'static str,
    inside: Option<String>,
}

impl Field {
    /// The element with this 0-based index.
    #[must_use]
    pub fn at(self, index: usize) -> Self {
        self.key(index.to_string())
    }

    /// The entry with this key.
    #[must_use]
    pub fn key(self, key: impl Into<String>) -> Self {
        Self { inside: Some(key.into()), ..self }
    }

    /// The path, from the outside in, as clients read it.
    #[must_use]
    pub fn path(&self) -> Vec<String> {
        let name = std::iter::once(self.name.to_owned());
        self.within.iter().cloned().chain(name).chain(self.inside.clone()).collect()
    }

    /// The index of the value, if it is an element of this list.
    pub(in crate::domain) fn index_in(&self, list: &str) -> Option<usize> {
        self.inside.as_deref().filter(|_| self.name == list)?.parse().ok()
    }

    /// The field as a message names it.
    pub(super) fn label(&self) -> String {
        /// Longest part of a key that is shown, in characters. A key is the client's own text.
        const SHOWN: usize = 64;
        // Only in lists the message says which element it is.
        let mut label = match self.within.as_slice() {
            [.., list, index] => format!("{list}[{index}].{}", self.name),
            _ => self.name.to_owned(),
        };
        if let Some(inside) = &self.inside {
            let shown: String = inside.chars().take(SHOWN).collect();
            let more = if shown.len() < inside.len() { "…" } else { "" };
            let _infallible = write!(label, "[{shown}{more}]");
        }
        label
    }
}

impl From<&'static str> for Field {
    fn from(name: &'static str) -> Self {
        Self { within: Vec::new(), name, inside: None }
    }
}
