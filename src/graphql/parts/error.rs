//! Errors in the sense of GraphQL: what went wrong outside of the rules.
//!
//! Which type to use where: a broken rule is a `Violation` and comes back as data. Everything else
//! that a resolver can run into is a [`Failure`]. It has no `Display`, and a driver's error becomes
//! one only by being logged, so no text but ours can reach a client.

use async_graphql::{ServerError, Value};
use sea_orm::DbErr;
use strum::IntoStaticStr;

use crate::{
    domain::secret::SealError,
    store::{StoreError, crm_step::NotCreated},
};

/// The code in `extensions.code` of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, strum::EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// The bearer token is missing, malformed, unknown or revoked.
    Unauthenticated,
    /// The token lacks the scope.
    Forbidden,
    /// The document is not GraphQL.
    GraphqlParseFailed,
    /// The document does not fit the schema.
    GraphqlValidationFailed,
    /// A variable or an argument does not fit its type, or the request is not a GraphQL request.
    BadUserInput,
    /// The request is larger than the service takes.
    QueryTooLarge,
    /// The document is known to the service by no such hash; send its text with the hash.
    PersistedQueryNotFound,
    /// The service keeps no documents; send its text.
    PersistedQueryNotSupported,
    /// The token has sent more requests than it may.
    RateLimited,
    /// The service has more to do than it can.
    Overloaded,
    /// The request took longer than the service allows.
    Timeout,
    /// Something broke; the log says what, under the request's id.
    Internal,
}

impl ErrorCode {
    /// Names the extension that holds it.
    pub const KEY: &'static str = "code";

    /// The code that an error has been given.
    #[must_use]
    pub fn of(error: &ServerError) -> Option<Self> {
        match error.extensions.as_ref()?.get(Self::KEY)? {
            Value::String(code) => code.parse().ok(),
            _ => None,
        }
    }
}

/// Why a resolver has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Something broke that the client cannot help. It has been logged.
    Internal(Logged),
    /// An argument is outside of what its description allows.
    BadInput(String),
    /// The answer would be larger than the service gives.
    TooLarge(String),
    /// The service has more to do than it can. It was not looked at.
    Overloaded,
}

/// Tells that a fault has been logged. Only logging it makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged(());

impl Failure {
    /// Something of ours broke, and `what` the log is to say about it.
    #[must_use]
    pub fn internal(what: &str) -> Self {
        tracing::error!(what, "something that cannot be has happened");
        Self::Internal(Logged(()))
    }
}

impl From<DbErr> for Failure {
    fn from(error: DbErr) -> Self {
        tracing::error!(%error, "the database failed");
        Self::Internal(Logged(()))
    }
}

impl From<SealError> for Failure {
    fn from(error: SealError) -> Self {
        tracing::error!(%error, "a secret could not be sealed or opened");
        Self::Internal(Logged(()))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Database(error) => error.into(),
            StoreError::Secret(error) => error.into(),
        }
    }
}

impl From<NotCreated> for Failure {
    fn from(reason: NotCreated) -> Self {
        match reason {
            NotCreated::Failed(error) => error.into(),
            NotCreated::Overloaded => Self::Overloaded,
        }
    }
}

impl From<Failure> for async_graphql::Error {
    fn from(failure: Failure) -> Self {
        let (code, message) = match failure {
            Failure::Internal(Logged(())) => (ErrorCode::Internal, INTERNAL_MESSAGE.to_owned()),
            Failure::BadInput(message) => (ErrorCode::BadUserInput, message),
            Failure::TooLarge(message) => (ErrorCode::QueryTooLarge, message),
            Failure::Overloaded => (ErrorCode::Overloaded, OVERLOADED_MESSAGE.to_owned()),
        };
        let mut error = Self::new(message);
        let code: &str = code.into();
        error.extensions.get_or_insert_default().set(ErrorCode::KEY, code);
        error
    }
}

/// What a client learns when there is more to do than the service can.
pub const OVERLOADED_MESSAGE: &str = "The service has more requests at work than it takes; send \
                                      yours again in a moment. It was not looked at.";

/// All that a client learns of a fault of ours.
pub const INTERNAL_MESSAGE: &str =
    "The service could not answer. Quote the requestId when you report this.";
