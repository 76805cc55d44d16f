//! What the program of a service does: read the command line, and run.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::Result;

/// What a command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked<O> {
    /// To serve.
    Serve(O),
    /// To say which options there are.
    Help,
}

/// Runs what was asked for. It ends with 0 if all went well, 1 if something failed, and 2 if the
/// command line is wrong.
pub fn run_program<O>(
    asked: Result<Asked<O>>,
    help: &str,
    run: impl FnOnce(&O) -> Result<()>,
) -> ExitCode {
    let options = match asked {
        Ok(Asked::Serve(options)) => options,
        Ok(Asked::Help) => {
            // Whoever closes the output early has seen enough.
            let _ = io::stdout().write_all(help.as_bytes());
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("error: {error:#}\n\n{help}");
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
