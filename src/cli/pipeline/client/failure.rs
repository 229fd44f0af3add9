//! Why a request failed.

use std::error::Error;

use graphql_client::Error as GraphqlError;
use reqwest::StatusCode;
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
    #[error("it has too many requests at present; try again {}", when(.retry_after.as_deref()))]
    Busy { retry_after: Option<String> },
    #[error("it redirects{}, which is not followed with a token; correct --url", to(.location.as_deref()))]
    Redirected { location: Option<String> },
    #[error("the response is too large")]
    ResponseTooLarge,
    #[error("what answers there (with status {}) is no GraphQL API of this service; correct --url", .status.as_u16())]
    NotGraphql { status: StatusCode },
    #[error("the response lacks what was asked for")]
    Incomplete,
    #[error("{}", explained(.0))]
    Rejected(Vec<GraphqlError>),
}

impl Failure {
    /// Whether the request may have been executed all the same.
    pub(in crate::cli::pipeline) fn is_uncertain(&self) -> bool {
        matches!(self, Self::TimedOut | Self::Lost(_) | Self::ResponseTooLarge)
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

fn when(retry_after: Option<&str>) -> String {
    let seconds = retry_after.and_then(|text| text.parse::<u32>().ok());
    seconds.map_or("later".to_owned(), |seconds| format!("in {seconds} s"))
}

fn to(location: Option<&str>) -> String {
    location.map_or(String::new(), |location| format!(" to {}", Plain(location)))
}

/// What errors say, and what to do about those whose cause is not the pipeline.
fn explained(errors: &[GraphqlError]) -> String {
    let messages: Vec<_> = errors.iter().map(|error| Plain(&error.message).to_string()).collect();
    let messages = messages.join(" ");
    let code = errors.iter().find_map(|error| error.extensions.as_ref()?.get("code")?.as_str());
    match code {
        Some("GRAPHQL_VALIDATION_FAILED") => {
            format!(
                "it has another version than this program, and its API lacks something: {messages}"
            )
        }
        _ => messages,
    }
}
