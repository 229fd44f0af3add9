//! crm-steps: a GraphQL API for building the pipelines that AI chat agents run on.
//!
//! Five rooms, and data walks through them one way: `http` → `graphql` → `domain` and `store` →
//! `entity`. docs/architecture.md follows one request through all of them.

/// Flags and environment as one typed configuration.
pub mod config;
/// Opens the database and migrates it.
pub mod db;
/// What a new embedded database begins with.
pub mod demo;
/// The rules.
pub mod domain;
/// The tables.
pub mod entity;
/// The contract with GraphQL clients.
pub mod graphql;
/// The doors.
pub mod http;
/// The queries.
pub mod store;
/// Logs, traces and numbers.
pub mod telemetry;
