//! The data that resolvers find in the context of a request.

use std::sync::Arc;

use async_graphql::Context;
use quick_cache::sync::Cache;
use uuid::Uuid;

use super::{error::Failure, reads::Reads};
use crate::{
    db::Database,
    domain::{
        access_token::Caller, clock::Clock, crm_scenario::STEPS_MAX,
        flow::diagnostics::DiagnosticCounts, id::OrganizationId, url::WebhookHosts,
    },
    store::{commit_queue::CommitQueue, crm_step::Creation, feed::Feed},
};

/// How many scenarios the numbers of diagnostics are kept of, a hundred bytes each.
const DIAGNOSTIC_COUNTS_MAX: usize = 10_000;

/// What resolvers use, the same for all requests.
#[derive(Debug, Clone)]
pub struct Environment {
    /// The database.
    pub database: Database,
    /// The clock.
    pub clock: Clock,
    /// The hosts that webhooks may call.
    pub webhook_hosts: WebhookHosts,
    /// The maximum number of steps of a scenario.
    pub max_steps: usize,
    /// Whether deleted steps and scenarios are kept, so that they can be restored.
    pub are_deleted_restorable: bool,
    /// The queue that writes new steps in shared transactions.
    pub commit_queue: CommitQueue<Creation>,
    /// The changes to which clients subscribe.
    pub feed: Feed,
    /// The numbers of diagnostics of scenarios, by organization, scenario and revision.
    pub diagnostic_counts: Arc<Cache<(OrganizationId, Uuid, i32), DiagnosticCounts>>,
}

impl Environment {
    /// An environment with a commit queue of its own and the default rules.
    #[must_use]
    pub fn new(database: Database, clock: Clock, webhook_hosts: WebhookHosts) -> Self {
        let commit_queue = CommitQueue::new(database.clone());
        let feed = Feed::new(database.clone(), clock.clone());
        Self {
            database,
            clock,
            webhook_hosts,
            max_steps: STEPS_MAX,
            are_deleted_restorable: true,
            commit_queue,
            feed,
            diagnostic_counts: Arc::new(Cache::new(DIAGNOSTIC_COUNTS_MAX)),
        }
    }
}

/// The limits of requests that clients can read.
#[derive(Debug, Clone, Copy)]
pub struct RequestLimits {
    /// The maximum cost of an operation.
    pub max_complexity: usize,
    /// The maximum depth of nested fields.
    pub max_depth: usize,
    /// The maximum number of bytes of a body.
    pub max_body_bytes: usize,
    /// The maximum number of requests of a token in a minute; 0 sets no limit.
    pub rate_limit_per_minute: u32,
}

/// A text that may be long and may be missing; its bytes are counted.
pub(crate) fn long_text<'a>(
    context: &Context<'_>,
    text: Option<&'a str>,
) -> Option<Result<&'a str, Failure>> {
    let text = text?;
    Some(reads(context).count_text(text.len()).map(|()| text))
}

/// A list of texts that may be long together and may be missing; their bytes are counted.
pub(crate) fn long_texts<'a>(
    context: &Context<'_>,
    texts: Option<&'a [String]>,
) -> Option<Result<&'a [String], Failure>> {
    let texts = texts?;
    let bytes = texts.iter().map(String::len).sum();
    Some(reads(context).count_text(bytes).map(|()| texts))
}

/// A text that may be long and is never missing; its bytes are counted.
pub(crate) fn counted_text<T: AsRef<str>>(context: &Context<'_>, text: T) -> Result<T, Failure> {
    reads(context).count_required_text(text.as_ref().len()).map(|()| text)
}

/// The value of `Cache-Control` of a response that contains a secret. It forbids compression: who
/// writes a text in the same response and sees the length of both could guess the secret.
pub(crate) const SECRET_CACHE_CONTROL: &str = "no-store, no-transform";

/// Marks the response as one that contains a secret.
pub(crate) fn mark_secret(context: &Context<'_>) {
    context.insert_http_header("cache-control", SECRET_CACHE_CONTROL);
}

pub(crate) fn environment<'ctx>(context: &Context<'ctx>) -> &'ctx Environment {
    context.data_unchecked()
}

pub(crate) fn request_limits<'ctx>(context: &Context<'ctx>) -> &'ctx RequestLimits {
    context.data_unchecked()
}

pub(crate) fn caller<'ctx>(context: &Context<'ctx>) -> &'ctx Caller {
    context.data_unchecked()
}

pub(crate) fn reads<'ctx>(context: &Context<'ctx>) -> &'ctx Reads {
    context.data_unchecked()
}
