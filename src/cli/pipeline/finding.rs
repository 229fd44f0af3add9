//! What a check finds in a file.

use std::{
    fmt::{self, Display, Formatter},
    path::{Path, PathBuf},
};

use crm_steps::{
    domain::{
        flow::{
            Flow,
            diagnostics::{Diagnostic, Severity, diagnose},
        },
        violation::ViolationView,
    },
    pipeline_file::{PipelineFile, Position, Problem},
};

use super::escape::Plain;

/// The code of a file that cannot be read.
const INVALID_FILE: &str = "INVALID_FILE";

/// Something to report.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) file: PathBuf,
    pub(super) position: Position,
    pub(super) severity: Severity,
    /// Whether the file cannot be applied because of it. All others are diagnostics.
    pub(super) is_broken: bool,
    pub(super) code: &'static str,
    /// A whole sentence.
    pub(super) message: String,
    /// The other steps that a diagnostic is about.
    pub(super) related: Vec<Position>,
}

impl Finding {
    pub(super) fn problem(file: &Path, Problem { position, message }: Problem) -> Self {
        Self::broken(file, position, INVALID_FILE, message)
    }

    pub(super) fn violation(file: &Path, read: &PipelineFile, violation: &ViolationView) -> Self {
        let position = read.position(&violation.field);
        Self::broken(file, position, violation.code.into(), violation.message.clone())
    }

    fn broken(file: &Path, position: Position, code: &'static str, message: String) -> Self {
        let (file, severity, related) = (file.to_owned(), Severity::Error, Vec::new());
        Self { file, position, severity, is_broken: true, code, message, related }
    }

    /// All diagnostics of a valid file.
    pub(super) fn diagnostics(file: &Path, read: &PipelineFile) -> Vec<Self> {
        let flow = read.value.flow();
        let diagnostics = diagnose(&flow);
        diagnostics.iter().map(|it| Self::diagnostic(file, read, &flow, it)).collect()
    }

    fn diagnostic(file: &Path, read: &PipelineFile, flow: &Flow, diagnostic: &Diagnostic) -> Self {
        let steps = diagnostic.step_indexes.iter();
        let mut positions = steps.map(|index| read.position(&["steps", &index.to_string()]));
        Self {
            file: file.to_owned(),
            position: positions.next().unwrap_or(Position::START),
            severity: diagnostic.severity(),
            is_broken: false,
            code: diagnostic.code().into(),
            message: diagnostic.message(flow),
            related: positions.collect(),
        }
    }
}

/// A line for people: where it is, how serious it is, what it is.
impl Display for Finding {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let file = self.file.display().to_string();
        let Position { line, column } = self.position;
        let severity: &str = self.severity.into();
        let (severity, code) = (severity.to_lowercase(), self.code);
        write!(f, "{}:{line}:{column}: {severity}: {} [{code}]", Plain(&file), Plain(&self.message))
    }
}
