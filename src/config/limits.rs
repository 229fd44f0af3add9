//! Limits of requests. All but the time limit are checked before anything is executed.

use std::{num::NonZeroU32, time::Duration};

use clap::Args;

/// Limits of requests.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Limits")]
pub struct Limits {
    /// Largest body of a request, in bytes
    #[arg(long, env = "MAX_BODY_BYTES", default_value = "5000000", value_name = "BYTES")]
    pub max_body_bytes: usize,

    /// Longest GraphQL document, in bytes
    // The worst document of this size takes fewer than 200 million instructions (bench/src/hostile.rs).
    #[arg(long, env = "MAX_DOCUMENT_BYTES", default_value = "100000", value_name = "BYTES")]
    pub max_document_bytes: usize,

    /// Most tokens of a document: names, numbers, strings and punctuation
    // GraphiQL's introspection has about 600.
    #[arg(long, env = "MAX_TOKENS", default_value = "10000", value_name = "COUNT")]
    pub max_tokens: usize,

    /// Most fields and fragments that a document selects, with those of a fragment counted at each
    /// spread
    #[arg(long, env = "MAX_SELECTIONS", default_value = "5000", value_name = "COUNT")]
    pub max_selections: usize,

    /// Deepest nesting of fields
    // GraphiQL's introspection goes down 15 levels.
    #[arg(long, env = "MAX_DEPTH", default_value = "25", value_name = "LEVELS")]
    pub max_depth: usize,

    /// Most fields of a response, estimated from the document: the size of a page multiplies its fields
    // Two full nested pages with five fields on the inner elements are 2 × 100 × 100 × 5.
    #[arg(long, env = "MAX_COMPLEXITY", default_value = "100000", value_name = "COUNT")]
    pub max_complexity: usize,

    /// Most fields at the root of an operation
    #[arg(long, env = "MAX_ROOT_FIELDS", default_value = "50", value_name = "COUNT")]
    pub max_root_fields: usize,

    /// Most aliases of a document, with those of a fragment counted at each spread
    #[arg(long, env = "MAX_ALIASES", default_value = "200", value_name = "COUNT")]
    pub max_aliases: usize,

    /// Most directives of a document, with those of a fragment counted at each spread
    #[arg(long, env = "MAX_DIRECTIVES", default_value = "100", value_name = "COUNT")]
    pub max_directives: usize,

    /// Most variables of a request
    #[arg(long, env = "MAX_VARIABLES", default_value = "100", value_name = "COUNT")]
    pub max_variables: usize,

    /// Most elements of one list in the variables
    #[arg(long, env = "MAX_LIST_ELEMENTS", default_value = "1001", value_name = "COUNT")]
    pub max_list_elements: usize,

    /// Most GraphQL requests in one body, as a JSON list; 0 accepts no lists
    #[arg(long, env = "MAX_BATCH", default_value = "0", value_name = "COUNT")]
    pub max_batch: usize,

    /// Longest time that a request may take, in seconds
    #[arg(long, env = "REQUEST_TIMEOUT_SECONDS", default_value = "30", value_name = "SECONDS")]
    pub request_timeout_seconds: NonZeroU32,

    /// Longest time that a connection's first request may take to arrive, in seconds
    #[arg(long, env = "HEADER_TIMEOUT_SECONDS", default_value = "10", value_name = "SECONDS")]
    pub header_timeout_seconds: NonZeroU32,

    /// Longest time to wait for the headers of a connection's next request, in seconds
    // Longer than the minute that proxies keep connections open by default: if the service closed one
    // first, a request that is already sent would be lost.
    #[arg(long, env = "IDLE_TIMEOUT_SECONDS", default_value = "75", value_name = "SECONDS")]
    pub idle_timeout_seconds: NonZeroU32,

    /// Most concurrent requests; further ones are rejected with 503 at once
    #[arg(long, env = "MAX_CONCURRENT_REQUESTS", default_value = "1024", value_name = "COUNT")]
    pub max_concurrent_requests: NonZeroU32,

    /// Most requests of one token in a minute, on each replica; 0 sets no limit
    #[arg(long, env = "RATE_LIMIT_PER_MINUTE", default_value = "6000", value_name = "COUNT")]
    pub rate_limit_per_minute: u32,
}

/// The duration of so many seconds.
#[must_use]
pub fn seconds(count: impl Into<u32>) -> Duration {
    Duration::from_secs(count.into().into())
}
