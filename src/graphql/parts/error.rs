//! Errors in the sense of GraphQL: failures other than violated rules.
//!
//! A violated rule is a `Violation` and is returned as data. Every other error of a resolver is a
//! [`Failure`]. It has no `Display`, and a driver's error becomes one only by being logged, so the
//! text of another library cannot reach a client.

use async_graphql::{ServerError, Value};
use strum::{EnumIter, EnumMessage, IntoStaticStr};

use crate::{
    graphql::engine::Reason,
    store::{StoreError, commit_queue::NoOutcome},
};

/// The code in `extensions.code` of an error. The first paragraph of each says when it occurs, the
/// second what a client does; docs/errors.md is made of them.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, EnumIter, EnumMessage, IntoStaticStr, strum::EnumString,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// The bearer token is missing, malformed, unknown or revoked.
    ///
    /// Send `Authorization: Bearer` with a token of the command `crm-steps token create`.
    Unauthenticated,
    /// The token lacks a scope.
    ///
    /// Use a token with the scope that the message names.
    Forbidden,
    /// The document is not GraphQL.
    ///
    /// Correct the document; `locations` says where.
    GraphqlParseFailed,
    /// The document does not fit the schema.
    ///
    /// Correct the document; checked against `schema.graphql`, it fails before it is sent.
    GraphqlValidationFailed,
    /// A variable or an argument does not fit its type, or the request is not one that the path
    /// takes.
    ///
    /// Correct what the message names. What is wrong with the HTTP request itself has a status of its
    /// own: 404 (path), 405 (method), 406 (`Accept`), 415 (`Content-Type`, `Content-Encoding`).
    BadUserInput,
    /// The history no longer has what came after this cursor, because old changes are deleted.
    ///
    /// Read everything anew, and subscribe after the `changesCursor` of that reading.
    CursorExpired,
    /// The request or its response is larger than the service allows.
    ///
    /// Ask for less: smaller pages, or several requests. The message names the limit. For a body that
    /// is too large the status is 413.
    QueryTooLarge,
    /// The service has no document with this hash. Where only server-sent events are accepted, the status
    /// is 400.
    ///
    /// Send the text together with the hash; clients with automatic persisted queries do it by
    /// themselves. Where only trusted documents are executed, the document has to be in their list.
    PersistedQueryNotFound,
    /// The service stores no documents.
    ///
    /// Send the text instead of the hash.
    PersistedQueryNotSupported,
    /// The token has sent more requests than it may.
    ///
    /// Send the request again after the seconds of the header `Retry-After`.
    RateLimited,
    /// The socket has as many operations as it may, or too large ones that wait for others to end, or the
    /// token has as many sockets or subscriptions as it may.
    ///
    /// Complete other operations or close other sockets first; the message names the limit.
    TooManyOperations,
    /// The service executes as many requests as it can, or concurrent ones changed what this one was
    /// about to lock. This one was not executed.
    ///
    /// Send the request again after the seconds of the header `Retry-After`.
    Overloaded,
    /// The request took longer than the service allows, and was stopped.
    ///
    /// Check whether a mutation took effect before sending it again; one with an `idempotencyKey` can
    /// be sent again without that.
    Timeout,
    /// The service failed.
    ///
    /// Report the `requestId`; the log has the cause under it.
    Internal,
}

impl ErrorCode {
    /// The name of the extension that holds it.
    pub const KEY: &'static str = "code";

    /// The code of an error, if it has one.
    #[must_use]
    pub fn of(error: &ServerError) -> Option<Self> {
        match error.extensions.as_ref()?.get(Self::KEY)? {
            Value::String(code) => code.parse().ok(),
            _ => None,
        }
    }

    /// An error with this code, without a place in a document.
    #[must_use]
    pub fn error(self, message: impl Into<String>) -> ServerError {
        let mut error = ServerError::new(message, None);
        self.mark(&mut error);
        error
    }

    /// Gives an error this code.
    fn mark(self, error: &mut ServerError) {
        let code: &str = self.into();
        error.extensions.get_or_insert_default().set(Self::KEY, code);
    }
}

