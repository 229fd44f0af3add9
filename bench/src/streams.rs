//! Subscriptions to changes: their memory, the time from a create to its event, and what they cost creates.

mod hostile;
mod subscribers;
mod wire;

use std::{rc::Rc, thread, time::Duration};

use serde_json::json;

use self::{
    subscribers::{Subscribers, Subscription, Transport},
    wire::Wire,
};
use super::{
    Bench, CONNECTIONS, SCENARIOS,
    load::{self, Paced},
    postgres::Postgres,
    requests::{self, World},
    rounds::{Rounds, median, print_row},
    service::{self, Service},
};

/// Subscriptions of the parts that have many.
const MANY: usize = 1_000;

/// Subscriptions of the parts that compare creates with and without them.
const SOME: usize = 100;

/// Organizations of the subscriptions beside creates of another one.
const OTHERS: usize = 10;

/// All transports, and how a row names a subscription of each.
const TRANSPORTS: [(Transport, &str); 3] = [
    (Transport::WebSocket, "by a WebSocket of its own"),
    (Transport::SharedWebSocket, "with 99 others by a WebSocket"),
    (Transport::ServerSentEvents, "by server-sent events"),
];

/// The transports with a connection for each subscription.
const CONNECTED: [(Transport, &str); 2] = [TRANSPORTS[0], TRANSPORTS[2]];

/// Creates at this rate, and so many of them.
const PACE: Paced = Paced { per_second: 100, count: 1_000, connections: 8 };

/// A service on a new SQLite database, or replicas on a new PostgreSQL database. Creates are sent to the first;
/// subscriptions are on the last.
struct Replicas {
    kind: &'static str,
    services: Vec<Service>,
    url: String,
    world: World,
    /// The database, which is removed on drop, after the services are stopped.
    _database: Box<dyn std::any::Any>,
}

impl Replicas {
    fn writing(&self) -> &Service {
        &self.services[0]
    }

    fn subscribing(&self) -> &Service {
        &self.services[self.services.len() - 1]
    }

    /// The subscription of a token to what is new.
    fn subscription(&self, token: &str) -> Subscription {
        let query = json!({ "query": "{ changesCursor }" }).to_string();
        let data = self.writing().ask(token, &query);
        let after = data["changesCursor"].as_str().expect("a cursor").to_owned();
        Subscription { token: token.to_owned(), after }
    }

    /// Subscribes so many times to the changes of the organization in which steps are created.
    fn subscribe(&self, transport: Transport, count: usize) -> Subscribers {
        let subscription = self.subscription(&self.world.token);
        Subscribers::start(&self.subscribing().address, transport, &vec![subscription; count])
    }
}

impl Bench {
    /// The memory of subscriptions to which nothing is sent.
    pub fn streams_idle(&self) {
        /// The subscriptions before which memory is measured first, so that what all share does not count.
        const FIRST: usize = 100;
        for (transport, name) in TRANSPORTS {
            let replicas = self.sqlite_replica();
            // An event each, so that what the first one needs counts.
            let create = || self.pace(&replicas, &Paced { count: 1, ..PACE }, |_| {});
            let first = replicas.subscribe(transport, FIRST);
            create();
            first.wait_for(1);
            let before = replicas.subscribing().memory();
            let others = replicas.subscribe(transport, MANY - FIRST);
            create();
            first.wait_for(2);
            others.wait_for(1);
            let after = replicas.subscribing().memory();
            let each = after.saturating_sub(before) as f64 / (MANY - FIRST) as f64;
            print_row(
                &format!("Memory of a subscription {name}, KiB"),
                "≤ 20",
                format!("{each:.1}"),
            );
        }
    }

    /// The time from a create to its event for many subscribers with one document.
    pub fn streams_fan_out(&self) {
        const SLOWLY: Paced = Paced { per_second: 10, count: 200, connections: 1 };
        for replicas in [self.sqlite_replica(), self.postgres_replicas(2)] {
            for (transport, name) in CONNECTED {
                let subscribers = replicas.subscribe(transport, MANY);
                let creates = self.pace(&replicas, &SLOWLY, |number| subscribers.sends(number));
                subscribers.wait_for(SLOWLY.count);
                let latencies = subscribers.latencies();
                let millis = |quantile| latencies.value_at_quantile(quantile) as f64 / 1e3;
                let figures = format!(
                    "{:.1} **{:.1}** {:.1}; the create itself {:.1}",
                    millis(0.5),
                    millis(0.99),
                    millis(1.0),
                    creates.median.as_secs_f64() * 1e3
                );
                let what = format!(
                    "{}: from a create to {MANY} subscribers, each {name}, ms: half, **99 of 100**, all",
                    replicas.kind
                );
                print_row(&what, "≤ 100", figures);
            }
        }
    }

