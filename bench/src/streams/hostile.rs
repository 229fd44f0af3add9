//! Clients of subscriptions that are made to harm the service: the memory that each kind adds.

use std::{io, time::Duration};

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{
    Subscription,
    wire::{self, Wire},
};
use crate::{Bench, load, rounds::print_row, service::Service};

/// The connections of the kinds that only connect.
const CONNECTS: usize = 10_000;

/// The sockets that a token may have by default.
const SOCKETS: usize = 100;

/// FIN, and the opcodes of text and of a ping.
const TEXT: u8 = 0x81;
const PING: u8 = 0x89;

/// A query with a response of 128 kB.
const LARGE: &str = "{ __schema { types { name description fields { name description args { name description } } \
                     inputFields { name description } } } }";

impl Bench {
    /// The memory that hostile clients of subscriptions add.
    pub fn streams_hostile(&self) {
        self.hostile("10,000 connections that send nothing", 256, CONNECTS, async |target, _| {
            connect(target).await
        });
        self.hostile("10,000 sockets without a token", 256, CONNECTS, async |target, _| {
            let mut wire = connect(target).await?;
            wire.upgrade().await?;
            Ok(wire)
        });
        let what = "100 sockets that announce a message of 1 GiB";
        self.hostile(what, 16, SOCKETS, async |target, _| {
            let mut wire = open(target).await?;
            wire.send(&wire::header(TEXT, 1 << 30)).await?;
            Ok(wire)
        });
        let what = "100 sockets with 4.8 MB of a message that does not end";
        self.hostile(what, 500, SOCKETS, async |target, _| {
            let mut wire = open(target).await?;
            wire.send(&wire::header(TEXT, 4_900_000)).await?;
            wire.send(&vec![b' '; 4_800_000]).await?;
            Ok(wire)
        });
        let what = "100 sockets that send pings and read no answer";
        self.hostile(what, 64, SOCKETS, async |target, _| {
            let mut wire = open(target).await?;
            let ping = json!({ "type": "ping", "payload": { "text": "x".repeat(1_000) } });
            let ping = wire::frame(TEXT, ping.to_string().as_bytes());
            send_endlessly(&mut wire, |_| ping.clone()).await;
            Ok(wire)
        });
        let what = "100 sockets that send ping frames and read no answer";
        self.hostile(what, 64, SOCKETS, async |target, _| {
            let mut wire = open(target).await?;
            let pings = wire::frame(PING, &[b'x'; 125]).repeat(100);
            send_endlessly(&mut wire, |_| pings.clone()).await;
            Ok(wire)
        });
        // Each may hold 5 MB of operations that wait, the one that it receives, and eight responses.
        let what = "100 sockets that send operations of 1 MB and read no response";
        self.hostile(what, 700, SOCKETS, async |target, _| {
            let mut wire = Wire::connect_small(&target.service.address).await?;
            wire.open_socket(&target.subscription.token).await?;
            // More than the kernel holds.
            for number in 0..30 {
                let large = operation(&format!("large {number}"), LARGE, &json!({}));
                wire.send_message(&large).await?;
            }
            let variables = json!({ "text": "x".repeat(1_000_000) });
            send_endlessly(&mut wire, |number| {
                let small = operation(&format!("small {number}"), "{ __typename }", &variables);
                wire::frame(TEXT, small.to_string().as_bytes())
            })
            .await;
            Ok(wire)
        });
        let what = "10,000 sockets without a token that announce a message of 4.9 MB";
        self.hostile(what, 256, CONNECTS, async |target, _| {
            let mut wire = connect(target).await?;
            wire.upgrade().await?;
            wire.send(&wire::header(TEXT, 4_900_000)).await?;
            Ok(wire)
        });
        let what = "1,000 subscriptions with documents of 90 kB, no two of which are equal";
        self.hostile(what, 64, SOCKETS / 10, async |target, socket| {
            let mut wire = open(target).await?;
            for number in 0..100 {
                subscribe_distinct(&mut wire, &target.subscription, socket * 100 + number).await?;
            }
            Ok(wire)
        });
    }

    /// Prints the memory that a service has more while it has so many clients, and at most so many MiB. A
    /// client may fail, because the service closes its connection.
    fn hostile(
        &self,
        what: &str,
        most: u64,
        count: usize,
        client: impl AsyncFn(&Target<'_>, usize) -> io::Result<Wire>,
    ) {
        /// Clients that connect at the same time.
        const AT_ONCE: usize = 50;
        let replicas = self.sqlite_replica();
        let target = Target {
            service: replicas.subscribing(),
            subscription: replicas.subscription(&replicas.world.token),
        };
        let before = target.service.memory();
        let after = load::runtime().block_on(async {
            let mut clients = vec![];
            for first in (0..count).step_by(AT_ONCE) {
                let numbers = first..count.min(first + AT_ONCE);
                clients.extend(join_all(numbers.map(|number| client(&target, number))).await);
            }
            target.service.memory()
        });
        let added = (after as f64 - before as f64) / 1_024.0;
        print_row(&format!("Memory of {what}, MiB"), &format!("≤ {most}"), format!("{added:.1}"));
    }
}

/// A service, and a subscription to it.
struct Target<'a> {
    service: &'a Service,
    subscription: Subscription,
}

async fn connect(target: &Target<'_>) -> io::Result<Wire> {
    Wire::connect(&target.service.address).await
}

/// Sends one frame after the other, by its number, longer than it takes to fill what the kernel and the service hold.
async fn send_endlessly(wire: &mut Wire, frame: impl Fn(usize) -> Vec<u8>) {
    const TIME: Duration = Duration::from_secs(5);
    let sending = async {
        let mut numbers = 0..;
        while let Some(number) = numbers.next()
            && wire.send(&frame(number)).await.is_ok()
        {}
    };
    let _ = tokio::time::timeout(TIME, sending).await;
}

/// The message that starts an operation.
fn operation(id: &str, query: &str, variables: &Value) -> Value {
    let payload = json!({ "query": query, "variables": variables });
    json!({ "id": id, "type": "subscribe", "payload": payload })
}

/// Opens a socket with a token.
async fn open(target: &Target<'_>) -> io::Result<Wire> {
    let mut wire = connect(target).await?;
    wire.open_socket(&target.subscription.token).await?;
    Ok(wire)
}

/// Starts a subscription whose document no other one has.
async fn subscribe_distinct(
    wire: &mut Wire,
    subscription: &Subscription,
    number: usize,
) -> io::Result<()> {
    let mut operation = subscription.operation();
    let query = operation["query"].as_str().expect("a document");
    operation["query"] = format!("{query} #{number} {}", "x".repeat(90_000)).into();
    let message = json!({ "id": number.to_string(), "type": "subscribe", "payload": operation });
    wire.send_message(&message).await
}
