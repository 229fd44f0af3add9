//! The command `pipeline apply`.

use std::process::ExitCode;

use crm_steps::{config::ApplyConfig, domain::id::new_id, pipeline_file::Position};

use super::{
    CommandError, REACHED,
    client::{
        Client, Failure,
        documents::{
            ApplyPipeline,
            apply_pipeline::{ApplyPipelineApplyCrmScenario as Payload, ResponseData, Variables},
        },
    },
    difference,
    escape::Plain,
    finding::Finding,
    plan_report::{Outcome, PipelineReport, Report},
    planned::{Planned, Plans, violations},
    progress::progress,
    report::{JsonFinding, pretty},
};
use crate::cli::{failed, has_terminal, is_agreed, print, say};

/// The scenario has another revision than the plan.
const STALE_REVISION: &str = "STALE_REVISION";
const HAS_CHANGED: &str = "The pipeline has changed since it was planned; run the command again to see what would change now.";
/// The first of two requests with the same key is still executed.
const IDEMPOTENCY_KEY_IN_USE: &str = "IDEMPOTENCY_KEY_IN_USE";

/// What became of a planned pipeline.
struct Attempt<'a> {
    planned: &'a Planned,
    outcome: Outcome,
    /// The revision of the scenario after it was applied.
    revision: Option<i64>,
    findings: Vec<Finding>,
    error: Option<String>,
}

/// Shows what changes, asks, and applies the plans that are not empty, each by itself: one that fails
/// does not undo others. Returns the exit status.
pub(crate) async fn apply(config: &ApplyConfig) -> Result<ExitCode, CommandError> {
    let client = Client::new(&config.service)?;
    let plans = Plans::of(&config.files, &client).await?;
    if !config.json {
        difference::show(&plans)
            .map_err(failed("nothing was applied, because the plan cannot be shown"))?;
    }
    plans.say_broken();
    if let Err((status, why)) = confirm(config, &plans) {
        if config.json {
            print(&pretty(&Report::new(&plans))?)?;
        }
        say(format_args!("crm-steps: nothing was applied: {why}"));
        return Ok(status);
    }
    let attempts = apply_all(&plans, &client).await;
    if config.json {
        let pipelines = attempts.iter().map(Attempt::report).collect();
        print(&pretty(&Report { pipelines })?)?;
    }
    let is_done =
        |attempt: &Attempt| matches!(attempt.outcome, Outcome::Applied | Outcome::Unchanged);
    Ok(if attempts.iter().all(is_done) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Whether the plans may be carried out; otherwise the exit status, and why not.
fn confirm(config: &ApplyConfig, plans: &Plans) -> Result<(), (ExitCode, &'static str)> {
    if plans.broken().next().is_some() {
        return Err((ExitCode::FAILURE, "not all files can be applied"));
    }
    if plans.reach(config.fail_on) {
        return Err((ExitCode::from(REACHED), "there are diagnostics, as --fail-on says"));
    }
    if config.yes {
        return Ok(());
    }
    if config.json {
        return Err((
            ExitCode::FAILURE,
            "the command does not ask with --json; use --yes to apply without confirmation",
        ));
    }
    if !has_terminal() {
        return Err((
            ExitCode::FAILURE,
            "there is no terminal for the question; use --yes to apply without confirmation",
        ));
    }
    if plans.planned().all(|planned| planned.plan.is_empty)
        || is_agreed("Apply these changes?").unwrap_or(false)
    {
        return Ok(());
    }
    Err((ExitCode::FAILURE, "the answer was not yes"))
}

/// Applies all plans, and says on standard error what became of each. After a request that failed, for
/// which the pipeline is not the cause, the rest is not tried.
async fn apply_all<'a>(plans: &'a Plans, client: &Client) -> Vec<Attempt<'a>> {
    let bar = progress(plans.planned().count(), "Applying");
    let mut attempts: Vec<Attempt> = Vec::new();
    for planned in plans.planned() {
        let attempt = if attempts.last().is_some_and(|last| last.error.is_some()) {
            let error = Some("a request before it failed".to_owned());
            Attempt { error, ..Attempt::new(planned, Outcome::NotApplied) }
        } else if planned.plan.is_empty {
            Attempt::new(planned, Outcome::Unchanged)
        } else {
            apply_one(planned, client).await
        };
        bar.inc(1);
        bar.suspend(|| attempt.say());
        attempts.push(attempt);
    }
    bar.finish_and_clear();
    attempts
}