    /// Creates with subscribers beside creates without.
    pub fn streams_beside(&self) {
        for replicas in [self.sqlite_replica(), self.postgres_replicas(1)] {
            self.beside_others(&replicas);
            self.beside_own_at_a_pace(&replicas);
            self.beside_own_at_full_rate(&replicas);
        }
    }

    /// Creates with subscribers of other organizations.
    fn beside_others(&self, replicas: &Replicas) {
        let others: Vec<Subscription> = (0..OTHERS)
            .map(|number| {
                let organization = format!("Bench {number}");
                let token =
                    service::token_of(&organization, &self.program, &replicas.url, &self.keys);
                replicas.subscription(&token)
            })
            .collect();
        let subscriptions: Vec<_> = others.iter().cycle().take(SOME).cloned().collect();
        let address = &replicas.subscribing().address;
        let subscribe = || Subscribers::start(address, Transport::WebSocket, &subscriptions);
        let rounds = self.compared(replicas, subscribe, |subscribers, _| subscribers.wait_for(0));
        let what = format!(
            "{}: create, {SOME} subscribers of other organizations, beside none",
            replicas.kind
        );
        print_row(&what, "0.95", rounds);
    }

    /// Creates as fast as the service responds, with subscribers of the same organization, none of which
    /// misses an event.
    fn beside_own_at_full_rate(&self, replicas: &Replicas) {
        let subscribe = || replicas.subscribe(Transport::WebSocket, SOME);
        let rounds = self.compared(replicas, subscribe, Subscribers::wait_for);
        let what = format!(
            "{}: create, {SOME} subscribers of its own, beside none, nothing lost",
            replicas.kind
        );
        print_row(&what, "0.5", rounds);
    }

    /// The rates of creates with these subscribers to those without, in turn; `check` is given the number of
    /// creates of each round.
    fn compared(
        &self,
        replicas: &Replicas,
        subscribe: impl Fn() -> Subscribers,
        check: impl Fn(&Subscribers, u64),
    ) -> Rounds {
        let create = || self.create(replicas.writing(), &replicas.world, SCENARIOS, CONNECTIONS);
        let mut rounds = Rounds::default();
        for _ in 0..self.rounds {
            let subscribers = subscribe();
            let with = create();
            check(&subscribers, with.count);
            drop(subscribers);
            let without = create();
            eprintln!(
                "{}: create, {SOME} subscribers: {:.0}/s; none {:.0}/s",
                replicas.kind, with.per_second, without.per_second
            );
            rounds.add(with.per_second, without.per_second);
        }
        rounds
    }

    /// Creates at a pace with subscribers of the same organization, and the longest time to an event.
    fn beside_own_at_a_pace(&self, replicas: &Replicas) {
        let (mut rounds, mut longest) = (Rounds::default(), vec![]);
        for _ in 0..self.rounds {
            let subscribers = replicas.subscribe(Transport::WebSocket, SOME);
            let with = self.pace(replicas, &PACE, |number| subscribers.sends(number));
            subscribers.wait_for(PACE.count);
            longest.push(subscribers.latencies().max() as f64 / 1e3);
            drop(subscribers);
            let without = self.pace(replicas, &PACE, |_| {});
            eprintln!("{}: p99 {:?}; without {:?}", replicas.kind, with.p99, without.p99);
            rounds.add(with.p99.as_secs_f64(), without.p99.as_secs_f64());
        }
        let of = format!("{} creates a second, {SOME} subscribers of its own", PACE.per_second);
        let what = format!("{}: {of}: 99 of 100 creates within, beside none", replicas.kind);
        print_row(&what, "≤ 1.5", rounds);
        let greatest = longest.iter().copied().fold(0.0, f64::max);
        let what = format!("{}: {of}: longest time to an event of a round, ms", replicas.kind);
        print_row(&what, "≤ 500", format!("**{:.0}**, at most {greatest:.0}", median(longest)));
    }

