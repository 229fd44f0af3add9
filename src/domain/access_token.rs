//! Access tokens and their scopes.

use std::{collections::BTreeSet, fmt, time::Duration};

use clap::ValueEnum;
use rand::distr::{Alphanumeric, SampleString as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use strum::{EnumIter, IntoStaticStr};
use uuid::Uuid;

use super::id::OrganizationId;

/// What a token allows its bearer.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, IntoStaticStr, ValueEnum,
)]
#[strum(serialize_all = "lowercase")]
pub enum Scope {
    /// Queries.
    Read,
    /// Mutations, and reading what they return.
    Write,
    /// Secrets in what is read: the values of webhook headers.
    Secrets,
}

/// How long a token that is revoked still works at most, and one that is renamed still has its earlier
/// name: replicas cache whom a token authenticates, and look up the tokens of streams from time to time.
pub const REVOKED_AFTER: Duration = Duration::from_secs(5);

/// A set of scopes.
pub type Scopes = BTreeSet<Scope>;

/// The caller of a request, as its token identifies it.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The organization of the token.
    pub organization: OrganizationId,
    /// The id of the token.
    pub token_id: Uuid,
    /// The name of the token.
    pub token_name: String,
    /// The scopes of the token.
    pub scopes: Scopes,
    /// The member of the organization that the token acts for.
    pub membership_id: Option<Uuid>,
}

/// A token in the clear: only where it is generated and printed.
#[derive(Debug, Clone)]
pub struct AccessToken(SecretString);

impl AccessToken {
    /// The prefix by which people and secret scanners recognize a token.
    const PREFIX: &str = "crm_";

    /// 43 × log2(62) = 256.03 bits.
    const SECRET_LENGTH: usize = 43;

    /// A new token, from a cryptographically secure generator that the operating system seeds.
    #[must_use]
    pub fn generate() -> Self {
        let mut token = String::with_capacity(Self::PREFIX.len() + Self::SECRET_LENGTH);
        token.push_str(Self::PREFIX);
        Alphanumeric.append_string(&mut rand::rng(), &mut token, Self::SECRET_LENGTH);
        Self(token.into())
    }

    /// The token in the clear, to be shown once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }

    /// The hash that is stored.
    #[must_use]
    pub fn hash(&self) -> AccessTokenHash {
        AccessTokenHash::of(self.reveal())
    }
}

/// The SHA-256 of a token. A plain hash is enough, as 256 random bits cannot be guessed.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AccessTokenHash([u8; 32]);

impl AccessTokenHash {
    /// The hash of what a client presented as a token.
    #[must_use]
    pub fn of(presented: &str) -> Self {
        Self(Sha256::digest(presented).into())
    }

    /// The bytes to store or look up.
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
