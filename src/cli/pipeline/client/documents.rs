//! The documents that the commands send, with types for their variables and responses, which the build
//! script generates from schema.graphql (`build/documents.rs`).
//!
//! `ExportPipelines` reads a page of one scenario: the specification of a scenario may have 1,000 steps,
//! and the cost of two would nearly reach the limit.

#![expect(clippy::pedantic, clippy::needless_borrow, unused_imports, reason = "they are generated")]

use crm_steps::domain::flow::{
    diagnostics::Severity as CrmDiagnosticSeverity, plan::PlanAction, spec::PipelineSpec,
};

type Json = serde_json::Value;
type StringMap = serde_json::Value;
// Codes are printed as they are.
type CrmDiagnosticCode = String;
type UserErrorCode = String;

include!(concat!(env!("OUT_DIR"), "/documents.rs"));
