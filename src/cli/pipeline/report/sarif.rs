//! The report as SARIF 2.1.0 (OASIS), which code scanning reads.

use std::{collections::BTreeSet, path::Path};

use crm_steps::{domain::flow::diagnostics::Severity, pipeline_file::Position};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::cli::pipeline::{escape::Plain, finding::Finding};

/// What is encoded in a path of a URI reference: all but unreserved characters and slashes.
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) fn report(findings: &[Finding]) -> Value {
    let codes: BTreeSet<_> = findings.iter().map(|finding| finding.code.as_str()).collect();
    let rules: Vec<_> = codes.iter().map(|code| json!({ "id": code })).collect();
    let results: Vec<_> = findings.iter().map(result).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "crm-steps",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn result(finding: &Finding) -> Value {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let location = |position: &Position| location(&finding.file, *position);
    let related: Vec<_> = finding.related.iter().map(location).collect();
    let mut result = json!({
        "ruleId": finding.code,
        "level": level,
        "message": { "text": text(&finding.message) },
        "locations": [location(&finding.position)],
    });
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    result
}

fn location(file: &Path, position: Position) -> Value {
    let path = file.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": utf8_percent_encode(&path, PATH).to_string() },
        "region": { "startLine": position.line, "startColumn": position.column },
    } })
}

/// A message without links, which brackets with parentheses after them would be (section 3.11.6).
fn text(message: &str) -> String {
    Plain(message).to_string().replace("](", "] (")
}
