//! The commands of the command line.

pub(crate) mod backup;
pub(crate) mod erasure;
pub(crate) mod pipeline;
pub(crate) mod secrets;
pub(crate) mod serve;
pub(crate) mod token;

use std::{
    error::Error,
    fmt::Display,
    io::{self, IsTerminal as _, Write as _},
    process::ExitCode,
};

use crm_steps::{
    config::{Cli, Command, ConfigError, DatabaseConfig},
    db::Database,
    domain::secret::Keyring,
};
use tokio::runtime::Runtime;

/// Why a command failed, in one line. An error of the database comes as a [`StoreError`], which says
/// where it comes from.
///
/// [`StoreError`]: crm_steps::store::StoreError
pub(crate) type CommandError = Box<dyn Error>;

/// Says what the command could not do because of an error.
fn failed<E: Display>(what: impl Display) -> impl FnOnce(E) -> CommandError {
    move |error| format!("{what}: {error}").into()
}

/// Parses the command line, runs a command, which returns the exit status, and prints why it failed.
pub(crate) fn main(run: impl AsyncFnOnce(Command) -> Result<ExitCode, CommandError>) -> ExitCode {
    // Results of commands go to standard output, everything else to standard error.
    let cli = match Cli::read(std::env::args_os()) {
        Ok(cli) => cli,
        Err(ConfigError::Asked(answer)) => answer.exit(),
        Err(ConfigError::Wrong(what)) => {
            say(format_args!("crm-steps: {what}"));
            return ExitCode::from(2);
        }
    };
    let command = cli.command.unwrap_or_else(|| Command::Serve(Box::new(cli.serve)));
    let outcome = Runtime::new().map_err(CommandError::from).and_then(|runtime| {
        let outcome = runtime.block_on(run(command));
        // Does not wait for tasks. One of sqlx 0.9 may never end: its upkeep of a pool counts idle
        // connections down from a number that can wrap below zero.
        runtime.shutdown_background();
        outcome
    });
    match outcome {
        Ok(status) => status,
        // Its reader has all that it needs, such as the first line.
        Err(error) if is_closed(&*error) => ExitCode::FAILURE,
        Err(error) => {
            say(format_args!("crm-steps: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Prints the result of a command.
pub(crate) fn print(result: &str) -> Result<(), CommandError> {
    Ok(io::stdout().write_all(result.as_bytes())?)
}

/// Whether the reading end of standard output is closed.
fn is_closed(error: &(dyn Error + 'static)) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Says something on standard error. If that cannot be written, the command goes on: its result is on
/// standard output and in its exit status.
pub(crate) fn say(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Whether there is a terminal for a question.
fn has_terminal() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks on the terminal. A whole line is read, and not a key by a crate for prompts: those hide the
/// cursor meanwhile, and Ctrl-C leaves it hidden.
fn is_agreed(question: impl Display) -> io::Result<bool> {
    write!(io::stderr(), "{question} [y/N] ")?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// Migrates the database to this version.
pub(crate) async fn migrate(config: &DatabaseConfig) -> Result<(), CommandError> {
    open_migrated(config, Keyring::default()).await.map(drop)
}

async fn open_migrated(config: &DatabaseConfig, keys: Keyring) -> Result<Database, CommandError> {
    let database = open(config, keys).await?;
    database.migrate().await.map_err(failed("cannot migrate the database"))?;
    Ok(database)
}

async fn open(config: &DatabaseConfig, keys: Keyring) -> Result<Database, CommandError> {
    let DatabaseConfig { url, connections } = config;
    let opened = Database::open(url.reveal(), url.engine()?, connections.get(), keys).await;
    opened.map_err(failed("cannot open the database"))
}
