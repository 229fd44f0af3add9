//! What resolvers find in the context of a request.

use async_graphql::Context;

use super::{error::Failure, reads::Reads};
use crate::{
    db::Database,
    domain::{access_token::Caller, clock::Clock, url::WebhookHosts},
    store::crm_step::CommitQueue,
};

/// What the resolvers work with.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Where everything is stored.
    pub database: Database,
    /// What time it is.
    pub clock: Clock,
    /// Which hosts webhooks may call.
    pub webhook_hosts: WebhookHosts,
    /// Where new steps wait to be written together.
    pub commit_queue: CommitQueue,
}

impl Environment {
    /// All that works with this database.
    #[must_use]
    pub fn new(database: Database, clock: Clock, webhook_hosts: WebhookHosts) -> Self {
        let commit_queue = CommitQueue::new(database.clone());
        Self { database, clock, webhook_hosts, commit_queue }
    }
}

/// A text that may be long, if there is one, counted.
pub(crate) fn long_text<'a>(
    context: &Context<'_>,
    text: Option<&'a str>,
) -> Option<Result<&'a str, Failure>> {
    let text = text?;
    Some(reads(context).count_text(text.len()).map(|()| text))
}

pub(crate) fn environment<'ctx>(context: &Context<'ctx>) -> &'ctx Environment {
    context.data_unchecked()
}

pub(crate) fn caller<'ctx>(context: &Context<'ctx>) -> &'ctx Caller {
    context.data_unchecked()
}

pub(crate) fn reads<'ctx>(context: &Context<'ctx>) -> &'ctx Reads {
    context.data_unchecked()
}
