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
    pub(super) code: String,
    /// A whole sentence.
    pub(super) message: String,
    /// The other steps that a diagnostic is about.
    pub(super) related: Vec<Position>,
}

impl Finding {
    pub(super) fn problem(file: &Path, Problem { position, message }: Problem) -> Self {
        Self::broken(file, position, INVALID_FILE.to_owned(), message)
    }

    pub(super) fn violation(file: &Path, read: &PipelineFile, violation: &ViolationView) -> Self {
        let (position, code) = (read.position(&violation.field), <&str>::from(violation.code));
        Self::broken(file, position, code.to_owned(), violation.message.clone())
    }

    /// A reason why the file cannot be applied.
    pub(super) fn broken(file: &Path, position: Position, code: String, message: String) -> Self {
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
        let code: &str = diagnostic.code().into();
        let (severity, message) = (diagnostic.severity(), diagnostic.message(flow));
        Self::of_steps(file, read, severity, code.to_owned(), message, &diagnostic.step_indexes)
    }

    /// A diagnostic about the steps with these indexes.
    pub(super) fn of_steps(
        file: &Path,
        read: &PipelineFile,
        severity: Severity,
        code: String,
        message: String,
        step_indexes: &[impl ToString],
    ) -> Self {
        let steps = step_indexes.iter();
        let mut positions = steps.map(|index| read.position(&["steps", &index.to_string()]));
        let position = positions.next().unwrap_or(Position::START);
        let (file, related) = (file.to_owned(), positions.collect());
        Self { file, position, severity, is_broken: false, code, message, related }
    }
}

/// A line for people: where it is, how serious it is, what it is.
impl Display for Finding {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let file = self.file.display().to_string();
        let Position { line, column } = self.position;
        let severity: &str = self.severity.into();
        let (severity, code) = (severity.to_lowercase(), Plain(&self.code));
        write!(f, "{}:{line}:{column}: {severity}: {} [{code}]", Plain(&file), Plain(&self.message))
    }
}
