//! The messages of the protocol `graphql-transport-ws`, as JSON.

use async_graphql::Value;
use axum::body::Bytes;
use serde_json::{Value as Json, json};

use super::close::Close;
use crate::http::{
    graphql::parameters::Parameters,
    json::{self, Object},
};

/// Longest id of an operation, in bytes. Clients send numbers or UUIDs.
const ID_MAX: usize = 256;

/// The payload of a message that may have any, or none.
pub(super) type Payload = Option<Object>;

/// A message of a client.
#[derive(Debug)]
pub(super) enum ClientMessage {
    /// `connection_init`
    Init(Payload),
    /// `ping`
    Ping(Payload),
    /// `pong`
    Pong,
    /// `subscribe`
    Subscribe(String, Box<Parameters>),
    /// `complete`
    Complete(String),
}

impl ClientMessage {
    /// Parses a message. Members that the protocol does not know are ignored.
    pub(super) fn parse(text: &str) -> Result<Self, Close> {
        let mut message = json::read_object("The message", text.as_bytes())?;
        let Some(Value::String(kind)) = message.swap_remove("type") else {
            return Err(Close::bad_request("The message needs a text as its type."));
        };
        match &*kind {
            "connection_init" => Ok(Self::Init(payload(&mut message)?)),
            "ping" => Ok(Self::Ping(payload(&mut message)?)),
            "pong" => payload(&mut message).map(|_payload| Self::Pong),
            "subscribe" => {
                let (id, payload) = (id(&mut message)?, payload(&mut message)?);
                let Some(payload) = payload.filter(has_document) else {
                    let message = "The message subscribe needs a payload with a query.";
                    return Err(Close::bad_request(message));
                };
                Ok(Self::Subscribe(id, Box::new(Parameters::from_object(payload)?)))
            }
            "complete" => Ok(Self::Complete(id(&mut message)?)),
            other => Err(Close::bad_request(format!("There is no message of the type {other}."))),
        }
    }
}

/// Whether a payload has the member `query`, or one by which a document is named instead. What they contain is checked
/// with the operation.
fn has_document(payload: &Object) -> bool {
    let is_given = |name| payload.get(name).is_some_and(|value| *value != Value::Null);
    ["query", "documentId", "extensions"].into_iter().any(is_given)
}

/// The payload of a message: an object, null, or none.
fn payload(message: &mut Object) -> Result<Payload, Close> {
    match message.swap_remove("payload") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(payload)) => Ok(Some(payload)),
        Some(other) => Err(json::not("payload", "an object", &other).into()),
    }
}

/// The id of a message.
fn id(message: &mut Object) -> Result<String, Close> {
    match message.swap_remove("id") {
        Some(Value::String(id)) if (1..=ID_MAX).contains(&id.len()) => Ok(id),
        _ => Err(Close::bad_request(format!(
            "The message needs an id: a text of up to {ID_MAX} bytes."
        ))),
    }
}

/// `connection_ack`
pub(super) const ACK: &str = r#"{"type":"connection_ack"}"#;

/// `ping`
pub(super) const PING: &str = r#"{"type":"ping"}"#;

/// `pong` with the payload of the client's ping.
pub(super) fn pong(payload: Payload) -> String {
    match payload {
        Some(payload) => json!({ "type": "pong", "payload": Value::Object(payload) }),
        None => json!({ "type": "pong" }),
    }
    .to_string()
}

/// `complete`
pub(super) fn complete(id: &str) -> String {
    json!({ "id": id, "type": "complete" }).to_string()
}

/// `error` with the list of errors for which an operation did not start, or ends.
pub(super) fn error(id: &str, errors: &Json) -> String {
    json!({ "id": id, "type": "error", "payload": errors }).to_string()
}

/// What comes before and after the result in `next`, in JSON.
pub(super) fn around_next(id: &str) -> (Bytes, Bytes) {
    let before = format!(r#"{{"id":{},"type":"next","payload":"#, json!(id));
    (before.into(), Bytes::from_static(b"}"))
}
