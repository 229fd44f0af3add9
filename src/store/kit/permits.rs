//! Permits to do something at the same time, of which no organization has all.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

use crate::domain::id::OrganizationId;

/// Permits of all organizations together, of which each organization has at most half: what waits for one
/// organization delays the others by no more than that. Clones share the permits.
#[derive(Debug, Clone)]
pub struct Permits {
    all: Arc<Semaphore>,
    each_max: usize,
    /// Those of the organizations that hold permits or wait for one.
    each: Arc<Mutex<HashMap<OrganizationId, Weak<Semaphore>>>>,
}

/// A permit, which is given back when it is dropped.
#[derive(Debug)]
pub struct Permit {
    _of_all: OwnedSemaphorePermit,
    /// Keeps the organization in the map.
    _of_organization: OwnedSemaphorePermit,
}

impl Permits {
    /// This many permits, at least two.
    #[must_use]
    pub fn new(max: usize) -> Self {
        Self { all: Arc::new(Semaphore::new(max)), each_max: max / 2, each: Arc::default() }
    }

    /// Waits for a permit of an organization. It is an error only if the semaphores are closed, which they
    /// never are.
    pub async fn acquire(&self, organization: OrganizationId) -> Result<Permit, AcquireError> {
        // First, so that what waits for an organization is not in the queue of all.
        let of_organization = self.of(organization).acquire_owned().await?;
        let of_all = Arc::clone(&self.all).acquire_owned().await?;
        Ok(Permit { _of_all: of_all, _of_organization: of_organization })
    }

    fn of(&self, organization: OrganizationId) -> Arc<Semaphore> {
        // The map is consistent whenever the lock is released, so a poisoned lock is safe to use.
        let mut each = self.each.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(semaphore) = each.get(&organization).and_then(Weak::upgrade) {
            return semaphore;
        }
        each.retain(|_, semaphore| semaphore.strong_count() > 0);
        let semaphore = Arc::new(Semaphore::new(self.each_max));
        each.insert(organization, Arc::downgrade(&semaphore));
        semaphore
    }
}
