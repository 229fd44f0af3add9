//! The commands of the command line, a file each, and what they share.

mod backup;
mod secrets;
mod serve;
mod token;

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
    graphql,
    http::{self, TrustedDocumentsError},
    store::StoreError,
};
use metrics_exporter_prometheus::BuildError;
use opentelemetry_otlp::ExporterBuildError;
use sea_orm::DbErr;
use tokio::runtime::Runtime;
use uuid::Uuid;

/// Why a command failed, as one line for whoever typed it.
#[derive(Debug, thiserror::Error)]
enum CommandError {
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
    #[error("the secret keys are none: {0}")]
    Keys(#[from] KeyringError),
    #[error("cannot keep a key for secrets in {}: {error}", file.display())]
    KeyFile { file: PathBuf, error: io::Error },
    #[error("there is no database {}", .0.display())]
    NoDatabase(PathBuf),
    #[error("{} exists already; name a new file for the copy", .0.display())]
    BackupExists(PathBuf),
    #[error("cannot write the copy {}: {error}", file.display())]
    Backup { file: PathBuf, error: io::Error },
    #[error("there is no token with the id {0}")]
    NoToken(Uuid),
    #[error("cannot send traces: {0}")]
    Traces(#[from] ExporterBuildError),
    #[error("cannot count: {0}")]
    Metrics(#[from] BuildError),
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl From<DbErr> for CommandError {
    fn from(error: DbErr) -> Self {
        Self::Store(error.into())
    }
}

pub(crate) fn main() -> ExitCode {
    // What a command was asked for goes to standard output, everything else to standard error.
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
        // What was asked for is done, so no task is waited for. One of sqlx 0.9 may never end: its
        // upkeep of a pool counts idle connections down from a number that can wrap below zero.
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

async fn run(command: Command) -> Result<(), CommandError> {
    match command {
        Command::Serve(config) => serve::serve(*config).await,
        Command::Migrate(config) => {
            open_migrated(&config, Keyring::default()).await.map(|_database| ())
        }
        Command::Backup { file, database } => backup::backup(file, &database).await,
        Command::Token(command) => token::token(command).await,
        Command::SecretKey => secrets::print_new_key(),
        Command::RotateSecrets(config) => secrets::rotate(&config).await,
        Command::Schema => Ok(io::stdout().write_all(graphql::sdl().as_bytes())?),
        Command::Errors => Ok(io::stdout().write_all(http::error_reference().as_bytes())?),
    }
}

async fn open_migrated(config: &DatabaseConfig, keys: Keyring) -> Result<Database, CommandError> {
    let engine = config.url.engine().map_err(CommandError::Configuration)?;
    let database = Database::open(config.url.reveal(), engine, config.connections.get(), keys)
        .await
        .map_err(CommandError::Open)?;
    database.migrate().await.map_err(CommandError::Migrate)?;
    Ok(database)
}
