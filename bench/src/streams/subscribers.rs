//! Subscribers of changes, all in one thread, which leaves the most CPU to the service.

use std::{
    collections::HashMap,
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use futures_util::future::{Either, join_all, select};
use hdrhistogram::Histogram;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::wire::Wire;

/// How events are carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// A connection with a stream of server-sent events for each subscription.
    ServerSentEvents,
    /// A WebSocket for each subscription.
    WebSocket,
    /// A WebSocket for each 100 subscriptions, as many as it may have.
    SharedWebSocket,
}

impl Transport {
    /// The subscriptions of a connection.
    const fn of_connection(self) -> usize {
        match self {
            Self::ServerSentEvents | Self::WebSocket => 1,
            Self::SharedWebSocket => 100,
        }
    }
}

/// Running subscriptions, ended on drop.
pub struct Subscribers {
    state: Arc<State>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct State {
    /// When the create with this number was sent.
    sent: Mutex<HashMap<u64, Instant>>,
    /// Microseconds from then until an event of it was received.
    latencies: Mutex<Histogram<u64>>,
    tallies: Vec<Tally>,
}

/// What one subscription has received.
#[derive(Debug, Default)]
struct Tally {
    events: AtomicU64,
    /// A hash of the numbers of the steps in the order of their events.
    order: AtomicU64,
}

/// A subscription: the token, and the cursor after which it begins.
#[derive(Debug, Clone)]
pub struct Subscription {
    pub token: String,
    pub after: String,
}

impl Subscription {
    /// The operation, which selects what a list of steps would show.
    pub fn operation(&self) -> Value {
        let query = "subscription Changes($after: String!) { changes(after: $after) { cursor node { \
                     id action subjectType subjectId subject { ... on CrmStep { id index version name \
                     trigger defaultStatus defaultPriority isRequired } } \
                     crmScenario { id name revision } } } }";
        json!({ "query": query, "variables": { "after": self.after } })
    }
}

impl Subscribers {
    /// Subscribes at a server.
    pub fn start(address: &str, transport: Transport, subscriptions: &[Subscription]) -> Self {
        let state = Arc::new(State {
            sent: Mutex::default(),
            latencies: Mutex::new(Histogram::new(3).expect("three digits are possible")),
            tallies: subscriptions.iter().map(|_| Tally::default()).collect(),
        });
        let (stop, stopped) = oneshot::channel();
        let (ready, is_ready) = mpsc::channel();
        let (address, subscriptions) = (address.to_owned(), subscriptions.to_vec());
        let shared = Arc::clone(&state);
        let thread = thread::spawn(move || {
            let all = async {
                let mut connections = vec![];
                let per_connection = transport.of_connection();
                for (number, subscriptions) in subscriptions.chunks(per_connection).enumerate() {
                    let first = number * per_connection;
                    let connection =
                        Connection::open(&address, transport, subscriptions, first, &shared);
                    connections.push(connection.await.expect("the service takes subscriptions"));
                }
                ready.send(()).expect("the other thread waits");
                join_all(connections.into_iter().map(Connection::receive)).await;
            };
            crate::load::runtime().block_on(async {
                match select(Box::pin(all), stopped).await {
                    Either::Left(_) => panic!("the subscriptions have ended"),
                    Either::Right(_) => {}
                }
            });
        });
        is_ready.recv().expect("the subscriptions begin");
        Self { state, stop: Some(stop), thread: Some(thread) }
    }

    /// Remembers that the create with this number is sent now.
    pub fn sends(&self, number: u64) {
        self.state.sent.lock().expect("no panic").insert(number, Instant::now());
    }

    /// Waits until each subscription has received so many events, and checks that all have received the
    /// same ones in the same order, and no others.
    pub fn wait_for(&self, events: u64) {
        /// The time without any event after which one is lost.
        const TIME: Duration = Duration::from_secs(60);
        let tallies = &self.state.tallies;
        let total =
            || tallies.iter().map(|tally| tally.events.load(Ordering::Relaxed)).sum::<u64>();
        let (mut last, mut since) = (total(), Instant::now());
        while last < events * tallies.len() as u64 {
            assert!(since.elapsed() < TIME, "{last} events of {events} to {}", tallies.len());
            thread::sleep(Duration::from_millis(1));
            if total() != last {
                (last, since) = (total(), Instant::now());
            }
        }
        let order = tallies[0].order.load(Ordering::Relaxed);
        for tally in tallies {
            assert_eq!(tally.events.load(Ordering::Relaxed), events, "each event comes once");
            assert_eq!(tally.order.load(Ordering::Relaxed), order, "and in the same order");
        }
    }

