//! Logs, traces and metrics.

use std::{io::IsTerminal as _, time::Duration};

use chrono::{DateTime, Utc};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use opentelemetry::{global, trace::TracerProvider as _};
use opentelemetry_otlp::{ExporterBuildError, WithExportConfig as _};
use opentelemetry_sdk::{Resource, propagation::TraceContextPropagator, trace::SdkTracerProvider};
use tracing_subscriber::{
    EnvFilter, Layer as _, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};
use url::Url;

use crate::config::{LogFormat, TelemetryConfig};

/// The name of this service in traces.
const SERVICE_NAME: &str = env!("CARGO_PKG_NAME");

/// Histogram: keys that one statement read together.
pub const READ_KEYS: &str = "crm_steps_read_keys";

/// Histogram: duration of GraphQL requests, in seconds.
pub const GRAPHQL_SECONDS: &str = "crm_steps_graphql_request_seconds";

/// Histogram: duration of HTTP requests, in seconds.
pub const HTTP_SECONDS: &str = "crm_steps_http_request_seconds";

/// Gauge: connections of each pool.
pub const CONNECTIONS: &str = "crm_steps_database_connections";

/// Gauge: open subscriptions, by transport.
pub const STREAMS: &str = "crm_steps_streams";

/// Counter: events that were sent to subscribers.
pub const STREAM_EVENTS: &str = "crm_steps_stream_events_total";

/// Histogram: time from the commit of a change until it was sent to a subscriber, in seconds.
pub const STREAM_LAG: &str = "crm_steps_stream_lag_seconds";

/// Counter: pages of the history that a subscriber read, because the changes that it lacked were no
/// longer in memory.
pub const STREAM_RING_MISSES: &str = "crm_steps_stream_ring_misses_total";

/// Gauge: when each background worker last succeeded, in seconds since 1970; 0 if it has not yet.
pub const WORKER_SUCCESS: &str = "crm_steps_worker_last_success_timestamp_seconds";

/// Buckets of the durations, in seconds: from a read of one row to the time limit.
const SECONDS: [f64; 12] =
    [0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// Buckets of the keys: up to two full nested pages.
const KEYS: [f64; 7] = [1.0, 2.0, 5.0, 20.0, 100.0, 1_000.0, 10_000.0];

/// Sends the remaining traces when it is dropped.
pub struct Telemetry(Option<SdkTracerProvider>);

/// Starts the log on standard error, and the export of traces if a collector is configured.
pub fn start(config: &TelemetryConfig) -> Result<Telemetry, ExporterBuildError> {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,sea_orm_migration=warn,opentelemetry=warn"));
    let log = fmt::layer().with_writer(std::io::stderr);
    let log = match config.log_format {
        LogFormat::Pretty => log.with_ansi(std::io::stderr().is_terminal()).boxed(),
        LogFormat::Json => log.json().flatten_event(true).with_current_span(true).boxed(),
    };
    let provider = config.otlp_endpoint.as_ref().map(tracer_provider).transpose()?;
    let traces = provider.as_ref().map(|provider| {
        global::set_text_map_propagator(TraceContextPropagator::new());
        tracing_opentelemetry::layer().with_tracer(provider.tracer(SERVICE_NAME))
    });
    tracing_subscriber::registry().with(filter).with(log).with(traces).init();
    Ok(Telemetry(provider))
}

fn tracer_provider(endpoint: &Url) -> Result<SdkTracerProvider, ExporterBuildError> {
    let base = endpoint.as_str().trim_end_matches('/');
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_endpoint(format!("{base}/v1/traces"))
        .build()?;
    let resource = Resource::builder().with_service_name(SERVICE_NAME).build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        /// A collector that does not respond must not block the end of the process.
        const TIME_LIMIT: Duration = Duration::from_secs(5);
        if let Some(provider) = &self.0
            && let Err(error) = provider.shutdown_with_timeout(TIME_LIMIT)
        {
            tracing::warn!(%error, "the remaining traces could not be sent");
        }
    }
}

/// Installs the recorder of all metrics. The handle exports them for Prometheus.
pub fn install_metrics() -> Result<PrometheusHandle, BuildError> {
    let named = |name: &str| Matcher::Full(name.to_owned());
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(named(READ_KEYS), &KEYS)?
        .set_buckets_for_metric(named(GRAPHQL_SECONDS), &SECONDS)?
        .set_buckets_for_metric(named(HTTP_SECONDS), &SECONDS)?
        .set_buckets_for_metric(named(STREAM_LAG), &SECONDS)?
        .install_recorder()?;
    metrics::describe_histogram!(READ_KEYS, "Keys that one statement read together");
    metrics::describe_histogram!(GRAPHQL_SECONDS, "Duration of GraphQL requests, by operation");
    metrics::describe_histogram!(HTTP_SECONDS, "Duration of HTTP requests, by route and status");
    metrics::describe_gauge!(CONNECTIONS, "Connections to the database, by pool and state");
    metrics::describe_gauge!(STREAMS, "Open subscriptions, by transport");
    metrics::describe_counter!(STREAM_EVENTS, "Events that were sent to subscribers");
    metrics::describe_histogram!(STREAM_LAG, "Time from a commit until its event was sent");
    metrics::describe_counter!(STREAM_RING_MISSES, "Pages of the history that subscribers read");
    metrics::describe_gauge!(
        WORKER_SUCCESS,
        "Unix time of the last success of each background worker"
    );
    Ok(handle)
}

/// Publishes when a background worker last succeeded.
pub fn set_worker_success(worker: &'static str, at: DateTime<Utc>) {
    let since_1970 = (at - DateTime::UNIX_EPOCH).as_seconds_f64();
    metrics::gauge!(WORKER_SUCCESS, "worker" => worker).set(since_1970);
}
