//! AI agents.

use serde::{Deserialize, Serialize};

use super::{checks::Check, url::WebhookHosts, violation::Violations};

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
    fn apply_rules(self, violations: &mut Violations) -> Self {
        let name = violations.check_name("name", &self.name);
        if let Some(url) = &self.icon_url {
            // A browser loads it, which may use any host.
            violations.check_url("iconUrl", url, &WebhookHosts::Any);
        }
        Self { name, ..self }
    }
}
