//! The program `notes-host`: reads the command line and hands over to the library.

use std::io::{self, Write};
use std::process::ExitCode;

use notes_host::{Command, Options, Terminal};

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args_os().skip(1)) {
        Ok(Command::Run(options)) => options,
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
    let terminal = Terminal::new();
    terminal.show_log(options.verbose);
    match notes_host::run(&options, &terminal, &mut io::stdout()) {
        Ok(summary) if summary.failed.is_empty() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
