//! The rules: what a thing is and what is refused, with the sentence that says so.
//!
//! Nothing here waits, queries or knows of GraphQL or HTTP. What a rule needs to know about other
//! things that exist is handed in.

pub mod access_token;
pub mod agent;
pub mod change;
mod checks;
pub mod clock;
pub mod conflict;
pub mod crm_scenario;
pub mod crm_step;
pub mod id;
pub mod idempotency;
pub mod membership;
pub mod secret;
pub mod text;
mod update;
pub mod url;
pub mod violation;
