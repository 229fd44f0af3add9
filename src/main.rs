//! The command line.

mod serve;

use std::{
    fs::{self, File},
    io::{self, Write as _},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
};

use crm_steps::{
    config::{Cli, Command, ConfigError, DatabaseConfig, StorageConfig, TokenCommand},
    db::{Database, Engine},
    demo::DemoError,
    domain::{
        access_token::AccessToken,
        clock::Clock,
        secret::{Keyring, KeyringError},
    },
    graphql,
    http::TrustedDocumentsError,
    store::{self, StoreError},
};
use metrics_exporter_prometheus::BuildError;
use opentelemetry_otlp::ExporterBuildError;
use sea_orm::{DbErr, sqlx::sqlite::SqliteConnectOptions};
use tokio::runtime::Runtime;
use uuid::Uuid;

/// Requests are made of many small pieces, which this one hands out and takes back in fewer
/// instructions than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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

fn main() -> ExitCode {
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
        Command::Token(command) => token(command).await,
        Command::SecretKey => {
            let id = Clock::system().now().format("%Y%m%d").to_string();
            Ok(writeln!(io::stdout(), "{}", Keyring::generate(&id))?)
        }
        Command::RotateSecrets(config) => {
            let keys = keys(&config)?;
            let database = open_migrated(&config.database, keys).await?;
            let count = store::secrets::rotate(&database).await?;
            Ok(writeln!(io::stdout(), "sealed the secrets of {count} steps anew")?)
        }
        Command::Schema => Ok(io::stdout().write_all(graphql::sdl().as_bytes())?),
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

/// The keys for secrets: those that are configured; else, for SQLite, those of the file beside the
/// database, made when it is missing.
fn keys(config: &StorageConfig) -> Result<Keyring, CommandError> {
    if let Some(keys) = config.keys()? {
        return Ok(keys);
    }
    let url = &config.database.url;
    if url.engine().map_err(CommandError::Configuration)? != Engine::Sqlite {
        let message = "SECRET_KEYS is not set; all replicas need the same, and the command \
                       secret-key prints one";
        return Err(CommandError::Configuration(message));
    }
    let options: SqliteConnectOptions = url
        .reveal()
        .parse()
        .map_err(|_| CommandError::Configuration("the database URL names no SQLite file"))?;
    let mut file = options.get_filename().as_os_str().to_owned();
    file.push(".key");
    let file = PathBuf::from(file);
    let text = key_file(&file).map_err(|error| CommandError::KeyFile { file, error })?;
    Ok(text.trim().parse()?)
}

/// What is in a file of keys. A new one is for its owner alone.
fn key_file(file: &Path) -> io::Result<String> {
    if !file.exists() {
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        // Written beside it first, so that nobody ever finds half a key. Whoever comes second uses
        // the key of the first.
        let beside = file.with_extension(format!("key-{}", std::process::id()));
        let mut new = options.open(&beside)?;
        new.write_all(Keyring::generate("file").as_bytes())?;
        new.sync_all()?;
        let linked = fs::hard_link(&beside, file);
        fs::remove_file(&beside)?;
        linked.or_else(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Ok(()),
            _ => Err(error),
        })?;
    }
    fs::read_to_string(file)
}

async fn token(command: TokenCommand) -> Result<(), CommandError> {
    let now = Clock::system().now();
    match command {
        TokenCommand::Create { organization, name, scopes, database } => {
            let database = open_migrated(&database, Keyring::default()).await?;
            let token = AccessToken::generate();
            let scopes = scopes.into_iter().map(Into::into).collect();
            let transaction = database.write().await?;
            let organization =
                store::organization::find_or_create(&transaction, &organization, now).await?;
            let hash = token.hash();
            store::access_token::create(organization, &transaction, &name, &scopes, &hash, now)
                .await?;
            transaction.commit().await?;
            writeln!(io::stdout(), "{}", token.reveal())?;
        }
        TokenCommand::List(database) => {
            let database = open_migrated(&database, Keyring::default()).await?;
            for (token, organization) in store::access_token::list(&database).await? {
                let scopes = store::access_token::scopes(&token);
                let scopes: Vec<&str> = scopes.iter().map(Into::into).collect();
                let state = match token.revoked_at {
                    None => "active".to_owned(),
                    Some(time) => format!("revoked {}", time.to_rfc3339()),
                };
                writeln!(
                    io::stdout(),
                    "{}\t{organization}\t{}\t{}\tcreated {}\t{state}",
                    token.id,
                    token.name,
                    scopes.join(","),
                    token.created_at.to_rfc3339(),
                )?;
            }
        }
        TokenCommand::Revoke { id, database } => {
            let database = open_migrated(&database, Keyring::default()).await?;
            let transaction = database.write().await?;
            let exists = store::access_token::revoke(&transaction, id, now).await?;
            transaction.commit().await?;
            if !exists {
                return Err(CommandError::NoToken(id));
            }
        }
    }
    Ok(())
}
