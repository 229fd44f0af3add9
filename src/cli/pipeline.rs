//! The commands for pipeline files that need no server.

mod check;
mod escape;
mod file;
mod finding;
mod flow;
mod report;
mod schema;
mod simulate;

use std::process::ExitCode;

use crm_steps::config::PipelineCommand;

use super::{CommandError, print};

/// Runs a command, and returns its exit status.
pub(crate) fn run(command: PipelineCommand) -> Result<ExitCode, CommandError> {
    match command {
        PipelineCommand::Check(config) => return check::check(&config),
        PipelineCommand::Flow { file, format, theme, rules } => {
            print(&flow::picture(&file, format, theme.into(), &rules)?)?;
        }
        PipelineCommand::Simulate { file, events, json, rules } => {
            print(&simulate::simulate(&file, events.as_deref(), json, &rules)?)?;
        }
        PipelineCommand::Schema => print(&schema::schema())?,
    }
    Ok(ExitCode::SUCCESS)
}
