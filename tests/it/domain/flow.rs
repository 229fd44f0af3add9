//! Flows: what the steps of a pipeline do together.

mod diagnostics;
mod timer_walks;
