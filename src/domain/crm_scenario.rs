//! Scenarios: pipelines of steps.

use serde::{Deserialize, Serialize};

use super::{
    checks::Check,
    rules::{
        NAME_MAX,
        fields::{DESCRIPTION, NAME},
    },
    violation::Violations,
};

/// The maximum number of steps of a scenario, unless the operator chooses another.
pub const STEPS_MAX: usize = 1_000;

/// What a client sends to create a scenario.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of the resource")]
pub struct NewCrmScenario {
    pub name: String,
    pub description: Option<String>,
    pub key: Option<String>,
}

impl Check for NewCrmScenario {
    /// Rules: a name, a description that is not too long, and a key or none.
    fn apply_rules(self, violations: &mut Violations) -> Self {
        let name = violations.check_trimmed(&NAME, &self.name);
        violations.check_optional(&DESCRIPTION, self.description.as_deref());
        violations.check_key(self.key.as_deref());
        Self { name, ..self }
    }
}

/// The name of a copy: that of the original, shortened where necessary, with a mark.
#[must_use]
pub fn name_of_copy(name: &str) -> String {
    const MARK: &str = " (copy)";
    let length = NAME_MAX - MARK.len();
    let kept: String = name.chars().take(length).collect();
    format!("{}{MARK}", kept.trim_end())
}