impl From<Reason> for ErrorCode {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Parse => Self::GraphqlParseFailed,
            Reason::Validation => Self::GraphqlValidationFailed,
            Reason::VariableValue => Self::BadUserInput,
            Reason::TooLarge => Self::QueryTooLarge,
        }
    }
}

/// Why a resolver has no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// An internal error. It has been logged.
    Internal(Logged),
    /// An argument is not allowed; the message says why.
    BadInput(String),
    /// The history no longer has what came after a cursor.
    CursorExpired,
    /// The response would exceed a limit.
    TooLarge(String),
    /// The service is overloaded; the request was not processed.
    Overloaded,
}

/// Proof that an error has been logged: only logging it makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged(());

impl Failure {
    /// The service is in a state that its code rules out; the log says `what` was found.
    #[must_use]
    pub fn internal(what: &str) -> Self {
        tracing::error!(what, "invariant violated");
        Self::Internal(Logged(()))
    }
}

impl<E: Into<StoreError>> From<E> for Failure {
    fn from(error: E) -> Self {
        match error.into() {
            StoreError::Database(error) => tracing::error!(%error, "the database failed"),
            StoreError::Sealing(error) => {
                tracing::error!(%error, "a secret could not be sealed or opened");
            }
            StoreError::Contended => return Self::Overloaded,
            StoreError::Invariant(what) => return Self::internal(&what),
        }
        Self::Internal(Logged(()))
    }
}

impl From<NoOutcome> for Failure {
    fn from(reason: NoOutcome) -> Self {
        match reason {
            NoOutcome::Failed(error) => error.into(),
            NoOutcome::Overloaded => Self::Overloaded,
        }
    }
}

impl Failure {
    /// The code and the message that a client gets.
    #[must_use]
    pub fn into_parts(self) -> (ErrorCode, String) {
        match self {
            Self::Internal(Logged(())) => (ErrorCode::Internal, INTERNAL_MESSAGE.to_owned()),
            Self::BadInput(message) => (ErrorCode::BadUserInput, message),
            Self::CursorExpired => (ErrorCode::CursorExpired, CURSOR_EXPIRED_MESSAGE.to_owned()),
            Self::TooLarge(message) => (ErrorCode::QueryTooLarge, message),
            Self::Overloaded => (ErrorCode::Overloaded, OVERLOADED_MESSAGE.to_owned()),
        }
    }
}

impl From<Failure> for ServerError {
    fn from(failure: Failure) -> Self {
        let (code, message) = failure.into_parts();
        code.error(message)
    }
}

impl From<Failure> for async_graphql::Error {
    fn from(failure: Failure) -> Self {
        let ServerError { message, extensions, .. } = failure.into();
        Self { message, source: None, extensions }
    }
}

/// The beginning of the part of a message that lists the library's types.
const TYPE_TRACE: &str = " (occurred while parsing";

/// Gives each error of a response its code, and removes what is about Rust from its message.
pub(crate) fn translate_errors(errors: &mut [ServerError]) {
    for error in errors {
        if ErrorCode::of(error).is_some() {
            continue;
        }
        // The request is valid, so an error under the path of a field is a value that a custom
        // scalar of the schema rejects.
        if error.path.is_empty() {
            let what = format!("the library rejected a prepared request: {}", error.message);
            *error = Failure::internal(&what).into();
            continue;
        }
        ErrorCode::BadUserInput.mark(error);
        if let Some(end) = error.message.find(TYPE_TRACE) {
            error.message.truncate(end);
        }
    }
}

/// The message of [`ErrorCode::Overloaded`].
pub const OVERLOADED_MESSAGE: &str = "The service has more requests at work than it takes; send \
                                      yours again in a moment. It was not looked at.";

/// The message of [`ErrorCode::CursorExpired`].
const CURSOR_EXPIRED_MESSAGE: &str = "The history no longer has what came after this cursor. Read everything anew, and go on from \
     the changesCursor of that reading.";

/// The message of [`ErrorCode::Internal`].
pub const INTERNAL_MESSAGE: &str =
    "The service could not answer. Quote the requestId when you report this.";
