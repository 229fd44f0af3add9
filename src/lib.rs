//! crm-steps

pub mod domain;
