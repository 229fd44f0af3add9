//! Sealing of secrets, so that only this service can read them, and their masks.

use std::{fmt, str::FromStr, sync::Arc};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305,
    aead::{Aead as _, Payload},
};
use rand::RngExt as _;
use secrecy::zeroize::Zeroizing;

use super::id::OrganizationId;

/// Shown instead of a secret.
pub const MASK: &str = "***";

/// Start of a sealed text, before the id of its key.
const SEALED: &str = "sealed:";

/// Bytes of a key of XChaCha20-Poly1305.
const KEY_BYTES: usize = 32;

/// Bytes of a nonce: random, and with 192 bits practically never the same twice.
const NONCE_BYTES: usize = 24;

/// The keys of secrets: the first seals, all of them open. Clones share them.
#[derive(Clone, Default)]
pub struct Keyring(Arc<[(String, XChaCha20Poly1305)]>);

/// Why a text is not a keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// A key is malformed.
    #[error(
        "each key is an id, a colon and 32 bytes in Base64, like the command secret-key prints"
    )]
    Malformed,
    /// Two keys have the same id.
    #[error("two keys have the same id")]
    SameId,
}

/// Why a secret cannot be sealed or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The keyring has no key to seal with.
    #[error("there is no key to seal secrets with")]
    NoKey,
    /// The keyring lacks the key that sealed it.
    #[error("there is no key {0} to open a secret with")]
    UnknownKey(String),
    /// The sealed text or its key is not the original one.
    #[error("a secret has been tampered with, or its key's id belongs to another key")]
    Broken,
}

impl Keyring {
    /// The text of a keyring with one new key, from a cryptographically secure generator that the
    /// operating system seeds.
    #[must_use]
    pub fn generate(id: &str) -> String {
        let key: [u8; KEY_BYTES] = rand::rng().random();
        format!("{id}:{}", BASE64_STANDARD.encode(key))
    }

    /// Seals a text for an organization; it cannot be opened for another one.
    pub fn seal(&self, organization: OrganizationId, clear: &str) -> Result<String, SealError> {
        let (id, cipher) = self.0.first().ok_or(SealError::NoKey)?;
        let nonce: [u8; NONCE_BYTES] = rand::rng().random();
        let payload = Payload { msg: clear.as_bytes(), aad: organization.0.as_bytes() };
        let sealed = cipher.encrypt(&nonce.into(), payload).map_err(|_| SealError::Broken)?;
        let bytes = [&nonce[..], &sealed].concat();
        Ok(format!("{SEALED}{id}:{}", BASE64_STANDARD.encode(bytes)))
    }

    /// Opens a text that was sealed for an organization. A text without the prefix was stored
    /// before there were keys, and is returned as it is.
    pub fn open(&self, organization: OrganizationId, stored: &str) -> Result<String, SealError> {
        let Some((id, text)) = stored.strip_prefix(SEALED).and_then(|rest| rest.split_once(':'))
        else {
            return Ok(stored.to_owned());
        };
        let key = self.0.iter().find(|(known, _)| known == id);
        let (_, cipher) = key.ok_or_else(|| SealError::UnknownKey(id.to_owned()))?;
        let bytes = BASE64_STANDARD.decode(text).map_err(|_| SealError::Broken)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or(SealError::Broken)?;
        let payload = Payload { msg: sealed, aad: organization.0.as_bytes() };
        let clear = cipher.decrypt(&(*nonce).into(), payload).map_err(|_| SealError::Broken)?;
        String::from_utf8(clear).map_err(|_| SealError::Broken)
    }

    /// Whether a text was sealed with the first key.
    #[must_use]
    pub fn is_current(&self, stored: &str) -> bool {
        let sealed = stored.strip_prefix(SEALED).and_then(|rest| rest.split_once(':'));
        sealed.is_some_and(|(id, _)| self.0.first().is_some_and(|(first, _)| first == id))
    }
}

impl FromStr for Keyring {
    type Err = KeyringError;

    /// Parses keys, separated by commas, each an id, a colon and 32 bytes in Base64.
    fn from_str(text: &str) -> Result<Self, KeyringError> {
        let mut keys: Vec<(String, XChaCha20Poly1305)> = Vec::new();
        for key in text.split(',').map(str::trim) {
            let (id, key) = key.split_once(':').ok_or(KeyringError::Malformed)?;
            let key = BASE64_STANDARD.decode(key).map_err(|_| KeyringError::Malformed)?;
            let key = Zeroizing::new(key);
            let cipher =
                XChaCha20Poly1305::new_from_slice(&key).map_err(|_| KeyringError::Malformed)?;
            if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            {
                return Err(KeyringError::Malformed);
            }
            if keys.iter().any(|(known, _)| known == id) {
                return Err(KeyringError::SameId);
            }
            keys.push((id.to_owned(), cipher));
        }
        Ok(Self(keys.into()))
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.0.iter().map(|(id, _)| id)).finish()
    }
}
