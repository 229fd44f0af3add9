//! AI agents.

use serde::{Deserialize, Serialize};

use super::{
    checks::Check,
    rules::fields::{ICON_URL, NAME},
    url::WebhookHosts,
    violation::Violations,
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
    fn apply_rules(self, violations: &mut Violations) -> Self {
        let name = violations.check_trimmed(&NAME, &self.name);
        if let Some(url) = &self.icon_url {
            // A browser loads it, which may use any host.
            violations.check_url(&ICON_URL, url, &WebhookHosts::Any);
        }
        Self { name, ..self }
    }
}
