//! The two transports of subscriptions as bytes over TCP, without a library that would cost the load
//! generator more than the service.

use std::io::{self, ErrorKind};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// A connection, and what has been read of it and not used.
pub struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// The bytes of the buffer that have been used.
    used: usize,
}

impl Wire {
    /// A connection to a server.
    pub async fn connect(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![], used: 0 })
    }

    /// A connection of which the kernel holds as little as it can of what is not read.
    pub async fn connect_small(address: &str) -> io::Result<Self> {
        let socket = tokio::net::TcpSocket::new_v4()?;
        socket.set_recv_buffer_size(4_096)?;
        let stream = socket.connect(address.parse().expect("host and port")).await?;
        Ok(Self { stream, buffer: vec![], used: 0 })
    }

    /// Sends bytes.
    pub async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).await
    }

    /// Reads more; an error at the end of the connection.
    async fn read(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.used);
        self.used = 0;
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    /// The next bytes.
    async fn take(&mut self, count: usize) -> io::Result<&[u8]> {
        while self.buffer.len() - self.used < count {
            self.read().await?;
        }
        let start = self.used;
        self.used += count;
        Ok(&self.buffer[start..self.used])
    }

    /// The next bytes up to this end, without it.
    async fn take_until(&mut self, end: &[u8]) -> io::Result<&[u8]> {
        loop {
            let rest = &self.buffer[self.used..];
            if let Some(length) = rest.windows(end.len()).position(|bytes| bytes == end) {
                let start = self.used;
                self.used += length + end.len();
                return Ok(&self.buffer[start..start + length]);
            }
            self.read().await?;
        }
    }

    /// The status and the headers of a response.
    pub async fn head(&mut self) -> io::Result<String> {
        let head = self.take_until(b"\r\n\r\n").await?;
        Ok(String::from_utf8_lossy(head).into_owned())
    }

    /// Asks for a WebSocket; returns the head of the response.
    pub async fn upgrade(&mut self) -> io::Result<String> {
        self.send(
            b"GET /graphql HTTP/1.1\r\nHost: bench\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\
              Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
              Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n",
        )
        .await?;
        self.head().await
    }

    /// Opens a WebSocket, and waits until the server has acknowledged the token.
    pub async fn open_socket(&mut self, token: &str) -> io::Result<()> {
        let head = self.upgrade().await?;
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        let payload = json!({ "Authorization": format!("Bearer {token}") });
        self.send_message(&json!({ "type": "connection_init", "payload": payload })).await?;
        let mut message = vec![];
        self.message(&mut message).await?;
        let text = String::from_utf8_lossy(&message);
        assert!(text.contains("\"connection_ack\""), "{text}");
        Ok(())
    }

    /// Sends a message of the protocol over a WebSocket.
    pub async fn send_message(&mut self, message: &Value) -> io::Result<()> {
        /// FIN, and the opcode of text.
        const TEXT: u8 = 0x81;
        self.send(&frame(TEXT, message.to_string().as_bytes())).await
    }

    /// Reads the next message of a WebSocket, which may have several frames.
    pub async fn message(&mut self, message: &mut Vec<u8>) -> io::Result<()> {
        const CLOSE: u8 = 8;
        message.clear();
        loop {
            let [first, length] = *self.take(2).await?.as_array().expect("two bytes");
            let length = match length {
                126 => u16::from_be_bytes(*self.take(2).await?.as_array().expect("2")).into(),
                127 => {
                    let length = u64::from_be_bytes(*self.take(8).await?.as_array().expect("8"));
                    usize::try_from(length).expect("it fits")
                }
                length => length.into(),
            };
            let payload = self.take(length).await?;
            if first & 0x0f == CLOSE {
                let reason = String::from_utf8_lossy(payload.get(2..).unwrap_or_default());
                return Err(io::Error::other(format!("closed: {reason}")));
            }
            message.extend_from_slice(payload);
            if first & 0x80 != 0 {
                return Ok(());
            }
        }
    }

    /// Asks for a stream of server-sent events; returns the head of the response.
    pub async fn ask_for_events(&mut self, token: &str, operation: &Value) -> io::Result<String> {
        let body = operation.to_string();
        let head = format!(
            "POST /graphql HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nAccept: text/event-stream\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.send(head.as_bytes()).await?;
        self.head().await
    }

    /// Appends the next chunk of a stream of server-sent events.
    pub async fn chunk(&mut self, text: &mut Vec<u8>) -> io::Result<()> {
        let length = self.take_until(b"\r\n").await?;
        let length =
            std::str::from_utf8(length).ok().and_then(|hex| usize::from_str_radix(hex, 16).ok());
        let length = length.expect("the length of a chunk");
        if length == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let chunk = self.take(length + 2).await?;
        text.extend_from_slice(&chunk[..length]);
        Ok(())
    }
}

/// A frame of a client, with a mask of zeros.
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = header(first, payload.len());
    frame.extend_from_slice(payload);
    frame
}

/// The header of a frame that announces so many bytes.
pub fn header(first: u8, length: usize) -> Vec<u8> {
    const MASKED: u8 = 0x80;
    let mut header = vec![first];
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(length @ ..126), _) => header.push(MASKED | length),
        (_, Ok(length)) => {
            header.push(MASKED | 126);
            header.extend(length.to_be_bytes());
        }
        _ => {
            header.push(MASKED | 127);
            header.extend((length as u64).to_be_bytes());
        }
    }
    header.extend([0; 4]);
    header
}
