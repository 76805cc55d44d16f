//! The program `dapr-sidecar`: reads the command line and hands over to the library.

use std::process::ExitCode;

use dapr_sidecar::Options;
use example_service::run_program;

fn main() -> ExitCode {
    let asked = Options::parse(std::env::args_os().skip(1));
    run_program(asked, Options::HELP, |options| {
        dapr_sidecar::run(&options.clone().with_tokens_of_the_environment())
    })
}
