//! What the types of the schema share: lists, filters, errors, patches and the run of a mutation.

pub(crate) mod arguments;
pub(crate) mod connection;
pub(crate) mod constraint;
pub(crate) mod context;
pub mod error;
pub(crate) mod filter;
pub(crate) mod fingerprint;
pub(crate) mod inline;
pub(crate) mod mutation;
pub(crate) mod patch;
pub(crate) mod reads;
pub(crate) mod scalars;
pub(crate) mod schema_description;
pub(crate) mod user_error;
