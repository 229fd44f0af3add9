//! A connection as tungstenite reads and writes it: by calls that do not wait.

use std::{
    io::{self, Read, Write},
    pin::Pin,
    task::{Context, Poll, Waker},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A connection whose reads and writes fail with `WouldBlock` instead of waiting, and then wake the task when
/// they can go on. Reading fails after some bytes, until the limit is lifted; the last read may go beyond it.
pub(super) struct NonBlocking<C> {
    connection: C,
    waker: Waker,
    /// How many bytes may still be read; none if there is no limit.
    left: Option<usize>,
}

impl<C> NonBlocking<C> {
    /// A connection from which this number of bytes may be read.
    pub(super) fn new(connection: C, max: usize) -> Self {
        Self { connection, waker: Waker::noop().clone(), left: Some(max) }
    }

    /// From now on, any number of bytes can be read.
    pub(super) fn lift(&mut self) {
        self.left = None;
    }

    /// From now on, this waker's task is woken.
    pub(super) fn set_waker(&mut self, waker: &Waker) {
        self.waker.clone_from(waker);
    }
}

impl<C: AsyncRead + Unpin> Read for NonBlocking<C> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let mut buffer = ReadBuf::new(bytes);
        let context = &mut Context::from_waker(&self.waker);
        or_would_block(Pin::new(&mut self.connection).poll_read(context, &mut buffer))?;
        let read = buffer.filled().len();
        if let Some(left) = &mut self.left {
            *left = left.checked_sub(read).ok_or(io::ErrorKind::QuotaExceeded)?;
        }
        Ok(read)
    }
}

impl<C: AsyncWrite + Unpin> Write for NonBlocking<C> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let context = &mut Context::from_waker(&self.waker);
        or_would_block(Pin::new(&mut self.connection).poll_write(context, bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        let context = &mut Context::from_waker(&self.waker);
        or_would_block(Pin::new(&mut self.connection).poll_flush(context))
    }
}

fn or_would_block<T>(polled: Poll<io::Result<T>>) -> io::Result<T> {
    match polled {
        Poll::Ready(result) => result,
        Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
    }
}
