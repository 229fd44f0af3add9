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

/// The body of a request, of which the handler has another reference.
#[derive(Clone)]
pub(crate) struct Unread(Arc<Mutex<Progress>>);

/// How far a body has been read.
struct Progress {
    body: Body,
    /// Whether the client waits for `100 Continue` before it sends the body.
    is_withheld: bool,
    /// Whether the body has ended as it should; if not, the connection broke or the body is malformed,
    /// and no request can follow. `None` before its end.
    ended_well: Option<bool>,
}

impl Unread {
    /// Shares the body of a request, so that its rest can be read after the handler. `None` if the body is
    /// empty, and for HTTP/2, whose requests do not follow each other.
    pub(crate) fn of(request: Request) -> (Request, Option<Self>) {
        if request.version() > Version::HTTP_11 || request.body().is_end_stream() {
            return (request, None);
        }
        let is_withheld = request.headers().contains_key(header::EXPECT);
        let (parts, body) = request.into_parts();
        let unread = Self(Arc::new(Mutex::new(Progress { body, is_withheld, ended_well: None })));
        (Request::from_parts(parts, Body::new(unread.clone())), Some(unread))
    }

    /// Reads and discards the unread rest, for at most `time`, unless the client withholds it or it is
    /// too long. Returns whether the connection can be used again.
    pub(crate) async fn discard(mut self, time: Duration) -> bool {
        let (is_read, is_worth_it) = {
            let progress = self.progress();
            let will_come = progress.ended_well.is_none() && !progress.is_withheld;
            let is_short = progress.body.size_hint().lower() <= DISCARDED_BYTES_MAX;
            (progress.is_read(), will_come && is_short)
        };
        if is_read || !is_worth_it {
            return is_read;
        }
        let all_of_it = async {
            let mut left = DISCARDED_BYTES_MAX;
            while let Some(frame) = poll_fn(|cx| Pin::new(&mut self).poll_frame(cx)).await {
                let bytes = frame.ok()?.data_ref().map_or(0, Bytes::len);
                left = left.checked_sub(bytes.try_into().ok()?)?;
            }
            Some(())
        };
        matches!(tokio::time::timeout(time.min(DISCARD_TIME), all_of_it).await, Ok(Some(())))
    }

    /// The owners read one after the other, so the lock is never contended. The state is consistent
    /// whenever the lock is released, so a poisoned lock is safe to use.
    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress {
    fn is_read(&self) -> bool {
        self.ended_well.unwrap_or_else(|| self.body.is_end_stream())
    }
}

impl HttpBody for Unread {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut progress = self.progress();
        if progress.ended_well.is_some() {
            return Poll::Ready(None);
        }
        progress.is_withheld = false;
        let frame = ready!(Pin::new(&mut progress.body).poll_frame(context));
        if !matches!(frame, Some(Ok(_))) {
            progress.ended_well = Some(frame.is_none());
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
