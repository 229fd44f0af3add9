//! Annotations of GitHub Actions: a workflow command for each finding.

use std::fmt::{self, Display, Formatter};

use crm_steps::domain::flow::diagnostics::Severity;

use crate::cli::pipeline::{escape::Plain, finding::Finding};

/// A finding as a workflow command. Text in it is escaped, so that it can neither end the command nor
/// begin another one.
pub(super) struct Annotation<'a>(pub(super) &'a Finding);

impl Display for Annotation<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(finding) = self;
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let file = property(&finding.file.display().to_string());
        let (line, column) = (finding.position.line, finding.position.column);
        let code = property(&finding.code);
        let message = data(&finding.message);
        write!(f, "::{command} file={file},line={line},col={column},title={code}::{message}")
    }
}

/// A text as the message of a workflow command.
fn data(text: &str) -> String {
    Plain(text).to_string().replace('%', "%25")
}

/// A text as the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
