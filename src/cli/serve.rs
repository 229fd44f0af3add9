//! The command `serve`: from the first connection to the last.

use std::{
    io::{self, Write as _},
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use axum_server::Handle;
use crm_steps::{
    config::{Limits, ServeConfig},
    db::{Database, Engine},
    demo,
    domain::{access_token::AccessToken, clock::Clock},
    graphql::Environment,
    http::{Application, Draining, GRAPHQL_PATH, GraphiqlPage, PersistedQueries},
    store, telemetry,
};

use metrics_exporter_prometheus::PrometheusHandle;

use super::{CommandError, open_migrated, secrets::keys};

/// Most bytes that the headers of a request may have together.
const HEADERS_BYTES_MAX: usize = 64 * 1024;

/// Most requests at once on one connection of HTTP/2.
const STREAMS_MAX: u32 = 100;

/// Serves until it is asked to stop.
pub(super) async fn serve(config: ServeConfig) -> Result<(), CommandError> {
    let _telemetry = telemetry::start(&config.telemetry)?;
    let documents = match &config.http.trusted_documents {
        Some(file) => PersistedQueries::trusted(file)
            .map_err(|error| CommandError::TrustedDocuments { file: file.clone(), error })?,
        None => PersistedQueries::automatic(config.http.persisted_queries_bytes),
    };
    documents.log_invalid(&config.http.limits);
    let keys = keys(&config.storage)?;
    let database = open_migrated(&config.storage.database, keys).await?;
    let clock = Clock::system();
    // From here on a signal is heard, also one that comes as soon as the server says it listens.
    let stopped = shutdown()?;
    // Listening comes before the demo: its token is shown once, and must not be lost because
    // somebody else has the port.
    let listener = TcpListener::bind(config.listen)
        .map_err(|error| CommandError::Listen { address: config.listen, error })?;
    let address = listener.local_addr()?;
    let page = GraphiqlPage::default();
    if database.engine() == Engine::Sqlite
        && !config.no_demo
        && let Some(token) = demo::load(&database, &clock).await?
    {
        welcome(address, &token, &page)?;
    }
    let webhook_hosts = config.webhook_hosts();
    let forgetting = tokio::spawn(forget_expired_keys(database.clone(), clock.clone()));
    let metrics = telemetry::count()?;
    let sorting = tokio::spawn(run_metrics_upkeep(metrics.clone()));
    let draining = Draining::default();
    let handle = Handle::new();
    let stopping = tokio::spawn(stop(
        stopped,
        draining.clone(),
        config.drain(),
        handle.clone(),
        config.http.limits.request_timeout(),
    ));
    let server = server(listener, &config.http.limits)?.handle(handle);
    let application = Application {
        environment: Environment::new(database, clock, webhook_hosts),
        config: config.http,
        documents,
        metrics: Some(metrics),
        draining,
        graphiql: page,
    };
    tracing::info!("listening on http://{address}");
    let router = application.router().into_make_service_with_connect_info::<SocketAddr>();
    server.serve(router).await?;
    stopping.abort();
    forgetting.abort();
    sorting.abort();
    tracing::info!("stopped");
    Ok(())
}

/// A server that gives nobody more time and room for headers than is right.
fn server(listener: TcpListener, limits: &Limits) -> io::Result<axum_server::Server<SocketAddr>> {
    /// How often a client of HTTP/2 that says nothing is asked whether it is there.
    const PING: Duration = Duration::from_secs(30);
    let server = axum_server::from_tcp(listener)?;
    let mut server = server.first_request_timeout(limits.header_timeout());
    let builder = server.http_builder();
    builder.http1().header_read_timeout(limits.idle_timeout()).max_buf_size(HEADERS_BYTES_MAX);
    builder.http2().keep_alive_interval(PING).max_concurrent_streams(STREAMS_MAX);
    Ok(server)
}

/// Once asked to stop: says so to whoever sends traffic and goes on for a while, then takes no new
/// connections, and at last cuts off those that never finish a request. No request takes longer
/// than its time limit.
async fn stop(
    stopped: impl Future<Output = Signal>,
    draining: Draining,
    drain: Duration,
    handle: Handle<SocketAddr>,
    time_limit: Duration,
) {
    let signal = stopped.await;
    tracing::info!("stopping: requests in flight finish first");
    draining.begin();
    if signal == Signal::Terminate {
        tokio::select! {
            () = tokio::time::sleep(drain) => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    }
    handle.graceful_shutdown(Some(time_limit));
}

/// How the process was asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signal {
    /// SIGTERM, as service managers ask.
    Terminate,
    /// Ctrl-C: somebody is waiting.
    Interrupt,
}

/// Completes when the process is asked to stop.
fn shutdown() -> io::Result<impl Future<Output = Signal>> {
    #[cfg(unix)]
    let mut terminate = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate())?
    };
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = terminate.recv() => Signal::Terminate,
            _ = tokio::signal::ctrl_c() => Signal::Interrupt,
        }
        #[cfg(not(unix))]
        {
            let _ = tokio::signal::ctrl_c().await;
            Signal::Interrupt
        }
    })
}

/// Every now and then forgets what came of calls that nobody will send again. A replica that does
/// it while another one does finds nothing left to do.
async fn forget_expired_keys(database: Database, clock: Clock) {
    const PAUSE: Duration = Duration::from_hours(1);
    let mut pauses = tokio::time::interval(PAUSE);
    loop {
        pauses.tick().await;
        match store::kit::idempotency::forget_expired(&database, clock.now()).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "forgot expired idempotency keys"),
            Err(error) => tracing::error!(%error, "expired idempotency keys could not be deleted"),
        }
    }
}

/// Every now and then puts what was measured into the histograms. Until then each measurement is
/// kept, and nobody may ever ask for them.
async fn run_metrics_upkeep(metrics: PrometheusHandle) {
    const PAUSE: Duration = Duration::from_secs(5);
    let mut pauses = tokio::time::interval(PAUSE);
    loop {
        pauses.tick().await;
        metrics.run_upkeep();
    }
}

/// What a newcomer needs, and nothing else: where, with what, and what to try.
fn welcome(address: SocketAddr, token: &AccessToken, page: &GraphiqlPage) -> io::Result<()> {
    let (token, scenario) = (token.reveal(), demo::scenario_id());
    let agent = demo::agent_id();
    let graphiql = if page.exists() {
        format!("GraphiQL, signed in:\n\n    http://{address}/#token={token}")
    } else {
        format!("GraphiQL is not built; how to build it:\n\n    http://{address}/")
    };
    writeln!(
        io::stdout(),
        r#"
  A demo organization has been loaded. Its token, shown only this once:

    {token}

  {graphiql}

  Create your first step:

    curl -s http://{address}{GRAPHQL_PATH} -H 'Content-Type: application/json' \
      -H 'Authorization: Bearer {token}' \
      -d '{{"query":"mutation($input: CreateCrmStepInput!) {{ createCrmStep(input: $input) {{ crmStep {{ id index name agent {{ name }} scenario {{ name }} }} userErrors {{ field message }} }} }}","variables":{{"input":{{"scenarioId":"{scenario}","agentId":"{agent}","name":"My first step","prompt":"Say hello."}}}}}}'
"#
    )
}
