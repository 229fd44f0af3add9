//! Bearer tokens, and what their bearer may do.

use std::{collections::BTreeSet, fmt};

use rand::distr::{Alphanumeric, SampleString as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use strum::{EnumIter, IntoStaticStr};
use uuid::Uuid;

use super::id::OrganizationId;

/// What a token lets its bearer do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Scope {
    /// Queries.
    Read,
    /// Mutations, and reading what they return.
    Write,
    /// Secrets in what is read: the values of webhook headers.
    Secrets,
}

/// A set of scopes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scopes(BTreeSet<Scope>);

impl Scopes {
    /// Whether `scope` is among them.
    #[must_use]
    pub fn contains(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// Each of them, in one order.
    pub fn iter(&self) -> impl Iterator<Item = Scope> {
        self.0.iter().copied()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().collect())
    }
}

/// Who is asking: what a valid token tells.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The tenant that the token belongs to.
    pub organization: OrganizationId,
    /// The token's own id.
    pub token_id: Uuid,
    /// What the token was named when it was made.
    pub token_name: String,
    /// What it may do.
    pub scopes: Scopes,
}

/// A secret that its bearer shows. It exists in the clear only where it is made and printed.
#[derive(Debug, Clone)]
pub struct AccessToken(SecretString);

impl AccessToken {
    /// So that people and secret scanners know one when they see one.
    const PREFIX: &str = "crm_";

    /// 43 × log2(62) = 256.03 bits.
    const SECRET_LENGTH: usize = 43;

    /// A new token, from the operating system's randomness by way of a generator made for secrets.
    #[must_use]
    pub fn generate() -> Self {
        let mut token = String::with_capacity(Self::PREFIX.len() + Self::SECRET_LENGTH);
        token.push_str(Self::PREFIX);
        Alphanumeric.append_string(&mut rand::rng(), &mut token, Self::SECRET_LENGTH);
        Self(token.into())
    }

    /// The token itself, to be shown once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }

    /// What is stored of it.
    #[must_use]
    pub fn hash(&self) -> AccessTokenHash {
        AccessTokenHash::of(self.reveal())
    }
}

/// The SHA-256 of a token. A plain hash is enough: there is nothing to guess in 256 random bits.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AccessTokenHash([u8; 32]);

impl AccessTokenHash {
    /// The hash of what a client presented, whether or not that was ever a token.
    #[must_use]
    pub fn of(presented: &str) -> Self {
        Self(Sha256::digest(presented).into())
    }

    /// The bytes to store or to look up.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for AccessTokenHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AccessTokenHash(…)")
    }
}
