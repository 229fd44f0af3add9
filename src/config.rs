//! The command line, environment and configuration file as one typed configuration. All defaults are
//! here, and invalid values are rejected before anything starts.

mod limits;
mod pipeline;
mod retention;
mod service;
mod sources;
mod streams;

use std::{net::SocketAddr, num::NonZeroU32, path::PathBuf};

use axum::http::HeaderValue;
use clap::{Args, FromArgMatches as _, Parser, Subcommand, ValueEnum};
use ipnet::IpNet;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;
use uuid::Uuid;

pub use self::{
    limits::{Limits, seconds},
    pipeline::{
        ApplyConfig, CheckConfig, ExportConfig, FailOn, FileFormat, FlowFormat, FlowTheme,
        PipelineCommand, PlanConfig, ReportFormat, RulesConfig,
    },
    retention::Retention,
    service::ServiceConfig,
    sources::ConfigError,
    streams::StreamLimits,
};

use crate::{
    db::Engine,
    domain::{
        access_token::Scope,
        checks::{is_blank, is_one_line},
        secret::{Keyring, KeyringError},
    },
};

/// A GraphQL API for building the pipelines that AI chat agents run on.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
pub struct Cli {
    /// File of settings in TOML, each named like its flag; flags and the environment come before it
    #[arg(long, env = "CONFIG_FILE", value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,

    /// The command; without one: serve.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The configuration of the service.
    #[command(flatten)]
    pub serve: ServeConfig,
}

/// A command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the API (the default)
    Serve(Box<ServeConfig>),
    /// Migrate the database to this version and stop
    Migrate(DatabaseConfig),
    /// Copy the embedded database, also while the service runs; the keys for secrets are not in it
    Backup {
        /// File to write the copy to; it must not exist yet
        file: PathBuf,
        /// What is copied.
        #[command(flatten)]
        database: DatabaseConfig,
    },
    /// Create, list and revoke access tokens
    #[command(subcommand)]
    Token(TokenCommand),
    /// Delete an organization with everything that it has
    #[command(subcommand)]
    Organization(OrganizationCommand),
    /// Erase the person of a membership
    #[command(subcommand)]
    Membership(MembershipCommand),
    /// Check, draw and simulate pipeline files, and export, plan and apply them with a service
    #[command(subcommand)]
    Pipeline(PipelineCommand),
    /// Print a new key for encrypting secrets
    SecretKey,
    /// Encrypt all secrets with the first of the keys, so that the others can be removed a day later
    RotateSecrets(StorageConfig),
    /// Print the schema in the schema definition language
    Schema,
    /// Print all codes of errors, as the Markdown of docs/errors.md
    Errors,
}

/// A command for access tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Create a token and print it, alone, on standard output; it is shown only this once
    Create {
        /// Name of the organization that the token is for; created when missing
        #[arg(long, value_parser = name)]
        organization: String,
        /// Name of the token
        #[arg(long, default_value = "token", value_parser = name)]
        name: String,
        /// What the token may do; may be given more than once
        #[arg(long = "scope", default_values = ["read", "write"])]
        scopes: Vec<Scope>,
        /// Id of the membership that the token acts for: the history shows it with each change
        #[arg(long, value_name = "ID")]
        membership: Option<Uuid>,
        /// The database.
        #[command(flatten)]
        database: DatabaseConfig,
    },
    /// List all tokens, without their secrets
    List(DatabaseConfig),
    /// Revoke a token permanently
    Revoke {
        /// The token's id, as `token list` shows it
        id: Uuid,
        /// The database.
        #[command(flatten)]
        database: DatabaseConfig,
    },
}

/// A command for organizations.
#[derive(Debug, Subcommand)]
pub enum OrganizationCommand {
    /// Revoke the tokens of an organization, and delete it with everything that it has, also its
    /// history; asks before, on the terminal
    Delete {
        /// Name of the organization
        #[arg(value_parser = name)]
        name: String,
        /// Delete without confirmation
        #[arg(long)]
        yes: bool,
        /// The database.
        #[command(flatten)]
        database: DatabaseConfig,
    },
}

/// A command for memberships.
#[derive(Debug, Subcommand)]
pub enum MembershipCommand {
    /// Erase the name and the email addresses of a membership, which may be deleted: from its row, the
    /// history, stored outcomes and the names of its tokens. The membership itself stays
    Erase {
        /// Id of the membership
        id: Uuid,
        /// Name of its organization; needed only if several have a membership with this id
        #[arg(long, value_parser = name)]
        organization: Option<String>,
        /// The database.
        #[command(flatten)]
        database: DatabaseConfig,
    },
}

/// The configuration of the service.
#[derive(Debug, Clone, Args)]
pub struct ServeConfig {
    /// Address and port to listen on
    #[arg(long, env = "LISTEN_ADDR", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// The database and the keys for secrets.
    #[command(flatten)]
    pub storage: StorageConfig,

    /// Leave a new embedded database empty instead of loading a demo organization
    #[arg(long)]
    pub no_demo: bool,

    /// The HTTP API.
    #[command(flatten)]
    pub http: HttpConfig,

    /// Logs and traces.
    #[command(flatten)]
    pub telemetry: TelemetryConfig,

    /// After SIGTERM, go on for so many seconds with readiness failing, so that load balancers notice
    #[arg(long, env = "DRAIN_SECONDS", default_value = "0", value_name = "SECONDS")]
    pub drain_seconds: u32,

    /// The rules of pipelines.
    #[command(flatten)]
    pub rules: RulesConfig,

    /// How long data is kept.
    #[command(flatten)]
    pub retention: Retention,
}

