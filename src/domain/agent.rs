//! AI agents.

use serde::{Deserialize, Serialize};

use super::{
    checks::{check_name, check_text},
    text::is_given,
    update::ChangedFields,
    url::{URL_MAX, check_url},
    violation::{Check, Checked, Violations},
};

const ICON_URL: &str = "iconUrl";

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
        match self.icon_url.as_deref() {
            Some(url) if is_given(Some(url)) => check_url(&mut violations, ICON_URL, url),
            // A blank one is stored as it was sent, so it has to be fit to be stored.
            Some(blank) => {
                check_text(&mut violations, ICON_URL, blank, URL_MAX);
            }
            None => {}
        }
        violations.or(Some(Self { name, ..self }), &changed)
    }
}
