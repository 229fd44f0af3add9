//! The command line.

use std::{
    io::{self, IsTerminal as _, Write as _},
    net::SocketAddr,
    process::ExitCode,
    time::Duration,
};

use clap::Parser as _;
use crm_steps::{
    config::{Cli, Command, DatabaseConfig, ServeConfig, TokenCommand},
    db::{Database, Engine},
    demo::{self, DemoError},
    domain::{access_token::AccessToken, clock::Clock, url::WebhookHosts},
    graphql::{self, Environment},
    http::{self, GRAPHQL_PATH},
    store,
};
use sea_orm::DbErr;
use tokio::{net::TcpListener, sync::oneshot};
use tracing_subscriber::{EnvFilter, fmt};
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
    #[error("there is no token with the id {0}")]
    NoToken(Uuid),
    #[error("{0}")]
    Io(#[from] io::Error),
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    // What a command was asked for goes to standard output, everything else to standard error.
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,sea_orm_migration=warn"));
    let in_colour = io::stderr().is_terminal();
    fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(in_colour).init();
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
        Command::Serve(config) => serve(config).await,
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

async fn serve(config: ServeConfig) -> Result<(), CommandError> {
    let database = open_migrated(&config.database).await?;
    let clock = Clock::system();
    // From here on a signal is heard, also one that comes as soon as the server says it listens.
    let stopped = shutdown()?;
    // Listening comes before the demo: its token is shown once, and must not be lost because
    // somebody else has the port.
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|error| CommandError::Listen { address: config.listen, error })?;
    let address = listener.local_addr()?;
    if database.engine() == Engine::Sqlite
        && !config.no_demo
        && let Some(token) = demo::load(&database, &clock).await?
    {
        welcome(address, &token)?;
    }
    let webhook_hosts =
        if config.allow_private_webhooks { WebhookHosts::Any } else { WebhookHosts::Public };
    let forgetting = tokio::spawn(forget_expired_keys(database.clone(), clock.clone()));
    let environment = Environment { database, clock, webhook_hosts };
    let time_limit = config.request_timeout();
    let router = http::router(environment, time_limit);
    tracing::info!("listening on http://{address}");
    let (stop, stopping) = oneshot::channel();
    let serve = axum::serve(listener, router).with_graceful_shutdown(async {
        stopped.await;
        let _ = stop.send(());
    });
    // No request takes longer than its time limit, but a connection that never sends a whole one
    // would hold the process for ever.
    let patience = async {
        let _ = stopping.await;
        tokio::time::sleep(time_limit).await;
    };
    tokio::select! {
        served = serve => served?,
        () = patience => tracing::warn!("connections that never finished a request are cut off"),
    }
    forgetting.abort();
    tracing::info!("stopped");
    Ok(())
}

/// Every now and then forgets what came of calls that nobody will send again. A replica that does
/// it while another one does finds nothing left to do.
async fn forget_expired_keys(database: Database, clock: Clock) {
    const PAUSE: Duration = Duration::from_hours(1);
    let mut pauses = tokio::time::interval(PAUSE);
    loop {
        pauses.tick().await;
        match store::idempotency::forget_expired(&database, clock.now()).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "forgot expired idempotency keys"),
            Err(error) => tracing::error!(%error, "expired idempotency keys could not be deleted"),
        }
    }
}

/// What a newcomer needs, and nothing else: where, with what, and what to try.
fn welcome(address: SocketAddr, token: &AccessToken) -> io::Result<()> {
    let (token, scenario) = (token.reveal(), demo::scenario_id());
    let agent = demo::agent_id();
    writeln!(
        io::stdout(),
        r#"
  A demo organization has been loaded. Its token, shown only this once:

    {token}

  GraphiQL is at http://{address}/ (paste this under "Headers"):

    {{"Authorization": "Bearer {token}"}}

  Create your first step:

    curl -s http://{address}{GRAPHQL_PATH} -H 'Content-Type: application/json' \
      -H 'Authorization: Bearer {token}' \
      -d '{{"query":"mutation($input: CreateCrmStepInput!) {{ createCrmStep(input: $input) {{ crmStep {{ id index name agent {{ name }} scenario {{ name }} }} userErrors {{ field message }} }} }}","variables":{{"input":{{"scenarioId":"{scenario}","agentId":"{agent}","name":"My first step","prompt":"Say hello."}}}}}}'
"#
    )
}

/// Completes when the process is asked to stop: by SIGTERM, as service managers do, or by Ctrl-C.
/// Requests in flight then finish, and new connections are refused.
fn shutdown() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminate = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate())?
    };
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
        tracing::info!("stopping: requests in flight finish first");
    })
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
