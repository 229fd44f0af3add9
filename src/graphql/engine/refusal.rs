//! Why a request is not executed.

use std::iter;

use async_graphql::Pos;

use crate::graphql::error::ErrorCode;

/// Longest message, in characters. Names that a client made up are in it.
const MESSAGE_MAX: usize = 500;

/// Why a request is not executed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of fault.
    pub code: ErrorCode,
    /// What is wrong; at least one.
    pub faults: Vec<Fault>,
}

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// A sentence for people.
    pub message: String,
    /// Where in the document.
    pub locations: Vec<Pos>,
}

impl Fault {
    /// A fault at a place in the document, if it has one. The message becomes a sentence of bounded
    /// length.
    pub(super) fn new(message: impl Into<String>, position: Option<Pos>) -> Self {
        Self { message: sentence(message.into()), locations: position.into_iter().collect() }
    }
}

impl Refusal {
    /// A refusal for one reason.
    pub(super) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, faults: vec![Fault::new(message, None)] }
    }

    /// A refusal of something that exceeds a limit.
    pub(super) fn too_large(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::QueryTooLarge, message)
    }

    /// The same with a place in the document.
    pub(super) fn at(mut self, position: Pos) -> Self {
        self.faults[0].locations = vec![position];
        self
    }
}

/// The message with a capital letter at its beginning and a period at its end, not longer than
/// [`MESSAGE_MAX`], on one line.
fn sentence(message: String) -> String {
    let mut rest = message.chars().map(|one| if one.is_control() { ' ' } else { one });
    let Some(first) = rest.next() else { return message };
    let mut sentence: String =
        iter::once(first.to_ascii_uppercase()).chain(rest.by_ref().take(MESSAGE_MAX - 1)).collect();
    if rest.next().is_some() {
        sentence.push('…');
    }
    if !sentence.ends_with('.') {
        sentence.push('.');
    }
    sentence
}
