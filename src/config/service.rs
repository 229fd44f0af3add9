//! Where a service is that commands call, and the token.

use std::path::PathBuf;

use clap::Args;
use secrecy::SecretString;
use url::Url;

/// A service, and the token with which it is called.
#[derive(Debug, Args)]
#[command(next_help_heading = "Service")]
pub struct ServiceConfig {
    // Not `url`: the settings of a file are given to all arguments with the same id, and that of the
    // database is `url`.
    /// URL of the service
    #[arg(
        long = "url",
        env = "CRM_STEPS_URL",
        default_value = "http://127.0.0.1:8080",
        value_parser = service,
        value_name = "URL"
    )]
    pub service_url: Url,

    /// Access token. Other users of the machine can read arguments: prefer the environment or a file
    #[arg(long, env = "CRM_STEPS_TOKEN", hide_env_values = true)]
    pub token: Option<SecretString>,

    /// File with the access token; used before --token
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
}

/// Parses the URL of a service, or that of its GraphQL API, and ends the path of the service with a slash.
fn service(text: &str) -> Result<Url, &'static str> {
    const NOT: &str = "it must be the http:// or https:// URL of a service, without user, query and \
                       fragment";
    let mut url = Url::parse(text).map_err(|_| NOT)?;
    let is_plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() || !is_plain {
        return Err(NOT);
    }
    let path = url.path().trim_end_matches('/');
    let path = path.strip_suffix("/graphql").unwrap_or(path);
    url.set_path(&format!("{path}/"));
    Ok(url)
}
