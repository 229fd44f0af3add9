//! A connection from which only so much can be read.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A connection from which reading fails after some bytes, until the limit is lifted. The last read
/// may go beyond it.
pub(super) struct Limited<C> {
    connection: C,
    /// How many bytes may still be read; none if there is no limit.
    left: Option<usize>,
}

impl<C> Limited<C> {
    pub(super) fn new(connection: C, max: usize) -> Self {
        Self { connection, left: Some(max) }
    }

    /// From now on, any number of bytes can be read.
    pub(super) fn lift(&mut self) {
        self.left = None;
    }
}

impl<C: AsyncRead + Unpin> AsyncRead for Limited<C> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.connection).poll_read(context, buffer))?;
        let read = buffer.filled().len() - before;
        if let Some(left) = &mut self.left {
            *left = left.checked_sub(read).ok_or(io::ErrorKind::QuotaExceeded)?;
        }
        Poll::Ready(Ok(()))
    }
}

impl<C: AsyncWrite + Unpin> AsyncWrite for Limited<C> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.connection).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.connection).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.connection).poll_shutdown(context)
    }
}
