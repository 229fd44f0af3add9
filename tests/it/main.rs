//! Tests of the service through its public interfaces: one binary, one file per subject, each test
//! on SQLite and on PostgreSQL.

mod support;

mod architecture;
mod auth;
mod backup;
mod command_line;
mod commit_queue;
mod concurrency;
mod connections;
mod crash;
mod create_crm_step;
mod create_crm_steps;
mod deleting;
mod documentation;
mod documents;
mod domain;
mod finding;
mod history;
mod hostile;
mod known_documents;
mod limits;
mod lists;
mod migrations;
mod move_crm_step;
mod operated;
mod over_http;
mod page;
mod page_build;
mod persisted_documents;
mod pipelines;
mod relay;
mod requests;
mod resources;
mod rest;
mod retries;
mod rules;
mod samples;
mod schema;
mod secrets;
mod selecting;
mod statements;
mod tenancy;
mod update_crm_step;
mod upgrade;
mod validity;