    /// The times from the moment at which a create was sent to its event, of all subscriptions.
    pub fn latencies(&self) -> Histogram<u64> {
        self.state.latencies.lock().expect("no panic").clone()
    }
}

impl Drop for Subscribers {
    fn drop(&mut self) {
        drop(self.stop.take());
        let ended = self.thread.take().map(JoinHandle::join);
        assert!(!matches!(ended, Some(Err(_))) || thread::panicking(), "the subscriptions failed");
    }
}

/// A connection with its subscriptions.
struct Connection {
    wire: Wire,
    transport: Transport,
    /// The number of its first subscription.
    first: usize,
    state: Arc<State>,
}

impl Connection {
    async fn open(
        address: &str,
        transport: Transport,
        subscriptions: &[Subscription],
        first: usize,
        state: &Arc<State>,
    ) -> io::Result<Self> {
        let mut wire = Wire::connect(address).await?;
        let token = &subscriptions[0].token;
        match transport {
            Transport::ServerSentEvents => {
                let head = wire.ask_for_events(token, &subscriptions[0].operation()).await?;
                assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
            }
            Transport::WebSocket | Transport::SharedWebSocket => {
                wire.open_socket(token).await?;
                for (number, subscription) in subscriptions.iter().enumerate() {
                    let (id, payload) = (number.to_string(), subscription.operation());
                    let message = json!({ "id": id, "type": "subscribe", "payload": payload });
                    wire.send_message(&message).await?;
                }
            }
        }
        Ok(Self { wire, transport, first, state: Arc::clone(state) })
    }

    /// Receives events until the service ends the connection.
    async fn receive(mut self) {
        let mut buffer = vec![];
        let error = loop {
            let received = match self.transport {
                Transport::ServerSentEvents => self.receive_chunk(&mut buffer).await,
                Transport::WebSocket | Transport::SharedWebSocket => {
                    self.receive_message(&mut buffer).await
                }
            };
            if let Err(error) = received {
                break error;
            }
        };
        panic!("a subscription has ended: {error}");
    }

    async fn receive_chunk(&mut self, buffer: &mut Vec<u8>) -> io::Result<()> {
        self.wire.chunk(buffer).await?;
        while let Some(end) = buffer.windows(2).position(|bytes| bytes == b"\n\n") {
            let block = std::str::from_utf8(&buffer[..end]).expect("events are text");
            if block.starts_with("event: next\n") {
                self.state.received(self.first, block);
            } else {
                // A ping, maybe with an id.
                assert!(!block.contains("event:"), "no event of a change: {block}");
            }
            buffer.drain(..end + 2);
        }
        Ok(())
    }

    async fn receive_message(&mut self, buffer: &mut Vec<u8>) -> io::Result<()> {
        self.wire.message(buffer).await?;
        let text = std::str::from_utf8(buffer).expect("messages are text");
        // The keys of a message are in any order, and its payload may be long.
        let head = &text[..text.floor_char_boundary(60)];
        if head.contains("\"type\":\"next\"") {
            let id = head.split_once("\"id\":\"").and_then(|(_, rest)| rest.split('"').next());
            let id: usize = id.and_then(|id| id.parse().ok()).expect("the id of a subscription");
            self.state.received(self.first + id, text);
            Ok(())
        } else {
            assert!(text.contains("\"type\":\"ping\""), "no event: {text}");
            self.wire.send_message(&json!({ "type": "pong" })).await
        }
    }
}

impl State {
    /// Counts an event of a subscription, which has to be of a create.
    fn received(&self, subscription: usize, event: &str) {
        let number = number(event).unwrap_or_else(|| panic!("not the event of a create: {event}"));
        let tally = &self.tallies[subscription];
        let order = tally.order.load(Ordering::Relaxed);
        let order = order.wrapping_mul(31).wrapping_add(number);
        tally.order.store(order, Ordering::Relaxed);
        tally.events.fetch_add(1, Ordering::Relaxed);
        if let Some(sent) = self.sent.lock().expect("no panic").get(&number) {
            let micros = u64::try_from(sent.elapsed().as_micros()).expect("it has ended");
            self.latencies.lock().expect("no panic").record(micros).expect("the histogram grows");
        }
    }
}

/// The number of a created step, from its name.
fn number(event: &str) -> Option<u64> {
    let (_, rest) = event.split_once(crate::requests::NAME)?;
    rest.split('"').next()?.parse().ok()
}
