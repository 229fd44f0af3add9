//! The open WebSockets and streams: how many each token has, and their end when it is revoked.

use std::{
    collections::{HashMap, hash_map::Entry},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio_util::{
    sync::{CancellationToken, WaitForCancellationFutureOwned},
    task::task_tracker::TaskTrackerToken,
};
use uuid::Uuid;

use super::{
    draining::Draining,
    error::Problem,
    layers::callers::{Callers, LOOKUP_INTERVAL},
};
use crate::{
    config::StreamLimits,
    graphql::{error::ErrorCode, events::Held},
    store::kit::outage::Outage,
    telemetry,
};

/// The maximum number of bytes of the documents and variables of a token's streams. In memory a prepared document
/// takes ten to thirty times the size of its text.
const HELD_BYTES_MAX: usize = 1_000_000;

/// The open sockets and streams of this replica. Clones share the state.
#[derive(Clone)]
pub(super) struct Streams(Arc<Shared>);

struct Shared {
    limits: StreamLimits,
    callers: Callers,
    draining: Draining,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    tokens: HashMap<Uuid, OfToken>,
    unauthenticated: HashMap<Option<IpAddr>, u32>,
    /// Whether a task looks up the tokens.
    is_watched: bool,
}

/// What a token has open.
#[derive(Default)]
struct OfToken {
    sockets: u32,
    streams: u32,
    /// What its streams hold in memory, with the number of streams that share it.
    held: HashMap<Held, u32>,
    /// Ends its sockets and streams.
    revoked: CancellationToken,
}

/// Over what a stream is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub(super) enum Transport {
    /// Server-sent events.
    Sse,
    /// A WebSocket.
    WebSocket,
}

/// What a socket or stream is counted as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Socket(Uuid),
    Stream(Uuid, Transport),
    Unauthenticated(Option<IpAddr>),
}

/// The permit of an open socket or stream, which counts until it is dropped.
pub(super) struct Permit {
    streams: Streams,
    kind: Kind,
    revoked: CancellationToken,
    held: Option<Held>,
    _open: TaskTrackerToken,
}

impl Streams {
    pub(super) fn new(limits: StreamLimits, callers: Callers, draining: Draining) -> Self {
        Self(Arc::new(Shared { limits, callers, draining, counts: Mutex::default() }))
    }

    /// Completes when all streams have to end because the service stops.
    pub(super) fn end(&self) -> WaitForCancellationFutureOwned {
        self.0.draining.streams_end()
    }

    /// A permit for a WebSocket of this token.
    pub(super) fn socket(&self, token: Uuid) -> Result<Permit, Problem> {
        let max = self.0.limits.max_sockets_per_token;
        self.permit(Kind::Socket(token)).ok_or_else(|| {
            too_many(format!("The token has {max} open WebSockets, which is the maximum."))
        })
    }

    /// A permit for a stream of this token.
    pub(super) fn stream(&self, token: Uuid, transport: Transport) -> Result<Permit, Problem> {
        let max = self.0.limits.max_streams_per_token;
        self.permit(Kind::Stream(token, transport)).ok_or_else(|| {
            too_many(format!("The token has {max} open subscriptions, which is the maximum."))
        })
    }

    /// A permit for a WebSocket of a client at this address that has sent no valid token yet.
    pub(super) fn unauthenticated(&self, address: Option<IpAddr>) -> Result<Permit, Problem> {
        let max = self.0.limits.max_unauthenticated_sockets;
        self.permit(Kind::Unauthenticated(address)).ok_or_else(|| {
            let message = format!(
                "The client's address has {max} open WebSockets without a valid token, which is the \
                 maximum."
            );
            too_many(message)
        })
    }

    fn permit(&self, kind: Kind) -> Option<Permit> {
        let limits = &self.0.limits;
        let mut counts = self.counts();
        let (count, max) = match kind {
            Kind::Socket(token) => {
                (&mut counts.tokens.entry(token).or_default().sockets, limits.max_sockets_per_token)
            }
            Kind::Stream(token, _) => {
                (&mut counts.tokens.entry(token).or_default().streams, limits.max_streams_per_token)
            }
            Kind::Unauthenticated(address) => (
                counts.unauthenticated.entry(address).or_default(),
                limits.max_unauthenticated_sockets,
            ),
        };
        if *count >= max {
            counts.remove_unused(kind);
            return None;
        }
        *count += 1;
        let revoked = match kind {
            Kind::Socket(token) | Kind::Stream(token, _) => {
                if !counts.is_watched {
                    counts.is_watched = true;
                    tokio::spawn(self.clone().end_revoked());
                }
                counts.tokens.entry(token).or_default().revoked.clone()
            }
            Kind::Unauthenticated(_) => CancellationToken::new(),
        };
        drop(counts);
        if let Kind::Stream(_, transport) = kind {
            open_streams(transport).increment(1);
        }
        let open = self.0.draining.open();
        Some(Permit { streams: self.clone(), kind, revoked, held: None, _open: open })
    }

