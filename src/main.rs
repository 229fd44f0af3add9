//! The command line.

mod serve;

use std::{
    io::{self, Write as _},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
};

use crm_steps::{
    config::{Cli, Command, ConfigError, DatabaseConfig, TokenCommand},
    db::Database,
    demo::DemoError,
    domain::{access_token::AccessToken, clock::Clock},
    graphql,
    http::TrustedDocumentsError,
    store,
};
use metrics_exporter_prometheus::BuildError;
use opentelemetry_otlp::ExporterBuildError;
use sea_orm::DbErr;
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
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
    #[error("cannot load the demo: {0}")]
    Demo(#[from] DemoError),
    #[error("cannot listen on {address}: {error}")]
    Listen { address: SocketAddr, error: io::Error },
    #[error("cannot use the trusted documents of {}: {error}", file.display())]
    TrustedDocuments { file: PathBuf, error: TrustedDocumentsError },
    #[error("there is no token with the id {0}")]
    NoToken(Uuid),
    #[error("cannot send traces: {0}")]
    Traces(#[from] ExporterBuildError),
    #[error("cannot count: {0}")]
    Metrics(#[from] BuildError),
    #[error("{0}")]
    Io(#[from] io::Error),
}

#[tokio::main]
async fn main() -> ExitCode {
    // What a command was asked for goes to standard output, everything else to standard error.
    let cli = match Cli::read(std::env::args_os()) {
        Ok(cli) => cli,
        Err(ConfigError::Asked(answer)) => answer.exit(),
        Err(ConfigError::Wrong(what)) => {
            let _ = writeln!(io::stderr(), "crm-steps: {what}");
            return ExitCode::from(2);
        }
    };
    match run(cli.command.unwrap_or(Command::Serve(cli.serve))).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "crm-steps: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<(), CommandError> {
    match command {
        Command::Serve(config) => serve::serve(config).await,
        Command::Migrate(config) => open_migrated(&config).await.map(|_database| ()),
        Command::Token(command) => token(command).await,
        Command::Schema => Ok(io::stdout().write_all(graphql::sdl().as_bytes())?),
    }
}

async fn open_migrated(config: &DatabaseConfig) -> Result<Database, CommandError> {
    let engine = config.url.engine().map_err(CommandError::Configuration)?;
    let database = Database::open(config.url.reveal(), engine, config.connections.get())
        .await
        .map_err(CommandError::Open)?;
    database.migrate().await.map_err(CommandError::Migrate)?;
    Ok(database)
}

async fn token(command: TokenCommand) -> Result<(), CommandError> {
    let now = Clock::system().now();
    match command {
        TokenCommand::Create { organization, name, scopes, database } => {
            let database = open_migrated(&database).await?;
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
            let database = open_migrated(&database).await?;
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
            let database = open_migrated(&database).await?;
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
