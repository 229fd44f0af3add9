//! Erasing a person from what is stored of a membership.

use std::collections::HashSet;

use serde_json::Value;
use uuid::Uuid;

use super::fold::{ordering_key, without_case};

/// What stands in place of the name of a person that was erased, and of their tokens.
pub const ERASED_NAME: &str = "Erased";

/// The email address of a membership whose person was erased: another one for each, in a domain that
/// cannot exist (RFC 2606).
#[must_use]
pub fn erased_email(membership_id: Uuid) -> String {
    format!("erased-{membership_id}@example.invalid")
}

/// The person of a membership, whose name and email addresses are to be erased.
#[derive(Debug)]
pub struct ErasedPerson {
    membership_id: Uuid,
    /// All addresses that the membership ever had, without case.
    emails: HashSet<String>,
}

impl ErasedPerson {
    /// The person of this membership, which has had these email addresses.
    pub fn new<'a>(membership_id: Uuid, emails: impl IntoIterator<Item = &'a str>) -> Self {
        Self { membership_id, emails: emails.into_iter().map(without_case).collect() }
    }

    /// Erases the name and the address of each copy of the membership in a JSON value, and each other
    /// text that is one of its addresses, as plans of changes have them. Returns whether the value had
    /// any.
    pub fn erase_from(&self, value: &mut Value) -> bool {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
            Value::String(text) => {
                let is_email = self.emails.contains(&without_case(text));
                if is_email {
                    *text = erased_email(self.membership_id);
                }
                is_email
            }
            Value::Array(elements) => {
                let mut had = false;
                for element in elements {
                    had |= self.erase_from(element);
                }
                had
            }
            Value::Object(fields) => {
                let id = fields.get("id").and_then(Value::as_str);
                let is_membership = id.is_some_and(|id| id == self.membership_id.to_string())
                    && fields.contains_key("email");
                let mut had = false;
                for (name, value) in fields {
                    had |= match name.as_str() {
                        "name" if is_membership => replace(value, ERASED_NAME.into()),
                        "nameFolded" if is_membership => {
                            replace(value, ordering_key(ERASED_NAME).into())
                        }
                        "email" if is_membership => {
                            replace(value, erased_email(self.membership_id).into())
                        }
                        _ => self.erase_from(value),
                    };
                }
                had
            }
        }
    }
}

/// Sets a value, and returns whether it was another one.
fn replace(value: &mut Value, by: Value) -> bool {
    let is_other = *value != by;
    *value = by;
    is_other
}
