//! A client of the GraphQL API.

pub(super) mod documents;
mod failure;

use std::{fs::File, io::Read as _, time::Duration};

use crm_steps::config::ServiceConfig;
use graphql_client::{GraphQLQuery, Response};
use reqwest::{
    Url,
    header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue},
    redirect::Policy,
};
use secrecy::{ExposeSecret as _, SecretString};

pub(super) use self::failure::Failure;
use super::CommandError;
use crate::cli::failed;

/// The longest time for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest time for a request. By default the service gives up after 30 seconds.
const TIMEOUT: Duration = Duration::from_mins(1);
/// The largest response, in bytes. A plan that replaces one specification of 4 MB by another has both;
/// escapes in JSON can make them several times as long.
const RESPONSE_BYTES_MAX: usize = 64_000_000;

/// The maximum size of a file with a token, in bytes. A token has less than 100.
const TOKEN_FILE_BYTES_MAX: u64 = 4_096;

const ACCEPTED: HeaderValue =
    HeaderValue::from_static("application/graphql-response+json, application/json;q=0.9");

/// A client of the GraphQL API of a service.
pub(super) struct Client {
    http: reqwest::Client,
    endpoint: Url,
}

impl Client {
    pub(super) fn new(config: &ServiceConfig) -> Result<Self, CommandError> {
        let token = token(config)?;
        // The error of the header has no part of the token.
        let mut authorization =
            HeaderValue::try_from(format!("Bearer {}", token.expose_secret().trim()))
                .map_err(|_| "the token has characters that no token has")?;
        authorization.set_sensitive(true);
        let headers = [(AUTHORIZATION, authorization), (ACCEPT, ACCEPTED)];
        let http = reqwest::Client::builder()
            .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
            .default_headers(HeaderMap::from_iter(headers))
            // The token must not reach another host.
            .redirect(Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .build()?;
        Ok(Self { http, endpoint: config.service_url.join("graphql")? })
    }

    /// The URL of the API.
    pub(super) fn endpoint(&self) -> &Url {
        &self.endpoint
    }

    /// Executes a document once.
    pub(super) async fn execute<Q: GraphQLQuery>(
        &self,
        variables: Q::Variables,
    ) -> Result<Q::ResponseData, Failure> {
        let request = self.http.post(self.endpoint.clone()).json(&Q::build_query(variables));
        let mut response = request.send().await?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > RESPONSE_BYTES_MAX {
                return Err(Failure::ResponseTooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        let errors = match serde_json::from_slice(&body) {
            Ok(Response { data: Some(data), errors: None, .. }) => return Ok(data),
            Ok(Response { errors, .. }) => errors.unwrap_or_default(),
            Err(_) => Vec::new(),
        };
        Err(Failure::of(response.status(), response.headers(), &errors))
    }
}

/// The token of the file, or else of the environment or the command line.
fn token(config: &ServiceConfig) -> Result<SecretString, CommandError> {
    if let Some(file) = &config.token_file {
        let mut text = String::new();
        let shown = file.display();
        let read = File::open(file)
            .and_then(|file| file.take(TOKEN_FILE_BYTES_MAX + 1).read_to_string(&mut text));
        let size = read.map_err(failed(format!("cannot read the token of {shown}")))?;
        return if size as u64 > TOKEN_FILE_BYTES_MAX {
            Err(format!("{shown} is larger than a file with a token").into())
        } else if text.trim().is_empty() {
            Err(format!("{shown} is empty; it must contain the token").into())
        } else {
            Ok(text.into())
        };
    }
    let token = config.token.clone().filter(|token| !token.expose_secret().trim().is_empty());
    token.ok_or_else(|| {
        "there is no token; set CRM_STEPS_TOKEN, or name a file with it by --token-file \
         (`crm-steps token create` creates one)"
            .into()
    })
}
