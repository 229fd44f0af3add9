//! The command `pipeline plan`.

use std::process::ExitCode;

use crm_steps::config::PlanConfig;

use super::{
    CommandError, REACHED, client::Client, difference, plan_report::Report, planned::Plans,
    report::pretty,
};
use crate::cli::print;

/// The exit status if a plan is not empty, with `--detailed-exitcode`.
const CHANGES: u8 = 4;

/// Shows what applying files would change, and returns the exit status: that of a file that cannot be
/// applied, before that of diagnostics, before that of changes.
pub(crate) async fn plan(config: &PlanConfig) -> Result<ExitCode, CommandError> {
    let plans = Plans::of(&config.files, &Client::new(&config.service)?).await?;
    if config.json {
        print(&pretty(&Report::new(&plans))?)?;
    } else {
        difference::show(&plans)?;
    }
    plans.say_broken();
    Ok(if plans.broken().next().is_some() {
        ExitCode::FAILURE
    } else if plans.reach(config.fail_on) {
        ExitCode::from(REACHED)
    } else if config.detailed_exitcode && plans.planned().any(|planned| !planned.plan.is_empty) {
        ExitCode::from(CHANGES)
    } else {
        ExitCode::SUCCESS
    })
}
