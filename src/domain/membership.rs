//! Memberships: people in an organization.

use email_address::{EmailAddress, Options};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString};

use super::{
    checks::Check,
    rules::fields::{EMAIL, NAME},
    violation::{ViolationKind, Violations},
};

/// What a member may do in the organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are the roles")]
pub enum MembershipRole {
    Owner,
    Admin,
    User,
}

/// What a client sends to create a membership.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of the resource")]
pub struct NewMembership {
    pub name: String,
    pub email: String,
    pub role: MembershipRole,
}

impl Check for NewMembership {
    /// Rules: a name, and an email address with a domain that has a top level.
    fn apply_rules(self, violations: &mut Violations) -> Self {
        let name = violations.check_trimmed(&NAME, &self.name);
        let email = self.email.trim().to_owned();
        let options =
            Options::default().with_required_tld().without_display_text().without_domain_literal();
        if EmailAddress::parse_with_options(&email, options).is_err() {
            violations.add(&EMAIL, ViolationKind::InvalidEmail);
        }
        Self { name, email, ..self }
    }
}
