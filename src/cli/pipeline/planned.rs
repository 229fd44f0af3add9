//! Plans of applying files.

use std::{
    collections::HashMap,
    env,
    path::{Path, PathBuf},
};

use crm_steps::{
    config::{FailOn, RulesConfig},
    domain::flow::diagnostics::Severity,
    pipeline_file::{PipelineFile, Position, Problem, VariableUse},
};

use super::{
    CommandError,
    client::{
        Client, Failure,
        documents::{
            ApplyPipeline,
            apply_pipeline::{
                ApplyPipelineApplyCrmScenario as Payload, Diagnostic, Plan, UserError, Variables,
            },
        },
    },
    escape::Plain,
    file,
    finding::Finding,
    progress::progress,
};
use crate::cli::say;

/// A file with the plan of applying it.
pub(super) struct Planned {
    pub(super) path: PathBuf,
    /// The pipeline with its key, and with the values of variables.
    pub(super) file: PipelineFile,
    pub(super) variables: Vec<VariableUse>,
    pub(super) plan: Plan,
    pub(super) diagnostics: Vec<Finding>,
}

impl Planned {
    pub(super) fn key(&self) -> &str {
        self.file.value.key.as_deref().unwrap_or_default()
    }
}

/// Files that were planned, each with its plan or with what prevents it.
pub(super) struct Plans(pub(super) Vec<Result<Planned, Broken>>);

/// A file that cannot be applied.
pub(super) struct Broken {
    pub(super) path: PathBuf,
    pub(super) findings: Vec<Finding>,
    /// Why it could not be planned, if the file is not the cause.
    pub(super) error: Option<String>,
}

impl Plans {
    /// Checks the files that a command line names, and plans the valid ones.
    pub(super) async fn of(named: &[PathBuf], client: &Client) -> Result<Self, CommandError> {
        let files = read(file::files(named)?);
        let bar = progress(files.len(), "Planning");
        let mut plans = Vec::new();
        for file in files {
            plans.push(match file {
                Ok(prepared) => plan(prepared, client).await,
                Err(broken) => Err(broken),
            });
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(Self(plans))
    }

    pub(super) fn planned(&self) -> impl Iterator<Item = &Planned> {
        self.0.iter().filter_map(|plan| plan.as_ref().ok())
    }

    pub(super) fn broken(&self) -> impl Iterator<Item = &Broken> {
        self.0.iter().filter_map(|plan| plan.as_ref().err())
    }

    /// Says on standard error why files cannot be applied.
    pub(super) fn say_broken(&self) {
        for Broken { findings, error, .. } in self.broken() {
            findings.iter().for_each(say);
            if let Some(error) = error {
                say(format_args!("crm-steps: {error}"));
            }
        }
    }

    /// Whether there is a diagnostic of this severity or a worse one.
    pub(super) fn reach(&self, fail_on: Option<FailOn>) -> bool {
        let Some(fail_on) = fail_on.map(Severity::from) else { return false };
        let mut diagnostics = self.planned().flat_map(|planned| &planned.diagnostics);
        diagnostics.any(|diagnostic| diagnostic.severity <= fail_on)
    }
}

/// A file that is ready to be planned.
struct Prepared {
    path: PathBuf,
    /// The pipeline with its key, and with the values of variables.
    file: PipelineFile,
    variables: Vec<VariableUse>,
}

/// Reads the files, as far as that needs no service: those with the same key exclude each other.
fn read(paths: Vec<PathBuf>) -> Vec<Result<Prepared, Broken>> {
    let mut of_key: HashMap<String, PathBuf> = HashMap::new();
    let mut read = Vec::new();
    for path in paths {
        let prepared = prepare(&path).and_then(|(file, variables)| {
            let key = file.value.key.clone().unwrap_or_default();
            if let Some(other) = of_key.insert(key.clone(), path.clone()) {
                let message = format!(
                    "The key is {key}, as in {}; a pipeline has one file, so leave one of them out.",
                    other.display()
                );
                let problem = Problem { position: file.position(&["key"]), message };
                return Err(vec![Finding::problem(&path, problem)]);
            }
            Ok((file, variables))
        });
        read.push(match prepared {
            Ok((file, variables)) => Ok(Prepared { path, file, variables }),
            Err(findings) => Err(Broken { path, findings, error: None }),
        });
    }
    read
}

/// Reads and checks a file, and puts the values of variables of the environment into it.
fn prepare(path: &Path) -> Result<(PipelineFile, Vec<VariableUse>), Vec<Finding>> {
    let findings = |problems: Vec<Problem>| {
        problems.into_iter().map(|problem| Finding::problem(path, problem)).collect::<Vec<_>>()
    };
    let file = file::check(path, &RulesConfig::of_any_service())?;
    let file = file.with_key(path).map_err(|problem| findings(vec![problem]))?;
    file.with_variables(|name| env::var(name).ok()).map_err(findings)
}

async fn plan(prepared: Prepared, client: &Client) -> Result<Planned, Broken> {
    let Prepared { path, file, variables: used } = prepared;
    let variables = Variables {
        input: file.value.clone(),
        validate_only: true,
        expected_revision: None,
        idempotency_key: None,
    };
    let answer = client.execute::<ApplyPipeline>(variables).await;
    let failure = match answer.map(|data| data.apply_crm_scenario) {
        Ok(Some(Payload { plan: Some(plan), diagnostics, .. })) => {
            let diagnostics = diagnostics.into_iter();
            let diagnostics = diagnostics.map(|it| diagnostic(&path, &file, it)).collect();
            return Ok(Planned { path, file, variables: used, plan, diagnostics });
        }
        Ok(Some(Payload { user_errors, .. })) if !user_errors.is_empty() => {
            let findings = violations(&path, &file, user_errors);
            return Err(Broken { path, findings, error: None });
        }
        Ok(_) => Failure::Incomplete,
        Err(failure) => failure,
    };
    let shown = path.display().to_string();
    let error = format!("cannot plan {} with {}: {failure}", Plain(&shown), client.endpoint());
    Err(Broken { path, findings: Vec::new(), error: Some(error) })
}

/// The violations that the service found, in the order of the file.
pub(super) fn violations(path: &Path, file: &PipelineFile, errors: Vec<UserError>) -> Vec<Finding> {
    let finding = |UserError { code, field, message }| {
        // The paths begin with the argument.
        let position = match field.split_first() {
            Some((argument, rest)) if argument == "input" => file.position(rest),
            _ => Position::START,
        };
        Finding::broken(path, position, code, message)
    };
    let mut findings: Vec<_> = errors.into_iter().map(finding).collect();
    findings.sort_by_key(|finding| finding.position);
    findings
}

fn diagnostic(path: &Path, file: &PipelineFile, diagnostic: Diagnostic) -> Finding {
    let Diagnostic { code, severity, message, step_indexes } = diagnostic;
    Finding::of_steps(path, file, severity, code, message, &step_indexes)
}
