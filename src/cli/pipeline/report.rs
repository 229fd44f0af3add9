//! Reports of findings.

mod github;
mod json;
mod sarif;

use crm_steps::config::ReportFormat;

pub(super) use self::json::JsonFinding;
use super::finding::Finding;

/// The report in a format.
pub(super) fn report(format: ReportFormat, findings: &[Finding]) -> serde_json::Result<String> {
    match format {
        ReportFormat::Text => Ok(lines(findings)),
        ReportFormat::Json => pretty(&json::report(findings)),
        ReportFormat::Github => {
            Ok(lines(&findings.iter().map(github::Annotation).collect::<Vec<_>>()))
        }
        ReportFormat::Sarif => pretty(&sarif::report(findings)),
    }
}

fn lines(findings: &[impl ToString]) -> String {
    findings.iter().map(|finding| finding.to_string() + "\n").collect()
}

/// JSON for people and programs.
pub(super) fn pretty(report: &impl serde::Serialize) -> serde_json::Result<String> {
    serde_json::to_string_pretty(report).map(|text| text + "\n")
}
