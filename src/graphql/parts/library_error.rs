//! What the library's errors mean.

use async_graphql::{Pos, ServerError};

use super::error::{ErrorCode, Failure};

/// How the library begins to say through which of its types it came to a value.
const TYPE_TRACE: &str = " (occurred while parsing";

/// Gives each error of a response its code, and takes out of it what speaks of Rust.
pub(crate) fn translate(errors: &mut [ServerError]) {
    for error in errors {
        if ErrorCode::of(error).is_some() {
            continue;
        }
        // What is executed is valid, so what the library still refuses is a value that one of the
        // schema's own scalars does not take, under the path of its field.
        if error.path.is_empty() {
            *error = internal(&error.message);
            continue;
        }
        let code: &str = ErrorCode::BadUserInput.into();
        error.extensions.get_or_insert_default().set(ErrorCode::KEY, code);
        if let Some(end) = error.message.find(TYPE_TRACE) {
            error.message.truncate(end);
        }
    }
}

fn internal(message: &str) -> ServerError {
    let failure = Failure::internal(&format!("the library refused a prepared request: {message}"));
    let error: async_graphql::Error = failure.into();
    error.into_server_error(Pos::default())
}
