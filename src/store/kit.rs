//! What every query needs: the scope of an organization, pages, filters, batches of writes, locks,
//! kept outcomes, sealing and errors.

pub mod columns;
pub mod error;
pub mod filter;
pub mod idempotency;
pub mod list;
pub(crate) mod locks;
pub mod page;
pub mod secrets;
pub mod tenant;
pub mod write_batch;
