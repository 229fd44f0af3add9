//! Why a request failed.

use std::error::Error;

use graphql_client::Error as GraphqlError;
use reqwest::{
    StatusCode,
    header::{HeaderMap, HeaderName, LOCATION, RETRY_AFTER},
};
use thiserror::Error;

use crate::cli::pipeline::escape::Plain;

/// Why a request failed: a clause for the user, which says what to do.
#[derive(Debug, Error)]
pub(in crate::cli::pipeline) enum Failure {
    #[error("no connection ({0}); is the service running there, and is --url right?")]
    Unreachable(String),
    #[error("no response in time")]
    TimedOut,
    #[error("the connection was lost ({0})")]
    Lost(String),
    #[error("it rejects the token; `crm-steps token create` creates one that is valid")]
    Unauthenticated,
    #[error(
        "the pipeline is larger than the service accepts; its operator can raise --max-body-bytes"
    )]
    TooLarge,
    /// With the time after which to try again.
    #[error("it has too many requests at present; try again {0}")]
    Busy(String),
    /// With the time after which to try again.
    #[error("it is not available at present; try again {0}")]
    Unavailable(String),
    #[error("it redirects to {0}, which is not followed with a token; correct --url")]
    Redirected(String),
    #[error("the response is too large")]
    ResponseTooLarge,
    #[error(
        "what answers there, with status {}, is not the GraphQL API of this service; is --url right?",
        .0.as_u16()
    )]
    NotGraphql(StatusCode),
    #[error("the response lacks what was asked for")]
    Incomplete,
    #[error("it has another version than this program, and its API lacks something: {0}")]
    OtherVersion(String),
    #[error("{0}")]
    Rejected(String),
    #[error("{0}")]
    Internal(String),
}

impl Failure {
    /// The failure of a response without data.
    pub(super) fn of(status: StatusCode, headers: &HeaderMap, errors: &[GraphqlError]) -> Self {
        let header = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let when = || {
            let seconds: Option<u32> = header(RETRY_AFTER).and_then(|text| text.parse().ok());
            seconds.map_or("later".to_owned(), |seconds| format!("in {seconds} s"))
        };
        let code = errors.iter().find_map(|error| error.extensions.as_ref()?.get("code")?.as_str());
        match (code, status) {
            (Some("TIMEOUT"), _) => Self::TimedOut,
            (_, StatusCode::UNAUTHORIZED) => Self::Unauthenticated,
            (_, StatusCode::PAYLOAD_TOO_LARGE) => Self::TooLarge,
            (_, StatusCode::TOO_MANY_REQUESTS) => Self::Busy(when()),
            (_, StatusCode::SERVICE_UNAVAILABLE) => Self::Unavailable(when()),
            _ if status.is_redirection() => {
                Self::Redirected(Plain(header(LOCATION).unwrap_or("another URL")).to_string())
            }
            _ if errors.is_empty() => Self::NotGraphql(status),
            (Some("GRAPHQL_VALIDATION_FAILED"), _) => Self::OtherVersion(messages(errors)),
            (Some("INTERNAL"), _) => Self::Internal(messages(errors)),
            _ => Self::Rejected(messages(errors)),
        }
    }

    /// Whether the request may have been executed all the same.
    pub(in crate::cli::pipeline) fn is_uncertain(&self) -> bool {
        match self {
            Self::TimedOut
            | Self::Lost(_)
            | Self::ResponseTooLarge
            | Self::NotGraphql(_)
            | Self::Incomplete
            | Self::Internal(_) => true,
            Self::Unreachable(_)
            | Self::Unauthenticated
            | Self::TooLarge
            | Self::Busy(_)
            | Self::Unavailable(_)
            | Self::Redirected(_)
            | Self::OtherVersion(_)
            | Self::Rejected(_) => false,
        }
    }
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        // The outer errors only say that something failed, and for which URL.
        let mut cause: &dyn Error = &error;
        while let Some(source) = cause.source() {
            cause = source;
        }
        let cause = Plain(&cause.to_string()).to_string();
        if error.is_connect() {
            Self::Unreachable(cause)
        } else if error.is_timeout() {
            Self::TimedOut
        } else {
            Self::Lost(cause)
        }
    }
}

fn messages(errors: &[GraphqlError]) -> String {
    let messages = errors.iter().map(|error| Plain(&error.message).to_string());
    messages.collect::<Vec<_>>().join(" ")
}