/// The format of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people
    Pretty,
    /// For machines: a JSON object on each line
    Json,
}

/// The configuration of logs and traces.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Telemetry")]
pub struct TelemetryConfig {
    /// Format of the log
    #[arg(long, env = "LOG_FORMAT", value_enum, default_value = "pretty")]
    pub log_format: LogFormat,

    /// Base URL of a collector for traces that accepts OTLP over HTTP
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT", value_name = "URL", value_parser = collector)]
    pub otlp_endpoint: Option<Url>,
}

/// The configuration of the HTTP API.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "HTTP")]
pub struct HttpConfig {
    /// Origin of web pages that may send requests, like `https://app.example.com`; may be given more
    /// than once
    #[arg(long = "cors-origin", env = "CORS_ORIGINS", value_delimiter = ',', value_name = "ORIGIN", value_parser = origin)]
    pub cors_origins: Vec<HeaderValue>,

    /// Network of proxies whose X-Forwarded-For is trusted, like 10.0.0.0/8; may be given more than
    /// once
    #[arg(
        long = "trusted-proxy",
        env = "TRUSTED_PROXIES",
        value_delimiter = ',',
        value_name = "NETWORK"
    )]
    pub trusted_proxies: Vec<IpNet>,

    /// File of the only GraphQL documents that are executed: a JSON object from the SHA-256 of
    /// each to its text
    #[arg(long, env = "TRUSTED_DOCUMENTS", value_name = "FILE")]
    pub trusted_documents: Option<PathBuf>,

    /// Size of the cache for automatic persisted queries, in bytes; 0 turns them off
    #[arg(long, env = "PERSISTED_QUERIES_BYTES", default_value = "10000000", value_name = "BYTES")]
    pub persisted_queries_bytes: u64,

    /// Serve no pages: neither the console nor GraphiQL
    #[arg(long, env = "NO_PAGES")]
    pub no_pages: bool,

    /// Limits of requests.
    #[command(flatten)]
    pub limits: Limits,

    /// Limits of WebSockets and streams.
    #[command(flatten)]
    pub streams: StreamLimits,
}

impl Default for HttpConfig {
    /// The defaults of the flags. The environment does not change them.
    fn default() -> Self {
        let command = Self::augment_args(clap::Command::new("defaults"));
        let command = command.mut_args(|argument| argument.env(None::<&str>));
        Self::from_arg_matches(&command.get_matches_from(["defaults"])).expect("each has a default")
    }
}

/// The database.
#[derive(Debug, Clone, Args)]
pub struct DatabaseConfig {
    /// `sqlite://<file>`, created when missing, or `postgres://<user>:<password>@<host>/<database>`
    #[arg(
        long = "database-url",
        env = "DATABASE_URL",
        hide_env_values = true,
        default_value = "sqlite://crm-steps.db"
    )]
    pub url: DatabaseUrl,

    /// Most open connections
    #[arg(long = "database-connections", env = "DATABASE_CONNECTIONS", default_value = "10")]
    pub connections: NonZeroU32,
}

/// The database and the keys for secrets.
#[derive(Debug, Clone, Args)]
pub struct StorageConfig {
    /// The database.
    #[command(flatten)]
    pub database: DatabaseConfig,

    /// Keys for secrets, separated by commas: the first one encrypts, all decrypt. Without any, a SQLite
    /// database gets a key of its own, in a file beside it
    #[arg(long, env = "SECRET_KEYS", hide_env_values = true, value_name = "ID:KEY,…")]
    secret_keys: Option<SecretString>,
}

impl StorageConfig {
    /// The keys, if any are configured; or a sentence that says why they are none.
    pub fn keys(&self) -> Result<Option<Keyring>, KeyringError> {
        self.secret_keys.as_ref().map(|keys| keys.expose_secret().parse()).transpose()
    }
}

/// A database's URL, which may hold a password. It is judged only when it is used, because the
/// command line's own errors would print it.
#[derive(Debug, Clone)]
pub struct DatabaseUrl(SecretString);

impl DatabaseUrl {
    /// Which database it is for; if for none that the service can use, a sentence that says why.
    pub fn engine(&self) -> Result<Engine, &'static str> {
        let url = self.reveal();
        let engine = Engine::of(url)
            .ok_or("the database URL must begin with sqlite:, postgres: or postgresql:")?;
        let is_in_memory = url.contains(":memory:") || url.contains("mode=memory");
        if engine == Engine::Sqlite && is_in_memory {
            return Err("a database in memory would lose everything; name a file");
        }
        Ok(engine)
    }

    /// The whole URL, with its password.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<&str> for DatabaseUrl {
    fn from(url: &str) -> Self {
        Self(url.into())
    }
}

/// Parses the URL of a collector. TLS is left to a proxy, as everywhere.
fn collector(text: &str) -> Result<Url, &'static str> {
    const NOT: &str = "it must be an http:// URL; for TLS put a collector or a proxy in between";
    Url::parse(text).ok().filter(|url| url.scheme() == "http" && url.has_host()).ok_or(NOT)
}

/// Parses an origin as browsers send it: a scheme, a host and an optional port.
fn origin(text: &str) -> Result<HeaderValue, &'static str> {
    const NEITHER: &str = "it must be a scheme and a host, like https://app.example.com";
    let url = Url::parse(text).map_err(|_| NEITHER)?;
    if url.origin().ascii_serialization() != text {
        return Err(NEITHER);
    }
    HeaderValue::from_str(text).map_err(|_| NEITHER)
}

/// Parses a name that is visible in lists.
fn name(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    if is_blank(text) || !is_one_line(text) {
        return Err("it must be one line with visible characters");
    }
    Ok(text.to_owned())
}
