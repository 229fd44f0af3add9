//! AI agents.

use serde::{Deserialize, Serialize};

use super::{
    checks::check_name,
    update::ChangedFields,
    url::check_url,
    violation::{Check, Checked, Violations},
};

/// What a client sends to create an agent.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are those of the resource")]
pub struct NewAgent {
    pub name: String,
    pub icon_url: Option<String>,
}

impl Check for NewAgent {
    /// Rules: a name, and an icon that is an http(s) URL, blank or left out.
    fn check(self, stored: Option<&Self>) -> Result<Checked<Self>, Violations> {
        let changed = ChangedFields::between(stored, &self);
        let mut violations = Violations::default();
        let name = check_name(&mut violations, "name", &self.name);
        if let Some(url) = &self.icon_url {
            check_url(&mut violations, "iconUrl", url);
        }
        violations.or(Some(Self { name, ..self }), &changed)
    }
}
