//! Cursors of the history: positions directly after a change, as clients see them.
//!
//! A change has one cursor in all histories of its organization, in either order and with any filter,
//! and as an event. Version 0.1 wrote the same text without the organization, so replicas of both
//! versions read the cursors of each other.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{domain::id::OrganizationId, store::kit::page::OrderValue};

/// The name of the order of all histories.
const ORDER: &str = "sequence";

/// What the text of a cursor contains, as JSON in base64.
#[derive(Serialize, Deserialize)]
struct Content {
    order: String,
    keys: [OrderValue; 1],
    /// The organization; none in a cursor of version 0.1.
    of: Option<Uuid>,
}

/// The cursor of the change with this number in the history of the organization; that of 0 is
/// before the first change.
#[must_use]
pub fn encode(organization: OrganizationId, sequence: i64) -> String {
    let keys = [OrderValue::Number(sequence)];
    let content = Content { order: ORDER.to_owned(), keys, of: Some(organization.0) };
    // A text, a number and an id have JSON.
    BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(&content).unwrap_or_default())
}

/// The number of the change whose cursor this is, if it is one of this organization. Whether the
/// change exists is not checked.
#[must_use]
pub fn decode(organization: OrganizationId, text: &str) -> Option<i64> {
    let (sequence, of) = read(text)?;
    (of == Some(organization.0)).then_some(sequence)
}

/// The same, also for a cursor of version 0.1, which does not say of which organization it is; without
/// an organization, for cursors of all.
#[must_use]
pub fn decode_of_any_version(organization: Option<OrganizationId>, text: &str) -> Option<i64> {
    let (sequence, of) = read(text)?;
    let is_own = organization.zip(of).is_none_or(|(organization, of)| of == organization.0);
    is_own.then_some(sequence)
}

fn read(text: &str) -> Option<(i64, Option<Uuid>)> {
    let json = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    match serde_json::from_slice(&json).ok()? {
        Content { order, keys: [OrderValue::Number(sequence @ 0..)], of } if order == ORDER => {
            Some((sequence, of))
        }
        Content { .. } => None,
    }
}
