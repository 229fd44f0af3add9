//! The unread rest of request bodies.
//!
//! On a connection of HTTP/1 the next request comes after the whole body of the one before. hyper
//! closes a connection whose body was not read, without announcing it, so the client's next request
//! on it would fail. Here the unread part of the body is read and discarded; where it is too long or
//! too slow for that, the response announces that the connection will be closed.

use std::{
    future::poll_fn,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{Version, header},
};
use http_body::{Body as HttpBody, Frame, SizeHint};

/// The maximum number of bytes of an unread body that are read and discarded. Many clients read no
/// response before they have sent the whole body; a body that is too large by mistake is usually
/// shorter than this, so its sender receives the error.
const DISCARDED_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// How long the bytes to discard may take to arrive.
const DISCARD_TIME: Duration = Duration::from_secs(2);

/// The unread part of a request's body. The handlers have another reference to the same body.
pub(crate) struct Unread {
    body: SharedBody,
    /// Whether the client waits for `100 Continue` before it sends the body.
    is_withheld: bool,
}

impl Unread {
    /// Wraps the body of a request so that its rest can be read after the handler. `None` if the body is
    /// empty, and for HTTP/2, whose requests do not follow each other.
    pub(crate) fn of(request: Request) -> (Request, Option<Self>) {
        if request.version() > Version::HTTP_11 || request.body().is_end_stream() {
            return (request, None);
        }
        let is_withheld = request.headers().contains_key(header::EXPECT);
        let (parts, body) = request.into_parts();
        let body = SharedBody(Arc::new(Mutex::new(Progress { body, state: State::Untouched })));
        let request = Request::from_parts(parts, Body::new(body.clone()));
        (request, Some(Self { body, is_withheld }))
    }

    /// Reads and discards the unread rest, for at most `time`, unless the client withholds it or it is
    /// too long. Returns whether the connection can be used again.
    pub(crate) async fn discard(mut self, time: Duration) -> bool {
        let (is_read, is_worth_it) = {
            let progress = self.body.progress();
            let will_come = match progress.state {
                State::Untouched => !self.is_withheld,
                State::Begun => true,
                State::Ended | State::Failed => false,
            };
            let is_short = progress.body.size_hint().lower() <= DISCARDED_BYTES_MAX;
            (progress.is_read(), will_come && is_short)
        };
        if is_read || !is_worth_it {
            return is_read;
        }
        let all_of_it = async {
            let mut left = DISCARDED_BYTES_MAX;
            while let Some(frame) = poll_fn(|cx| Pin::new(&mut self.body).poll_frame(cx)).await {
                let bytes = frame.ok()?.data_ref().map_or(0, Bytes::len);
                left = left.checked_sub(bytes.try_into().ok()?)?;
            }
            Some(())
        };
        matches!(tokio::time::timeout(time.min(DISCARD_TIME), all_of_it).await, Ok(Some(())))
    }
}

/// A body with two owners: the handler and [`Unread`].
#[derive(Clone)]
struct SharedBody(Arc<Mutex<Progress>>);

struct Progress {
    body: Body,
    state: State,
}

/// How far a body has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Untouched,
    Begun,
    Ended,
    /// The connection broke, or the body is malformed. No request can follow.
    Failed,
}

impl Progress {
    fn is_read(&self) -> bool {
        match self.state {
            State::Untouched | State::Begun => self.body.is_end_stream(),
            State::Ended => true,
            State::Failed => false,
        }
    }
}

impl SharedBody {
    /// The owners read one after the other, so the lock is never contended. The state is consistent
    /// whenever the lock is released, so a poisoned lock is safe to use.
    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HttpBody for SharedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut progress = self.progress();
        if matches!(progress.state, State::Ended | State::Failed) {
            return Poll::Ready(None);
        }
        progress.state = State::Begun;
        let frame = ready!(Pin::new(&mut progress.body).poll_frame(context));
        match &frame {
            Some(Ok(_)) => {}
            Some(Err(_)) => progress.state = State::Failed,
            None => progress.state = State::Ended,
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.progress().is_read()
    }

    fn size_hint(&self) -> SizeHint {
        self.progress().body.size_hint()
    }
}
