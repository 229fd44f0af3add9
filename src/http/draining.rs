//! The end of the service, step by step.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio_util::{
    sync::{CancellationToken, WaitForCancellationFutureOwned},
    task::{TaskTracker, task_tracker::TaskTrackerToken},
};

/// How far the service is in stopping. Clones share the state.
#[derive(Debug, Clone, Default)]
pub struct Draining {
    has_begun: Arc<AtomicBool>,
    streams_end: CancellationToken,
    /// The WebSockets and server-sent events that are open. The server itself does not know of
    /// connections that were upgraded.
    open: TaskTracker,
}

impl Draining {
    /// From now on `/health/ready` fails, and each response closes its HTTP/1 connection. Streams
    /// go on.
    pub fn begin(&self) {
        self.has_begun.store(true, Ordering::Relaxed);
    }

    /// Ends all streams so that their clients resume them on another replica, and waits until they
    /// have ended, at most for this time.
    pub async fn end_streams(&self, at_most: Duration) {
        self.streams_end.cancel();
        self.open.close();
        if tokio::time::timeout(at_most, self.open.wait()).await.is_err() {
            tracing::warn!(count = self.open.len(), "streams did not end in time");
        }
    }

    /// Whether [`begin`](Self::begin) was called.
    pub(super) fn has_begun(&self) -> bool {
        self.has_begun.load(Ordering::Relaxed)
    }

    /// Completes when streams have to end.
    pub(super) fn streams_end(&self) -> WaitForCancellationFutureOwned {
        self.streams_end.clone().cancelled_owned()
    }

    /// Counts an open stream or socket until the token is dropped.
    pub(super) fn open(&self) -> TaskTrackerToken {
        self.open.token()
    }
}
