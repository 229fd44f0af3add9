//! The documents that the commands send, with types for their variables and responses, which the build
//! script generates from schema.graphql (`build/documents.rs`).
//!
//! `ExportPipelines` reads a page of one scenario: each field of its specification is counted for 1,000
//! steps, a third of what the default limits let one request cost.

#![expect(clippy::needless_borrow, unused_imports, reason = "they are generated")]
// In tests Clippy does not look for it.
#![cfg_attr(not(test), expect(clippy::wildcard_imports, reason = "they are generated"))]

use crm_steps::domain::flow::{
    diagnostics::Severity as CrmDiagnosticSeverity, plan::PlanAction, spec::PipelineSpec,
};

type Json = serde_json::Value;
type StringMap = serde_json::Value;
// Codes are printed as they are.
type CrmDiagnosticCode = String;
type UserErrorCode = String;

include!(concat!(env!("OUT_DIR"), "/documents.rs"));
