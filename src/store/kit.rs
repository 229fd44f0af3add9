//! Parts that all queries share: the scope of an organization, lists and pages, filters, batches of
//! writes, locks, outcomes under idempotency keys, sealing of secrets, and errors.

pub mod columns;
pub mod error;
pub mod filter;
pub mod idempotency;
pub mod list;
pub(crate) mod locks;
pub mod once_cache;
pub mod outage;
pub mod page;
pub mod permits;
pub mod secrets;
pub mod tenant;
pub mod write_batch;
