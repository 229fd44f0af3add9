//! Flows: what the steps of a pipeline do together.

mod assignment;
mod conversation;
mod diagnostics;
mod moves;
mod pictures;
mod simulation;
mod simulation_request;
mod step_effects;
mod timer_walks;
//! Flows: pipelines as files, what they do and what a change does to them.
mod export;
mod keys;
mod moves;
mod pipelines;
mod plan;
mod references;
mod resolve;
mod specification;
