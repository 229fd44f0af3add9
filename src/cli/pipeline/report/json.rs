//! The report as JSON: `{ "findings": [{ "file", "line", "column", "severity", "code", "message",
//! "isBroken", "related": [{ "line", "column" }] }] }`.

use crm_steps::{domain::flow::diagnostics::Severity, pipeline_file::Position};
use serde::Serialize;

use crate::cli::pipeline::finding::Finding;

#[derive(Serialize)]
pub(super) struct Report<'a> {
    findings: Vec<JsonFinding<'a>>,
}

/// A finding as JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cli::pipeline) struct JsonFinding<'a> {
    file: String,
    #[serde(flatten)]
    place: Place,
    severity: Severity,
    code: &'a str,
    message: &'a str,
    is_broken: bool,
    related: Vec<Place>,
}

#[derive(Serialize)]
struct Place {
    line: usize,
    column: usize,
}

impl From<Position> for Place {
    fn from(Position { line, column }: Position) -> Self {
        Self { line, column }
    }
}

impl<'a> From<&'a Finding> for JsonFinding<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            file: finding.file.display().to_string(),
            place: finding.position.into(),
            severity: finding.severity,
            code: &finding.code,
            message: &finding.message,
            is_broken: finding.is_broken,
            related: finding.related.iter().copied().map(Place::from).collect(),
        }
    }
}

pub(super) fn report(findings: &[Finding]) -> Report<'_> {
    Report { findings: findings.iter().map(JsonFinding::from).collect() }
}
