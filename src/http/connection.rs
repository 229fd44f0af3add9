//! The connection of a request, which a handler can abort.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// Aborts the connection of a request, among whose extensions it is. Clones abort the same connection.
#[derive(Debug, Clone, Default)]
pub struct ConnectionAbort(CancellationToken);

impl ConnectionAbort {
    /// Aborts the connection if its client does not read what is written, now or later.
    pub(super) fn abort(&self) {
        self.0.cancel();
    }
}

/// A connection that can be aborted.
pub struct Abortable<C> {
    connection: C,
    aborted: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl<C> Abortable<C> {
    /// A connection, and what aborts it.
    pub fn new(connection: C) -> (Self, ConnectionAbort) {
        let abort = ConnectionAbort::default();
        let aborted = Box::pin(abort.0.clone().cancelled_owned());
        (Self { connection, aborted }, abort)
    }

    /// Lets a write fail instead of waiting, once the connection is aborted.
    fn unless_aborted<T>(
        &mut self,
        written: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if written.is_pending() && self.aborted.as_mut().poll(context).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        written
    }
}

impl<C: AsyncRead + Unpin> AsyncRead for Abortable<C> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.connection).poll_read(context, buffer)
    }
}

impl<C: AsyncWrite + Unpin> AsyncWrite for Abortable<C> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.connection).poll_write(context, bytes);
        self.unless_aborted(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.connection).poll_write_vectored(context, buffers);
        self.unless_aborted(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.connection.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.connection).poll_flush(context);
        self.unless_aborted(flushed, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.connection).poll_shutdown(context)
    }
}
