//! The only queries. Each takes an organization, as its first argument or with its caller, its
//! calls or its ids, and reads and writes only rows of that organization. Those of the operator
//! and of periodic tasks, which take none, say so.

pub mod access_token;
pub mod commit_queue;
pub mod crm_scenario;
pub mod crm_step;
pub mod delete;
pub mod erasure;
pub mod feed;
pub mod history;
pub mod kit;
pub mod mutation;
pub mod node;
pub mod organization;
pub mod pipeline;
pub mod purge;
pub mod resource;
pub mod unit_of_work;

pub use kit::error::StoreError;
