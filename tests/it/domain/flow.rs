//! Flows: pipelines as files, what they do and what a change does to them.

mod assignment;
mod conversation;
mod diagnostics;
mod export;
mod keys;
mod moves;
mod pictures;
mod pipelines;
mod plan;
mod references;
mod resolve;
mod simulation;
mod simulation_request;
mod specification;
mod step_effects;
mod timer_walks;
