//! The only queries. Each sees and changes nothing outside of the organization that it is given,
//! first of all or as the caller's.

pub mod access_token;
mod agent;
pub mod crm_scenario;
pub mod crm_step;
pub mod delete;
pub mod history;
pub mod kit;
mod membership;
pub mod node;
pub mod organization;
pub mod resource;
pub mod unit_of_work;

pub use kit::error::StoreError;
