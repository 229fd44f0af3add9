//! Subscriptions and other operations over WebSockets and server-sent events.

mod close_codes;
mod limits;
mod live;
mod operations;
mod sse;
mod unread;

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Error;

use crate::support::{App, Client, EventStream, Received, Socket};

/// A subscription to all changes.
const CHANGES: &str = "subscription { changes { cursor } }";

/// Serves over TCP; returns the URL of the server.
async fn serve(app: &App) -> String {
    format!("http://{}", app.listen().await)
}

/// Opens a WebSocket with these headers besides those of the handshake; the status of a rejection, which closes the
/// connection.
async fn open(server: &str, headers: &[(&'static str, &str)]) -> Result<Socket, u16> {
    let headers = [&[Socket::PROTOCOL], headers].concat();
    Socket::upgrade(server, &headers).await.map_err(|error| match error {
        Error::Http(response) => {
            assert_eq!(response.headers()["connection"], "close");
            response.status().as_u16()
        }
        error => panic!("no response: {error}"),
    })
}

/// Opens a WebSocket with the token of a client.
async fn connect(server: &str, client: &Client) -> Socket {
    Socket::connect(server, token(client)).await.expect("it opens")
}

/// The token of a client.
fn token(client: &Client) -> &str {
    client.authorization().strip_prefix("Bearer ").expect("a token")
}

/// Sends `connection_init` with this payload.
async fn init(socket: &mut Socket, payload: Value) {
    socket.send(&json!({ "type": "connection_init", "payload": payload })).await;
}

/// Sends an operation without variables.
async fn subscribe(socket: &mut Socket, id: &str, query: &str) {
    socket.subscribe(id, query, json!({})).await;
}

/// Subscribes with server-sent events.
async fn stream(server: &str, client: &Client, query: &str) -> EventStream {
    EventStream::open(server, token(client), query, json!({})).await
}

/// The next message, which has to be one.
async fn message(socket: &mut Socket) -> Value {
    socket.next().await.message()
}

/// The code with which the socket is closed next, and the reason.
async fn closed(socket: &mut Socket) -> (u16, String) {
    match socket.next().await {
        Received::Closed(code, reason) => (code, reason),
        other => panic!("not closed: {other:?}"),
    }
}
