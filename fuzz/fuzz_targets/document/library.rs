//! The library without execution: it must accept every request that the engine has prepared.

use std::sync::{Arc, LazyLock};

use async_graphql::{
    Request, Response, Schema, ValidationMode, Value,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute},
};
use crm_steps::graphql::{ApiSchema, Mutation, Query, SubscriptionRoot};
use futures_util::FutureExt as _;

use super::recount::LEVELS_MAX;

static SCHEMA: LazyLock<ApiSchema> = LazyLock::new(|| {
    Schema::build(Query::default(), Mutation::default(), SubscriptionRoot)
        .validation_mode(ValidationMode::Fast)
        .limit_recursive_depth(LEVELS_MAX)
        .extension(NoOutcome)
        .finish()
});

/// Passes a prepared request to the library.
pub fn take(request: Request) {
    let response = SCHEMA.execute(request).now_or_never().expect("nothing is waited for");
    assert_eq!(response.errors, []);
}

/// A stub for the resolvers.
struct NoOutcome;

impl ExtensionFactory for NoOutcome {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for NoOutcome {
    async fn execute(
        &self,
        _: &ExtensionContext<'_>,
        _: Option<&str>,
        _: NextExecute<'_>,
    ) -> Response {
        Response::new(Value::Null)
    }
}
