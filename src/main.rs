//! The program: chooses a command.

mod cli;

use std::process::ExitCode;

use cli::{CommandError, backup, erasure, pipeline, secrets, serve, token};
use crm_steps::{config::Command, graphql, http};

/// Requests make many small allocations, which mimalloc serves with fewer instructions than the system's
/// allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::main(run)
}

async fn run(command: Command) -> Result<ExitCode, CommandError> {
    match command {
        Command::Serve(config) => serve::serve(*config).await,
        Command::Migrate(config) => cli::migrate(&config).await,
        Command::Backup { file, database } => backup::backup(&file, &database).await,
        Command::Token(command) => token::token(command).await,
        Command::Organization(command) => erasure::organization(command).await,
        Command::Membership(command) => erasure::membership(command).await,
        Command::Pipeline(command) => return pipeline::run(command).await,
        Command::SecretKey => secrets::print_new_key(),
        Command::RotateSecrets(config) => secrets::rotate(&config).await,
        Command::Schema => cli::print(&graphql::sdl()),
        Command::Errors => cli::print(&http::error_reference()),
    }?;
    Ok(ExitCode::SUCCESS)
}
