//! A cache of the callers of valid tokens.

use std::{collections::HashSet, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use quick_cache::sync::Cache;
use sea_orm::DbErr;
use uuid::Uuid;

use crate::{
    db::Database,
    domain::{
        access_token::{AccessTokenHash, Caller, REVOKED_AFTER},
        clock::Clock,
    },
    graphql::error::ErrorCode,
    http::error::Problem,
    store,
};

/// The maximum number of cached callers; each takes less than a kilobyte.
const CACHED_MAX: usize = 10_000;

/// How often the tokens of open sockets and streams are looked up.
pub(crate) const LOOKUP_INTERVAL: Duration = Duration::from_secs(2);

/// How long two lookups in a row may take.
const LOOKUPS_TIME: Duration = Duration::from_secs(1);

/// How long a caller is cached. A stream that begins at the end of this time is ended by the second lookup
/// after it, so a revoked token has no stream after [`REVOKED_AFTER`].
const CACHED_FOR: Duration =
    REVOKED_AFTER.saturating_sub(LOOKUP_INTERVAL).saturating_sub(LOOKUPS_TIME);

/// By what a token is found.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Hash(AccessTokenHash),
    Id(Uuid),
}

/// Finds the caller of a token. Clones share the cache.
#[derive(Clone)]
pub(crate) struct Callers {
    database: Database,
    clock: Clock,
    /// Callers and when the database had them; unknown tokens are not cached.
    cache: Arc<Cache<Key, (Caller, DateTime<Utc>)>>,
}

impl Callers {
    pub(crate) fn new(database: Database, clock: Clock) -> Self {
        Self { database, clock, cache: Arc::new(Cache::new(CACHED_MAX)) }
    }

    /// The time.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The caller of the token in the value of an Authorization header; `None` if there is no valid one. The
    /// case of the scheme `Bearer` does not matter.
    pub(crate) async fn find_by_authorization(
        &self,
        authorization: Option<&str>,
    ) -> Result<Option<Caller>, DbErr> {
        // A missing or malformed token is looked up as the empty text, which is no token: the result and
        // its time are the same as for an unknown token.
        let token = authorization.and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        self.find(Key::Hash(AccessTokenHash::of(token.unwrap_or_default()))).await
    }

    /// The caller of a token that was valid before.
    pub(crate) async fn find_again(&self, token: Uuid) -> Result<Caller, Problem> {
        match self.find(Key::Id(token)).await {
            Ok(Some(caller)) => Ok(caller),
            Ok(None) => Err(Problem::new(ErrorCode::Unauthenticated, "The token is revoked.")),
            Err(error) => {
                tracing::error!(%error, "the database failed during authentication");
                Err(Problem::internal())
            }
        }
    }

    /// The caller of a token; `None` if it is unknown or revoked.
    async fn find(&self, key: Key) -> Result<Option<Caller>, DbErr> {
        let now = self.clock.now();
        if let Some((caller, found_at)) = self.cache.get(&key)
            // A negative age, after the clock was set back, is no duration.
            && (now - found_at).to_std().is_ok_and(|age| age < CACHED_FOR)
        {
            return Ok(Some(caller));
        }
        let caller = match &key {
            Key::Hash(hash) => store::access_token::find_caller(&self.database, hash).await?,
            Key::Id(id) => store::access_token::find_caller_by_id(&self.database, *id).await?,
        };
        match &caller {
            Some(caller) => self.cache.insert(key, (caller.clone(), now)),
            None => drop(self.cache.remove(&key)),
        }
        Ok(caller)
    }

    /// Those of these tokens that are revoked or deleted. They are no longer cached.
    pub(crate) async fn revoked(&self, tokens: &[Uuid]) -> Result<HashSet<Uuid>, DbErr> {
        let valid = store::access_token::valid_of(&self.database, tokens).await?;
        let revoked: HashSet<_> =
            tokens.iter().copied().filter(|token| !valid.contains(token)).collect();
        if !revoked.is_empty() {
            self.cache.retain(|_, (caller, _)| !revoked.contains(&caller.token_id));
        }
        Ok(revoked)
    }
}
