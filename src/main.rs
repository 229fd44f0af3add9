//! The program: reads the command line and runs the command.

mod cli;

use std::process::ExitCode;

/// Requests are made of many small pieces, which this one hands out and takes back in fewer
/// instructions than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::main()
}
