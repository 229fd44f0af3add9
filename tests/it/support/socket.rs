//! A client of the protocol `graphql-transport-ws`.

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        self, Message, client::IntoClientRequest as _, http::HeaderValue, protocol::Role,
    },
};

/// An open WebSocket.
pub struct Socket(WebSocketStream<TcpStream>);

/// What comes next over a socket.
#[derive(Debug, Clone, PartialEq)]
pub enum Received {
    /// A message of the protocol.
    Message(Value),
    /// The server has closed the socket with this code and reason.
    Closed(u16, String),
    /// The connection is lost.
    Lost,
}

impl Received {
    /// The message, which it has to be.
    #[track_caller]
    pub fn message(self) -> Value {
        match self {
            Self::Message(message) => message,
            Self::Closed(..) | Self::Lost => panic!("no message: {self:?}"),
        }
    }
}

impl Socket {
    /// The subprotocol.
    pub const PROTOCOL: (&str, &str) = ("sec-websocket-protocol", "graphql-transport-ws");

    /// Opens a socket at `/graphql` of a server, whose URL this is, with these headers.
    pub async fn upgrade(
        server: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, tungstenite::Error> {
        let address = server.strip_prefix("http://").unwrap_or(server);
        let mut request = format!("ws://{address}/graphql").into_client_request()?;
        for (name, value) in headers {
            request.headers_mut().insert(*name, HeaderValue::from_str(value)?);
        }
        let stream = TcpStream::connect(address).await?;
        Ok(Self(client_async(request, stream).await?.0))
    }

    /// Opens a socket with these subprotocols, of which the server need not choose one.
    pub async fn offering(server: &str, protocols: &str) -> Self {
        let address = server.strip_prefix("http://").unwrap_or(server);
        let mut stream = TcpStream::connect(address).await.expect("the server listens");
        let handshake = format!(
            "GET /graphql HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             Sec-WebSocket-Protocol: {protocols}\r\n\r\n"
        );
        stream.write_all(handshake.as_bytes()).await.expect("it is sent");
        let mut head = vec![];
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.expect("the server answers"));
        }
        // The proof for this key that RFC 6455 shows.
        let head = String::from_utf8(head).expect("it is text");
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        assert!(head.contains("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), "{head}");
        Self(WebSocketStream::from_raw_socket(stream, Role::Client, None).await)
    }

    /// Opens a socket and waits until the server has acknowledged this token; none if the connection is
    /// lost.
    pub async fn connect(server: &str, token: &str) -> Option<Self> {
        let mut socket = Self::upgrade(server, &[Self::PROTOCOL]).await.ok()?;
        let payload = json!({ "Authorization": format!("Bearer {token}") });
        socket.send(&json!({ "type": "connection_init", "payload": payload })).await;
        match socket.next().await {
            Received::Message(message) => assert_eq!(message, json!({ "type": "connection_ack" })),
            Received::Closed(1012, _) | Received::Lost => return None,
            Received::Closed(code, reason) => panic!("closed: {code} {reason}"),
        }
        Some(socket)
    }

    /// Sends a message. A lost connection shows when something is received.
    pub async fn send(&mut self, message: &Value) {
        self.send_raw(Message::text(message.to_string())).await;
    }

    /// Sends any message of WebSockets.
    pub async fn send_raw(&mut self, message: Message) {
        let _ = self.0.send(message).await;
    }

    /// Sends bytes that need not be a frame.
    pub async fn send_bytes(&mut self, bytes: &[u8]) {
        let _ = self.0.get_mut().write_all(bytes).await;
    }

    /// Starts an operation.
    pub async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.send(&json!({ "id": id, "type": "subscribe", "payload": payload })).await;
    }

    /// Closes the socket and waits for the end of its connection.
    pub async fn end(mut self) {
        let _ = self.0.close(None).await;
        while let Some(Ok(_)) = self.0.next().await {}
    }

    /// What comes next. Pings of the protocol are answered, and are not returned.
    pub async fn next(&mut self) -> Received {
        loop {
            let received = self.next_unanswered().await;
            match &received {
                Received::Message(message) if message["type"] == "ping" => {
                    self.send(&json!({ "type": "pong" })).await;
                }
                _ => return received,
            }
        }
    }

    /// What comes next, pings of the protocol included, which are not answered.
    pub async fn next_unanswered(&mut self) -> Received {
        loop {
            return match self.0.next().await {
                Some(Ok(Message::Text(text))) => {
                    Received::Message(serde_json::from_str(&text).expect("messages are JSON"))
                }
                // The answer to a ping frame.
                Some(Ok(Message::Pong(_))) => continue,
                Some(Ok(Message::Close(Some(frame)))) => {
                    Received::Closed(frame.code.into(), frame.reason.to_string())
                }
                None | Some(Ok(Message::Close(None)) | Err(_)) => Received::Lost,
                Some(Ok(message)) => panic!("not of the protocol: {message:?}"),
            };
        }
    }
}
