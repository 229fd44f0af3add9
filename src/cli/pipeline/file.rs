//! Finding, reading and checking pipeline files.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crm_steps::{
    config::RulesConfig,
    domain::flow::resolve,
    pipeline_file::{Format, Located, PipelineFile, Position, Problem},
};
use serde::de::DeserializeOwned;

use super::{CommandError, escape::Plain, finding::Finding};

/// The ending of a JSON Schema, which editors expect beside the files.
const SCHEMA: &str = ".schema.json";

/// The pipeline files that a command line names: each file, and all files in and below each folder, in
/// the order of their paths, without hidden ones. No file is in the list twice.
pub(super) fn files(named: &[PathBuf]) -> Result<Vec<PathBuf>, CommandError> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in named {
        let found = if path.is_dir() { files_below(path)? } else { vec![path.clone()] };
        if found.is_empty() {
            let folder = path.display();
            return Err(format!(
                "there is no pipeline file in {folder}; their names end in .yaml, .yml or .json"
            )
            .into());
        }
        for file in found {
            let file = file.strip_prefix(".").unwrap_or(&file).to_owned();
            if !files.contains(&file) {
                files.push(file);
            }
        }
    }
    Ok(files)
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>, CommandError> {
    let failed = |error| format!("cannot read the folder {}: {error}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if name.starts_with('.') {
            continue;
        }
        // A link to a folder is not followed, as it may lead back.
        if entry.file_type().map_err(failed)?.is_dir() {
            files.extend(files_below(&path)?);
        } else if Format::of(&path).is_some() && !name.ends_with(SCHEMA) && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Reads a file.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Result<Located<T>, Vec<Problem>> {
    let problem = |message| vec![Problem { position: Position::START, message }];
    let format = Format::of(path).ok_or_else(|| {
        problem("The name of the file has to end in .yaml, .yml or .json.".to_owned())
    })?;
    let text = fs::read_to_string(path)
        .map_err(|error| problem(format!("The file cannot be read: {error}.")))?;
    Located::read(&text, format)
}

/// Reads a pipeline and checks the rules that need no database. Returns what is wrong with it, in
/// the order of the file.
pub(super) fn check(path: &Path, rules: &RulesConfig) -> Result<PipelineFile, Vec<Finding>> {
    let file: PipelineFile = read(path).map_err(|problems| {
        problems.into_iter().map(|problem| Finding::problem(path, problem)).collect::<Vec<_>>()
    })?;
    let broken = resolve::check(&file.value, &rules.webhook_hosts(), rules.max_steps_per_scenario);
    if broken.is_empty() {
        return Ok(file);
    }
    let violations = broken.into_iter().map(|violation| violation.report());
    let findings = violations.map(|violation| Finding::violation(path, &file, &violation));
    let mut findings: Vec<_> = findings.collect();
    findings.sort_by_key(|finding| finding.position);
    Err(findings)
}

/// A pipeline that breaks no rule; otherwise an error that has all findings, a line for each.
pub(super) fn valid(path: &Path, rules: &RulesConfig) -> Result<PipelineFile, CommandError> {
    check(path, rules).map_err(|findings| {
        let lines: Vec<_> = findings.iter().map(ToString::to_string).collect();
        let file = path.display().to_string();
        format!("{} cannot be used:\n{}", Plain(&file), lines.join("\n")).into()
    })
}
