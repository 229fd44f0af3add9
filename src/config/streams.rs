//! Limits of WebSockets and of streams, which are subscriptions over either transport.

use clap::Args;

/// Limits of WebSockets and streams, on each replica; 0 allows none.
#[derive(Debug, Clone, Copy, Args)]
#[command(next_help_heading = "Streams")]
pub struct StreamLimits {
    /// Most open WebSockets of one token
    #[arg(long, env = "MAX_SOCKETS_PER_TOKEN", default_value = "100", value_name = "COUNT")]
    pub max_sockets_per_token: u32,

    /// Most subscriptions of one token, over WebSockets and server-sent events together
    #[arg(long, env = "MAX_STREAMS_PER_TOKEN", default_value = "1000", value_name = "COUNT")]
    pub max_streams_per_token: u32,

    /// Most open WebSockets of one client address that have sent no valid token yet
    #[arg(long, env = "MAX_UNAUTHENTICATED_SOCKETS", default_value = "100", value_name = "COUNT")]
    pub max_unauthenticated_sockets: u32,
}
