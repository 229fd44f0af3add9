//! AI agents.

use serde::{Deserialize, Serialize};

use super::{
    update::ChangedFields,
    url::WebhookHosts,
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
        let name = violations.check_name("name", &self.name);
        if let Some(url) = &self.icon_url {
            // A browser loads it, which may use any host.
            violations.check_url("iconUrl", url, &WebhookHosts::Any);
        }
        violations.or(Some(Self { name, ..self }), &changed)
    }
}