/// Applies a plan, if the scenario still has the revision of the plan. If the connection is lost, the
/// request is sent once more: it has a key, so it is executed once.
async fn apply_one<'a>(planned: &'a Planned, client: &Client) -> Attempt<'a> {
    let variables = Variables {
        input: planned.file.value.clone(),
        validate_only: false,
        expected_revision: Some(planned.plan.revision),
        idempotency_key: Some(new_id().to_string()),
    };
    match client.execute::<ApplyPipeline>(variables.clone()).await {
        Err(Failure::Lost(_)) => {
            let again = client.execute::<ApplyPipeline>(variables).await;
            Attempt::of(planned, again, true)
        }
        answer => Attempt::of(planned, answer, false),
    }
}

impl<'a> Attempt<'a> {
    fn new(planned: &'a Planned, outcome: Outcome) -> Self {
        Self { planned, outcome, revision: None, findings: Vec::new(), error: None }
    }

    /// What the response to a request says; `was_lost` if it was sent before.
    fn of(planned: &'a Planned, answer: Result<ResponseData, Failure>, was_lost: bool) -> Self {
        let failure = match answer.map(|data| data.apply_crm_scenario) {
            Ok(Some(Payload { crm_scenario: Some(scenario), .. })) => {
                let revision = Some(scenario.revision);
                return Self { revision, ..Self::new(planned, Outcome::Applied) };
            }
            Ok(Some(Payload { user_errors, .. })) if !user_errors.is_empty() => {
                let findings = violations(&planned.path, &planned.file, user_errors);
                return Self::rejected(planned, findings);
            }
            Ok(_) => Failure::Incomplete,
            Err(failure) => failure,
        };
        let is_uncertain = was_lost || failure.is_uncertain();
        let outcome = if is_uncertain { Outcome::Unknown } else { Outcome::NotApplied };
        Self { error: Some(failure.to_string()), ..Self::new(planned, outcome) }
    }

    fn rejected(planned: &'a Planned, mut findings: Vec<Finding>) -> Self {
        for finding in findings.iter_mut().filter(|finding| finding.code == STALE_REVISION) {
            finding.position = Position::START;
            HAS_CHANGED.clone_into(&mut finding.message);
        }
        let is_executing = findings.iter().any(|finding| finding.code == IDEMPOTENCY_KEY_IN_USE);
        let outcome = if is_executing { Outcome::Unknown } else { Outcome::NotApplied };
        Self { findings, ..Self::new(planned, outcome) }
    }

    fn report(&self) -> PipelineReport<'_> {
        let mut report = PipelineReport::planned(self.planned);
        report.findings.extend(self.findings.iter().map(JsonFinding::from));
        report.outcome = Some(self.outcome);
        report.revision = self.revision;
        report.error = self.error.as_deref();
        report
    }

    /// Says what became of the pipeline, on standard error.
    fn say(&self) {
        self.findings.iter().for_each(say);
        let path = self.planned.path.display().to_string();
        let what = match self.outcome {
            Outcome::Applied => "applied",
            Outcome::Unchanged => "nothing to apply",
            Outcome::NotApplied => "not applied",
            Outcome::Unknown => {
                "it is not known whether it was applied; `crm-steps pipeline plan` shows it"
            }
        };
        let error = self.error.as_ref().map_or(String::new(), |error| format!(": {error}"));
        say(format_args!("crm-steps: {}: {what}{error}", Plain(&path)));
    }
}
