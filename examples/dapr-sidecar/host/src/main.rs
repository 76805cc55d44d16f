//! The program `dapr-sidecar`: reads the command line and hands over to the library.

use std::io::{self, Write};
use std::process::ExitCode;

use dapr_sidecar::{Command, Options};

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args_os().skip(1)) {
        Ok(Command::Serve(options)) => options.with_tokens_of_the_environment(),
        Ok(Command::Help) => {
            // Whoever closes the output early has seen enough.
            let _ = io::stdout().write_all(Options::HELP.as_bytes());
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("error: {error:#}\n\n{}", Options::HELP);
            return ExitCode::from(2);
        }
    };
    match dapr_sidecar::run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
