//! AI agents.

use serde::Deserialize;

use super::{
    text::{check_name, is_given},
    url::check_url,
    violation::{Checked, Violations},
};

/// What a client sends to create an agent.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are those of the noun")]
pub struct NewAgent {
    pub name: String,
    pub icon_url: Option<String>,
}

impl NewAgent {
    /// Checks all rules: a name, and an icon that is an http(s) URL or left out.
    pub fn check(self) -> Result<Checked<Self>, Violations> {
        let mut violations = Violations::default();
        let name = check_name(&mut violations, "name", &self.name);
        if let Some(url) = &self.icon_url
            && is_given(Some(url))
        {
            check_url(&mut violations, "iconUrl", url);
        }
        violations.or(Some(Self { name, ..self }))
    }
}
