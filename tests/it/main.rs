//! What the service promises, tried from outside: one binary, one file per subject, and each test
//! on both databases.

mod support;

mod auth;
mod command_line;
mod concurrency;
mod crash;
mod create_crm_step;
mod lists;
mod migrations;
mod nouns;
mod requests;
mod rules;
mod samples;
mod schema;
mod tenancy;