    /// The memory of a service of whose subscribers one reads nothing, again and again.
    pub fn streams_slow(&self) {
        /// More changes than the service keeps of what is recent.
        const CHANGES: u64 = 5_000;
        const ROUNDS: u64 = 5;
        for (transport, name) in CONNECTED {
            let replicas = self.sqlite_replica();
            let service = replicas.subscribing();
            let stalled = stall(service, transport, &replicas.subscription(&replicas.world.token));
            let subscribers = replicas.subscribe(transport, MANY - 1);
            let memory: Vec<u64> = (1..=ROUNDS)
                .map(|round| {
                    self.create_in_batches(&replicas, CHANGES);
                    subscribers.wait_for(CHANGES * round);
                    service.memory() / 1_024
                })
                .collect();
            drop(stalled);
            let (first, later) = memory.split_at(2);
            let most = first.iter().max().expect("two rounds");
            let what = format!(
                "Memory with {MANY} subscribers {name}, of which one reads nothing, after each \
                 {CHANGES} changes, MiB"
            );
            let target = format!("the last ≤ {}", most + most / 10);
            print_row(&what, &target, format!("{first:?} {later:?}"));
        }
    }

    /// Creates steps at a pace.
    fn pace(&self, replicas: &Replicas, pace: &Paced, sends: impl Fn(u64)) -> load::PacedOutcome {
        let body = |number| {
            sends(number);
            requests::create(&replicas.world, number, SCENARIOS)
        };
        let tokens = [replicas.world.token.as_str()];
        let target = replicas.writing().target(&tokens, &body, requests::CREATED);
        load::paced(&target, pace, &self.numbers)
    }

    /// Creates so many steps, 100 in each call.
    fn create_in_batches(&self, replicas: &Replicas, steps: u64) {
        const SIZE: u64 = 100;
        let token = &replicas.world.token;
        for _ in 0..steps / SIZE {
            let first = self.numbers.replace(self.numbers.get() + SIZE);
            let numbers = first..first + SIZE;
            replicas.writing().ask(token, &requests::batch(&replicas.world, numbers, SCENARIOS));
        }
    }

    fn sqlite_replica(&self) -> Replicas {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("bench.db").display());
        let service = self.start(&url);
        let world = service.fill(self.token(&url), SCENARIOS);
        Replicas {
            kind: "SQLite",
            services: vec![service],
            url,
            world,
            _database: Box::new(folder),
        }
    }

    fn postgres_replicas(&self, count: usize) -> Replicas {
        /// Steps that are there before anything is measured: plans for empty tables suit no others.
        const BEFORE: u64 = 2_000;
        let server = Rc::new(Postgres::start());
        let url = server.url();
        let services: Vec<_> = (0..count).map(|_| self.start(&url)).collect();
        let world = services[0].fill(self.token(&url), SCENARIOS);
        let kind = if count == 1 { "PostgreSQL" } else { "PostgreSQL, two replicas" };
        let _database = Box::new(Rc::clone(&server));
        let replicas = Replicas { kind, services, url, world, _database };
        self.create_in_batches(&replicas, BEFORE);
        server.execute("VACUUM ANALYZE");
        replicas
    }
}

/// A subscriber that reads nothing: its thread ends with it.
struct Stalled {
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

/// Subscribes, and then reads nothing. Over a WebSocket it answers the pings that it does not read.
fn stall(service: &Service, transport: Transport, subscription: &Subscription) -> Stalled {
    /// The interval of pings of the service.
    const PING: Duration = Duration::from_secs(20);
    let (stop, mut stopped) = tokio::sync::oneshot::channel();
    let (address, subscription) = (service.address.clone(), subscription.clone());
    let thread = thread::spawn(move || {
        load::runtime().block_on(async {
            let mut wire = Wire::connect_small(&address).await.expect("the service listens");
            let operation = subscription.operation();
            if transport == Transport::ServerSentEvents {
                wire.ask_for_events(&subscription.token, &operation).await.expect("a stream");
                let _ = stopped.await;
                return;
            }
            wire.open_socket(&subscription.token).await.expect("a socket");
            let message = json!({ "id": "0", "type": "subscribe", "payload": operation });
            wire.send_message(&message).await.expect("the socket is open");
            while tokio::time::timeout(PING, &mut stopped).await.is_err() {
                let _ = wire.send_message(&json!({ "type": "pong" })).await;
            }
        });
    });
    Stalled { stop: Some(stop), thread: Some(thread) }
}

impl Drop for Stalled {
    fn drop(&mut self) {
        drop(self.stop.take());
        let _ = self.thread.take().map(thread::JoinHandle::join);
    }
}
