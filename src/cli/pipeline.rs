//! The commands for pipelines and their files.

mod apply;
mod check;
mod client;
mod difference;
mod escape;
mod export;
mod file;
mod finding;
mod flow;
mod plan;
mod plan_report;
mod planned;
mod progress;
mod report;
mod schema;
mod simulate;

use std::process::ExitCode;

use crm_steps::config::PipelineCommand;

use super::{CommandError, print};

/// The exit status if diagnostics reached `--fail-on`.
const REACHED: u8 = 3;

/// Runs a command, and returns its exit status.
pub(crate) async fn run(command: PipelineCommand) -> Result<ExitCode, CommandError> {
    match command {
        PipelineCommand::Check(config) => return check::check(&config),
        PipelineCommand::Plan(config) => return plan::plan(&config).await,
        PipelineCommand::Apply(config) => return apply::apply(&config).await,
        PipelineCommand::Export(config) => export::export(&config).await?,
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
