//! The program of the targets, for machines without a fuzzer: reads its arguments and runs one of them.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use std::{env, fs};

use abide_fuzz_targets::drive::{Until, drive};
use abide_fuzz_targets::{TARGETS, Target};
use anyhow::{Context as _, Result, bail};

const HELP: &str = "\
Runs what the fuzzers of fuzz/ run, without coverage and on any Rust.

Usage: fuzz-targets <command>

Commands:
  run TARGET [SECONDS [SEED]]   the seeds, then random inputs for SECONDS (default 60), begun at SEED (1)
  replay TARGET FILE            one input
  seeds TARGET FOLDER           write the seeds of a target as files, for a fuzzer to begin with

Targets: wit, component, guest
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match command(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn command(words: &[&str]) -> Result<()> {
    match words {
        ["run", name] => run(name, "60", "1"),
        ["run", name, seconds] => run(name, seconds, "1"),
        ["run", name, seconds, seed] => run(name, seconds, seed),
        ["replay", name, file] => {
            let input = fs::read(file).with_context(|| format!("cannot read `{file}`"))?;
            (target(name)?.run)(&input);
            println!("{name}: no finding in {file}");
            Ok(())
        }
        ["seeds", name, folder] => seeds(target(name)?, Path::new(folder)),
        ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        _ => bail!("no such command\n\n{HELP}"),
    }
}

fn run(name: &str, seconds: &str, seed: &str) -> Result<()> {
    let number = |text: &str| -> Result<u64> {
        text.parse()
            .with_context(|| format!("expected a number, found `{text}`"))
    };
    let until = Until {
        inputs: u64::MAX,
        time: Duration::from_secs(number(seconds)?),
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/fuzz-targets");
    drive(target(name)?, number(seed)?, until, &folder).map(drop)
}

fn target(name: &str) -> Result<&'static Target> {
    let target = TARGETS.iter().find(|target| target.name == name);
    target.with_context(|| format!("there is no target `{name}`\n\n{HELP}"))
}

fn seeds(target: &Target, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    let seeds = (target.seeds)()?;
    for (number, seed) in seeds.iter().enumerate() {
        let path = folder.join(format!("seed-{number:03}"));
        fs::write(&path, seed).with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    println!("{} seeds in {}", seeds.len(), folder.display());
    Ok(())
}
