//! A WebSocket: messages in, messages out, and its end.

use std::{
    collections::VecDeque,
    future::poll_fn,
    io::{self, Read as _},
    task::{Context, Poll},
    time::Duration,
};

use axum::body::Bytes;
use bytes::{Buf as _, buf::Chain};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tungstenite::{
    Error, Message, Utf8Bytes, WebSocket,
    error::ProtocolError,
    protocol::{
        CloseFrame, Role, WebSocketConfig,
        frame::{
            Frame,
            coding::{Data, OpCode},
        },
    },
};

use super::{close::Close, non_blocking::NonBlocking};

/// The size of the buffer for reading, in bytes. Each socket has one all the time.
const READ_BUFFER: usize = 4 * 1024;

/// Largest frame that is sent, in bytes; a larger message is sent in several.
const FRAME_MAX: usize = 16 * 1024;

/// Reading pauses while more bytes than this wait to be sent: the client sends without reading the answers. The
/// buffer for writing keeps the capacity that it once had, which is twice this at most.
const QUEUED_MAX: usize = 64 * 1024;

/// The number of bytes that a client may send before it is authenticated.
const UNAUTHENTICATED_MAX: usize = 64 * 1024;

/// The size of the header of a small frame that is sent, in bytes.
const HEADER: usize = 2;

/// How long the service waits until the client has read the close code.
const CLOSE_TIME: Duration = Duration::from_secs(2);

/// A text message to send, in three parts: one of them is shared by subscribers, and not copied.
pub(super) struct Outgoing(Chain<Chain<Bytes, Bytes>, Bytes>);

impl Outgoing {
    /// A message of these parts, which together are text.
    pub(super) fn of_parts(before: Bytes, shared: Bytes, after: Bytes) -> Self {
        Self(before.chain(shared).chain(after))
    }
}

impl From<String> for Outgoing {
    fn from(text: String) -> Self {
        Self::of_parts(text.into(), Bytes::new(), Bytes::new())
    }
}

impl From<&'static str> for Outgoing {
    fn from(text: &'static str) -> Self {
        Self::of_parts(Bytes::from_static(text.as_bytes()), Bytes::new(), Bytes::new())
    }
}

/// What happened on a connection.
pub(super) enum Received {
    /// The client sent a text.
    Text(Utf8Bytes),
    /// What was queued has been sent.
    Sent,
    /// The client sent what it may not.
    Fault(Close),
    /// The client has closed the connection, or it is lost.
    Gone,
}

/// An open WebSocket.
pub(super) struct Connection<C = TokioIo<Upgraded>> {
    socket: WebSocket<NonBlocking<C>>,
    /// The number of bytes that a message of an authenticated client may have.
    max_bytes: usize,
    /// The messages to send; a part of the first one may have been sent.
    queue: VecDeque<Outgoing>,
    /// Whether a part of the first one has been sent.
    is_within: bool,
    /// The number of bytes in the queue.
    queued: usize,
    /// The number of bytes that the socket may have in its buffer.
    unflushed: usize,
    /// Whether reading has failed: what the client sends is not read as frames any more.
    has_failed: bool,
}

impl<C: AsyncRead + AsyncWrite + Unpin> Connection<C> {
    /// A WebSocket on a connection whose handshake is complete. The client is not authenticated yet. Each of
    /// its messages may have `max_bytes`, and until it is authenticated all of them together 64 KiB.
    pub(super) fn new(connection: C, max_bytes: usize) -> Self {
        // The library reserves the size of a frame as soon as its header announces it.
        let max = Some(max_bytes.min(UNAUTHENTICATED_MAX));
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(FRAME_MAX)
            .max_message_size(max)
            .max_frame_size(max);
        let stream = NonBlocking::new(connection, UNAUTHENTICATED_MAX);
        Self {
            socket: WebSocket::from_raw_socket(stream, Role::Server, Some(config)),
            max_bytes,
            queue: VecDeque::new(),
            is_within: false,
            queued: 0,
            unflushed: 0,
            has_failed: false,
        }
    }

    /// The client is authenticated: it may send any number of bytes.
    pub(super) fn lift_limit(&mut self) {
        self.socket.get_mut().lift();
        let max = Some(self.max_bytes);
        self.socket.set_config(|config| {
            (config.max_message_size, config.max_frame_size) = (max, max);
        });
    }

    /// Queues a message, which [`next`](Self::next) sends.
    pub(super) fn send(&mut self, message: impl Into<Outgoing>) {
        let message = message.into();
        self.queued += message.0.remaining();
        self.queue.push_back(message);
    }

    /// Whether another event should be queued: what waits is less than a frame.
    pub(super) fn has_room(&self) -> bool {
        self.queued + self.unflushed < FRAME_MAX
    }

    /// Whether everything has been sent.
    pub(super) fn is_idle(&self) -> bool {
        self.queued + self.unflushed == 0
    }

