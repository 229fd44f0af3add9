//! How long the service keeps what clients do not see any more, or only in the history.

use clap::Args;

/// How long data is kept, in days.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Retention")]
pub struct Retention {
    /// Days for which deleted steps and scenarios can be restored; 0 deletes them at once
    #[arg(long, env = "RESTORE_DAYS", default_value = "30", value_name = "DAYS")]
    pub restore_days: u16,

    /// Days for which changes are kept in the history; 0 keeps them for ever
    #[arg(long, env = "HISTORY_DAYS", default_value = "0", value_name = "DAYS")]
    pub history_days: u16,
}
