//! Tests of a connection whose client is in memory, so that what it does not take stays visible.

use futures_util::FutureExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

use super::{Connection, Received};

/// The number of bytes that the pipes to and from the client hold.
const PIPE: usize = 1_000;

/// More bytes than a connection and its pipes may hold.
const ENDLESS: usize = 1_000_000;

/// The first byte of a frame of the client.
const TEXT: u8 = 0x81;
const PING: u8 = 0x89;

/// A frame of the client, masked by zeros.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    const MASKED: u8 = 0x80;
    let length = u8::try_from(payload.len()).expect("it is short");
    [&[first, MASKED | length, 0, 0, 0, 0], payload].concat()
}

fn ping() -> Vec<u8> {
    frame(PING, &[b'x'; 100])
}

/// A connection, and its client, which is authenticated.
fn connected() -> (Connection<DuplexStream>, DuplexStream) {
    let (client, service) = duplex(PIPE);
    let mut connection = Connection::new(service, ENDLESS);
    connection.lift_limit();
    (connection, client)
}

/// How many bytes the connection takes from a client that sends these again and again and reads nothing.
fn taken(
    connection: &mut Connection<DuplexStream>,
    client: &mut DuplexStream,
    sent: &[u8],
) -> usize {
    let mut taken = 0;
    while taken < ENDLESS {
        let rest = sent.get(taken % sent.len()..).expect("a part");
        let written = client.write(rest).now_or_never();
        while let Some(received) = connection.next().now_or_never() {
            assert!(matches!(received, Received::Text(_) | Received::Sent));
        }
        match written {
            Some(written) => taken += written.expect("the connection is open"),
            None => break,
        }
    }
    taken
}

#[test]
fn a_client_that_sends_ping_frames_and_reads_nothing_is_not_read_any_more() {
    let (mut connection, mut client) = connected();
    let taken = taken(&mut connection, &mut client, &ping());
    assert!(taken < 100_000, "{taken}");
}

#[tokio::test]
async fn each_ping_frame_is_answered_once_the_client_reads() {
    let (mut connection, mut client) = connected();
    let sent = taken(&mut connection, &mut client, &ping());
    let (mut reading, _writing) = tokio::io::split(client);
    // As large as a ping frame without its mask.
    let mut answers = vec![0; sent / ping().len() * (ping().len() - 4)];
    tokio::select! {
        read = reading.read_exact(&mut answers) => drop(read.expect("the connection is open")),
        _ = async { loop { connection.next().await; } } => {}
    }
    let pong = [&[0x8a, 100][..], &[b'x'; 100]].concat();
    assert!(answers.chunks(pong.len()).all(|answer| answer == pong));
}

#[test]
fn a_client_is_not_read_while_a_large_message_waits_for_it() {
    for (size, is_read) in [(10_000, true), (100_000, false)] {
        let (mut connection, mut client) = connected();
        connection.send("x".repeat(size));
        let taken = taken(&mut connection, &mut client, &frame(TEXT, b"a"));
        assert_eq!(taken >= ENDLESS, is_read, "{size}: {taken}");
    }
}

#[tokio::test]
async fn a_frame_that_is_larger_than_the_limit_is_rejected_by_its_header() {
    let header = [TEXT, 0xff, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0];
    let (mut client, service) = duplex(PIPE);
    let mut connection = Connection::new(service, ENDLESS);
    client.write_all(&header).await.expect("the connection is open");
    assert!(matches!(connection.next().await, Received::Fault(close) if close.code == 1009));

    let (mut connection, mut client) = connected();
    client.write_all(&header).await.expect("the connection is open");
    assert!(connection.next().now_or_never().is_none());
}