    /// Sends and receives until a message has arrived or everything has been sent. Neither waits for the
    /// other. It can be cancelled without loss.
    pub(super) async fn next(&mut self) -> Received {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Received> {
        self.socket.get_mut().set_waker(context.waker());
        let was_idle = self.is_idle();
        loop {
            if let Err(error) = self.send_queued() {
                return Poll::Ready(self.fail(&error));
            }
            if self.queued + self.unflushed > QUEUED_MAX {
                break;
            }
            match unless_blocked(self.socket.read()) {
                Poll::Ready(read) => {
                    if let Some(received) = self.received(read) {
                        return Poll::Ready(received);
                    }
                }
                Poll::Pending => break,
            }
        }
        if self.is_idle() && !was_idle { Poll::Ready(Received::Sent) } else { Poll::Pending }
    }

    /// What a message or an error means; none for those that concern the connection alone.
    fn received(&mut self, read: Result<Message, Error>) -> Option<Received> {
        match read {
            Ok(Message::Text(text)) => Some(Received::Text(text)),
            Ok(Message::Binary(_)) => {
                let close = Close::bad_request("Messages are text, not binary.");
                Some(Received::Fault(close))
            }
            Ok(Message::Ping(payload)) => {
                // The library has put its answer into the buffer.
                self.unflushed += HEADER + payload.len();
                None
            }
            Ok(Message::Pong(_) | Message::Frame(_)) => None,
            Ok(Message::Close(_)) => Some(Received::Gone),
            Err(error) => Some(self.fail(&error)),
        }
    }

    /// Sends what is queued, until the client does not take more.
    fn send_queued(&mut self) -> Result<(), Error> {
        while !self.is_idle() {
            if self.queue.is_empty() || self.unflushed >= FRAME_MAX {
                match unless_blocked(self.socket.flush()) {
                    Poll::Ready(flushed) => flushed?,
                    Poll::Pending => return Ok(()),
                }
                self.unflushed = 0;
            }
            if let Some(frame) = self.next_frame() {
                self.unflushed += frame.len();
                // If the client takes no more, the frame is in the buffer.
                if let Poll::Ready(written) =
                    unless_blocked(self.socket.write(Message::Frame(frame)))
                {
                    written?;
                }
            }
        }
        Ok(())
    }

    /// Takes a frame from the queue.
    fn next_frame(&mut self) -> Option<Frame> {
        let Outgoing(message) = self.queue.front_mut()?;
        let size = message.remaining().min(FRAME_MAX);
        let payload = message.copy_to_bytes(size);
        let is_last = !message.has_remaining();
        let kind = if self.is_within { Data::Continue } else { Data::Text };
        if is_last {
            self.queue.pop_front();
        }
        self.is_within = !is_last;
        self.queued -= size;
        Some(Frame::message(payload, OpCode::Data(kind), is_last))
    }

    fn fail(&mut self, error: &Error) -> Received {
        self.has_failed = true;
        match error {
            Error::Capacity(_) => Received::Fault(Close::TOO_BIG),
            Error::Io(error) if error.kind() == io::ErrorKind::QuotaExceeded => {
                Received::Fault(Close::TOO_BIG)
            }
            Error::Utf8(_) => Received::Fault(Close::bad_request("The message is not UTF-8.")),
            Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Received::Gone,
            Error::Protocol(_) => Received::Fault(Close::PROTOCOL_ERROR),
            _ => Received::Gone,
        }
    }

    /// Closes the connection: with a code, or as an answer to the client's close. Waits until the client has
    /// read it, for 2 seconds at most: if bytes of the client were unread, the kernel would reset the connection,
    /// and the client could lose the code.
    pub(super) async fn close(&mut self, close: Option<Close>) {
        self.socket.get_mut().lift();
        match tokio::time::timeout(CLOSE_TIME, self.closed(close)).await {
            Ok(Ok(()) | Err(Error::ConnectionClosed)) => {}
            Ok(Err(error)) => tracing::debug!(%error, "a WebSocket was not closed"),
            Err(_elapsed) => tracing::debug!("a WebSocket was not closed in time"),
        }
    }

    async fn closed(&mut self, close: Option<Close>) -> Result<(), Error> {
        if let Some(Close { code, reason }) = close {
            let frame = CloseFrame { code: code.into(), reason: reason.into_owned().into() };
            self.until_done(|socket| socket.close(Some(frame.clone()))).await?;
        }
        while !self.has_failed {
            match self.until_done(WebSocket::read).await {
                Ok(_) => {}
                Err(Error::ConnectionClosed) => return Ok(()),
                Err(error) => drop(self.fail(&error)),
            }
        }
        let mut rest = [0; READ_BUFFER];
        while self.until_done(|socket| Ok(socket.get_mut().read(&mut rest)?)).await? > 0 {}
        Ok(())
    }

    /// Repeats what the connection blocks until it is done.
    async fn until_done<T>(
        &mut self,
        mut act: impl FnMut(&mut WebSocket<NonBlocking<C>>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        poll_fn(|context| {
            self.socket.get_mut().set_waker(context.waker());
            unless_blocked(act(&mut self.socket))
        })
        .await
    }
}

/// The result of reading or writing; pending if the connection blocks it.
fn unless_blocked<T>(result: Result<T, Error>) -> Poll<Result<T, Error>> {
    match result {
        Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => Poll::Pending,
        result => Poll::Ready(result),
    }
}

#[cfg(test)]
mod tests;
