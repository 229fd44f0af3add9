//! The commands of the command line.

pub(crate) mod backup;
pub(crate) mod secrets;
pub(crate) mod serve;
pub(crate) mod token;

use std::{
    io::{self, Write as _},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
};

use crm_steps::{
    config::{Cli, Command, ConfigError, DatabaseConfig},
    db::Database,
    demo::DemoError,
    domain::secret::{Keyring, KeyringError},
    http::TrustedDocumentsError,
    store::StoreError,
};
use metrics_exporter_prometheus::BuildError;
use opentelemetry_otlp::ExporterBuildError;
use sea_orm::DbErr;
use tokio::runtime::Runtime;
use uuid::Uuid;

/// Why a command failed, in one line.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    #[error("{0}")]
    Configuration(&'static str),
    #[error("cannot open the database: {0}")]
    Open(DbErr),
    #[error("cannot migrate the database: {0}")]
    Migrate(DbErr),
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("cannot load the demo: {0}")]
    Demo(#[from] DemoError),
    #[error("cannot listen on {address}: {error}")]
    Listen { address: SocketAddr, error: io::Error },
    #[error("cannot use the trusted documents of {}: {error}", file.display())]
    TrustedDocuments { file: PathBuf, error: TrustedDocumentsError },
    #[error("invalid SECRET_KEYS: {0}")]
    Keys(#[from] KeyringError),
    #[error("cannot read or create the key file {}: {error}", file.display())]
    KeyFile { file: PathBuf, error: io::Error },
    #[error("there is no database {}", .0.display())]
    NoDatabase(PathBuf),
    #[error("{} exists already; name a new file for the copy", .0.display())]
    BackupExists(PathBuf),
    #[error("cannot write the copy {}: {error}", file.display())]
    Backup { file: PathBuf, error: io::Error },
    #[error("there is no token with the id {0}")]
    NoToken(Uuid),
    #[error("cannot start the trace exporter: {0}")]
    Traces(#[from] ExporterBuildError),
    #[error("cannot start the metrics exporter: {0}")]
    Metrics(#[from] BuildError),
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl From<DbErr> for CommandError {
    fn from(error: DbErr) -> Self {
        Self::Store(error.into())
    }
}

/// Parses the command line, runs a command and prints why it failed.
pub(crate) fn main(run: impl AsyncFnOnce(Command) -> Result<(), CommandError>) -> ExitCode {
    // Results of commands go to standard output, everything else to standard error.
    let cli = match Cli::read(std::env::args_os()) {
        Ok(cli) => cli,
        Err(ConfigError::Asked(answer)) => answer.exit(),
        Err(ConfigError::Wrong(what)) => {
            let _ = writeln!(io::stderr(), "crm-steps: {what}");
            return ExitCode::from(2);
        }
    };
    let command = cli.command.unwrap_or_else(|| Command::Serve(Box::new(cli.serve)));
    let outcome = Runtime::new().map_err(CommandError::from).and_then(|runtime| {
        let outcome = runtime.block_on(run(command));
        // Does not wait for tasks. One of sqlx 0.9 may never end: its upkeep of a pool counts idle
        // connections down from a number that can wrap below zero.
        runtime.shutdown_background();
        outcome
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "crm-steps: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints the result of a command.
pub(crate) fn print(result: &str) -> Result<(), CommandError> {
    Ok(io::stdout().write_all(result.as_bytes())?)
}

/// Migrates the database to this version.
pub(crate) async fn migrate(config: &DatabaseConfig) -> Result<(), CommandError> {
    open_migrated(config, Keyring::default()).await.map(drop)
}

async fn open_migrated(config: &DatabaseConfig, keys: Keyring) -> Result<Database, CommandError> {
    let engine = config.url.engine().map_err(CommandError::Configuration)?;
    let database = Database::open(config.url.reveal(), engine, config.connections.get(), keys)
        .await
        .map_err(CommandError::Open)?;
    database.migrate().await.map_err(CommandError::Migrate)?;
    Ok(database)
}
