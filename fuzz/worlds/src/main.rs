//! `cargo xtask fuzz`: reads the command line, runs, and prints what came of it.

use std::env;
use std::path::Path;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use abide_fuzz::{HELP, Options, Usage};
use anyhow::{Context as _, Result};

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(if error.is::<Usage>() { 2 } else { 1 })
        }
    }
}

fn run() -> Result<bool> {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .context("the clock is wrong")?;
    let Some(options) = Options::parse(since.as_secs(), env::args().skip(1))? else {
        print!("{HELP}");
        return Ok(true);
    };
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = package
        .ancestors()
        .nth(2)
        .context("this package has no repository around it")?;
    let report = abide_fuzz::run(root, "fuzz", &options)?;
    println!("{report}");
    Ok(report.failed.is_empty())
}
