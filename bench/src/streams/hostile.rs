//! Clients of subscriptions that are made to harm the service: the memory that each kind adds.

use std::{io, time::Duration};

use futures_util::future::join_all;
use serde_json::json;

use super::{
    Subscription,
    wire::{self, Wire},
};
use crate::{Bench, load, rounds::print_row, service::Service};

/// The connections of the kinds that only connect.
const CONNECTS: usize = 10_000;

/// The sockets that a token may have by default.
const SOCKETS: usize = 100;

/// FIN, and the opcode of text.
const TEXT: u8 = 0x81;

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
            /// Longer than it takes to fill what the kernel and the service hold.
            const TIME: Duration = Duration::from_secs(5);
            let mut wire = open(target).await?;
            let ping = json!({ "type": "ping", "payload": { "text": "x".repeat(1_000) } });
            let pings = async { while wire.send_message(&ping).await.is_ok() {} };
            let _ = tokio::time::timeout(TIME, pings).await;
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
