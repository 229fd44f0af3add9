//! The rules: what the resources are and which inputs are rejected, with the messages.
//!
//! Nothing here is asynchronous, queries a database or depends on GraphQL or HTTP. What a rule has
//! to know about other resources is an argument.

pub mod access_token;
pub mod agent;
pub mod call;
pub mod change;
pub mod checks;
pub mod clock;
pub mod conflict;
pub mod crm_scenario;
pub mod crm_step;
pub mod erasure;
pub mod flow;
pub mod fold;
pub mod id;
pub mod idempotency;
pub mod keys;
pub mod membership;
pub mod moves;
pub mod rules;
pub mod secret;
pub mod text;
mod update;
pub mod url;
pub mod violation;
