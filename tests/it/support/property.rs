//! Requests that are sent together.

use futures_util::future::{JoinAll, join_all};
use tokio::task::coop::{Unconstrained, unconstrained};

/// Sends requests together: on a runtime of one thread, up to 30 are polled until they wait before
/// any task is run that they start. So all that wait for the commit queue are there before its first
/// batch is chosen.
pub fn together<F: Future>(requests: impl IntoIterator<Item = F>) -> Unconstrained<JoinAll<F>> {
    unconstrained(join_all(requests))
}
