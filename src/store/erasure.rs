//! Erasing an organization, or the person of a membership, for the operator.

pub mod organization;
pub mod person;
