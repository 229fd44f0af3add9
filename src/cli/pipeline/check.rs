//! The command `pipeline check`.

use std::{path::Path, process::ExitCode};

use crm_steps::{
    config::{CheckConfig, RulesConfig},
    domain::flow::diagnostics::Severity,
};

use super::{
    CommandError, REACHED,
    file::{self, files},
    finding::Finding,
    print, report,
};
use crate::cli::say;

/// Prints a report, and returns the exit status: that of a broken rule or file, before that of
/// diagnostics.
pub(crate) fn check(config: &CheckConfig) -> Result<ExitCode, CommandError> {
    let files = files(&config.files)?;
    let findings: Vec<Finding> =
        files.iter().flat_map(|path| findings(path, &config.rules)).collect();
    print(&report::report(config.format, &findings)?)?;
    say(format_args!("crm-steps: {}", summary(files.len(), &findings)));
    let fail_on = Severity::from(config.fail_on);
    Ok(if findings.iter().any(|finding| finding.is_broken) {
        ExitCode::FAILURE
    } else if findings.iter().any(|finding| finding.severity <= fail_on) {
        ExitCode::from(REACHED)
    } else {
        ExitCode::SUCCESS
    })
}

/// What is wrong with a file; its diagnostics if that is nothing.
fn findings(path: &Path, rules: &RulesConfig) -> Vec<Finding> {
    match file::check(path, rules) {
        Ok(file) => Finding::diagnostics(path, &file),
        Err(findings) => findings,
    }
}

fn summary(files: usize, findings: &[Finding]) -> String {
    let counted = |count: usize, what: &str| {
        let plural = if count == 1 { "" } else { "s" };
        format!("{count} {what}{plural}")
    };
    let broken = findings.iter().filter(|finding| finding.is_broken).count();
    let diagnostics = |severity| {
        findings.iter().filter(|finding| !finding.is_broken && finding.severity == severity).count()
    };
    let counts = [
        (broken, "problem"),
        (diagnostics(Severity::Error), "error"),
        (diagnostics(Severity::Warning), "warning"),
        (diagnostics(Severity::Info), "note"),
    ];
    let found: Vec<_> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| counted(count, what))
        .collect();
    let found = if found.is_empty() { "nothing found".to_owned() } else { found.join(", ") };
    format!("{} checked: {found}", counted(files, "file"))
}
