//! The library's validation, without the execution. It has no limits of its own on most of what it
//! walks, so what takes it too long is for the pre-check to refuse: the fuzzer's time limit sees it.

use std::sync::{Arc, LazyLock};

use async_graphql::{
    EmptySubscription, Request, Response, Schema, Value,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute},
};
use crm_steps::graphql::{ApiSchema, Mutation, Query};
use futures_util::FutureExt as _;

static SCHEMA: LazyLock<ApiSchema> = LazyLock::new(|| {
    let schema = Schema::build(Query::default(), Mutation::default(), EmptySubscription);
    schema.extension(NotExecuted).finish()
});

/// Validates a prepared request.
pub fn validate(request: Request) {
    let _ = SCHEMA.execute(request).now_or_never().expect("validation waits for nothing");
}

/// Answers in the place of the resolvers.
struct NotExecuted;

impl ExtensionFactory for NotExecuted {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for NotExecuted {
    async fn execute(
        &self,
        _: &ExtensionContext<'_>,
        _: Option<&str>,
        _: NextExecute<'_>,
    ) -> Response {
        Response::new(Value::Null)
    }
}
