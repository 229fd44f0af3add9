//! Why a request is not executed.

use async_graphql::Pos;

use crate::graphql::parts::error::ErrorCode;

/// Longest message, in characters. Names that a client made up are in it.
const MESSAGE_MAX: usize = 500;

/// Why a request is not executed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRejected {
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
    /// A fault at a place in the document, if it has one. The message, which is the parser's, becomes
    /// a sentence: with a capital letter at its beginning and a period at its end.
    pub(super) fn new(message: impl Into<String>, position: Option<Pos>) -> Self {
        let mut message: String = message.into();
        if let Some(first) = message.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        if !message.ends_with('.') {
            message.push('.');
        }
        Self { message: bounded(message), locations: position.into_iter().collect() }
    }
}

impl DocumentRejected {
    /// A refusal for one reason.
    pub(super) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        let fault = Fault { message: bounded(message.into()), locations: Vec::new() };
        Self { code, faults: vec![fault] }
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

/// The message on one line and not longer than [`MESSAGE_MAX`].
fn bounded(message: String) -> String {
    let is_short = message.len() <= MESSAGE_MAX || message.chars().count() <= MESSAGE_MAX;
    if is_short && !message.contains(char::is_control) {
        return message;
    }
    let one_line = message.chars().map(|one| if one.is_control() { ' ' } else { one });
    let mut bounded: String = one_line.take(MESSAGE_MAX).collect();
    if !is_short {
        bounded.push_str("….");
    }
    bounded
}
