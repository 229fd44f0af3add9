//! Tests of the protocol with times of their own.

use serde_json::{Value as Json, json};

use super::{Action, Close, Duration, Instant, Protocol};

/// A socket that was opened at second 0.
struct Socket {
    protocol: Protocol,
    opened: Instant,
}

impl Socket {
    fn new() -> Self {
        let opened = Instant::now();
        Self { protocol: Protocol::new(opened), opened }
    }

    /// A socket whose client was authenticated at second 0.
    fn ready() -> Self {
        let mut socket = Self::new();
        assert_eq!(socket.receive(&json!({ "type": "connection_init" })), "Authenticate(None)");
        socket.protocol.acknowledge();
        socket
    }

    /// The action, or the close code and its reason, that follow from a message.
    fn receive(&mut self, message: &Json) -> String {
        self.receive_text(&message.to_string())
    }

    fn receive_text(&mut self, text: &str) -> String {
        match self.protocol.receive(text, self.opened) {
            Ok(Action::Start(id, _)) => format!("Start {id}"),
            Ok(action) => format!("{action:?}"),
            Err(Close { code, reason }) => format!("{code} {reason}"),
        }
    }

    fn subscribe(&mut self, id: &str) -> String {
        let payload = json!({ "query": "{ __typename }" });
        self.receive(&json!({ "type": "subscribe", "id": id, "payload": payload }))
    }

    /// What follows from the passing of time until this second: the close code, or whether to send a ping.
    fn tick(&mut self, second: u64) -> Result<bool, u16> {
        let now = self.opened + Duration::from_secs(second);
        self.protocol.tick(now).map_err(|close| close.code)
    }
}

#[test]
fn a_client_has_ten_seconds_for_connection_init() {
    let mut socket = Socket::new();
    assert_eq!(socket.tick(9), Ok(false));
    assert_eq!(socket.tick(10), Err(4408));

    let mut socket = Socket::ready();
    assert_eq!(socket.tick(10), Ok(false));
}

