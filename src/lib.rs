//! crm-steps: a GraphQL API for building the pipelines that AI chat agents run on.
//!
//! Each layer is a module and uses only those after it: `http` → `graphql` → `store` → `domain` and
//! `entity`. docs/architecture.md follows one request through all of them.

/// The configuration.
pub mod config;
/// Opening and migrating the database.
pub mod db;
/// The demo organization of a new embedded database.
pub mod demo;
/// The rules.
pub mod domain;
/// The tables.
pub mod entity;
/// The GraphQL API.
pub mod graphql;
/// The HTTP API.
pub mod http;
/// Pipelines as files.
pub mod pipeline_file;
/// The database queries.
pub mod store;
/// Logs, traces and metrics.
pub mod telemetry;
