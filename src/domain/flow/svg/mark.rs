//! Marks: what a step is beside its name, each by a shape of its own.

use std::fmt::{self, Display, Formatter};

use crate::domain::flow::diagnostics::Severity;

/// A mark, in the order of the legend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// Conversations enter the step by its trigger.
    Trigger,
    /// A conversation is resolved.
    Resolved,
    /// A conversation leaves the flow.
    Removal,
    /// Something is the matter with the step.
    Badge(Severity),
}

impl Mark {
    /// What it means, in the legend.
    pub(super) fn meaning(self) -> &'static str {
        match self {
            Self::Trigger => "trigger: enters from any step",
            Self::Resolved => "sets the status resolved",
            Self::Removal => "leaves the pipeline",
            Self::Badge(Severity::Error) => "error",
            Self::Badge(Severity::Warning) => "warning",
            Self::Badge(Severity::Info) => "note",
        }
    }
}

/// The elements of the mark, around the origin, within nine pixels.
impl Display for Mark {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (shape, icon) = match self {
            Self::Trigger => (r#"<circle class="trigger" r="9"/>"#, "M1.5-5.5L-3 1H3L-1.5 5.5"),
            Self::Resolved => (r#"<circle class="resolved" r="9"/>"#, "M-4 .5L-1 3.5L4-3"),
            Self::Removal => {
                return f.write_str(
                    r#"<circle class="line ring" r="7"/><circle class="dot" r="3.5"/>"#,
                );
            }
            Self::Badge(Severity::Error) => (
                r#"<polygon class="error" points="-4,-9 4,-9 9,-4 9,4 4,9 -4,9 -9,4 -9,-4"/>"#,
                "M-3-3L3 3M3-3L-3 3",
            ),
            Self::Badge(Severity::Warning) => {
                (r#"<polygon class="warning" points="0,-9 9,8 -9,8"/>"#, "M0-3V1.5M0 5v.1")
            }
            Self::Badge(Severity::Info) => {
                (r#"<circle class="info" r="9"/>"#, "M0-.5V4.5M0-4.5v.1")
            }
        };
        write!(f, r#"{shape}<path class="icon" d="{icon}"/>"#)
    }
}
