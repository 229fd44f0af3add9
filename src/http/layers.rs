//! What every request passes before and after its handler.

pub(crate) mod auth;
pub(crate) mod callers;
pub(crate) mod client_address;
pub(crate) mod rate_limit;
pub(crate) mod request;
pub(crate) mod unread;
