//! Whose tokens are valid, as the database had it a moment ago.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use quick_cache::sync::Cache;
use sea_orm::DbErr;

use crate::{
    db::Database,
    domain::{
        access_token::{AccessTokenHash, Caller},
        clock::Clock,
    },
    store,
};

/// How long a token is taken for valid without another look, and so how long a token that has
/// been revoked works at most.
const KNOWN_FOR: TimeDelta = TimeDelta::seconds(5);

/// How many tokens are known at a time; a token takes less than a kilobyte.
const KNOWN_MAX: usize = 10_000;

/// Finds out who has a token. Clones share what they know.
#[derive(Clone)]
pub(crate) struct Callers {
    database: Database,
    clock: Clock,
    /// Who was found, and when that was looked up. Nobody who is unknown takes a place here.
    known: Arc<Cache<AccessTokenHash, (Caller, DateTime<Utc>)>>,
}

impl Callers {
    pub(crate) fn new(database: Database, clock: Clock) -> Self {
        Self { database, clock, known: Arc::new(Cache::new(KNOWN_MAX)) }
    }

    /// Whom a token speaks for; nobody if it is unknown or revoked.
    pub(crate) async fn find(&self, hash: AccessTokenHash) -> Result<Option<Caller>, DbErr> {
        let now = self.clock.now();
        if let Some((caller, found_at)) = self.known.get(&hash)
            // A clock may be set back.
            && (TimeDelta::zero()..KNOWN_FOR).contains(&(now - found_at))
        {
            return Ok(Some(caller));
        }
        let caller = store::access_token::find_caller(&self.database, &hash).await?;
        match &caller {
            Some(caller) => self.known.insert(hash, (caller.clone(), now)),
            None => drop(self.known.remove(&hash)),
        }
        Ok(caller)
    }
}
