//! What hostile clients send over WebSockets, and the response to each: the second table of
//! `docs/hostile-requests.md`.

use std::{collections::BTreeSet, iter};

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    hostile::table,
    support::{App, Received, Socket, on_both_databases},
};

/// The first byte of a frame: the bit of the last fragment, that of compression, and opcodes.
const LAST: u8 = 0x80;
const COMPRESSED: u8 = 0x40;
const CONTINUED: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const RESERVED: u8 = 3;
const PING: u8 = 9;

/// The second byte of a frame that is masked, as those of clients have to be.
const MASKED: u8 = 0x80;

/// The header of a frame that announces so many bytes, whose mask is zero.
fn header(first: u8, length: usize) -> Vec<u8> {
    let length = (length as u64).to_be_bytes();
    [&[first, MASKED | 127], length.as_slice(), &[0; 4]].concat()
}

/// A frame with this payload.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let short = u8::try_from(payload.len()).ok().filter(|length| *length < 126);
    let header = match short {
        Some(length) => vec![first, MASKED | length, 0, 0, 0, 0],
        None => header(first, payload.len()),
    };
    [header, payload.to_vec()].concat()
}

fn message(message: &Value) -> Vec<u8> {
    frame(LAST | TEXT, message.to_string().as_bytes())
}

fn subscribe(id: &str, query: &str) -> Vec<u8> {
    message(&json!({ "id": id, "type": "subscribe", "payload": { "query": query } }))
}

fn init(token: &str) -> Vec<u8> {
    let payload = json!({ "Authorization": token });
    message(&json!({ "type": "connection_init", "payload": payload }))
}

const CHANGES: &str = "subscription { changes { cursor } }";

/// What is sent over a socket that has sent no token.
fn before_a_token(token: &str) -> Vec<(&'static str, Vec<u8>)> {
    let ping = message(&json!({ "type": "ping" }));
    vec![
        ("nothing for 10 seconds", vec![]),
        ("a subscription before a token", subscribe("a", CHANGES)),
        ("no token", message(&json!({ "type": "connection_init" }))),
        ("a token that does not exist", init("Bearer crm_nothing")),
        ("two tokens one after the other", [init(token), init(token)].concat()),
        ("pings of 200 kB in total before a token", ping.repeat(200_000 / ping.len())),
        ("a token of 100 kB", init(&"x".repeat(100_000))),
        ("a frame of 1 GiB before a token", header(LAST | TEXT, 1 << 30)),
        ("a frame of 100 kB before a token, of which nothing comes", header(LAST | TEXT, 100_000)),
    ]
}

/// What is sent over a socket with a token.
fn after_a_token(token: &str) -> Vec<(&'static str, Vec<u8>)> {
    let repeated = |value: Value| message(&value).repeat(10_000);
    let numbered = |count: usize, query: &dyn Fn(usize) -> String| {
        let one = |number: usize| subscribe(&number.to_string(), &query(number));
        (0..count).flat_map(one).collect()
    };
    let fragments = iter::once(TEXT).chain(iter::repeat_n(CONTINUED, 99));
    let fragments = fragments.flat_map(|first| frame(first, &vec![b' '; 60_000])).collect();
    let twice = subscribe("a", CHANGES);
    vec![
        ("a token again", init(token)),
        ("a frame of 1 GiB", header(LAST | TEXT, 1 << 30)),
        ("a message of 6 MB", frame(LAST | TEXT, &vec![b' '; 6_000_000])),
        ("fragments of 6 MB in total, of which none is the last", fragments),
        ("a fragment of no message", frame(LAST | CONTINUED, b"{}")),
        ("a compressed frame", frame(LAST | COMPRESSED | TEXT, b"{}")),
        ("a frame with an opcode that does not exist", frame(LAST | RESERVED, b"{}")),
        ("a frame without a mask", vec![LAST | TEXT, 2, b'{', b'}']),
        ("a ping frame of 200 bytes", frame(LAST | PING, &[0; 200])),
        ("text that is not UTF-8", frame(LAST | TEXT, b"{\"type\":\"\xff\"}")),
        ("a binary message", frame(LAST | BINARY, b"{\"type\":\"ping\"}")),
        ("text that is not JSON", frame(LAST | TEXT, b"{\"type\":\"ping\"")),
        ("100,000 opening brackets of JSON", frame(LAST | TEXT, &vec![b'['; 100_000])),
        ("a message of an unknown type", message(&json!({ "type": "start" }))),
        ("an empty id", subscribe("", CHANGES)),
        ("an id of 10,000 characters", subscribe(&"x".repeat(10_000), CHANGES)),
        ("two subscriptions with one id", twice.repeat(2)),
        ("1,000 subscriptions", numbered(1_000, &|_| CHANGES.to_owned())),
        (
            "60 subscriptions with documents of 20 kB, no two of which are equal",
            numbered(60, &|n| format!("{CHANGES} #{n} {}", "x".repeat(20_000))),
        ),
        ("10,000 pings", repeated(json!({ "type": "ping" }))),
        ("10,000 ping frames", frame(LAST | PING, &[0; 100]).repeat(10_000)),
        ("10,000 pongs without pings", repeated(json!({ "type": "pong" }))),
        ("the end of 10,000 operations that do not exist", {
            repeated(json!({ "id": "b", "type": "complete" }))
        }),
    ]
}

