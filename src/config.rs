//! Flags and environment as one typed configuration. Every default is here, and nonsense is
//! refused here, before anything starts.

use std::{fmt, net::SocketAddr, num::NonZeroU32, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};
use uuid::Uuid;

use crate::{db::Engine, domain::access_token::Scope};

/// A GraphQL API for building the pipelines that AI chat agents run on.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
pub struct Cli {
    /// What to do; without it: serve.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// How to serve.
    #[command(flatten)]
    pub serve: ServeConfig,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the API (the default)
    Serve(ServeConfig),
    /// Bring the database's tables up to this version and stop
    Migrate(DatabaseConfig),
    /// Create, list and revoke access tokens
    #[command(subcommand)]
    Token(TokenCommand),
    /// Print the schema in the schema definition language
    Schema,
}

/// What to do with tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Create a token and print it, alone, on standard output; it is shown only this once
    Create {
        /// Name of the organization that the token is for; created when missing
        #[arg(long, value_parser = name)]
        organization: String,
        /// What to call the token
        #[arg(long, default_value = "token", value_parser = name)]
        name: String,
        /// What the token may do; may be given more than once
        #[arg(long = "scope", default_values = ["read", "write"])]
        scopes: Vec<ScopeArgument>,
        /// Where it is stored.
        #[command(flatten)]
        database: DatabaseConfig,
    },
    /// List all tokens, without their secrets
    List(DatabaseConfig),
    /// Revoke a token, for good
    Revoke {
        /// The token's id, as `token list` shows it
        id: Uuid,
        /// Where it is stored.
        #[command(flatten)]
        database: DatabaseConfig,
    },
}

/// What a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScopeArgument {
    /// Queries
    Read,
    /// Mutations
    Write,
}

impl From<ScopeArgument> for Scope {
    fn from(scope: ScopeArgument) -> Self {
        match scope {
            ScopeArgument::Read => Self::Read,
            ScopeArgument::Write => Self::Write,
        }
    }
}

/// How to serve.
#[derive(Debug, Clone, Args)]
pub struct ServeConfig {
    /// Address and port to listen on
    #[arg(long, env = "LISTEN_ADDR", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Where everything is stored.
    #[command(flatten)]
    pub database: DatabaseConfig,

    /// Leave a new embedded database empty instead of loading a demo organization
    #[arg(long)]
    pub no_demo: bool,

    /// Longest time that a request may take, in seconds
    #[arg(long, env = "REQUEST_TIMEOUT_SECONDS", default_value = "30")]
    request_timeout_seconds: NonZeroU32,

    /// Let webhooks call local, private and metadata addresses
    #[arg(long, env = "ALLOW_PRIVATE_WEBHOOKS")]
    pub allow_private_webhooks: bool,
}

impl ServeConfig {
    /// Longest time that a request may take.
    #[must_use]
    pub fn request_timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout_seconds.get().into())
    }
}

/// Where everything is stored.
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

    /// Most connections to keep open
    #[arg(long = "database-connections", env = "DATABASE_CONNECTIONS", default_value = "10")]
    pub connections: NonZeroU32,
}

/// A database's URL, which may hold a password. It is judged only when it is used, because the
/// command line's own errors would print it.
#[derive(Clone)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// Which database it is for; if for none that the service can use, a sentence that says why.
    pub fn engine(&self) -> Result<Engine, &'static str> {
        let engine = Engine::of(&self.0)
            .ok_or("the database URL must begin with sqlite:, postgres: or postgresql:")?;
        let is_in_memory = self.0.contains(":memory:") || self.0.contains("mode=memory");
        if engine == Engine::Sqlite && is_in_memory {
            return Err("a database in memory would lose everything; name a file");
        }
        Ok(engine)
    }

    /// The whole URL, with its password.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<&str> for DatabaseUrl {
    fn from(url: &str) -> Self {
        Self(url.to_owned())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("DatabaseUrl(…)")
    }
}

/// A name that people will read in lists.
fn name(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    if crate::domain::text::is_blank(text) || text.chars().any(char::is_control) {
        return Err("it must be one line with something to see in it");
    }
    Ok(text.to_owned())
}
