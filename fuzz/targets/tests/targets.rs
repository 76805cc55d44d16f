//! A run of every target on stable Rust: a short one that is always the same, or a longer one, or
//! one input.
//!
//! `ABIDE_FUZZ_SECONDS` is how long a target is run, `ABIDE_FUZZ_SEED` the number that its inputs
//! are made from, and `ABIDE_FUZZ_INPUT` a file with the only input. See `docs/fuzzing.md`.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;
use std::{env, fs};

use abide_fuzz_targets::drive::{Until, drive};
use abide_fuzz_targets::{TARGETS, Target};

fn target(name: &str) -> &'static Target {
    TARGETS.iter().find(|target| target.name == name).unwrap()
}

fn number<T: FromStr>(variable: &str) -> Option<T> {
    let text = env::var(variable).ok()?;
    let number = text.parse();
    Some(number.unwrap_or_else(|_| panic!("{variable} is `{text}`, expected a number")))
}

/// Runs a target until the seeds and `inputs` others were run, or for some seconds on a slow
/// machine.
fn run(name: &str, inputs: u64) {
    let target = target(name);
    if let Some(path) = env::var_os("ABIDE_FUZZ_INPUT") {
        let input = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        return (target.run)(&input);
    }
    let seeds = (target.seeds)().unwrap().len() as u64;
    assert!(seeds > 10, "{name} has only {seeds} seeds");
    let until = match number("ABIDE_FUZZ_SECONDS") {
        Some(seconds) => Until {
            inputs: u64::MAX,
            time: Duration::from_secs(seconds),
        },
        None => Until {
            inputs: seeds + inputs,
            time: Duration::from_secs(6),
        },
    };
    let seed = number("ABIDE_FUZZ_SEED").unwrap_or(4);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let count = drive(target, seed, until, folder).unwrap();
    assert!(count > seeds, "{name}: no time for more than the seeds");
}

#[test]
fn any_text_as_wit() {
    run("wit", 3000);
}

#[cfg(feature = "runtime")]
#[test]
fn any_bytes_as_a_component() {
    run("component", 3000);
}

#[cfg(feature = "runtime")]
#[test]
fn any_behaviour_of_a_guest() {
    run("guest", 300);
}

/// Writes the seeds as files, for a fuzzer to begin with.
#[test]
#[ignore = "it tests nothing; see docs/fuzzing.md"]
fn write_the_seeds() {
    let corpus: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../libfuzzer/corpus");
    for target in TARGETS {
        let folder = corpus.join(target.name);
        fs::create_dir_all(&folder).unwrap();
        for (number, seed) in (target.seeds)().unwrap().iter().enumerate() {
            fs::write(folder.join(format!("seed-{number:03}")), seed).unwrap();
        }
    }
}
