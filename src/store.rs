//! The only queries. Each takes the organization first and sees nothing outside of it.

pub mod access_token;
pub mod agent;
pub mod crm_scenario;
pub mod crm_step;
pub mod membership;
pub mod organization;
pub mod page;
pub mod tenant;
