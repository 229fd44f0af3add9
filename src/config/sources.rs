//! The precedence of settings: flags, then the environment, then the file, then the defaults.

use std::{ffi::OsString, fs, path::PathBuf};

use clap::{
    ArgAction, Command, CommandFactory as _, FromArgMatches as _,
    error::{ContextKind, ContextValue, ErrorKind},
};
use toml::{Table, Value};

use super::Cli;

/// Why there is no configuration to start with.
#[derive(Debug)]
pub enum ConfigError {
    /// `--help` or `--version`, with what it prints.
    Asked(clap::Error),
    /// An error, in one line that says what is wrong and where.
    Wrong(String),
}

impl Cli {
    /// Parses the command line, the environment, and the file that one of them names.
    pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, ConfigError> {
        let arguments: Vec<OsString> = arguments.into_iter().collect();
        let mut command = Self::command();
        if let Some(file) = file(&command, &arguments) {
            let wrong = |what: String| ConfigError::Wrong(format!("{}: {what}", file.display()));
            let text = fs::read_to_string(&file).map_err(|error| wrong(error.to_string()))?;
            let settings = text.parse().map_err(|error: toml::de::Error| {
                let before =
                    error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
                let line = before.matches('\n').count() + 1;
                wrong(format!("line {line}: {}", one_line(error.message())))
            })?;
            command = with_defaults(command, settings).map_err(wrong)?;
        }
        let matches = command.clone().try_get_matches_from(&arguments);
        let cli = matches.and_then(|matches| Self::from_arg_matches(&matches));
        cli.map_err(|error| explain(&command, &arguments, error))
    }
}

/// The file that the command line or the environment names.
fn file(command: &Command, arguments: &[OsString]) -> Option<PathBuf> {
    // Other errors are reported when everything is parsed.
    let matches = command.clone().ignore_errors(true).try_get_matches_from(arguments);
    matches.ok()?.remove_one("config")
}

/// Replaces defaults of the command by the settings of a file, which are named like the long flags.
fn with_defaults(mut command: Command, settings: Table) -> Result<Command, String> {
    for (name, value) in settings {
        let argument = command
            .get_arguments()
            .find(|argument| argument.get_long() == Some(&name) && name != "config")
            .ok_or_else(|| format!("there is no setting {name}; they are named like the flags"))?;
        let is_switch = matches!(argument.get_action(), ArgAction::SetTrue);
        let id = argument.get_id().clone();
        let values = match value {
            Value::Array(values) => values.iter().map(text).collect::<Option<Vec<_>>>(),
            value => text(&value).map(|text| vec![text]),
        };
        let values = values.ok_or_else(|| {
            format!("{name} must be a text, a number, true or false, or a list of them")
        })?;
        if is_switch {
            if values != ["true"] && values != ["false"] {
                return Err(format!("{name} must be true or false"));
            }
        } else {
            // Parsed alone, so that an error names the file.
            let alone = values.iter().map(|value| format!("--{name}={value}"));
            let alone = std::iter::once("crm-steps".to_owned()).chain(alone);
            let unset = Cli::command().mut_args(|argument| argument.env(None::<&str>));
            unset.try_get_matches_from(alone).map_err(|error| first_line(&error))?;
        }
        let set = |command: Command| {
            command.mut_args(|argument| {
                if *argument.get_id() == id {
                    argument.default_values(values.clone())
                } else {
                    argument
                }
            })
        };
        command = set(command).mut_subcommands(|command| set(command).mut_subcommands(set));
    }
    Ok(command)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Boolean(is_set) => Some(is_set.to_string()),
        _ => None,
    }
}

/// Shortens an error of clap to one line, which names the environment variable that caused it.
fn explain(command: &Command, arguments: &[OsString], error: clap::Error) -> ConfigError {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return ConfigError::Asked(error);
    }
    let line = first_line(&error);
    let invalid = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(invalid)) => invalid.split_whitespace().next(),
        _ => None,
    };
    let variable = invalid.and_then(|flag| {
        let mut given = arguments.iter().filter_map(|argument| argument.to_str());
        if given.any(|argument| argument.split('=').next() == Some(flag)) {
            return None;
        }
        let mut all = command.get_arguments();
        let argument = all.find(|argument| argument.get_long() == flag.strip_prefix("--"))?;
        let variable = argument.get_env()?.to_str()?;
        std::env::var_os(variable).is_some().then_some(variable)
    });
    ConfigError::Wrong(match variable {
        Some(variable) => format!("{line} (from the environment's {variable})"),
        None => line,
    })
}

fn first_line(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let paragraph = text.split("\n\n").next().unwrap_or_default();
    let line = one_line(paragraph);
    line.strip_prefix("error: ").unwrap_or(&line).to_owned()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