/// Operations that are rejected.
fn rejected() -> Vec<(&'static str, String)> {
    let aliases = (0..1_000).map(|n| format!("a{n}: id")).collect::<Vec<_>>().join(" ");
    let pages = "crmScenario { steps(first: 1000) { nodes { scenario { steps(first: 1000) {
                 nodes { id } } } } } }";
    let of = |selection: &str| format!("subscription {{ changes {{ node {{ {selection} }} }} }}");
    let twice = "subscription { a: changes { cursor } b: changes { cursor } }";
    vec![
        ("an empty document", String::new()),
        ("a subscription to two fields", twice.to_owned()),
        ("a subscription to the name of its type", "subscription { __typename }".to_owned()),
        ("a subscription with 1,000 aliases", of(&aliases)),
        ("a subscription to pages within pages", of(pages)),
        ("a subscription with a document of 900 kB", format!("{CHANGES} #{}", "x".repeat(900_000))),
        (
            "a subscription after a cursor that does not exist",
            "subscription { changes(after: \"a\") { cursor } }".to_owned(),
        ),
    ]
}

/// What comes until the socket is closed, or until the operation with the id `last` has ended.
async fn response(mut socket: Socket) -> String {
    let mut codes = BTreeSet::new();
    loop {
        match socket.next().await {
            Received::Closed(code, _) => return format!("closed with {code}"),
            Received::Lost => return "closed".to_owned(),
            Received::Message(message) => {
                let errors = [&message["payload"], &message["payload"]["errors"]];
                let codes_of = errors.into_iter().filter_map(|errors| {
                    errors[0]["extensions"]["code"].as_str().map(str::to_owned)
                });
                codes.extend(codes_of);
                if message["id"] == "last" && message["type"] != "next" {
                    let codes: Vec<_> = codes.into_iter().collect();
                    return if codes.is_empty() { "none".to_owned() } else { codes.join(", ") };
                }
            }
        }
    }
}

async fn each_client_gets_the_response_of_the_table_and_changes_nothing(app: App) {
    let ana = app.member_of("Horizonte").await;
    let before = app.contents().await;
    let server = format!("http://{}", app.listen().await);
    let token = ana.authorization();
    let unknown = before_a_token(token).into_iter().map(async |(what, sent)| {
        let mut socket = Socket::upgrade(&server, &[Socket::PROTOCOL]).await.expect("it opens");
        socket.send_bytes(&sent).await;
        format!("| {what} | {} |", response(socket).await)
    });
    let mut rows = join_all(unknown).await;
    let token = token.strip_prefix("Bearer ").expect("it is one");
    let sent = after_a_token(token).into_iter().map(|(what, sent)| {
        let query = subscribe("last", "{ __typename }");
        (what, [sent, query].concat())
    });
    let rejected = rejected().into_iter();
    let rejected = rejected.map(|(what, query)| (what, subscribe("last", &query)));
    for (what, sent) in sent.chain(rejected) {
        let mut socket = Socket::connect(&server, token).await.expect("it opens");
        socket.send_bytes(&sent).await;
        rows.push(format!("| {what} | {} |", response(socket).await));
    }
    assert_eq!(rows, table(1), "\n{}\n", rows.join("\n"));
    assert_eq!(app.contents().await, before);
    let viewer = ana.query("{ __typename }").await;
    assert_eq!(viewer["__typename"], "Query", "the service still responds");
}

on_both_databases!(each_client_gets_the_response_of_the_table_and_changes_nothing);
