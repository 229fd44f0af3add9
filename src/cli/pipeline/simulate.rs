//! The command `pipeline simulate`.

use std::{
    fmt::{self, Display, Formatter},
    path::Path,
};

use crm_steps::{
    config::RulesConfig,
    domain::flow::{
        Flow,
        simulation::{Names, Simulation, SimulationRequest, simulate as run},
    },
    pipeline_file::{Located, Position, Problem},
};

use super::{
    CommandError,
    escape::Plain,
    file::{read, valid},
};

/// What happens to a conversation in a pipeline file. Emails and names of agents stand for the ids.
pub(crate) fn simulate(
    path: &Path,
    events: Option<&Path>,
    as_json: bool,
    rules: &RulesConfig,
) -> Result<String, CommandError> {
    let flow = valid(path, rules)?.value.flow();
    let simulation = match events {
        Some(events) => of_events(&flow, events)?,
        None => run(&flow, &SimulationRequest::default(), &Names::new())
            .map_err(|_| "the simulation without events is not valid")?,
    };
    Ok(if as_json {
        serde_json::to_string_pretty(&simulation)? + "\n"
    } else {
        Timeline { flow: &flow, simulation: &simulation }.to_string()
    })
}

/// The simulation with the events of a file.
fn of_events(flow: &Flow, path: &Path) -> Result<Simulation, CommandError> {
    let file: Located<SimulationRequest> =
        read(path).map_err(|problems| unusable(path, &problems))?;
    run(flow, &file.value, &Names::new()).map_err(|violations| {
        let problems = violations.into_iter().map(|violation| {
            let report = violation.report();
            // The paths begin with the argument of the API.
            let position = file.position(report.field.get(1..).unwrap_or_default());
            Problem { position, message: report.message }
        });
        unusable(path, &problems.collect::<Vec<_>>())
    })
}

fn unusable(path: &Path, problems: &[Problem]) -> CommandError {
    let file = path.display().to_string();
    let line = |Problem { position: Position { line, column }, message }: &Problem| {
        format!("\n{}:{line}:{column}: error: {}", Plain(&file), Plain(message))
    };
    let lines: String = problems.iter().map(line).collect();
    format!("{} cannot be used:{lines}", Plain(&file)).into()
}

/// A simulation for people: a line for each entry, and one for the end.
struct Timeline<'a> {
    flow: &'a Flow,
    simulation: &'a Simulation,
}

impl Display for Timeline<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let key = |index: usize| self.flow.steps.get(index).map_or("", |step| step.key.as_str());
        let Simulation { timeline, end } = self.simulation;
        for entry in timeline {
            let (elapsed, kind) = (Elapsed(entry.elapsed_seconds), entry.kind);
            let key = key(entry.step_index);
            writeln!(f, "{elapsed}  {}  {kind}  {}", Plain(key), Plain(&entry.message))?;
        }
        let step =
            end.step_index.map_or(String::new(), |index| format!(" in {}", Plain(key(index))));
        writeln!(f, "{}  end: {}{step}", Elapsed(end.at_seconds), end.reason)
    }
}

/// A time since the start: days, and the time of day.
struct Elapsed(i32);

impl Display for Elapsed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (days, rest) = (self.0 / 86_400, self.0 % 86_400);
        write!(f, "{days:>3}d {:02}:{:02}:{:02}", rest / 3_600, rest / 60 % 60, rest % 60)
    }
}
