//! The command `serve`.

mod acceptor;
mod workers;

use std::{
    io::{self, Write as _},
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use axum_server::Handle;
use crm_steps::{
    config::{Limits, ServeConfig, seconds},
    db::Engine,
    demo,
    domain::{access_token::AccessToken, clock::Clock},
    graphql::Environment,
    http::{Application, Draining, GRAPHQL_PATH, Pages, PersistedQueries},
    telemetry,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use self::{acceptor::Acceptor, workers::Workers};
use super::{CommandError, failed, open_migrated, secrets::keys};

/// Largest headers of a request, in bytes.
const HEADERS_BYTES_MAX: usize = 64 * 1024;

/// How long streams have to end when the service stops.
const STREAMS_END: Duration = Duration::from_secs(5);

/// The maximum number of concurrent requests on one HTTP/2 connection.
const STREAMS_MAX: u32 = 100;

/// Serves until a signal stops the process.
pub(crate) async fn serve(config: ServeConfig) -> Result<(), CommandError> {
    let _telemetry =
        telemetry::start(&config.telemetry).map_err(failed("cannot start the trace exporter"))?;
    let documents = match &config.http.trusted_documents {
        Some(file) => PersistedQueries::trusted(file)
            .map_err(failed(format!("cannot use the trusted documents of {}", file.display())))?,
        None => PersistedQueries::automatic(config.http.persisted_queries_bytes),
    };
    let pages = (!config.http.no_pages).then(Pages::default);
    let documents = match &pages {
        Some(pages) => documents
            .with_console(pages)
            .map_err(failed("cannot use the documents of the console"))?,
        None => documents,
    };
    documents.log_invalid(&config.http.limits);
    let keys = keys(&config.storage)?;
    let database = open_migrated(&config.storage.database, keys).await?;
    let clock = Clock::system();
    // Installed first, so that no signal is missed that arrives as soon as the server listens.
    let stop_signal = stop_signal()?;
    // Listening comes before the demo, whose token is printed only once: a port that is in use must
    // not lose it.
    let listener = TcpListener::bind(config.listen)
        .map_err(failed(format!("cannot listen on {}", config.listen)))?;
    let address = listener.local_addr()?;
    if database.engine() == Engine::Sqlite
        && !config.no_demo
        && let Some(token) =
            demo::load(&database, &clock).await.map_err(failed("cannot load the demo"))?
    {
        welcome(address, &token, pages.as_ref())?;
    }
    let webhook_hosts = config.rules.webhook_hosts();
    let metrics =
        telemetry::install_metrics().map_err(failed("cannot start the metrics exporter"))?;
    let time_limit = seconds(config.http.limits.request_timeout_seconds);
    let (draining, handle) = (Draining::default(), Handle::new());
    let (tasks, stopped) = (TaskTracker::new(), CancellationToken::new());
    let workers = Workers { tasks: tasks.clone(), clock: clock.clone(), stopped: stopped.clone() };
    workers.delete_expired_keys(&database);
    workers.purge(&database, &config.retention);
    workers.keep_metrics(metrics.clone());
    let drain = seconds(config.drain_seconds);
    tasks.spawn(stop(stop_signal, draining.clone(), drain, handle.clone(), time_limit));
    let server = server(listener, &config.http.limits)?.handle(handle);
    let application = Application {
        environment: Environment {
            max_steps: config.rules.max_steps_per_scenario,
            are_deleted_restorable: config.retention.restore_days > 0,
            ..Environment::new(database, clock, webhook_hosts)
        },
        config: config.http,
        documents,
        metrics: Some(metrics),
        draining,
        pages,
    };
    tracing::info!("listening on http://{address}");
    let router = application.router().into_make_service_with_connect_info::<SocketAddr>();
    server.serve(router).await?;
    stopped.cancel();
    tasks.close();
    if tokio::time::timeout(time_limit, tasks.wait()).await.is_err() {
        tracing::warn!("background tasks did not end in time");
    }
    tracing::info!("stopped");
    Ok(())
}

/// A server with limits on the time and size of headers.
fn server(
    listener: TcpListener,
    limits: &Limits,
) -> io::Result<axum_server::Server<SocketAddr, Acceptor>> {
    /// Interval of pings to HTTP/2 clients.
    const PING: Duration = Duration::from_secs(30);
    let server = axum_server::from_tcp(listener)?.acceptor(Acceptor);
    let mut server = server.first_request_timeout(seconds(limits.header_timeout_seconds));
    let builder = server.http_builder();
    builder
        .http1()
        // The response to a handshake has the case of its headers (`websocket::open`).
        .preserve_header_case(true)
        .header_read_timeout(seconds(limits.idle_timeout_seconds))
        .max_buf_size(HEADERS_BYTES_MAX);
    builder.http2().keep_alive_interval(PING).max_concurrent_streams(STREAMS_MAX);
    Ok(server)
}

/// Waits for a signal and stops the server: readiness fails at once, the server goes on for the time
/// `drain` so that load balancers notice. Then streams end, so that their clients resume them on another
/// replica, and no more connections are accepted. Those that are open are closed after their request, at
/// the latest after its time limit.
async fn stop(
    stop_signal: impl Future<Output = Signal>,
    draining: Draining,
    drain: Duration,
    handle: Handle<SocketAddr>,
    time_limit: Duration,
) {
    let signal = stop_signal.await;
    tracing::info!("stopping: requests in flight finish first");
    draining.begin();
    if signal == Signal::Terminate {
        tokio::select! {
            () = tokio::time::sleep(drain) => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    }
    draining.end_streams(STREAMS_END).await;
    handle.graceful_shutdown(Some(time_limit));
}

/// A signal that stops the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signal {
    /// SIGTERM, as service managers send it.
    Terminate,
    /// Ctrl-C.
    Interrupt,
}

/// Installs the signal handlers. The future completes when a signal arrives.
fn stop_signal() -> io::Result<impl Future<Output = Signal>> {
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

/// Prints the demo's token and what to try with it.
fn welcome(address: SocketAddr, token: &AccessToken, pages: Option<&Pages>) -> io::Result<()> {
    let (token, scenario) = (token.reveal(), demo::scenario_id());
    let agent = demo::agent_id();
    let console = match pages {
        Some(pages) if pages.exist() => {
            format!("\n  The console, signed in:\n\n    http://{address}/#token={token}\n")
        }
        Some(_) => format!(
            "\n  The console is not built; how to build it:\n\n    http://{address}/console/\n"
        ),
        None => String::new(),
    };
    writeln!(
        io::stdout(),
        r#"
  A demo organization has been loaded. Its token, shown only this once:

    {token}
{console}
  Create your first step:

    curl -s http://{address}{GRAPHQL_PATH} -H 'Content-Type: application/json' \
      -H 'Authorization: Bearer {token}' \
      -d '{{"query":"mutation($input: CreateCrmStepInput!) {{ createCrmStep(input: $input) {{ crmStep {{ id index name agent {{ name }} scenario {{ name }} }} userErrors {{ field message }} }} }}","variables":{{"input":{{"scenarioId":"{scenario}","agentId":"{agent}","name":"My first step","prompt":"Say hello."}}}}}}'
"#
    )
}
