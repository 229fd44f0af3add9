//! What happens to a connection before its first request.

use std::{
    future::{Ready, ready},
    io,
    time::Duration,
};

use axum::{Extension, middleware::AddExtension};
use axum_server::accept::Accept;
use crm_steps::http::{Abortable, ConnectionAbort};
use tokio::net::TcpStream;
use tower_layer::Layer as _;

/// How long a client may take nothing of what is sent to it, or not acknowledge it: as long as the client of a WebSocket
/// may leave pings unanswered.
const UNREAD_TIME: Duration = Duration::from_secs(40);

/// Accepts connections that end with their clients.
#[derive(Debug, Clone, Copy)]
pub(super) struct Acceptor;

impl<S> Accept<TcpStream, S> for Acceptor {
    type Stream = Abortable<TcpStream>;
    type Service = AddExtension<S, ConnectionAbort>;
    type Future = Ready<io::Result<(Self::Stream, Self::Service)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        ready(set_options(&stream).map(|()| {
            let (stream, abort) = Abortable::new(stream);
            (stream, Extension(abort).layer(service))
        }))
    }
}

fn set_options(stream: &TcpStream) -> io::Result<()> {
    // Events are small writes, each of which would wait until the client has acknowledged the one before.
    stream.set_nodelay(true)?;
    // Other systems have no such option. There a connection whose client is gone ends after their retries.
    #[cfg(target_os = "linux")]
    socket2::SockRef::from(stream).set_tcp_user_timeout(Some(UNREAD_TIME))?;
    Ok(())
}
