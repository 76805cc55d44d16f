//! The program `notes-load`: reads the command line, runs, and prints what came of it.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};
use notes_load::{Command, Effort, Options, compare, guests, soak};

fn main() -> ExitCode {
    let command = match Options::parse(std::env::args_os().skip(1)) {
        Ok(command) => command,
        Err(error) => {
            eprintln!("error: {error:#}\n\n{}", Options::HELP);
            return ExitCode::from(2);
        }
    };
    match run(&command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> Result<bool> {
    if cfg!(debug_assertions) {
        eprintln!("compiled without optimisation: figures mean nothing without `--release`");
    }
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = package.join("../../../target/notes-load");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    match command {
        Command::Help => {
            // Whoever closes the output early has seen enough.
            let _ = io::stdout().write_all(Options::HELP.as_bytes());
            Ok(true)
        }
        Command::Compare(options) => {
            let guest = guests(false)?;
            let all = runtime.block_on(compare(&program()?, &guest, &folder, options))?;
            for comparison in &all {
                println!("{}", comparison.line());
            }
            write(
                options,
                &all.iter().map(|one| one.json()).collect::<Vec<_>>().into(),
            )?;
            Ok(true)
        }
        Command::Soak(options) => {
            let (program, guest) = (program()?, guests(true)?);
            let folder = folder.join("soak");
            let effort = if options.quick {
                Effort::QUICK
            } else {
                Effort::FULL
            };
            let mut json = Vec::new();
            let mut complaints = Vec::new();
            for effort in [effort, effort.with_a_leak()] {
                let soak = runtime.block_on(soak(&program, &guest, &folder, &effort))?;
                println!("{soak}");
                json.push(soak.json());
                complaints.extend(soak.complaint());
            }
            write(options, &json.into())?;
            for complaint in &complaints {
                eprintln!("error: {complaint}");
            }
            Ok(complaints.is_empty())
        }
    }
}

/// The server's program, which is built into the same folder as this one.
fn program() -> Result<PathBuf> {
    let this = std::env::current_exe().context("cannot find the folder of built programs")?;
    let program = this.with_file_name(format!("notes-server{}", std::env::consts::EXE_SUFFIX));
    ensure!(
        program.is_file(),
        "there is no `{}`; build it first",
        program.display()
    );
    Ok(program)
}

fn write(options: &Options, figures: &serde_json::Value) -> Result<()> {
    let Some(path) = &options.json else {
        return Ok(());
    };
    let text = format!("{figures:#}\n");
    fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display()))
}
