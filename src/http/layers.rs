//! Layers: what runs before and after the handlers.

pub(crate) mod auth;
pub(crate) mod callers;
pub(crate) mod client_address;
pub(crate) mod compression;
pub(crate) mod limits;
pub(crate) mod rate_limit;
pub(crate) mod trace;
pub(crate) mod unread;
