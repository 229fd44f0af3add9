//! Translates errors of the library.

use async_graphql::{Pos, ServerError};

use super::error::{ErrorCode, Failure};

/// The beginning of the part of a message that lists the library's types.
const TYPE_TRACE: &str = " (occurred while parsing";

/// Gives each error of a response its code, and removes what is about Rust from its message.
pub(crate) fn translate(errors: &mut [ServerError]) {
    for error in errors {
        if ErrorCode::of(error).is_some() {
            continue;
        }
        // The request is valid, so an error under the path of a field is a value that a custom
        // scalar of the schema rejects.
        if error.path.is_empty() {
            let what = format!("the library rejected a prepared request: {}", error.message);
            let failure: async_graphql::Error = Failure::internal(&what).into();
            *error = failure.into_server_error(Pos::default());
            continue;
        }
        let code: &str = ErrorCode::BadUserInput.into();
        error.extensions.get_or_insert_default().set(ErrorCode::KEY, code);
        if let Some(end) = error.message.find(TYPE_TRACE) {
            error.message.truncate(end);
        }
    }
}