#[test]
fn the_token_is_the_authorization_of_the_payload_in_any_case() {
    let init = |payload: Json| {
        Socket::new().receive(&json!({ "type": "connection_init", "payload": payload }))
    };
    for key in ["Authorization", "authorization", "AUTHORIZATION"] {
        let action = init(json!({ "other": 1, key: "Bearer crm_1" }));
        assert_eq!(action, r#"Authenticate(Some("Bearer crm_1"))"#);
    }
    assert_eq!(init(json!({ "other": 1 })), "Authenticate(None)");
    assert_eq!(init(json!({ "Authorization": null })), "Authenticate(None)");
    assert_eq!(init(json!(null)), "Authenticate(None)");
    assert_eq!(init(json!({ "Authorization": 1 })), r#"Authenticate(Some(""))"#);
}

#[test]
fn a_second_connection_init_closes_the_socket() {
    let init = json!({ "type": "connection_init" });
    let mut authenticating = Socket::new();
    authenticating.receive(&init);
    for mut socket in [authenticating, Socket::ready()] {
        assert_eq!(socket.receive(&init), "4429 Too many initialisation requests");
    }
}

#[test]
fn an_operation_before_the_acknowledgement_closes_the_socket() {
    let mut authenticating = Socket::new();
    authenticating.receive(&json!({ "type": "connection_init" }));
    for mut socket in [Socket::new(), authenticating] {
        assert_eq!(socket.subscribe("1"), "4401 Unauthorized");
    }
    assert_eq!(Socket::ready().subscribe("1"), "Start 1");
}

#[test]
fn an_id_is_in_use_until_its_operation_ends() {
    let mut socket = Socket::ready();
    assert_eq!(socket.subscribe("1"), "Start 1");
    assert_eq!(socket.subscribe("1"), "4409 Subscriber for 1 already exists");
    socket.protocol.end("1");
    assert_eq!(socket.subscribe("1"), "Start 1");
    let complete = json!({ "type": "complete", "id": "1" });
    assert_eq!(socket.receive(&complete), r#"Stop("1")"#);
    assert_eq!(socket.receive(&complete), "None");
    assert_eq!(socket.subscribe("1"), "Start 1");
}

#[test]
fn a_socket_has_a_hundred_operations() {
    let mut socket = Socket::ready();
    for id in 0..100 {
        assert_eq!(socket.subscribe(&id.to_string()), format!("Start {id}"));
    }
    assert_eq!(socket.subscribe("100"), r#"Reject("100")"#);
    assert_eq!(socket.subscribe("99"), "4409 Subscriber for 99 already exists");
    socket.protocol.end("0");
    assert_eq!(socket.subscribe("100"), "Start 100");
}

#[test]
fn pings_are_answered_with_their_payload_at_any_time() {
    for mut socket in [Socket::new(), Socket::ready()] {
        assert_eq!(socket.receive(&json!({ "type": "ping" })), r#"Send("{\"type\":\"pong\"}")"#);
        let action = socket.receive(&json!({ "type": "ping", "payload": { "at": 1 } }));
        assert_eq!(action, r#"Send("{\"type\":\"pong\",\"payload\":{\"at\":1}}")"#);
        assert_eq!(socket.receive(&json!({ "type": "pong", "payload": null })), "None");
    }
}

#[test]
fn a_client_is_pinged_every_20_seconds_and_may_leave_40_unanswered() {
    let mut socket = Socket::ready();
    assert_eq!(
        [19, 20, 21, 39, 40].map(|second| socket.tick(second)),
        [Ok(false), Ok(true), Ok(false), Ok(false), Ok(true)]
    );
    socket.receive(&json!({ "type": "pong" }));
    assert_eq!([60, 80].map(|second| socket.tick(second)), [Ok(true), Ok(true)]);
    // Other messages are no answers.
    socket.subscribe("1");
    assert_eq!(socket.tick(100), Err(1001));
}

#[test]
fn what_is_no_message_of_the_protocol_closes_the_socket() {
    let subscribe =
        |id: Json, payload: Json| json!({ "type": "subscribe", "id": id, "payload": payload });
    let query = json!({ "query": "{ __typename }" });
    let messages = [
        json!([]),
        json!("connection_init"),
        json!({}),
        json!({ "type": 1 }),
        json!({ "type": "next", "id": "1", "payload": {} }),
        json!({ "type": "connection_init", "payload": [] }),
        json!({ "type": "ping", "payload": "text" }),
        json!({ "type": "pong", "payload": 1 }),
        json!({ "type": "complete" }),
        subscribe(json!(null), query.clone()),
        subscribe(json!(1), query.clone()),
        subscribe(json!(""), query.clone()),
        subscribe(json!("x".repeat(257)), query),
        subscribe(json!("1"), json!(null)),
        subscribe(json!("1"), json!({})),
        subscribe(json!("1"), json!({ "query": null })),
        subscribe(json!("1"), json!({ "query": 1 })),
        subscribe(json!("1"), json!({ "query": "{ __typename }", "variables": [] })),
        subscribe(json!("1"), json!({ "query": "{ __typename }", "operationName": {} })),
    ];
    let closes = messages.map(|message| Socket::ready().receive(&message));
    insta::assert_debug_snapshot!(closes, @r#"
    [
        "4400 The message must be a JSON object; it is a list.",
        "4400 The message must be a JSON object; it is a text.",
        "4400 The message needs a text as its type.",
        "4400 The message needs a text as its type.",
        "4400 There is no message of the type next.",
        "4400 payload must be an object; it is a list.",
        "4400 payload must be an object; it is a text.",
        "4400 payload must be an object; it is a number.",
        "4400 The message needs an id: a text of up to 256 bytes.",
        "4400 The message needs an id: a text of up to 256 bytes.",
        "4400 The message needs an id: a text of up to 256 bytes.",
        "4400 The message needs an id: a text of up to 256 bytes.",
        "4400 The message needs an id: a text of up to 256 bytes.",
        "4400 The message subscribe needs a payload with a query.",
        "4400 The message subscribe needs a payload with a query.",
        "4400 The message subscribe needs a payload with a query.",
        "4400 query must be a text; it is a number.",
        "4400 variables must be an object; it is a list.",
        "4400 operationName must be a text; it is an object.",
    ]
    "#);
    let texts = ["", "{", r#"{"type":"ping","type":"pong"}"#];
    let closes = texts.map(|text| Socket::new().receive_text(text));
    insta::assert_debug_snapshot!(closes, @r#"
    [
        "4400 The message is empty, where JSON is needed.",
        "4400 The message is not JSON: it ends too early, in line 1, column 1.",
        "4400 The message has the key \"type\" twice in one object, in line 1, column 21.",
    ]
    "#);
}

#[test]
fn reasons_fit_into_a_control_frame() {
    let close = Close::bad_request("ü".repeat(100));
    assert_eq!(close.reason, "ü".repeat(61));
    let id = "x".repeat(200);
    assert_eq!(Close::already_exists(&id).reason.len(), 123);
}
