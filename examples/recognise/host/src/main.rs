//! The program `recognise`: reads the command line and hands over to the library.

use std::process::ExitCode;

use example_service::run_program;
use recognise::Options;

fn main() -> ExitCode {
    let asked = Options::parse(std::env::args_os().skip(1));
    run_program(asked, Options::HELP, recognise::run)
}
