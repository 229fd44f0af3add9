//! A load of requests over several connections, each with one request at a time.

use std::{
    cell::{Cell, RefCell},
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use hdrhistogram::Histogram;
use http_body_util::{BodyExt as _, Full};
use hyper::{
    Request, StatusCode,
    body::Bytes,
    client::conn::http1::{self, SendRequest},
    header,
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpStream,
    runtime::{self, Runtime},
};

/// A server, and the requests to send.
pub struct Target<'a> {
    /// Host and port.
    pub address: &'a str,
    /// The path of the requests.
    pub path: &'a str,
    /// The tokens, used in turn: the n-th request has the n-th.
    pub tokens: &'a [&'a str],
    /// The body of the n-th request.
    pub body: &'a dyn Fn(u64) -> String,
    /// A text that every correct response contains. None has GraphQL errors.
    pub expected: &'a str,
}

/// The result of a load.
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    /// Responses.
    pub count: u64,
    /// Responses per second.
    pub per_second: f64,
    /// The 99th percentile of the response times.
    pub p99: Duration,
}

/// Requests at a fixed rate.
#[derive(Debug, Clone, Copy)]
pub struct Paced {
    pub per_second: u32,
    /// Requests in all.
    pub count: u64,
    /// Connections that send them in turn, so that a slow response delays none of the others.
    pub connections: u64,
}

/// The response times of requests at a fixed rate.
#[derive(Debug, Clone, Copy)]
pub struct PacedOutcome {
    pub median: Duration,
    /// The 99th percentile.
    pub p99: Duration,
}

/// Sends requests at a fixed rate. The time of a response counts from the moment at which its request was
/// to be sent.
pub fn paced(target: &Target<'_>, pace: &Paced, numbers: &Cell<u64>) -> PacedOutcome {
    let latencies: RefCell<Histogram<u64>> =
        RefCell::new(Histogram::new(3).expect("three digits are possible"));
    let first = numbers.replace(numbers.get() + pace.count);
    let start = tokio::time::Instant::now();
    let one = async |connection: u64| {
        let mut sender = connect(target.address).await;
        for number in (connection..pace.count).step_by(pace.connections as usize) {
            let nanos = number * 1_000_000_000 / u64::from(pace.per_second);
            let due = start + Duration::from_nanos(nanos);
            tokio::time::sleep_until(due).await;
            ask(&mut sender, target, first + number).await;
            let micros = u64::try_from(due.elapsed().as_micros()).expect("it has ended");
            latencies.borrow_mut().record(micros).expect("the histogram grows");
        }
    };
    runtime().block_on(join_all((0..pace.connections).map(one)));
    let latencies = latencies.into_inner();
    let quantile = |quantile| Duration::from_micros(latencies.value_at_quantile(quantile));
    PacedOutcome { median: quantile(0.5), p99: quantile(0.99) }
}

/// Sends requests for this long. Their numbers continue from `numbers`, so that no two bodies are equal.
pub fn run(
    target: &Target<'_>,
    connections: usize,
    time: Duration,
    numbers: &Cell<u64>,
) -> Outcome {
    let start = Instant::now();
    let latencies = send_until(target, connections, numbers, || start.elapsed() >= time);
    let elapsed = start.elapsed();
    Outcome {
        count: latencies.len(),
        per_second: latencies.len() as f64 / elapsed.as_secs_f64(),
        p99: Duration::from_micros(latencies.value_at_quantile(0.99)),
    }
}

/// Sends this many requests.
pub fn send(target: &Target<'_>, connections: usize, count: u64, numbers: &Cell<u64>) {
    let end = numbers.get() + count;
    send_until(target, connections, numbers, || numbers.get() >= end);
}

/// The response to one request.
pub fn answer(target: &Target<'_>) -> String {
    runtime().block_on(async {
        let mut connection = connect(target.address).await;
        ask(&mut connection, target, 0).await
    })
}

/// The status of the response to one request.
pub fn status(target: &Target<'_>) -> u16 {
    runtime().block_on(async {
        let mut connection = connect(target.address).await;
        exchange(&mut connection, target, 0).await.0.as_u16()
    })
}

/// A runtime of one thread, which leaves the most CPU to the server and the database.
pub fn runtime() -> Runtime {
    runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn send_until(
    target: &Target<'_>,
    connections: usize,
    numbers: &Cell<u64>,
    is_over: impl Fn() -> bool,
) -> Histogram<u64> {
    let latencies = RefCell::new(Histogram::new(3).expect("three digits are possible"));
    let one = async || {
        let mut connection = connect(target.address).await;
        while !is_over() {
            let number = numbers.replace(numbers.get() + 1);
            let start = Instant::now();
            ask(&mut connection, target, number).await;
            let micros = u64::try_from(start.elapsed().as_micros()).expect("it has ended");
            latencies.borrow_mut().record(micros).expect("the histogram grows");
        }
    };
    runtime().block_on(join_all((0..connections).map(|_| one())));
    latencies.into_inner()
}

async fn connect(address: &str) -> SendRequest<Full<Bytes>> {
    let stream = TcpStream::connect(address).await.expect("the server listens");
    stream.set_nodelay(true).expect("a socket can do that");
    let (connection, driver) = http1::handshake(TokioIo::new(stream)).await.expect("it is HTTP");
    tokio::spawn(driver);
    connection
}

async fn ask(
    connection: &mut SendRequest<Full<Bytes>>,
    target: &Target<'_>,
    number: u64,
) -> String {
    let (status, body) = exchange(connection, target, number).await;
    let is_correct = body.contains(target.expected) && !body.contains("\"errors\":");
    assert!(status.is_success() && is_correct, "{status} {body}");
    body
}

async fn exchange(
    connection: &mut SendRequest<Full<Bytes>>,
    target: &Target<'_>,
    number: u64,
) -> (StatusCode, String) {
    let turn = usize::try_from(number).expect("a small number") % target.tokens.len();
    let request = Request::post(target.path)
        .header(header::HOST, target.address)
        .header(header::AUTHORIZATION, format!("Bearer {}", target.tokens[turn]))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Full::from((target.body)(number)))
        .expect("the request can be built");
    connection.ready().await.expect("the connection stays open");
    let response = connection.send_request(request).await.expect("there is a response");
    let status = response.status();
    let body = response.into_body().collect().await.expect("the response is complete").to_bytes();
    (status, String::from_utf8(body.into()).expect("the response is text"))
}
