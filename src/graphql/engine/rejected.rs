//! Why a request is not executed.

use async_graphql::Pos;

/// Longest message, in characters. Names that a client made up are in it.
const MESSAGE_MAX: usize = 500;

/// Which check of the engine a request failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The document is not GraphQL.
    Parse,
    /// The document does not fit the schema.
    Validation,
    /// The value of a variable does not fit its type.
    VariableValue,
    /// The request exceeds a limit.
    TooLarge,
}

/// Why a request is not executed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRejected {
    /// The check that it failed.
    pub reason: Reason,
    /// The faults, at least one.
    pub faults: Vec<Fault>,
}

/// A fault of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// A sentence for people.
    pub message: String,
    /// Its positions in the document.
    pub locations: Vec<Pos>,
}

impl Fault {
    /// A fault with the parser's message, which becomes a sentence: a capital letter at its
    /// beginning, a period at its end.
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
    /// A rejection with one fault.
    pub(super) fn new(reason: Reason, message: impl Into<String>) -> Self {
        let fault = Fault { message: bounded(message.into()), locations: Vec::new() };
        Self { reason, faults: vec![fault] }
    }

    /// The rejection of a request that exceeds a limit.
    pub(super) fn too_large(message: impl Into<String>) -> Self {
        Self::new(Reason::TooLarge, message)
    }

    /// Rejects what exceeds a limit, with a message that names the limit.
    pub(super) fn if_above(
        max: usize,
        actual: usize,
        message: impl FnOnce(usize) -> String,
    ) -> Result<(), Self> {
        if actual > max { Err(Self::too_large(message(max))) } else { Ok(()) }
    }

    /// The same with a position in the document.
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
