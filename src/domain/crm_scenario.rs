//! Scenarios: pipelines of steps.

use serde::Deserialize;

use super::{
    text::{check_name, check_optional},
    violation::{Checked, Violations},
};

/// Longest description, in characters.
pub const DESCRIPTION_MAX: usize = 2_000;

/// What a client sends to create a scenario.
#[derive(Debug, Clone, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of the noun")]
pub struct NewCrmScenario {
    pub name: String,
    pub description: Option<String>,
}

impl NewCrmScenario {
    /// Checks all rules.
    pub fn check(self) -> Result<Checked<Self>, Violations> {
        let mut violations = Violations::default();
        let name = check_name(&mut violations, "name", &self.name);
        let description = self.description.as_deref();
        check_optional(&mut violations, "description", description, DESCRIPTION_MAX);
        violations.or(Some(Self { name, ..self }))
    }
}
