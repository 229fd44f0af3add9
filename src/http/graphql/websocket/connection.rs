//! A WebSocket: messages in, messages out, and its end.

use std::{
    collections::VecDeque,
    future::poll_fn,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::Bytes;
use bytes::{Buf as _, buf::Chain};
use futures_util::{Sink as _, StreamExt as _};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncReadExt as _;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message, Utf8Bytes,
        error::ProtocolError,
        protocol::{
            CloseFrame, Role, WebSocketConfig,
            frame::{
                Frame,
                coding::{Data, OpCode},
            },
        },
    },
};

use super::{close::Close, limited::Limited};

/// The size of the buffer for reading, in bytes. Each socket has one all the time.
const READ_BUFFER: usize = 4 * 1024;

/// Largest frame that is sent, in bytes; a larger message is sent in several. The buffer for writing keeps
/// the capacity that it once had, which is twice this at most.
const FRAME_MAX: usize = 16 * 1024;

/// Reading pauses while several messages that have more bytes than this together wait to be sent: the client
/// asks without reading the answers.
const QUEUED_MAX: usize = 64 * 1024;

/// The number of bytes that a client may send before it is authenticated.
const UNAUTHENTICATED_MAX: usize = 64 * 1024;

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
pub(super) struct Connection {
    socket: WebSocketStream<Limited<TokioIo<Upgraded>>>,
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

impl Connection {
    /// A WebSocket on a connection whose handshake is complete. The client is not authenticated yet. Each of
    /// its messages may have `max_bytes`.
    pub(super) async fn new(upgraded: Upgraded, max_bytes: usize) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(FRAME_MAX)
            .max_message_size(Some(max_bytes))
            .max_frame_size(Some(max_bytes));
        let stream = Limited::new(TokioIo::new(upgraded), UNAUTHENTICATED_MAX);
        let socket = WebSocketStream::from_raw_socket(stream, Role::Server, Some(config)).await;
        let queue = VecDeque::new();
        Self { socket, queue, is_within: false, queued: 0, unflushed: 0, has_failed: false }
    }

    /// The client is authenticated: it may send any number of bytes.
    pub(super) fn lift_limit(&mut self) {
        self.socket.get_mut().lift();
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
        let was_idle = self.is_idle();
        if let Err(error) = self.poll_send(context) {
            return Poll::Ready(self.fail(&error));
        }
        let is_paused = self.queue.len() > 1 && self.queued > QUEUED_MAX;
        if !is_paused && let Poll::Ready(received) = self.poll_receive(context) {
            return Poll::Ready(received);
        }
        if self.is_idle() && !was_idle { Poll::Ready(Received::Sent) } else { Poll::Pending }
    }

    fn poll_receive(&mut self, context: &mut Context<'_>) -> Poll<Received> {
        loop {
            return Poll::Ready(match ready!(self.socket.poll_next_unpin(context)) {
                Some(Ok(Message::Text(text))) => Received::Text(text),
                Some(Ok(Message::Binary(_))) => {
                    Received::Fault(Close::bad_request("Messages are text, not binary."))
                }
                // The library answers them.
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => continue,
                Some(Ok(Message::Close(_))) | None => Received::Gone,
                Some(Err(error)) => self.fail(&error),
            });
        }
    }

    /// Sends what is queued, until the client does not take more.
    fn poll_send(&mut self, context: &mut Context<'_>) -> Result<(), Error> {
        while !self.is_idle() {
            if self.queue.is_empty() || self.unflushed >= FRAME_MAX {
                match Pin::new(&mut self.socket).poll_flush(context) {
                    Poll::Ready(flushed) => flushed?,
                    Poll::Pending => return Ok(()),
                }
                self.unflushed = 0;
            }
            if let Some(frame) = self.next_frame() {
                self.unflushed += frame.len();
                Pin::new(&mut self.socket).start_send(Message::Frame(frame))?;
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
        self.lift_limit();
        let closed = async {
            if let Some(Close { code, reason }) = close {
                let reason = Utf8Bytes::from(reason.into_owned());
                self.socket.close(Some(CloseFrame { code: code.into(), reason })).await?;
            }
            while let Some(Ok(_)) = self.socket.next().await {}
            let mut rest = [0; READ_BUFFER];
            while self.has_failed && self.socket.get_mut().read(&mut rest).await? > 0 {}
            Ok::<_, Error>(())
        };
        match tokio::time::timeout(CLOSE_TIME, closed).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "a WebSocket was not closed"),
            Err(_elapsed) => tracing::debug!("a WebSocket was not closed in time"),
        }
    }
}
