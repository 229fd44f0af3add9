//! Groups: subscriptions that get the same responses to the same events.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

use async_graphql::{Request, Variables, parser::types::ExecutableDocument};
use uuid::Uuid;

use super::Held;
use crate::{
    domain::{
        access_token::{Caller, Scopes},
        id::OrganizationId,
    },
    graphql::{engine::Prepared, parts::error::Failure},
};

/// The groups that have subscribers. Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Groups(Arc<Mutex<HashMap<Arc<GroupKey>, Weak<Group>>>>);

/// All that the response to an event depends on. Nothing below the root of a subscription depends on
/// the token but the values of secrets, which its scopes mask.
#[derive(Debug, PartialEq, Eq, Hash)]
struct GroupKey {
    organization: OrganizationId,
    /// The text, and not only what is executed: errors have positions in it.
    document: String,
    operation_name: Option<String>,
    /// As JSON, without those that only say which events a subscription has.
    variables: String,
    scopes: Scopes,
}

/// What subscriptions have in common that get the same responses.
#[derive(Debug)]
pub(super) struct Group {
    /// Different for each group.
    pub(super) id: u64,
    key: Arc<GroupKey>,
    groups: Groups,
    document: ExecutableDocument,
    variables: Variables,
}

impl Groups {
    /// The group of a prepared subscription.
    pub(super) fn of(
        &self,
        prepared: &Prepared,
        mut request: Request,
        caller: &Caller,
    ) -> Result<Arc<Group>, Failure> {
        static GROUPS: AtomicU64 = AtomicU64::new(0);
        let no_json = |_| Failure::internal("the variables of a subscription have no JSON");
        let key = GroupKey {
            organization: caller.organization,
            variables: serde_json::to_string(&request.variables).map_err(no_json)?,
            document: std::mem::take(&mut request.query),
            operation_name: prepared.operation_name.clone(),
            scopes: caller.scopes.clone(),
        };
        let mut groups = self.lock();
        if let Some(group) = groups.get(&key).and_then(Weak::upgrade) {
            return Ok(group);
        }
        let no_document = |_| Failure::internal("a prepared subscription has no document");
        let document = request.parsed_query().map_err(no_document)?.clone();
        let key = Arc::new(key);
        let group = Arc::new(Group {
            id: GROUPS.fetch_add(1, Ordering::Relaxed),
            key: Arc::clone(&key),
            groups: self.clone(),
            document,
            variables: request.variables,
        });
        groups.insert(key, Arc::downgrade(&group));
        Ok(group)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Arc<GroupKey>, Weak<Group>>> {
        // The map is consistent whenever the lock is released, so a poisoned lock is safe to use.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let mut groups = self.groups.lock();
        // Another one with the same key may be there already.
        if groups.get(&self.key).is_some_and(|group| group.strong_count() == 0) {
            groups.remove(&self.key);
        }
    }
}

impl Group {
    /// The request that is executed for an event.
    pub(super) fn request(&self) -> Request {
        let mut request = Request::new("").variables(self.variables.clone());
        request.set_parsed_query(self.document.clone());
        request
    }

    /// A caller with the rights of all subscribers.
    pub(super) fn caller(&self) -> Caller {
        Caller {
            organization: self.key.organization,
            token_id: Uuid::nil(),
            token_name: String::new(),
            membership_id: None,
            scopes: self.key.scopes.clone(),
        }
    }

    pub(super) fn organization(&self) -> OrganizationId {
        self.key.organization
    }

    pub(super) fn held(&self) -> Held {
        Held { group: self.id, bytes: self.key.document.len() + self.key.variables.len() }
    }
}