    /// Ends the sockets and streams of tokens that are revoked, as long as there are any.
    async fn end_revoked(self) {
        let mut outage = Outage::default();
        loop {
            tokio::time::sleep(LOOKUP_INTERVAL).await;
            let tokens: Vec<_> = {
                let mut counts = self.counts();
                counts.is_watched = !counts.tokens.is_empty();
                counts.tokens.keys().copied().collect()
            };
            if tokens.is_empty() {
                return;
            }
            match self.0.callers.revoked(&tokens).await {
                Ok(revoked) => {
                    outage.ends();
                    telemetry::set_worker_success("revocations", self.0.callers.now());
                    let counts = self.counts();
                    for token in revoked.iter().filter_map(|token| counts.tokens.get(token)) {
                        token.revoked.cancel();
                    }
                }
                Err(error) => {
                    if outage.begins() {
                        tracing::error!(%error, "the tokens of streams cannot be looked up");
                    }
                }
            }
        }
    }

    /// The state is consistent whenever the lock is released, so a poisoned lock is safe to use.
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    /// Removes the entry that a socket or stream was counted in, if it counts nothing.
    fn remove_unused(&mut self, kind: Kind) {
        match kind {
            Kind::Socket(token) | Kind::Stream(token, _) => {
                let is_unused = |of_token: &OfToken| of_token.sockets == 0 && of_token.streams == 0;
                if self.tokens.get(&token).is_some_and(is_unused) {
                    self.tokens.remove(&token);
                }
            }
            Kind::Unauthenticated(address) => {
                if self.unauthenticated.get(&address) == Some(&0) {
                    self.unauthenticated.remove(&address);
                }
            }
        }
    }
}

impl Permit {
    /// Completes when the token is revoked.
    pub(super) fn revoked(&self) -> WaitForCancellationFutureOwned {
        self.revocation().cancelled_owned()
    }

    /// Is cancelled when the token is revoked.
    pub(super) fn revocation(&self) -> CancellationToken {
        self.revoked.clone()
    }

    /// Whether it is for a socket of this token.
    pub(super) fn is_for_socket_of(&self, token: Uuid) -> bool {
        self.kind == Kind::Socket(token)
    }

    /// Counts what a stream holds in memory. Streams that share it count once.
    pub(super) fn hold(&mut self, held: Held) -> Result<(), Problem> {
        let Kind::Stream(token, _) = self.kind else { return Ok(()) };
        let mut counts = self.streams.counts();
        let all = &mut counts.tokens.entry(token).or_default().held;
        let bytes: usize =
            all.keys().filter(|other| **other != held).map(|other| other.bytes).sum();
        if bytes + held.bytes > HELD_BYTES_MAX {
            let message = format!(
                "The documents and variables of the token's subscriptions take more than \
                 {HELD_BYTES_MAX} bytes; those that are the same count once."
            );
            return Err(Problem::new(ErrorCode::QueryTooLarge, message));
        }
        *all.entry(held).or_default() += 1;
        self.held = Some(held);
        Ok(())
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut counts = self.streams.counts();
        match self.kind {
            Kind::Socket(token) => counts.tokens.entry(token).or_default().sockets -= 1,
            Kind::Stream(token, transport) => {
                let of_token = counts.tokens.entry(token).or_default();
                of_token.streams -= 1;
                if let Some(held) = self.held
                    && let Entry::Occupied(mut sharing) = of_token.held.entry(held)
                {
                    *sharing.get_mut() -= 1;
                    if *sharing.get() == 0 {
                        sharing.remove();
                    }
                }
                open_streams(transport).decrement(1);
            }
            Kind::Unauthenticated(address) => {
                *counts.unauthenticated.entry(address).or_default() -= 1;
            }
        }
        counts.remove_unused(self.kind);
    }
}

fn open_streams(transport: Transport) -> metrics::Gauge {
    let transport: &str = transport.into();
    metrics::gauge!(telemetry::STREAMS, "transport" => transport)
}

fn too_many(message: String) -> Problem {
    Problem::new(ErrorCode::TooManyOperations, message)
}
